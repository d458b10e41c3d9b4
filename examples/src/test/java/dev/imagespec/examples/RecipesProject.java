package dev.imagespec.examples;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.DebianArchive;
import dev.imagespec.testkit.TestJar;
import dev.imagespec.testkit.Wheel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The files that the recipes name, in a project directory. */
final class RecipesProject {
  /** What the locks and requirements files of the recipes name. */
  static final List<Wheel> REQUIRED =
      List.of(new Wheel("six", "1.16.0"), new Wheel("attrs", "24.2.0"));

  private RecipesProject() {}

  static void write(Path dir) throws IOException {
    String plain =
        REQUIRED.stream()
            .map(wheel -> wheel.name() + "==" + wheel.version() + "\n")
            .collect(Collectors.joining());
    String hashed =
        REQUIRED.stream()
            .map(
                wheel ->
                    wheel.name()
                        + "=="
                        + wheel.version()
                        + " --hash="
                        + Digest.of(wheel.bytes())
                        + "\n")
            .collect(Collectors.joining());
    file(dir, "image-requirements.txt", plain);
    file(dir, "requirements.txt", plain);
    file(dir, "requirements.lock", hashed);
    file(dir, "pylock.toml", lock());
    file(dir, "pylock.train.toml", lock());
    file(dir, "calculate.py", "print('an ellipse')\n");
    file(dir, "train.py", "import six, attrs\nprint('trained with', six.__version__)\n");
    file(dir, "fastapi/serve", "#!/bin/sh\necho serving\n");
    file(dir, "fastapi/app.py", "app = None\n");
    file(dir, "backend/export.sh", "#!/bin/sh\necho exported\n");
    file(dir, "conda-linux-64.lock", "@EXPLICIT\n");
    file(dir, "pixi.toml", "[workspace]\n");
    file(dir, "pixi.lock", "version: 6\n");
    file(dir, ".dockerignore", "**\n!train.py\n!fastapi/**\nfastapi/serve\n");
    file(dir, "assets/logo.txt", "logo\n");
    file(dir, "assets/a/draft.tmp", "draft\n");
    file(dir, "assets/raw/huge", "huge\n");
    file(dir, "acme.crt", "-----BEGIN CERTIFICATE-----\n");
    file(
        dir,
        "docker/Dockerfile",
        "FROM debian:bookworm-slim\nCOPY motd /etc/motd\nRUN cp /etc/motd /copied\nENV MODE=slow\n");
    file(dir, "docker/motd", "of the project\n");
    file(dir, "extra/bin/tool", "#!/bin/sh\necho tool\n");
    file(dir, "extra/conf/secret.properties", "a=b\n");
    file(dir, "extra/conf/old.bak", "old\n");
    file(dir, "extra/notes", "notes\n");
    applications(Files.createDirectories(dir.resolve("target")));
    Wheel own = new Wheel("acme-tools", "1.0");
    Files.write(Files.createDirectories(dir.resolve("dist")).resolve(own.file()), own.bytes());
    file(dir, "dist/acme_tools-1.0.tar.gz", "not a wheel");
  }

  /** What builds of the three kinds of application leave, as far as they are told apart by it. */
  private static void applications(Path target) throws IOException {
    String spring = "org.springframework.boot.loader.launch.JarLauncher";
    TestJar.empty()
        .file("META-INF/MANIFEST.MF", manifest(spring) + "Start-Class: a.Main\n\n")
        .file(spring.replace('.', '/') + ".class", "launcher")
        .file("BOOT-INF/classes/a.txt", "own")
        .write(target.resolve("app.jar"));
    for (String jar : List.of("lib/boot/b.jar", "lib/main/m.jar", "app/own.jar")) {
      Path file = target.resolve("quarkus-app").resolve(jar);
      Files.createDirectories(file.getParent());
      TestJar.empty().file("x", jar).write(file);
    }
    file(target, "quarkus-app/quarkus/quarkus-application.dat", "x");
    TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            manifest("io.quarkus.bootstrap.runner.QuarkusEntryPoint") + "\n")
        .write(target.resolve("quarkus-app/quarkus-run.jar"));
    TestJar.empty()
        .file("WEB-INF/web.xml", "<web-app/>")
        .file("index.html", "page")
        .write(target.resolve("shop.war"));
  }

  private static String manifest(String mainClass) {
    return "Manifest-Version: 1.0\nMain-Class: " + mainClass + "\n";
  }

  /** Makes the Debian package of the project's own. */
  static void writeDebianPackage(Path dir, Path work) throws IOException {
    Files.copy(DebianArchive.build(work, "acme-agent", "1.0"), dir.resolve("acme-agent.deb"));
  }

  private static String lock() {
    return "lock-version = \"1.0\"\ncreated-by = \"a test\"\nrequires-python = \">=3.9\"\n"
        + REQUIRED.stream()
            .map(
                wheel ->
                    """

                    [[packages]]
                    name = "%s"
                    version = "%s"
                    wheels = [{ name = "%s", url = "https://files.example.org/%s", hashes = { sha256 = "%s" } }]
                    """
                        .formatted(
                            wheel.name(),
                            wheel.version(),
                            wheel.file(),
                            wheel.file(),
                            Digest.of(wheel.bytes()).hex()))
            .collect(Collectors.joining());
  }

  private static void file(Path dir, String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
