package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a task class a task of Flyte or Union: a registration pushes the image of its {@link
 * ImageSpec}, and then registers the task, which runs in exactly that image.
 *
 * <pre>{@code
 * @ImageSpec(baseImage = "eclipse-temurin:17-jre", mainClass = WordCount.class)
 * @FlyteTask(
 *     project = "flytesnacks",
 *     domain = "development",
 *     inputs = {
 *       @FlyteTask.Input(name = "text", type = FlyteTask.Type.FILE),
 *       @FlyteTask.Input(name = "stop_words", type = FlyteTask.Type.STRING, shape = FlyteTask.Shape.LIST)
 *     },
 *     outputs = @FlyteTask.Output(name = "words", type = FlyteTask.Type.INTEGER),
 *     requests = @FlyteTask.Resources(cpu = "500m", memory = "1Gi"),
 *     retries = 3)
 * public final class WordCount { ... }
 * }</pre>
 *
 * <p>The task is a raw container: the image needs nothing of Flyte. Flyte puts the inputs into
 * files in {@code /var/inputs} before the program starts, and takes the outputs from files in
 * {@code /var/outputs} after it has ended; {@link dev.imagespec.flyte.TaskIo} reads and writes
 * them. The program is the one of the image: {@link ImageSpec#mainClass}, {@link
 * ImageSpec#entrypoint} or {@link ImageSpec#application}, with {@link ImageSpec#args}.
 *
 * <p>Nothing in it makes another image. On an annotation type it sets defaults for the task classes
 * that have that annotation; the annotation nearest to the class wins, inputs and outputs are
 * merged by name, requests and limits attribute by attribute.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface FlyteTask {

  /**
   * The project, at most 63 characters. It has to exist. The setting {@code
   * imagespec.flyte.project} goes before it; unset in both, it is the one of Flyte's configuration
   * file.
   */
  String project() default "";

  /**
   * The domain, such as {@code development} or {@code production}, at most 63 characters. The
   * setting {@code imagespec.flyte.domain} goes before it; unset in both, it is the one of Flyte's
   * configuration file.
   */
  String domain() default "";

  /** The task's name, at most 255 characters; unset, the class's binary name. */
  String name() default "";

  /**
   * The version, at most 63 letters, digits, {@code .}, {@code _}, {@code ~} and {@code -}. The
   * setting {@code imagespec.flyte.version} goes before it. Unset in both, it is derived from what
   * would be registered, so that every change is a version and a registration without a change is
   * none. Under a version that is written, something else can never be registered.
   */
  String version() default "";

  /** The inputs. */
  Input[] inputs() default {};

  /** The outputs. The program writes each of them. */
  Output[] outputs() default {};

  /** What a container of the task is guaranteed. */
  Resources requests() default @Resources;

  /** What a container of the task gets at most. */
  Resources limits() default @Resources;

  /**
   * How often a failed run is repeated; 0 for never. Flyte's definition of a task allows 10 at
   * most.
   */
  int retries() default 0;

  /** After how many seconds one run ends as failed; 0 for never. */
  int timeout() default 0;

  /**
   * Caches the outputs: a run with the same inputs and this version takes the outputs of an earlier
   * one. Change it when the task computes something else. Unset, nothing is cached.
   */
  String cacheVersion() default "";

  /**
   * Whether runs with the same inputs wait for each other instead of computing the same at the same
   * time. Needs {@link #cacheVersion}.
   */
  boolean cacheSerialize() default false;

  /** The names of inputs that the cache ignores. Needs {@link #cacheVersion}. */
  String[] cacheIgnoreInputVars() default {};

  /**
   * Whether the task may run on machines that can be taken away from it, such as spot instances.
   * Unset, the platform decides.
   */
  boolean interruptible() default false;

  /** An input. */
  @Documented
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Input {
    /** Its name: a letter, then letters, digits and underscores. */
    String name();

    /** The type of its value, or of each value in it. */
    Type type();

    /** Whether it is one value, a list or a map. */
    Shape shape() default Shape.VALUE;

    /** What it means, for people. */
    String description() default "";
  }

  /**
   * An output: one value. Flyte takes no lists and maps from raw containers; use a {@link
   * Type#FOLDER} or a {@link Type#FILE} for several values.
   */
  @Documented
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Output {
    /** Its name: a letter, then letters, digits and underscores. */
    String name();

    /** The type of its value. */
    Type type();

    /** What it means, for people. */
    String description() default "";
  }

  /** The type of a value, by Flyte's names. */
  enum Type {
    /** A whole number of 64 bits. */
    INTEGER,
    /** A floating-point number of 64 bits. */
    FLOAT,
    /** A text. As an output, at most 1024 bytes. */
    STRING,
    /** True or false. */
    BOOLEAN,
    /** A point in time, to the nanosecond. */
    DATETIME,
    /** A length of time, to the nanosecond, at most 292 years. */
    DURATION,
    /** A file. */
    FILE,
    /** A folder with files. */
    FOLDER
  }

  /** What an input is made of. */
  enum Shape {
    /** One value. */
    VALUE,
    /** A list of values. */
    LIST,
    /** Values by name. */
    MAP
  }

  /**
   * Resources of a container. An attribute that is left out is unset: the platform's defaults
   * count.
   *
   * <pre>{@code
   * requests = @FlyteTask.Resources(cpu = "500m", memory = "1Gi"),
   * limits = @FlyteTask.Resources(cpu = "2", memory = "2Gi", gpu = 1, ephemeralStorage = "10Gi")
   * }</pre>
   */
  @Documented
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Resources {
    /** Processors, as Kubernetes writes them: {@code "2"}, {@code "0.5"}, {@code "500m"}. */
    String cpu() default "";

    /** Bytes of memory, as Kubernetes writes them: {@code "512Mi"}, {@code "2Gi"}. */
    String memory() default "";

    /** GPUs, whole ones; 0 for none. Where both are set, requests and limits are equal. */
    int gpu() default 0;

    /** Bytes of disk space that goes with the container: {@code "10Gi"}. */
    String ephemeralStorage() default "";
  }
}
