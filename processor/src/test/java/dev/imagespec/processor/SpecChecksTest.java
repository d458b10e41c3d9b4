package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.ImageSpec;
import dev.imagespec.check.Message;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
  private static final String COMMIT = "0123456789".repeat(4);
  private static final String B = "baseImage = \"b:1\", ";

  /** What needs more than one class, an option, a broken file system or no compiler to be said. */
  private static final EnumSet<Message> ELSEWHERE =
      EnumSet.of(
          Message.AMBIGUOUS,
          Message.BASE_SPEC_CLASS,
          Message.FILES_NOT_CHECKED,
          Message.GENERATED_NAME,
          Message.INTERNAL,
          Message.LOCAL_CLASS,
          Message.MAIN_CLASS_NAME,
          Message.NAME_CASE,
          Message.OPTION_FOLDER,
          Message.OUTPUT,
          Message.OUTPUT_CLASS_PATH,
          Message.OUTPUT_TWIN,
          Message.OUTSIDE_OR_UNREADABLE,
          Message.RELEASE,
          Message.RETENTION,
          Message.UNREADABLE);

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
        Row.of(B + "mainClassName = \"com.acme.TopKt\", jvmFlags = \"-Xmx1g\""),
        Row.of(B + "mainClassName = \"t.%s\""),
        Row.of(B + "mainClassName = \"java.lang.String\"", "IMG010 mainClassName"),
        Row.of(B + "mainClassName = \"com/acme/Main\"", "is no class's name; a class is named as"),
        Row.of(B + "mainClassName = \"Main.class\"", "IMG010 mainClassName"),
        Row.of(B + "mainClassName = \"a.B\", entrypoint = \"x\"", "IMG011 entrypoint[0]"),
        Row.of("baseImage = \"scratch\", mainClassName = \"a.B\"", "IMG011 mainClassName"),
        Row.of(
            B + "mainClassName = \"a.B\", mainClass = %s.class",
            "IMG011 mainClassName \"a.B\": mainClass and mainClassName both"),
        Row.of(
            B + "mainClass = Later%s.class", "java runs the main of t.Later%s only since Java 25"),
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
        Row.of(
            B + "requirements = \"bad.txt\"",
            "no version of numpy satisfies both ==2.1.1 (bad.txt:2) and ==2.1.0 (good.txt:1)"),
        Row.of(B + "requirements = \"same.txt\""),
        Row.of(B + "requirements = \"limited.txt\""),
        Row.of(B + "requirements = \"unlimited.txt\"", "limits.txt:1"),
        Row.of(B + "packages = {\"transformers==4.39.1\", \"transformers[onnxruntime]==4.39.1\"}"),
        Row.of(
            B + "packages = {\"numpy>=1.20\", \"numpy<2\"}",
            "IMG027 packages[0]",
            "IMG027 packages[1]"),
        Row.of(B + "packages = {\"numpy==1.26.4\", \"numpy<2\", \"numpy==1.26.4\"}"),
        Row.of(
            B + "requirements = \"good.txt\", packages = {\"numpy\", \"numpy==2.2.0\"}",
            "IMG025 packages[1] \"numpy==2.2.0\": no version of numpy satisfies both ==2.2.0"
                + " (packages[1]) and ==2.1.0 (good.txt:1)"),
        Row.of(B + "packages = \"numpy>=2,<1\"", "no version of numpy satisfies >=2,<1", "IMG027"),
        Row.of(B + "packages = \"foo @ git+ssh://git@git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"foo @ git+https://git@git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"git+https://git.example/foo.git@" + COMMIT + "\""),
        Row.of(B + "packages = \"foo @ git+https://git.example/foo.git@v1\"", "a commit: a URL"),
        Row.of(B + "requirements = \"branch.txt\"", "write in branch.txt:1 a commit"),
        Row.of(
            B + "packages = \"foo @ git+ssh://me:pw@git.example/foo.git@" + COMMIT + "\"",
            "IMG030"),
        Row.of(B + "packages = \"requirements.txt\"", "requirements = \"requirements.txt\""),
        Row.of(B + "packages = \"numpy=1.0\"", "write numpy==1.0"),
        Row.of(
            B
                + "secrets = \"token\", commands = {\"git clone https://oauth2:${T}@git.example/x\","
                + " \"curl https://me:$T@h.example\", \"curl https://me:$(cat /run/secrets/token)@h\","
                + " \"git clone ssh://git@git.example/x\"}"),
        Row.of(B + "aptPackages = {\"curl=7.88*\", \"g++\"}", "IMG027", "IMG027"),
        Row.of(B + "aptPackages = {\"git=1\", \"git=1\"}"),
        Row.of(
            B
                + "aptPackages = {\"lib32z1-\", \"./x.deb\", \"apt-get install git\", \"git \","
                + " \"curl>=7\", \"git,curl\", \"git curl\"}",
            "remove the package; write \"lib32z1\"",
            "cannot read a file of the project",
            "no command; write \"git\"",
            "write \"git\"",
            "curl=7.88*",
            "several texts",
            "is it \"git-curl\", or are"),
        Row.of(
            B
                + "env = {@Env(name = \"discovery.type\", value = \"x\"), @Env(name ="
                + " \"application.title\", value = \"x\"), @Env(name = \"Logging:Level\", value ="
                + " \"x\"), @Env(name = \"my-app.list[0]\", value = \"x\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"\", value = \"x\"), @Env(name = \"A=B\", value = \"x\"),"
                + " @Env(name = \"A$B\", value = \"x\")}",
            "IMG007",
            "IMG007",
            "IMG007"),
        Row.of(
            B
                + "env = {@Env(name = \"PATH\", prepend = \"/opt/x/bin:/opt/y\"), @Env(name ="
                + " \"XDG_DATA_DIRS\", prepend = \"/x\"), @Env(name = \"E\", value = \"\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"PATH\", value = \"/x\", prepend = \"/y\"), @Env(name = \"A\"),"
                + " @Env(name = \"JAVA_OPTS\", prepend = \"/x\"), @Env(name = \"LD_LIBRARY_PATH\","
                + " prepend = \"/x:\"), @Env(name = \"MANPATH\", prepend = \"~/man\"), @Env(name ="
                + " \"PYTHONPATH\", prepend = \"/x:$PYTHONPATH\"), @Env(name = \"NODE_PATH\", prepend"
                + " = \"/${HOME:-x}/y\")}",
            "IMG050 env[0].prepend \"/y\": value is the whole value",
            "IMG050 env[1].name \"A\": the variable has no value",
            "IMG050 env[2].name",
            "IMG050 env[3].prepend",
            "IMG050 env[4].prepend",
            "IMG050 env[5].prepend",
            "IMG050 env[6].prepend"),
        Row.of(
            B
                + "annotations = @Label(name = \"org.opencontainers.image.source\", value = \"x y\")"),
        Row.of(
            B
                + "annotations = {@Label(name = \"\", value = \"\"), @Label(name = \"a b\", value = \"\"),"
                + " @Label(name = \"dev.imagespec.x\", value = \"\"), @Label(name ="
                + " \"org.opencontainers.image.sorce\", value = \"\"), @Label(name ="
                + " \"org.opencontainers.image.ref.name\", value = \"\"), @Label(name = \"a\", value ="
                + " \"\\n\"), @Label(name = \"a\", value = \"https://u:hunter2@x\")}",
            "IMG017 annotations[5].value",
            "IMG052 annotations[0].name",
            "IMG052 annotations[1].name",
            "IMG052 annotations[2].name",
            "did you mean org.opencontainers.image.source?",
            "IMG052 annotations[4].name",
            "IMG052 annotations[6].name \"a\": the annotation is set twice, first in annotations[5].name",
            "IMG030 annotations[6].value"),
        Row.of(B + "stopSignal = \"SIGRTMAX-14\""),
        Row.of(B + "stopSignal = \"64\""),
        Row.of(
            B + "stopSignal = \"SIGTREM\"",
            "IMG051 stopSignal \"SIGTREM\": there is no such signal; did you mean SIGTERM?"),
        Row.of(B + "stopSignal = \"int\"", "did you mean SIGINT?"),
        Row.of(B + "stopSignal = \"RTMIN+3\"", "did you mean SIGRTMIN+3?"),
        Row.of(B + "stopSignal = \"65\"", "between 1 and 64"),
        Row.of(B + "stopSignal = \"0\"", "between 1 and 64"),
        Row.of(B + "stopSignal = \"please stop\"", "between 1 and 64"),
        Row.of(B + "replace = {\"packages\", \"env\", \"repository.pullPrincipals\"}"),
        Row.of(
            B + "replace = {\"Packages\", \"user\", \"packages[0]\", \"all\"}",
            "IMG066 replace[0] \"Packages\": there is no such array to replace; did you mean packages?",
            "IMG066 replace[1] \"user\": the nearest annotation that sets user replaces the others",
            "IMG066 replace[2]",
            "IMG066 replace[3] \"all\": there is no such array to replace; name one of platforms, "),
        Row.of(B + "env = @Env(name = \"A\", value = \"${HOME}/x\")", "the program gets ${HOME}"),
        Row.of(B + "env = @Env(name = \"A\", value = \"a$ $5 $x $2y$10$abc\")"),
        Row.of(
            B
                + "env = {@Env(name = \"DB_PASSWORD_FILE\", value = \"x\"), @Env(name ="
                + " \"AUTH_MODE\", value = \"x\"), @Env(name = \"MAX_TOKEN\", value = \"5\"),"
                + " @Env(name = \"TOKEN_TTL\", value = \"5\"), @Env(name = \"REQUIRE_AUTH\", value ="
                + " \"1\"), @Env(name = \"SMTP_AUTH\", value = \"true\"), @Env(name = \"PWD\", value ="
                + " \"x\"), @Env(name = \"TOKENIZERS\", value = \"x\"), @Env(name = \"X_SECRET\","
                + " value = \"/run/secrets/x\")}"),
        Row.of(
            B
                + "env = {@Env(name = \"API_TOKEN\", value = \"x\"), @Env(name = \"db.password\","
                + " value = \"x\"), @Env(name = \"SECRET_KEY\", value = \"x\")}",
            "IMG031",
            "IMG031",
            "IMG031"),
        Row.of(B + "registry = \"000000000000.dkr.ecr.us-east-1.localhost.localstack.cloud:4566\""),
        Row.of(B + "registry = \"000000000000.dkr.ecr.us-east-1.localhost:4566\""),
        Row.of("baseImage = \"mirror.ecr.corp.example/a:1\""),
        Row.of(
            B + "registry = \"ghcr.io/acme/app:1\"",
            "write registry = \"ghcr.io/acme\" and name = \"app\""),
        Row.of(B + "registry = \"ghcr.io/acme/app@sha256:00\"", "and name = \"app\""),
        Row.of(
            B + "registry = \"123456789012.dkr-ecr.eusc-de-east-1.amazonaws.eu\"",
            "write 123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu"),
        Row.of(
            B + "name = \"ghcr.io/acme/app\"",
            "IMG047 name \"ghcr.io/acme/app\": ghcr.io looks like a registry: put it into registry,"
                + " and write name = \"acme/app\""),
        Row.of(B + "name = \"my-team/app.v2\""),
        Row.of("baseImage = \"python:3.12:slim\"", "one tag; write \"python:3.12-slim\""),
        Row.of("baseImage = \"h.example:5000/python:3.12:slim\"", "5000/python:3.12-slim\""),
        Row.of("baseImage = \"FROM ubuntu:24.04\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu:24.04 AS base\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"docker pull ubuntu:24.04\"", "write \"ubuntu:24.04\""),
        Row.of("baseImage = \"Ubuntu:24.04\"", "upper-case letters; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"GHCR.io/Acme/App:V1\"", "write \"ghcr.io/acme/app:V1\""),
        Row.of(
            "baseImage = \"ubuntu 24.04\"",
            "after a colon, without spaces; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu@24.04\"", "after a colon; write \"ubuntu:24.04\""),
        Row.of("baseImage = \"ubuntu:24.04 \"", "no spaces around it; write \"ubuntu:24.04\""),
        Row.of(
            B
                + "mainClass = %s.class, jvmFlags = {\"-Xmx1g -Xms1g\", \"--add-opens a/b=c\","
                + " \"-cp /x\", \"-Dx=a b\", \"-XX:OnOutOfMemoryError=kill -9 %%p\", \"--add-opens\","
                + " \"a/b=c\"}",
            "write one element each: {\"-Xmx1g\", \"-Xms1g\"}",
            "write \"--add-opens=a/b=c\"",
            "IMG041 jvmFlags[2]"),
        Row.of(
            B + "entrypoint = \"java -jar /app.jar\"",
            "IMG045 entrypoint[0] \"java -jar /app.jar\": each element is one argument, and no shell takes"
                + " this apart; write one element each: {\"java\", \"-jar\", \"/app.jar\"}"),
        Row.of(B + "args = {\"--port 80\", \"hello world\"}", "{\"--port\", \"80\"}"),
        Row.of(
            B + "entrypoint = {\"sh\", \"-c\", \"-x y; run --all\"}, args = \"/opt/My App/run\""),
        Row.of(B + "entrypoint = \"/opt/My App/run\""),
        Row.of(
            B
                + "commands = {\"CMD x\", \"EXPOSE 80\", \"HEALTHCHECK CMD x\", \"RUN a\\nb\","
                + " \"VOLUME /x\", \"ENV A=b\", \"cmd x\", \"STOPSIGNAL INT\", \"SHELL [\\\"x\\\"]\"}",
            "attribute args",
            "attribute ports",
            "no health check",
            "IMG034 commands[3]",
            "attribute volumes",
            "attribute env",
            "STOPSIGNAL",
            "bash -c"),
        Row.of(
            B
                + "copy = {@Copy(from = \"~/.aws\", to = \"/x\"), @Copy(from = \"$HOME/x\", to = \"/x\"),"
                + " @Copy(from = \"conf/*\", to = \"/x\"), @Copy(from = \"folder*/x\", to = \"~/x\"),"
                + " @Copy(from = \"good.txt\", to = \"/x/${HOME}\")}, workingDirectory = \"$HOME\"",
            "IMG013 workingDirectory \"$HOME\": nothing is expanded",
            "IMG013 copy[3].to \"~/x\": nothing is expanded",
            "IMG013 copy[4].to",
            "IMG014 copy[0].from \"~/.aws\": nothing is expanded, and ~ is",
            "IMG014 copy[1].from \"$HOME/x\": nothing is expanded, and $HOME is",
            "nothing is expanded, and * is",
            "nothing is expanded, and * is"),
        Row.of(B + "copy = @Copy(from = \"Outer$Inner[1]\", to = \"/x\")"),
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
        Row.of(B + "mainClass = String.class", "IMG010"),
        Row.of("baseSpec = %s.class", "an image cannot be based on itself: t."),
        Row.of(B + "registry = \"https://h.example\"", "IMG001"),
        Row.of(B + "registry = \"public.ecr.aws\"", "the registry's alias"),
        Row.of(
            "baseImage = \"123456789012.dkr.ecr.us-eas-1.amazonaws.com/a:1\"",
            "IMG004 baseImage \"123456789012.dkr.ecr.us-eas-1.amazonaws.com/a:1\": there is no AWS region"
                + " us-eas-1; did you mean us-east-1? If it is right, say"
                + " -Aimagespec.extraRegions=us-eas-1."),
        Row.of(
            B
                + "repository = @Repository(pullPrincipals = \"x\", kmsKey = \"k\", expireAfterDays = -1)",
            "IMG018 repository.expireAfterDays \"-1\"",
            "IMG042 repository.pullPrincipals[0]",
            "IMG042 repository.kmsKey"),
        Row.of(
            B + "platforms = {\"\", \"windows/amd64\", \"linux/vax\", \"linux/arm/v9\"}",
            "IMG006 platforms[0]",
            "for linux, not for windows",
            "no architecture vax;",
            "arm has no variant v9"),
        Row.of(B + "platforms = {}", "at least one platform"),
        Row.of(
            B
                + "aptPackages = {\" \", \"-y\", \"git lfs\", \"git==1\", \"git/stable\", \"Git\","
                + " \"g!\"}",
            "an empty text is no package",
            "options of apt",
            "is it \"git-lfs\", or are",
            "after a single =",
            "a release is not a version",
            "write \"git\"",
            "two at least"),
        Row.of(B + "packages = {\"\", \"a b\"}", "IMG021 packages[0]", "IMG026 packages[1]"),
        Row.of(
            B + "packages = \"x @ https://h.example/x.whl\"",
            "write a URL that ends with #sha256=<digest>"),
        Row.of(
            B + "requirements = \"hashed.txt\", packages = \"a==1\"",
            "hashed.txt names hashes, and pip"),
        Row.of(B + "requirements = \"some.txt\"", "some requirements name hashes"),
        Row.of(
            B + "requirements = \"loose.txt\"",
            "write in loose.txt:1 numpy==<version>",
            "write in loose.txt:2 a URL that ends with #sha256=<digest>",
            "loose.txt:3: there is a user or a token in the URL; everybody"),
        Row.of(
            B + "pipIndex = \"ftp://h.example\", pipExtraIndexUrls = {\"https://a b\", \" \"}",
            "an index is a https URL",
            "this is no URL: ",
            "IMG021 pipExtraIndexUrls[1]"),
        Row.of(
            B + "mainClass = %s.class, jvmFlags = {\"-jar\", \"x\"}",
            "IMG041 jvmFlags[0]",
            "a flag starts with a dash"),
        Row.of(
            B
                + "labels = {@Label(name = \"\", value = \"\"), @Label(name = \"a b\", value = \"\")}",
            "is not empty",
            "no = and no spaces"),
        Row.of(
            B + "volumes = {\"/a/../b\", \"/a \", \"/x/.wh.a\", \"/" + "a".repeat(256) + "\"}",
            "has no ..",
            "end with white space",
            "names that start with .wh.",
            "at most 255 bytes"),
        Row.of(
            B
                + "copy = {@Copy(from = \"a\", to = \"/a\\nb\"), @Copy(from = \"a\", to = \""
                + "/a".repeat(2048)
                + "\")}",
            "copy[0].to",
            "a path 4095",
            "IMG020 copy[0].from",
            "IMG020 copy[1].from"),
        Row.of(B + "env = @Env(name = \"A B\", value = \"\")", "IMG007"),
        Row.of(B + "env = @Env(name = \"A\", value = \"\\n\")", "copy a file with the text"),
        Row.of(B + "args = \"\\0\"", "NUL and unpaired surrogates"),
        Row.of(B + "commands = \"curl https://me:pw@h.example\"", "a password in the URL"));
  }

  @BeforeAll
  void everyRowIsCompiled() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(project.resolve("good.txt"), "\ufeffnumpy==2.1.0 # yes\r\n-r more.txt\r\n");
    Files.writeString(project.resolve("more.txt"), "pandas==\\\n2.2.3\n");
    Files.writeString(project.resolve("bad.txt"), "-r good.txt\nnumpy==2.1.1\n");
    String hash = " --hash=sha256:" + "a".repeat(64) + "\n";
    Files.writeString(project.resolve("hashed.txt"), "numpy==2.1.0" + hash);
    Files.writeString(project.resolve("some.txt"), "numpy==2.1.0" + hash + "pandas==2.2.3\n");
    Files.writeString(
        project.resolve("loose.txt"),
        "numpy\nx @ https://h.example/x.whl\ny @ https://me:pw@h.example/y.whl#sha256="
            + "a".repeat(64)
            + "\n");
    Files.writeString(
        project.resolve("same.txt"), "numpy==2.1.0\n-r good.txt\n-r more.txt\nNumPy==2.1.0\n");
    Files.writeString(project.resolve("limits.txt"), "numpy==2.1.0\nsix<1\n");
    Files.writeString(project.resolve("limited.txt"), "-c limits.txt\nnumpy\n");
    Files.writeString(project.resolve("unlimited.txt"), "-c limits.txt\nnumpy==2.2.0\n");
    Files.writeString(
        project.resolve("branch.txt"), "git+https://git.example/foo.git@main#egg=foo\n");
    Files.writeString(project.resolve("Outer$Inner[1]"), "x");
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
              + row.attributes().replace("%s", name).replace("%%", "%")
              + ") class "
              + name
              + " { public static void main(String[] a) {} } class Later"
              + name
              + " { void main() {} }");
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

  /** An attribute that a release adds is known to {@code replace}, too. */
  @Test
  void replaceKnowsEveryAttribute(@TempDir Path folder) {
    Map<Boolean, List<String>> attributes =
        Stream.of(ImageSpec.class.getDeclaredMethods())
            .filter(attribute -> !attribute.getName().equals("replace"))
            .collect(
                Collectors.partitioningBy(
                    attribute ->
                        attribute.getReturnType().isArray()
                            && !Set.of("entrypoint", "args").contains(attribute.getName()),
                    Collectors.mapping(Method::getName, Collectors.toList())));
    for (boolean isArray : List.of(true, false)) {
      List<String> names = attributes.getOrDefault(isArray, List.of());
      String source =
          String.format(
              "@dev.imagespec.ImageSpec(baseImage = \"b:1\", replace = {\"%s\"}) class Task {}",
              String.join("\", \"", names));
      List<String> texts =
          TestCompiler.JAVAC
              .compile(folder, Map.of("Task.java", source), List.of(ImageSpecProcessor.class))
              .ours()
              .stream()
              .map(Said::text)
              .toList();
      assertThat(texts).hasSize(isArray ? 0 : names.size());
      assertThat(texts).allMatch(text -> text.contains("the nearest annotation that sets"));
    }
  }

  private static String name(Row row) {
    return "Row" + rows().indexOf(row);
  }

  @Test
  void everyTextOfTheCatalogueIsSaid() {
    List<String> all = said.values().stream().flatMap(List::stream).toList();
    Set<Message> unsaid = EnumSet.complementOf(ELSEWHERE);
    unsaid.removeIf(message -> all.stream().anyMatch(form(message).asMatchPredicate()));
    assertThat(unsaid).isEmpty();
  }

  private static Pattern form(Message message) {
    String text = Pattern.quote(message.text()).replaceAll("\\{[a-z]+\\}", "\\\\E.*\\\\Q");
    return Pattern.compile(
        message.code() + " .*\": " + text + "\\. See https://\\S+/docs/checks\\.md#img[0-9]+");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsWrongIsSaidAndNothingElse(Row row) {
    List<String> messages = said.getOrDefault(name(row) + ".java", List.of());
    assertThat(messages).as(row.attributes()).hasSameSizeAs(row.messages());
    for (int i = 0; i < messages.size(); i++) {
      assertThat(messages.get(i)).contains(row.messages().get(i).replace("%s", name(row)));
    }
  }
}
