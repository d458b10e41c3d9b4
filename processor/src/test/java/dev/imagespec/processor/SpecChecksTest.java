package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user may get wrong, attribute by attribute, and what is said to it. A row is what stands
 * in {@code @ImageSpec}, and what the messages say: each part in one of its own, in that order;
 * nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpecChecksTest {
  private static final String B = "baseImage = \"b:1\", ";

  @TempDir static Path dir;
  private Map<String, List<String>> said = Map.of();

  private record Row(String attributes, List<String> messages) {
    static Row of(String attributes, String... messages) {
      return new Row(attributes, List.of(messages));
    }
  }

  static List<Row> rows() {
    return List.of(
        Row.of(
            "baseImage = \"scratch\", packages = \"numpy==2.1.0\", aptPackages = \"git=1\"",
            "IMG011 aptPackages[0]",
            "IMG011 packages[0]"),
        Row.of("baseImage = \"scratch\", requirements = \"good.txt\"", "IMG011 requirements"),
        Row.of("baseImage = \"scratch\", mainClass = %s.class", "IMG011 mainClass"),
        Row.of(B + "jvmFlags = \"-Xmx1g\"", "IMG011 jvmFlags[0]"),
        Row.of(B + "mainClass = %s.class, entrypoint = \"x\"", "IMG011 entrypoint[0]"),
        Row.of("baseImage = \"\"", "IMG004"),
        Row.of("baseImage = \"b\"", "IMG005"),
        Row.of("baseImage = \"h.example:5000/b:latest\"", "IMG005"),
        Row.of("baseImage = \"b@sha256:" + "a".repeat(64) + "\""),
        Row.of("baseImage = \"b@sha256:aa\"", "IMG004"),
        Row.of("baseImage = \"h.example:99999/b:1\"", "IMG004"),
        Row.of(B + "platforms = \"bogus/cpu\"", "IMG006"),
        Row.of(B + "platforms = {\"linux/amd64\", \"linux/x86_64\"}", "IMG006 platforms[1]"),
        Row.of(B + "platforms = {\"linux/aarch64\", \"linux/arm/v7\"}", "IMG023 platforms[0]"),
        Row.of(
            B + "registry = \"123456789012.dkr.ecr.us-eas-1.amazonaws.com\"",
            "did you mean us-east-1?"),
        Row.of(B + "registry = \"123456789012.dkr.ecr.eu-west-4.amazonaws.com\"", "IMG002"),
        Row.of(B + "registry = \"123456789012.dkr.ecr.zz-moon-1.amazonaws.com\""),
        Row.of(
            B + "registry = \"123456789012.dkr.ecr.us-east-1.amazonaws.com\", name = \"a\"",
            "IMG003 name \"a\": "),
        Row.of(B + "name = \"Bad Name!\"", "IMG003"),
        Row.of(
            B + "aptPackages = {\"git lfs\", \"-y\", \"libc6:arm64=2.39-1\"}",
            "aptPackages[0] \"git lfs\"",
            "aptPackages[1]"),
        Row.of(B + "aptPackages = \"git\"", "IMG027"),
        Row.of(B + "aptPackages = {\"git=1\", \"git=2\"}", "IMG025 aptPackages[1]"),
        Row.of(B + "packages = \"--index-url https://a.example/x\"", "pipIndex"),
        Row.of(B + "packages = \"-e .\"", "IMG026"),
        Row.of(B + "packages = {\"Num.Py==1\", \"num-py==2\"}", "IMG025 packages[1]"),
        Row.of(
            B
                + "packages = {\"numpy==1; python_version < '3.9'\", \"numpy==2; python_version >="
                + " '3.9'\"}"),
        Row.of(B + "packages = \"x @ https://me:pw@h.example/x.whl\"", "IMG030", "IMG027"),
        Row.of(B + "pipIndex = \"https://me:pw@h.example/x\"", "IMG030"),
        Row.of(B + "requirements = \"good.txt\""),
        Row.of(B + "requirements = \"bad.txt\"", "good.txt"),
        Row.of(B + "requirements = \"out.txt\"", "IMG029"),
        Row.of(B + "requirements = \"none.txt\"", "IMG020"),
        Row.of(
            B + "env = {@Env(name = \"A\", value = \"\"), @Env(name = \"A\", value = \"\")}",
            "IMG008 env[1].name"),
        Row.of(B + "env = @Env(name = \"AWS_SECRET_ACCESS_KEY\", value = \"x\")", "IMG030"),
        Row.of(B + "env = @Env(name = \"A\", value = \"AKIA" + "ABCDEFGHIJKLMNOP\")", "IMG030"),
        Row.of(B + "env = @Env(name = \"DB_PASSWORD\", value = \"x\")", "IMG031"),
        Row.of(B + "env = @Env(name = \"PATH\", value = \"/x\")", "IMG032"),
        Row.of(B + "env = @Env(name = \"LD_PRELOAD\", value = \"/x\")", "IMG032"),
        Row.of(B + "labels = @Label(name = \"dev.imagespec.x\", value = \"\")", "IMG009"),
        Row.of(
            B + "labels = {@Label(name = \"a\", value = \"\"), @Label(name = \"a\", value = \"\")}",
            "set twice"),
        Row.of(
            B + "ports = {\"0\", \"9-8\", \"80/icmp\", \"65536\"}",
            "ports[0]",
            "ports[1]",
            "ports[2]",
            "ports[3]"),
        Row.of(B + "user = \"a:b:c\"", "IMG033"),
        Row.of(B + "workingDirectory = \"work\"", "IMG013"),
        Row.of(B + "volumes = {\"/\", \"data\"}", "volumes[0]", "volumes[1]"),
        Row.of(B + "entrypoint = \"\"", "IMG021 entrypoint[0]"),
        Row.of(B + "commands = \" \"", "IMG021 commands[0]"),
        Row.of(B + "commands = \"# nothing\"", "IMG034"),
        Row.of(B + "commands = \"# syntax=docker/dockerfile:1\"", "a parser directive"),
        Row.of(B + "commands = \"RUN id\"", "write \"id\""),
        Row.of(B + "commands = \"curl -H 'x: ghp_" + "a".repeat(36) + "'\"", "IMG030"),
        Row.of(B + "secrets = \"a b\"", "IMG016"),
        Row.of(B + "copy = @Copy(from = \"/etc\", to = \"/x\")", "IMG014"),
        Row.of(B + "copy = @Copy(from = \"../x\", to = \"/x\")", "IMG014"),
        Row.of(B + "copy = @Copy(from = \"good.txt\", to = \"x\")", "IMG013"),
        Row.of(B + "copy = @Copy(from = \"good.txt\", to = \"/x\", mode = \"999\")", "IMG015"),
        Row.of(B + "copy = @Copy(from = \"none\", to = \"/x\")", "IMG020"),
        Row.of(B + "copy = @Copy(from = \"link\", to = \"/x\")", "IMG036"),
        Row.of(B + "copy = @Copy(from = \"folder\", to = \"/x\")", "folder/.env"),
        Row.of(B + "copy = @Copy(from = \"folder/.env\", to = \"/x\")"),
        Row.of(B + "baseSpec = String.class", "IMG011 baseImage", "IMG039"),
        Row.of("baseSpec = String.class", "IMG039"),
        Row.of(B + "mainClass = String.class", "IMG010"));
  }

  @BeforeAll
  void everyRowIsCompiled() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(project.resolve("good.txt"), "\ufeffnumpy==2.1.0 # yes\r\n-r more.txt\r\n");
    Files.writeString(project.resolve("more.txt"), "pandas==\\\n2.2.3\n");
    Files.writeString(project.resolve("bad.txt"), "-r good.txt\nnumpy==2.1.0\n");
    Files.writeString(project.resolve("out.txt"), "-r ../x.txt\n");
    Files.createSymbolicLink(project.resolve("link"), dir.resolve("outside"));
    Files.writeString(dir.resolve("outside"), "x");
    Files.writeString(Files.createDirectory(project.resolve("folder")).resolve(".env"), "x");
    Map<String, String> sources = new TreeMap<>();
    for (Row row : rows()) {
      String name = name(row);
      sources.put(
          "t/" + name + ".java",
          "package t; import dev.imagespec.*; @ImageSpec("
              + row.attributes().replace("%s", name)
              + ") class "
              + name
              + " { public static void main(String[] a) {} }");
    }
    Compiled compiled =
        TestCompiler.JAVAC.compile(
            dir,
            sources,
            List.of(ImageSpecProcessor.class),
            "-Aimagespec.projectDir=" + project,
            "-Aimagespec.extraRegions=zz-moon-1",
            "-Xmaxerrs",
            "1000",
            "-Xmaxwarns",
            "1000");
    said = new TreeMap<>();
    for (Said one : compiled.said()) {
      String file = one.file().substring(one.file().lastIndexOf('/') + 1);
      said.computeIfAbsent(file, key -> new ArrayList<>()).add(one.text());
    }
    Files.delete(project.resolve("link"));
  }

  private static String name(Row row) {
    return "Row" + rows().indexOf(row);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsWrongIsSaidAndNothingElse(Row row) {
    List<String> messages = said.getOrDefault(name(row) + ".java", List.of());
    assertThat(messages).as(row.attributes()).hasSameSizeAs(row.messages());
    for (int i = 0; i < messages.size(); i++) {
      assertThat(messages.get(i)).contains(row.messages().get(i));
    }
  }
}
