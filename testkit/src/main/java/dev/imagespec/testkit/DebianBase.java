package dev.imagespec.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Base images of this machine's Debian release, made with debootstrap: one with Python and pip, and
 * one that adds a Java runtime. Debian's Python is externally managed (PEP 668).
 *
 * <p>{@code apt-get} works in them in a build that uses the machine's network: the images have the
 * machine's archive, name servers and transfer settings. They do not have credentials for the
 * archive.
 */
public final class DebianBase {
  private static final String PYTHON = "python";
  private static final String JAVA = "java";

  /** The file that is written when an image is finished. It says what the image was made of. */
  private static final String DONE = ".done";

  private static final String ROOT = "rootfs";

  private final Path folder;
  private final String tag;

  private DebianBase(Path folder, String tag) {
    this.folder = folder;
    this.tag = tag;
  }

  /** The programs that it needs. */
  public static List<String> tools() {
    return List.of("debootstrap", "umoci", "skopeo", "unshare");
  }

  /**
   * The image with {@code python3} and {@code pip}; made if it is missing.
   *
   * @param folder the folder that keeps the image for all tests and later runs
   */
  public static synchronized DebianBase python(Path folder) {
    String packages = "python3-pip";
    make(folder, PYTHON, packages, () -> bootstrap(folder, packages));
    return new DebianBase(folder, PYTHON);
  }

  /**
   * The image with {@code java} in addition; made if it is missing.
   *
   * @param folder the folder that keeps the image for all tests and later runs
   */
  public static synchronized DebianBase java(Path folder) {
    python(folder);
    String packages = "openjdk-17-jre-headless";
    make(folder, JAVA, packages, () -> install(folder, packages));
    return new DebianBase(folder, JAVA);
  }

  /**
   * Pushes the image.
   *
   * @param registry the host and port of a registry without TLS and authentication
   * @param name the repository and tag
   * @param format {@code oci}, or {@code v2s2} for Docker's format
   * @return the reference
   */
  public String push(String registry, String name, String format) {
    String reference = registry + "/" + name;
    ExternalTool.run(
        "skopeo",
        "copy",
        "--insecure-policy",
        "--dest-tls-verify=false",
        "--format",
        format,
        "oci:" + layout(folder) + ":" + tag,
        "docker://" + reference);
    return reference;
  }

  private static void make(Path folder, String tag, String packages, Runnable making) {
    try {
      Path done = folder.resolve(tag + DONE);
      if (Files.exists(done) && Files.readString(done).equals(packages)) {
        return;
      }
      Files.deleteIfExists(done);
      making.run();
      Files.writeString(done, packages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bootstrap(Path folder, String packages) {
    String suite =
        ExternalTool.run("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").strip();
    String mirror =
        ExternalTool.run(
                "sh",
                "-c",
                "apt-get indextargets --format '$(REPO_URI)' \"Release: $0\" | head -1",
                suite)
            .strip();
    String root = folder.resolve(ROOT).toString();
    ExternalTool.run("rm", "-rf", folder.toString());
    ExternalTool.run("mkdir", "-p", folder.toString());
    ExternalTool.run(
        "debootstrap", "--variant=minbase", "--include=" + packages, suite, root, mirror);
    // Only the settings that apt needs to reach its archive.
    ExternalTool.run(
        "sh",
        "-c",
        "apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-)' > \"$0\" || true",
        root + "/etc/apt/apt.conf.d/90machine");
    clean(root);
    String layout = layout(folder);
    ExternalTool.run("umoci", "init", "--layout", layout);
    ExternalTool.run("umoci", "new", "--image", layout + ":" + PYTHON);
    ExternalTool.run("umoci", "insert", "--image", layout + ":" + PYTHON, root, "/");
    ExternalTool.run(
        "umoci",
        "config",
        "--image",
        layout + ":" + PYTHON,
        "--config.env",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "--config.cmd",
        "bash",
        "--architecture",
        "amd64");
    ExternalTool.run("rm", "-rf", root);
  }

  private static void install(Path folder, String packages) {
    String layout = layout(folder);
    String bundle = folder.resolve("bundle").toString();
    String root = bundle + "/" + ROOT;
    ExternalTool.run("rm", "-rf", bundle);
    ExternalTool.run("umoci", "unpack", "--image", layout + ":" + PYTHON, bundle);
    // Scripts of packages need devices and /proc. The mounts end with the shell.
    ExternalTool.run(
        "unshare",
        "--mount",
        "sh",
        "-ec",
        """
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        chroot "$0" apt-get update -qq
        chroot "$0" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
        """,
        root,
        packages);
    clean(root);
    ExternalTool.run("umoci", "repack", "--image", layout + ":" + JAVA, bundle);
    ExternalTool.run("rm", "-rf", bundle);
  }

  private static void clean(String root) {
    ExternalTool.run(
        "sh",
        "-c",
        "rm -rf \"$0\"/var/cache/apt/archives/*.deb \"$0\"/var/cache/apt/*.bin \"$0\"/var/lib/apt/lists/* \"$0\"/dev/*",
        root);
  }

  private static String layout(Path folder) {
    return folder.resolve("layout").toString();
  }
}
