package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example with a main class, from its annotation to a program that runs, with real parts:
 * Debian's docker-registry, a base made by debootstrap, skopeo and umoci as independent readers.
 */
class EndToEndIT {
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
  private static final String[] TOOLS = {
    "docker-registry", "skopeo", "umoci", "debootstrap", "unshare"
  };

  @TempDir Path dir;

  @BeforeAll
  static void tools() {
    Optional<String> missing = ExternalTool.missing(TOOLS);
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    assumeTrue(
        ExternalTool.required() || "root".equals(System.getProperty("user.name")),
        "debootstrap and chroot need root");
  }

  @Test
  void theExampleRunsInItsImage() throws IOException, InterruptedException {
    wholeWay("oci");
  }

  @Test
  void theExampleRunsOnABaseInDockersSchema2() throws IOException, InterruptedException {
    wholeWay("v2s2");
  }

  private void wholeWay(String format) throws IOException, InterruptedException {
    DebianBase base = DebianBase.java(Path.of("target", "debian-base").toAbsolutePath());
    Path classes = dir.resolve("classes");
    ExternalTool.run("cp", "-r", CLASSES.toString(), classes.toString());
    try (DockerRegistry registry = DockerRegistry.start(dir)) {
      base.push(registry.registry(), "mirror/library/eclipse-temurin:17.0.13_11-jre", format);

      long before = uploads(registry);
      Map<?, ?> first = register(registry, classes);
      assertThat(action(first)).isEqualTo("built");
      assertThat(uploads(registry)).isGreaterThan(before);

      String reference = reference(first);
      Path layout = dir.resolve("pulled");
      ExternalTool.run(
          "skopeo",
          "copy",
          "--insecure-policy",
          "--src-tls-verify=false",
          "docker://" + reference,
          "oci:" + layout + ":report");
      String raw =
          ExternalTool.run(
              "skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + reference);
      assertThat(raw)
          .contains("application/vnd.oci.image.manifest.v1+json")
          .doesNotContain("docker");
      Path bundle = dir.resolve("bundle");
      ExternalTool.run("umoci", "unpack", "--image", layout + ":report", bundle.toString());
      assertThat(output(layout, bundle))
          .contains("Hello, world!")
          .contains("Made by the report task.");

      long afterFirst = uploads(registry);
      Map<?, ?> second = register(registry, classes);
      assertThat(action(second)).isEqualTo("reused");
      assertThat(reference(second)).isEqualTo(reference);
      assertThat(uploads(registry)).as("nothing goes up again").isEqualTo(afterFirst);

      Files.write(classes.resolve("dev/imagespec/examples/TrainModel.class"), new byte[] {1});
      Map<?, ?> third = register(registry, classes);
      assertThat(action(third)).isEqualTo("built");
      assertThat(uploads(registry))
          .as("the classes' layer and the configuration")
          .isEqualTo(afterFirst + 2);
    } finally {
      ExternalTool.run("rm", "-rf", dir.resolve("bundle").toString());
    }
  }

  /** Runs the image's own entrypoint and arguments in its unpacked root, with its environment. */
  private static String output(Path layout, Path bundle) throws IOException, InterruptedException {
    Map<?, ?> config =
        (Map<?, ?>)
            Json.parse(
                ExternalTool.run(
                    "sh", "-c", "skopeo inspect --config --raw oci:" + layout + ":report"));
    Map<?, ?> settings = object(config, "config");
    // Java looks for its own libraries through /proc; the mount goes with the process that made it.
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --rbind /proc \"$0/proc\" && exec chroot \"$0\" env -i \"$@\"",
                bundle.resolve("rootfs").toString()));
    for (String key : List.of("Env", "Entrypoint", "Cmd")) {
      if (settings.get(key) instanceof List<?> texts) {
        texts.forEach(text -> command.add(String.valueOf(text)));
      }
    }
    assertThat(command).contains("java", "-cp", "@/app/classpath", "dev.imagespec.examples.Report");
    return ExternalTool.run(command.toArray(String[]::new));
  }

  private Map<?, ?> register(DockerRegistry registry, Path classes)
      throws IOException, InterruptedException {
    Path json = dir.resolve("register.json");
    Path log = dir.resolve("register.log");
    Process process =
        PackagedCli.of("register", "--json", "--registry", registry.registry())
            .with("--mirror", "docker.io=" + registry.registry() + "/mirror")
            .withReport(classes, dir)
            .start(json, log);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    return (Map<?, ?>) Json.parse(Files.readString(json));
  }

  private static long uploads(DockerRegistry registry) {
    return registry.requests("PUT", "/blobs/uploads/");
  }

  private static String reference(Map<?, ?> registration) {
    return String.valueOf(object(registration, "tasks").get(PackagedCli.REPORT));
  }

  private static String action(Map<?, ?> registration) {
    return registration.get("images") instanceof List<?> images
            && images.get(0) instanceof Map<?, ?> image
        ? String.valueOf(image.get("action"))
        : "";
  }

  private static Map<?, ?> object(Map<?, ?> json, String key) {
    return json.get(key) instanceof Map<?, ?> object ? object : Map.of();
  }
}
