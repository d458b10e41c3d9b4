package dev.imagespec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes the container image that a task class runs in.
 *
 * <pre>{@code
 * @ImageSpec(
 *     registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
 *     name = "simple-example-image",
 *     baseImage = "eclipse-temurin:17-jre",
 *     mainClass = SayHello.class)
 * public final class SayHello { ... }
 * }</pre>
 *
 * <p>The compiler checks the annotation and writes a manifest, a Dockerfile and the class {@code
 * SayHelloImage}; a registration builds every distinct image once and pushes it. An attribute that
 * you leave out (an empty text or array) is unset: the image keeps the base image's value.
 *
 * <p>On a package ({@code package-info.java}) it sets defaults for the task classes of that
 * package. On an annotation type it makes a composed annotation, which task classes use instead of
 * this one. The annotation nearest to the class wins: its texts, flags, {@link #entrypoint} and
 * {@link #args} replace those farther away. Other arrays add up; variables, labels and annotations
 * are merged by name. {@link #replace} names arrays that replace instead.
 *
 * <p>All texts are literal: nothing in them is expanded, neither at compile time nor in the image.
 */
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.CLASS)
public @interface ImageSpec {

  /**
   * The registry to push to: a host, optionally with a port and a path to put before every
   * repository name ({@code ghcr.io/acme}). The setting {@code imagespec.registry} overrides it.
   */
  String registry() default "";

  /**
   * The name of the repository in the registry, without a tag. The setting {@code imagespec.name}
   * overrides it.
   */
  String name() default "";

  /**
   * The image to start from, by tag or digest, or {@code scratch} for none. The first registration
   * resolves a tag to a digest and keeps the digest in {@code imagespec.lock}.
   */
  String baseImage() default "";

  /**
   * The task class whose image to start from, instead of a {@link #baseImage}. Registration builds
   * that image first. When its content changes, this image changes too.
   */
  Class<?> baseSpec() default void.class;

  /**
   * A Dockerfile of the project whose image to start from, instead of a {@link #baseImage}: its
   * path relative to the project directory. An engine builds it, and everything else of this
   * annotation goes on top; what it sets itself (ENV, USER, ENTRYPOINT and so on) stays unless it
   * is set here. The images that it starts from and copies from are kept in {@code imagespec.lock}.
   * It takes the place of {@link #aptPackages}, {@link #packages}, {@link #requirements} and {@link
   * #commands}.
   *
   * <pre>{@code
   * @ImageSpec(dockerfile = "docker/Dockerfile", mainClass = Report.class)
   * }</pre>
   */
  String dockerfile() default "";

  /**
   * The folder that the {@link #dockerfile} reads, relative to the project directory; unset, the
   * Dockerfile's own folder. Its files count by content, as far as the Dockerfile reads them and
   * its {@code .dockerignore} does not keep them out.
   */
  String dockerfileContext() default "";

  /** Platforms as {@code os/architecture}. Several platforms make an image index. */
  String[] platforms() default {"linux/amd64"};

  /**
   * Debian packages to install, optionally with {@code =version} or a pattern of versions ({@code
   * =7.88*}), or the path in the image of a {@code .deb} that a {@link Copy} puts there for the
   * steps ({@link Copy.In#STEPS}). A set: the order does not matter.
   */
  String[] aptPackages() default {};

  /**
   * Python requirements (PEP 508) or URLs to install, as pip takes them, or the path in the image
   * of a wheel that a {@link Copy} puts there for the steps ({@link Copy.In#STEPS}). A set: the
   * order does not matter.
   */
  String[] packages() default {};

  /**
   * The path of a requirements file, or of a lock of Python packages ({@code pylock.toml} or {@code
   * pylock.<name>.toml}, PEP 751), relative to the project directory. Registration reads it. What a
   * lock or a requirements file with hashes names is installed exactly: these files, and nothing
   * else.
   */
  String requirements() default "";

  /** The URL of the Python package index to use instead of the default one. */
  String pipIndex() default "";

  /** URLs of additional Python package indexes. */
  String[] pipExtraIndexUrls() default {};

  /** Shell commands to run as root, in this order, when the environment is built. */
  String[] commands() default {};

  /**
   * Ids of the secrets that the environment's steps may read at {@code /run/secrets/<id>}. Ids
   * only: the values come from settings at registration and are not stored in the image.
   */
  String[] secrets() default {};

  /**
   * Puts the class path into the image: jars into {@code /app/libs}, each folder into a folder of
   * its own below {@code /app/classes}. It means there what {@code java -cp} makes of it here.
   */
  boolean classpath() default false;

  /**
   * The class to run. It needs a {@code public static void main(String[])}, or a main method of
   * Java 25 if it is compiled for that. Implies {@link #classpath}, and sets the entrypoint to
   * {@code java} with the {@link #jvmFlags}, the class path and this class.
   */
  Class<?> mainClass() default void.class;

  /**
   * The binary name of the class to run, where the source cannot name it as {@link #mainClass}: the
   * class of a top-level {@code main} in Kotlin ({@code com.acme.TopKt}), or a class of another
   * module. Means the same as {@link #mainClass}. The compiler checks the main method only if it
   * sees the class.
   */
  String mainClassName() default "";

  /**
   * Flags of the Java virtual machine that runs {@link #mainClass}, {@link #mainClassName} or
   * {@link #application}.
   */
  String[] jvmFlags() default {};

  /**
   * The program to run and its fixed arguments, in exec form. Setting it drops the base image's
   * default arguments.
   */
  String[] entrypoint() default {};

  /** Default arguments of the entrypoint (the image's {@code Cmd}). */
  String[] args() default {};

  /** Ports the program listens on: {@code "8080"}, {@code "53/udp"}, {@code "9000-9010"}. */
  String[] ports() default {};

  /** Absolute paths of mount points for data. */
  String[] volumes() default {};

  /** The absolute path of the directory in which the program starts. */
  String workingDirectory() default "";

  /** The user, and optionally the group, the program runs as: {@code "1000:1000"}. */
  String user() default "";

  /**
   * The signal that asks the program to end: a name ({@code "SIGINT"}, {@code "SIGRTMIN+3"}) or a
   * number from 1 to 64 (OCI image specification, {@code StopSignal}). Container runtimes send
   * {@code SIGTERM} if neither this image nor its base names one.
   */
  String stopSignal() default "";

  /** Files and folders of the project directory to copy into the image. */
  Copy[] copy() default {};

  /** Environment variables. */
  Env[] env() default {};

  /** Labels. */
  Label[] labels() default {};

  /**
   * Annotations of the image's manifest, and of its index if it has several platforms (OCI image
   * specification, "Annotations"). Registries show them, and policies read them, without reading
   * the image's configuration, which has the {@link #labels}:
   *
   * <pre>{@code
   * annotations = @Label(name = "org.opencontainers.image.source", value = "https://…")
   * }</pre>
   *
   * <p>They are not in the Dockerfile, which cannot say them, and not inherited from the base.
   */
  Label[] annotations() default {};

  /** The settings of the repository in Amazon ECR. */
  Repository repository() default @Repository;

  /** Whether Python packages may be pre-releases ({@code --pre} of pip). */
  boolean pipPre() default false;

  /**
   * Whether Python packages that have to be built are built with what is installed already, instead
   * of with build tools that are downloaded for it ({@code --no-build-isolation} of pip). Name the
   * build tools in {@link #aptPackages}, in the base image, or in the lock.
   */
  boolean pipNoBuildIsolation() default false;

  /**
   * URLs of pages that link to files of Python packages, besides the indexes ({@code --find-links}
   * of pip): {@code "https://data.pyg.org/whl/torch-2.5.0+cpu.html"}.
   */
  String[] pipFindLinks() default {};

  /** Package indexes for some Python packages alone. */
  PipIndex[] pipIndexes() default {};

  /**
   * Further options of {@code pip install}, one in each text, with their values after an equals
   * sign: {@code {"--no-compile", "--only-binary=:all:"}}. A base image with uv gives them to
   * {@code uv pip install}. Options that have an attribute are an error.
   */
  String[] pipArgs() default {};

  /**
   * The names of arrays of which this annotation replaces what annotations farther from the class
   * say, where arrays otherwise add up:
   *
   * <pre>{@code
   * @ImageSpec(platforms = {"linux/amd64", "linux/arm64"}, packages = "numpy==2.1.0")
   * package com.acme.tasks;
   *
   * @ImageSpec(replace = {"platforms", "packages"}, platforms = "linux/amd64")
   * class Train { ... }                  // for one platform, without packages
   * }</pre>
   *
   * <p>An array that is named here and not written has no elements; {@link #platforms} then have
   * their default. {@code "repository.pullPrincipals"} names the array inside {@link #repository}.
   */
  String[] replace() default {};

  /**
   * A built application, instead of {@link #mainClass} and {@link #classpath}: a Spring Boot jar or
   * WAR, a Quarkus fast-jar, or a WAR. Unless it is a WAR for a server of the base, it sets the
   * entrypoint to {@code java} with the {@link #jvmFlags} and an argument file that names the
   * framework's launcher. An {@link #entrypoint} of your own replaces that:
   *
   * <pre>{@code
   * entrypoint = {"tini", "--", "java", "@/app/launch"}
   * }</pre>
   */
  Application application() default @Application(from = "");
}
