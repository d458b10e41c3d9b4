package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.testkit.EcrServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of {@link EcrServer} says, followed to the letter. */
class EcrServerGuideTest {
  private static final String SOURCE =
      "src/test/java/dev/imagespec/runtime/EcrServerGuideTest.java";
  private static final String GUIDE =
      "../testkit/src/main/java/dev/imagespec/testkit/EcrServer.java";

  @TempDir Path dir;

  @AfterEach
  void clear() {
    for (String name :
        List.of("aws.endpointUrlEcr", "aws.region", "aws.accessKeyId", "aws.secretAccessKey")) {
      System.clearProperty(name);
    }
  }

  @Test
  void itWorks() throws IOException {
    Path classes =
        new Project(dir)
            .task(Project.task("a.One", "team/app", "scratch", file("pom.xml"), "linux/amd64"))
            .classes;
    guide(classes);
  }

  /** A payload of one file of the working directory. */
  private static Manifest.Payload file(String name) {
    return Project.payload(Map.of(), new Manifest.Copy(name, "/srv", "0644"));
  }

  private static void guide(Path classes) {
    // The guide starts here.
    try (EcrServer ecr = EcrServer.start()) {
      System.setProperty("aws.endpointUrlEcr", ecr.endpoint().toString());
      System.setProperty("aws.region", "us-east-1");
      System.setProperty("aws.accessKeyId", "any");
      System.setProperty("aws.secretAccessKey", "any");
      Settings settings =
          Settings.builder()
              .classPath(List.of(classes))
              .registry(ecr.registry())
              .ecrHosts(List.of(Registry.parse(ecr.registry())))
              .build();
      assertThat(ImageRegistrar.of(settings).register().failures()).isEmpty();
      assertThat(ecr.journal().count("PUT manifest")).isEqualTo(1);
    }
    // The guide ends here.
  }

  @Test
  void itIsWhatTheDocumentationSays() throws IOException {
    assertThat(part(SOURCE, "// The guide starts here.", "// The guide ends here."))
        .isEqualTo(
            part(GUIDE, "<pre>{@code", "}</pre>")
                .replace("Path.of(\"target/classes\")", "classes"));
  }

  private static String part(String file, String from, String to) throws IOException {
    String text = Files.readString(Path.of(file));
    String part = text.substring(text.indexOf(from) + from.length());
    return String.join(
        "\n",
        Arrays.stream(part.substring(0, part.indexOf(to)).split("\n"))
            .map(line -> line.replaceFirst("^ *\\*? *", ""))
            .filter(line -> !line.isEmpty())
            .toList());
  }
}
