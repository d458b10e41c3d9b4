package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which container image a task class runs in.
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
 * SayHelloImage}; registering the tasks builds every distinct image once and pushes it. An
 * attribute that is left out (an empty text or array) is unset: the base image's own value holds.
 *
 * <p>On a package ({@code package-info.java}) it gives defaults to that package's task classes; on
 * an annotation type it makes that annotation one that task classes carry in its stead. What stands
 * nearer to the class wins: a text, a flag, an {@link #entrypoint} and {@link #args} replace what
 * stands farther; other arrays add to it, variables and labels by their names.
 *
 * <p>All texts are literal. Nothing in them is expanded, neither at compile time nor in the image.
 */
@Documented
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.CLASS)
public @interface ImageSpec {

  /**
   * The registry to push to: a host, optionally with a port and a path that every repository name
   * is prefixed with ({@code ghcr.io/acme}). The setting {@code imagespec.registry} wins over it.
   */
  String registry() default "";

  /**
   * The repository's name in the registry, without a tag. The setting {@code imagespec.name} wins
   * over it.
   */
  String name() default "";

  /**
   * The image to start from, by tag or by digest, or {@code scratch} for none. Registration
   * resolves it to a digest once and keeps that in {@code imagespec.lock}.
   */
  String baseImage() default "";

  /**
   * The task class whose image to start from, instead of a {@link #baseImage}. That image is built
   * first, and its content is part of this one's identity.
   */
  Class<?> baseSpec() default void.class;

  /** Platforms as {@code os/architecture}; several give an image index. */
  String[] platforms() default {"linux/amd64"};

  /**
   * Debian packages to install, optionally with {@code =version}. A set: their order means nothing.
   */
  String[] aptPackages() default {};

  /** Python requirements (PEP 508) to install. A set: their order means nothing. */
  String[] packages() default {};

  /** A requirements file, relative to the project directory, read at registration. */
  String requirements() default "";

  /** The URL of the Python package index to use instead of the default one. */
  String pipIndex() default "";

  /** URLs of further Python package indexes. */
  String[] pipExtraIndexUrls() default {};

  /** Shell commands, run as root in this order while the environment is built. */
  String[] commands() default {};

  /**
   * Ids of the secrets that the environment's steps may read at {@code /run/secrets/<id>}. Only
   * ids: the values come from settings at registration, and never enter the image.
   */
  String[] secrets() default {};

  /**
   * Puts the class path into the image: {@code /app/libs}, {@code /app/resources} and {@code
   * /app/classes}.
   */
  boolean classpath() default false;

  /**
   * The class to run. Implies {@link #classpath} and sets the entrypoint to {@code java}, the
   * {@link #jvmFlags}, the class path and this class, which needs a {@code public static void
   * main(String[])}.
   */
  Class<?> mainClass() default void.class;

  /** Flags for the Java virtual machine that runs {@link #mainClass}. */
  String[] jvmFlags() default {};

  /** The program to run and its fixed arguments, in exec form. Drops the base image's arguments. */
  String[] entrypoint() default {};

  /** Default arguments to the entrypoint (the image's {@code Cmd}). */
  String[] args() default {};

  /** Ports the program listens on: {@code "8080"}, {@code "53/udp"}, {@code "9000-9010"}. */
  String[] ports() default {};

  /** Absolute paths that are mount points for data. */
  String[] volumes() default {};

  /** The absolute path of the directory the program starts in. */
  String workingDirectory() default "";

  /** The user, and optionally the group, the program runs as: {@code "1000:1000"}. */
  String user() default "";

  /** Files and folders of the project directory to put into the image. */
  Copy[] copy() default {};

  /** Environment variables. */
  Env[] env() default {};

  /** Labels. */
  Label[] labels() default {};

  /** How the repository is created where it does not exist yet (Amazon ECR). */
  Repository repository() default @Repository;
}
