package dev.imagespec.model;

import java.util.List;

/**
 * What {@code @FlyteTask} says of a task class. It has no part in the image.
 *
 * @param project the project, or empty if it comes from the settings
 * @param domain the domain, or empty if it comes from the settings
 * @param name the task's name; empty without {@code @FlyteTask}
 * @param version the version, or empty if registration derives one
 * @param inputs the inputs, in the order in which they were written
 * @param outputs the outputs, in the order in which they were written; each has one value
 * @param requests what a container is guaranteed
 * @param limits what a container gets at most
 * @param retries how often a failed run is repeated
 * @param timeout after how many seconds one run ends as failed, or 0 for never
 * @param interruptible whether it may run on machines that can be taken away from it
 * @param cache how outputs are cached
 */
public record FlyteTask(
    String project,
    String domain,
    String name,
    String version,
    List<Variable> inputs,
    List<Variable> outputs,
    Resources requests,
    Resources limits,
    int retries,
    int timeout,
    boolean interruptible,
    Cache cache) {

  /** The binary name of the annotation. */
  public static final String ANNOTATION = "dev.imagespec.FlyteTask";

  /** The class is no task of Flyte. */
  public static final FlyteTask NONE = new FlyteTask("");

  public FlyteTask {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** A task of which only the name is set. */
  public FlyteTask(String name) {
    this(
        "",
        "",
        name,
        "",
        List.of(),
        List.of(),
        Resources.UNSET,
        Resources.UNSET,
        0,
        0,
        false,
        Cache.NONE);
  }

  /** Whether the class is a task of Flyte. */
  public boolean isSet() {
    return !name.isEmpty();
  }

  /** Whether it has inputs or outputs. */
  public boolean hasVariables() {
    return !inputs.isEmpty() || !outputs.isEmpty();
  }

  /**
   * An input or an output.
   *
   * @param name its name
   * @param type the type of its value, or of each value in it
   * @param shape what it is made of
   * @param description what it means, or empty
   */
  public record Variable(String name, Type type, Shape shape, String description) {}

  /** The constants of {@code @FlyteTask.Type}. */
  public enum Type {
    INTEGER,
    FLOAT,
    STRING,
    BOOLEAN,
    DATETIME,
    DURATION,
    FILE,
    FOLDER
  }

  /** The constants of {@code @FlyteTask.Shape}. */
  public enum Shape {
    VALUE,
    LIST,
    MAP
  }

  /**
   * Resources of a container; quantities as Kubernetes writes them.
   *
   * @param cpu processors, or empty
   * @param memory bytes of memory, or empty
   * @param gpu GPUs, or 0
   * @param ephemeralStorage bytes of disk space, or empty
   */
  public record Resources(String cpu, String memory, int gpu, String ephemeralStorage) {
    /** The platform's defaults. */
    public static final Resources UNSET = new Resources("", "", 0, "");
  }

  /**
   * How outputs are cached.
   *
   * @param version the version of what is cached; empty if nothing is
   * @param serialize whether equal runs wait for each other
   * @param ignoreInputVars the names of inputs that do not count
   */
  public record Cache(String version, boolean serialize, List<String> ignoreInputVars) {
    /** Nothing is cached. */
    public static final Cache NONE = new Cache("", false, List.of());

    public Cache {
      ignoreInputVars = List.copyOf(ignoreInputVars);
    }

    /** Whether outputs are cached. */
    public boolean isSet() {
      return !version.isEmpty();
    }
  }
}
