package dev.imagespec.examples;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A base image with a Java runtime, made by debootstrap, as an OCI layout. */
final class RealBase {
  private final Path folder;

  private RealBase(Path folder) {
    this.folder = folder;
  }

  /** Makes it, unless an earlier run did. */
  static RealBase make(Path folder) throws IOException, InterruptedException {
    Path done = folder.resolve("done");
    if (!Files.exists(done)) {
      run("rm", "-rf", folder.toString());
      Files.createDirectories(folder);
      String mirror =
          run("sh", "-c", "apt-get indextargets --format '$(REPO_URI)' | head -1").strip();
      String suite = run("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").strip();
      Path root = folder.resolve("root");
      run(
          "debootstrap",
          "--variant=minbase",
          "--include=openjdk-17-jre-headless",
          suite,
          root.toString(),
          mirror);
      run("sh", "-c", "rm -rf " + root + "/var/cache/apt/archives/*.deb " + root + "/dev/*");
      Path layout = folder.resolve("layout");
      run("umoci", "init", "--layout", layout.toString());
      run("umoci", "new", "--image", layout + ":17");
      run("umoci", "insert", "--image", layout + ":17", root.toString(), "/");
      run(
          "umoci",
          "config",
          "--image",
          layout + ":17",
          "--config.env",
          "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
          "--config.cmd",
          "bash",
          "--architecture",
          "amd64");
      Files.writeString(done, "");
    }
    return new RealBase(folder);
  }

  /** Pushes it. */
  void push(String registry, String repository, String format)
      throws IOException, InterruptedException {
    run(
        "skopeo",
        "copy",
        "--insecure-policy",
        "--dest-tls-verify=false",
        "--format",
        format,
        "oci:" + folder.resolve("layout") + ":17",
        "docker://" + registry + "/" + repository);
  }

  /** Runs a program, and fails with what it printed if it does. */
  static String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("e2e-", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(8, TimeUnit.MINUTES);
      String text = Files.readString(output, Charset.defaultCharset());
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(List.of(command) + " failed:\n" + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
