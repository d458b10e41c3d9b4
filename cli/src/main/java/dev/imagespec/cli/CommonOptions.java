package dev.imagespec.cli;

import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Settings;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all commands have; each is a setting, too. */
final class CommonOptions {
  @Option(
      names = "--classpath",
      paramLabel = "PATH",
      description =
          "Folders and jars with the task classes and what they need; goes into images with classpath or"
              + " mainClass. Repeatable, or separated as for java -cp.")
  private List<String> classPath = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "A task class; without, all on the class path. Repeatable.")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--project-dir",
      paramLabel = "DIR",
      description =
          "Holds imagespec.properties, the lock, and the files that specs name. Default: the working"
              + " directory.")
  private @Nullable String projectDir;

  @Option(
      names = "--registry",
      paramLabel = "HOST",
      description = "Push to this registry, whatever the annotations say.")
  private @Nullable String registry;

  @Option(
      names = "--name",
      paramLabel = "REPO",
      description = "Push to this repository, whatever the annotations say.")
  private @Nullable String name;

  @Option(
      names = "--mirror",
      paramLabel = "HOST[/PREFIX]=HOST[/PREFIX]",
      description = "Read base images of the first from the second. Repeatable.")
  private List<String> mirrors = new ArrayList<>();

  @Option(
      names = "--realm",
      paramLabel = "REGISTRY=HOST",
      description =
          "Send the first's credential to the token server on the second, where it names it. Repeatable.")
  private List<String> realms = new ArrayList<>();

  @Option(
      names = "--lock",
      paramLabel = "FILE",
      description = "The lock. Default: imagespec.lock in the project directory.")
  private @Nullable String lock;

  @Option(names = "--verbose", description = "Say more, and where an error comes from.")
  private boolean verbose;

  @Option(
      names = "--json",
      description = "Print one JSON document to stdout, and nothing else there.")
  private boolean json;

  /**
   * The settings of this run.
   *
   * @param more settings of the command's own options, by name
   */
  Settings settings(Map<String, String> more) {
    Map<String, String> flags = new TreeMap<>(more);
    putAll(flags, "imagespec.classpath", classPath, File.pathSeparator);
    putAll(flags, "imagespec.classes", classes, ",");
    putAll(flags, "imagespec.mirrors", mirrors, ",");
    putAll(flags, "imagespec.realms", realms, ",");
    put(flags, "imagespec.project-dir", projectDir);
    put(flags, "imagespec.registry", registry);
    put(flags, "imagespec.name", name);
    put(flags, "imagespec.lock", lock);
    return Settings.load(
        flags, System.getProperties(), System.getenv(), Path.of("").toAbsolutePath());
  }

  /** A registrar that tells on stderr what it does. */
  ImageRegistrar registrar(Settings settings, PrintWriter err) {
    return ImageRegistrar.of(settings)
        .withListener(
            event -> {
              boolean shown =
                  switch (event.kind()) {
                    case BLOB_UPLOADED, ENGINE_OUTPUT -> verbose;
                    // Said at the end, with its tasks.
                    case IMAGE_FAILED -> false;
                    default -> true;
                  };
              if (shown) {
                err.println(event);
              }
            });
  }

  boolean json() {
    return json;
  }

  static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private static void putAll(
      Map<String, String> flags, String key, List<String> values, String separator) {
    if (!values.isEmpty()) {
      flags.put(key, String.join(separator, values));
    }
  }
}
