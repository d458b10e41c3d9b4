package dev.imagespec.examples;

import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The packaged command line, in a process of its own. */
final class PackagedCli {
  /** The example that needs no engine. */
  static final String REPORT = "dev.imagespec.examples.Report";

  private final List<String> flags = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  private PackagedCli() {}

  /** A command line with a command and its options. */
  static PackagedCli of(String... arguments) {
    return new PackagedCli().with(arguments);
  }

  PackagedCli with(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Of some classes the report; its lock is kept in a folder of the test's own. */
  PackagedCli withReport(Path classes, Path folder) {
    return with(
        "--classpath",
        classes.toAbsolutePath().toString(),
        "--class",
        REPORT,
        "--project-dir",
        Path.of("").toAbsolutePath().toString(),
        "--lock",
        folder.resolve("imagespec.lock").toString());
  }

  /** Flags of the Java virtual machine. */
  PackagedCli flags(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Finds the hosts of a certificate on this machine, and trusts it. */
  PackagedCli trusting(TlsCertificate certificate) {
    return flags(
        "-Djdk.net.hosts.file=" + certificate.hostsFile(),
        "-Djavax.net.ssl.trustStore=" + certificate.trustStore(),
        "-Djavax.net.ssl.trustStorePassword=" + TlsCertificate.PASSWORD);
  }

  /** Variables besides this process's own. */
  PackagedCli environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** What a shell would be given. */
  String[] words() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(flags);
    words.add("-jar");
    words.add(System.getProperty("e2e.cli"));
    words.addAll(arguments);
    return words.toArray(String[]::new);
  }

  /** Runs it to its end. */
  ExternalTool.Result run() {
    return ExternalTool.attempt(environment, words());
  }

  /** Starts it, with both its streams into one file. */
  Process start(Path log) throws IOException {
    return start(new ProcessBuilder().redirectErrorStream(true).redirectOutput(log.toFile()));
  }

  /** Starts it, with each of its streams into a file. */
  Process start(Path out, Path log) throws IOException {
    return start(new ProcessBuilder().redirectOutput(out.toFile()).redirectError(log.toFile()));
  }

  /** Whatever AWS account this machine has is not meant. */
  private Process start(ProcessBuilder builder) throws IOException {
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    return builder.command(words()).start();
  }
}
