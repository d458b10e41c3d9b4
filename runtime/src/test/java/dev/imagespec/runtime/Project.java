package dev.imagespec.runtime;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A compiled project for tests: class files that are none, and manifests. */
final class Project {
  static final String BASE = "registry.example/base:1";

  final Path dir;
  final Path classes;

  Project(Path dir) {
    this.dir = dir;
    this.classes = dir.resolve("classes");
  }

  /** Adds a task. */
  Project task(Manifest manifest) {
    write("classes/" + manifest.resourceName(), manifest.toJson());
    write(
        "classes/" + Manifest.resourceFolder(manifest.task()) + Dockerfile.FILE,
        Dockerfile.of(manifest));
    return write("classes/" + manifest.task().replace('.', '/') + ".class", manifest.task());
  }

  Project write(String path, String content) {
    try {
      Path file = dir.resolve(path);
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A task whose image differs from others' in one variable. */
  static Manifest task(String name, String repository, String variable) {
    return task(name, repository, BASE, payload(Map.of("WHO", variable)), "linux/amd64");
  }

  static Manifest task(
      String name, String repository, String base, Manifest.Payload payload, String... platforms) {
    return new Manifest(
        name,
        "",
        repository,
        base,
        "",
        List.of(platforms).stream().map(Platform::parse).toList(),
        Manifest.Environment.NONE,
        payload,
        Manifest.Repository.DEFAULT);
  }

  /** The same task with other steps. */
  static Manifest with(Manifest.Environment steps, Manifest task) {
    Parts parts = new Parts(task);
    parts.steps = steps;
    return parts.manifest();
  }

  /** The same task with another payload. */
  static Manifest with(Manifest.Payload payload, Manifest task) {
    Parts parts = new Parts(task);
    parts.payload = payload;
    return parts.manifest();
  }

  /** The same task with what Flyte should know of it. */
  static Manifest with(FlyteTask flyte, Manifest task) {
    Parts parts = new Parts(task);
    parts.flyte = flyte;
    return parts.manifest();
  }

  /** The same task in a registry of its own. */
  static Manifest in(String registry, Manifest task) {
    Parts parts = new Parts(task);
    parts.registry = registry;
    return parts.manifest();
  }

  /** The same task with other wishes for its repository. */
  static Manifest with(Manifest.Repository repository, Manifest task) {
    Parts parts = new Parts(task);
    parts.repository = repository;
    return parts.manifest();
  }

  /** The same task on the image of another. */
  static Manifest basedOn(String base, Manifest task) {
    Parts parts = new Parts(task);
    parts.baseImage = "";
    parts.baseSpec = base;
    return parts.manifest();
  }

  /** The same task on what a Dockerfile of the project builds. */
  static Manifest on(Manifest.OwnDockerfile dockerfile, Manifest task) {
    Parts parts = new Parts(task);
    parts.baseImage = "";
    parts.dockerfile = dockerfile;
    return parts.manifest();
  }

  /** The parts of a manifest that tests change. */
  private static final class Parts {
    private final Manifest task;
    private String registry;
    private String baseImage;
    private String baseSpec;
    private Manifest.OwnDockerfile dockerfile;
    private Manifest.Environment steps;
    private Manifest.Payload payload;
    private Manifest.Repository repository;
    private FlyteTask flyte;

    Parts(Manifest task) {
      this.task = task;
      this.registry = task.registry();
      this.baseImage = task.baseImage();
      this.baseSpec = task.baseSpec();
      this.dockerfile = task.dockerfile();
      this.steps = task.environment();
      this.payload = task.payload();
      this.repository = task.repository();
      this.flyte = task.flyte();
    }

    Manifest manifest() {
      return new Manifest(
          task.task(),
          task.annotations(),
          registry,
          task.name(),
          baseImage,
          baseSpec,
          dockerfile,
          task.platforms(),
          steps,
          payload,
          repository,
          flyte);
    }
  }

  /** Variables and files of the project, without the class path. */
  static Manifest.Payload payload(Map<String, String> env, Manifest.Copy... copies) {
    return payload(false, "", List.of(), env, copies);
  }

  /** Files of the project that an image without a class path starts. */
  static Manifest.Payload started(String entrypoint, Manifest.Copy... copies) {
    return payload(false, "", List.of(entrypoint), Map.of(), copies);
  }

  /** The class path with variables and files of the project. */
  static Manifest.Payload classPath(
      String mainClass, Map<String, String> env, Manifest.Copy... copies) {
    return payload(true, mainClass, List.of(), env, copies);
  }

  static Manifest.Payload payload(
      boolean hasClassPath,
      String mainClass,
      List<String> entrypoint,
      Map<String, String> env,
      Manifest.Copy... copies) {
    return new Manifest.Payload(
        hasClassPath,
        mainClass,
        List.of(),
        entrypoint,
        List.of(),
        List.of(),
        List.of(),
        "",
        "",
        List.of(copies),
        env,
        Map.of());
  }

  /** The class path and files of the project, with all that a program may have. */
  static Manifest.Payload program(String mainClass, Manifest.Copy... copies) {
    return new Manifest.Payload(
        true,
        mainClass,
        List.of("-Xmx64m"),
        List.of(),
        List.of("a"),
        List.of("53/udp", "9000-9001"),
        List.of("/data"),
        "/work",
        "1000",
        List.of(copies),
        Map.of("PATH", "/x"),
        Map.of("k", "v"));
  }
}
