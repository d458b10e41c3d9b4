package dev.imagespec.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The build that the harness is of, and the machine that it runs on. */
final class Surroundings {
  private static final Properties BUILD = properties();

  private Surroundings() {}

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = Surroundings.class.getResourceAsStream("harness.properties")) {
      if (in == null) {
        throw new IllegalStateException("harness.properties is not on the class path");
      }
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A property of the build: {@code version}, {@code home} and so on. */
  static String build(String name) {
    return Optional.ofNullable(BUILD.getProperty(name))
        .orElseThrow(() -> new IllegalStateException("harness.properties has no " + name));
  }

  /** The folder that the module was built into. */
  static Path target() {
    return Path.of(build("target"));
  }

  /** The top folder of the checkout. */
  static Path root() {
    return target().resolve("../..").normalize();
  }

  static Path jar() {
    return root().resolve("cli/target/imagespec.jar");
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  static Map<String, Object> machine() throws IOException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("processor", first("/proc/cpuinfo", "model name\\s*: (.*)"));
    machine.put("cores", (long) Runtime.getRuntime().availableProcessors());
    machine.put(
        "memoryMegabytes", Long.parseLong(first("/proc/meminfo", "MemTotal:\\s*(\\d+)")) / 1024);
    machine.put("system", first("/etc/os-release", "PRETTY_NAME=\"(.*)\""));
    machine.put("kernel", System.getProperty("os.version"));
    machine.put(
        "java",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    return machine;
  }

  private static String first(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  /** The versions of all peers that are here. */
  static Map<String, Object> versions() {
    Map<String, Object> versions = new TreeMap<>();
    versions.put("imagespec", build("version"));
    versions.put("jib-core", build("jib-core"));
    versions.put("jib-maven-plugin", build("jib-maven-plugin"));
    versions.put("aws-sdk", build("awssdk"));
    versions.put("maven", Path.of(build("home")).getFileName() + ", " + said("mvn", "-v"));
    versions.put("docker-registry", said("docker-registry", "--version"));
    versions.put("skopeo", said("skopeo", "--version"));
    versions.put("buildah", said("buildah", "--version"));
    versions.put("docker buildx", said("/usr/bin/docker", "buildx", "version"));
    versions.put("dockerd", said("dockerd", "--version"));
    return versions;
  }

  /** The first line that a program prints; says so if it is not installed. */
  static String said(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return process.waitFor() == 0
          ? text.lines().findFirst().orElse("").replaceAll("\u001b\\[[0-9;]*m", "")
          : "does not run";
    } catch (IOException e) {
      return "not installed";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
