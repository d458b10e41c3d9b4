package dev.imagespec.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.ExternalTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tests with real engines need of the machine. */
final class EngineTools {
  private EngineTools() {}

  /**
   * Skips a test, with a message, where something is missing for a Debian base and a Docker daemon;
   * where tools are required, it fails.
   *
   * @param more further programs that it needs
   */
  static void require(String... more) {
    List<String> tools = new ArrayList<>(DebianBase.tools());
    tools.addAll(List.of(more));
    Optional<String> missing =
        ExternalTool.missing(tools.toArray(String[]::new)).or(DockerDaemon::missing);
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    assumeTrue(
        ExternalTool.required() || "root".equals(System.getProperty("user.name")),
        "debootstrap and dockerd need root");
  }
}
