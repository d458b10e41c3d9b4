package dev.imagespec.cli;

import dev.imagespec.dockerfile.Dockerfile;
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
  private static final String CLASSES = "classes";

  private final Path dir;

  Project(Path dir) {
    this.dir = dir;
  }

  /** Adds a task. */
  Project task(Manifest manifest) {
    return task(CLASSES, manifest);
  }

  /** Adds a task whose class is in a folder of its own choice. */
  Project task(String classes, Manifest manifest) {
    write(classes + "/" + manifest.resourceName(), manifest.toJson());
    write(classes + "/" + dockerfile(manifest.task()), Dockerfile.of(manifest));
    return write(classes + "/" + manifest.task().replace('.', '/') + ".class", "class");
  }

  Project write(String path, String text) {
    try {
      Path file = dir.resolve(path);
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options by which a command takes the project and sends its images to a registry. */
  List<String> options(String registry) {
    return List.of(
        "--classpath",
        dir.resolve(CLASSES).toString(),
        "--project-dir",
        dir.toString(),
        "--registry",
        registry);
  }

  /** The path of a task's Dockerfile on the class path. */
  private static String dockerfile(String task) {
    return Manifest.resourceFolder(task) + Dockerfile.FILE;
  }

  /** The path of a task's Dockerfile in the project. */
  static String dockerfileOf(String task) {
    return CLASSES + "/" + dockerfile(task);
  }

  /** A task that has the class path on a base. */
  static Manifest program(
      String name, String baseImage, Map<String, String> env, Manifest.Copy... copies) {
    return manifest(name, baseImage, "", payload(true, name, List.of(), List.of(copies), env));
  }

  /** A task that has nothing but the project's file {@code conf}. */
  static Manifest file(String name) {
    return manifest(name, Manifest.SCRATCH, "", conf(name));
  }

  /** The same on the image of another task. */
  static Manifest fileOn(String baseSpec, String name) {
    return manifest(name, "", baseSpec, conf(name));
  }

  private static Manifest.Payload conf(String name) {
    String path = "/" + name;
    return payload(
        false, "", List.of(path), List.of(new Manifest.Copy("conf", path, "")), Map.of());
  }

  private static Manifest.Payload payload(
      boolean hasClassPath,
      String mainClass,
      List<String> entrypoint,
      List<Manifest.Copy> copies,
      Map<String, String> env) {
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
        copies,
        env,
        Map.of());
  }

  private static Manifest manifest(
      String name, String baseImage, String baseSpec, Manifest.Payload payload) {
    return new Manifest(
        name,
        "",
        "team/app",
        baseImage,
        baseSpec,
        List.of(Platform.DEFAULT),
        Manifest.Environment.NONE,
        payload,
        Manifest.Repository.DEFAULT);
  }
}
