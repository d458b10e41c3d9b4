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
    return new Manifest(
        task.task(),
        task.registry(),
        task.name(),
        task.baseImage(),
        task.baseSpec(),
        task.platforms(),
        steps,
        task.payload(),
        task.repository());
  }

  /** The same task with another payload. */
  static Manifest with(Manifest.Payload payload, Manifest task) {
    return new Manifest(
        task.task(),
        task.registry(),
        task.name(),
        task.baseImage(),
        task.baseSpec(),
        task.platforms(),
        task.environment(),
        payload,
        task.repository());
  }

  /** The same task with what Flyte should know of it. */
  static Manifest with(FlyteTask flyte, Manifest task) {
    return new Manifest(
        task.task(),
        task.annotations(),
        task.registry(),
        task.name(),
        task.baseImage(),
        task.baseSpec(),
        task.dockerfile(),
        task.platforms(),
        task.environment(),
        task.payload(),
        task.repository(),
        flyte);
  }

  /** The same task in a registry of its own. */
  static Manifest in(String registry, Manifest task) {
    return new Manifest(
        task.task(),
        registry,
        task.name(),
        task.baseImage(),
        task.baseSpec(),
        task.platforms(),
        task.environment(),
        task.payload(),
        task.repository());
  }

  /** The same task with other wishes for its repository. */
  static Manifest with(Manifest.Repository repository, Manifest task) {
    return new Manifest(
        task.task(),
        task.registry(),
        task.name(),
        task.baseImage(),
        task.baseSpec(),
        task.platforms(),
        task.environment(),
        task.payload(),
        repository);
  }

  /** The same task on the image of another. */
  static Manifest basedOn(String base, Manifest task) {
    return new Manifest(
        task.task(),
        task.registry(),
        task.name(),
        "",
        base,
        task.platforms(),
        task.environment(),
        task.payload(),
        task.repository());
  }

  /** The same task on what a Dockerfile of the project builds. */
  static Manifest on(Manifest.OwnDockerfile dockerfile, Manifest task) {
    return new Manifest(
        task.task(),
        task.annotations(),
        task.registry(),
        task.name(),
        "",
        "",
        dockerfile,
        task.platforms(),
        task.environment(),
        task.payload(),
        task.repository());
  }

  static Manifest.Payload payload(Map<String, String> env) {
    return new Manifest.Payload(
        false, "", List.of(), List.of(), List.of(), List.of(), List.of(), "", "", List.of(), env,
        Map.of());
  }

  /** The class path and a file of the project. */
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
