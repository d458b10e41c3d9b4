package dev.imagespec.runtime.resolve;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.BaseChain;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Namespace;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Works out everything about images that needs no registry. */
public final class Drafter {
  private final Settings settings;
  private final Targets targets;
  private final ProjectFiles files;
  private final Map<TaskSource, List<Layer>> classPathLayers = new HashMap<>();
  private final Map<Built, List<Layer>> applicationLayers = new HashMap<>();

  /** What a build made, and where it goes. */
  private record Built(Path projectDir, Manifest.Application application) {}

  /**
   * A drafter.
   *
   * @param memory knows files of earlier registrations, and learns new ones
   */
  public Drafter(Settings settings, Targets targets, MachineMemory memory) {
    this.settings = settings;
    this.targets = targets;
    Set<Path> written = new HashSet<>(Set.of(settings.lock()));
    settings.record().ifPresent(written::add);
    settings.report().ifPresent(written::add);
    settings.render().forEach(rendering -> written.add(rendering.to()));
    this.files = new ProjectFiles(written, memory);
  }

  /**
   * Drafts each task's image: one attempt for each, in the tasks' order. An attempt fails by an
   * exception that nobody expected alone.
   *
   * @throws ImageSpecException if any task has a mistake; the message has a line for each
   */
  public List<Attempt<Draft>> draft(List<Task> tasks) {
    List<Attempt<Draft>> attempts = attempts(tasks, this::target, this::draft);
    checkBases(tasks);
    return attempts;
  }

  static List<Attempt<Draft>> attempts(
      List<Task> tasks,
      Function<Task, Repository> target,
      BiFunction<Task, Repository, Draft> drafting) {
    List<Attempt<Draft>> attempts = new ArrayList<>();
    List<ImageSpecException> problems = new ArrayList<>();
    for (Task task : tasks) {
      try {
        Repository repository = checked(() -> target.apply(task));
        Attempt<Draft> attempt =
            Attempt.at(
                new Subject(List.of(task.name()), repository),
                () -> checked(() -> drafting.apply(task, repository)));
        if (attempt instanceof Attempt.Failed<Draft> failed
            && failed.cause().code() != FailureCode.INTERNAL) {
          throw failed.cause();
        }
        attempts.add(attempt);
      } catch (ImageSpecException e) {
        problems.add(new ImageSpecException(e.code(), task.name() + ": " + e.getMessage(), e));
      }
    }
    throwAll(problems);
    return List.copyOf(attempts);
  }

  /** A value class that refuses a part of a manifest does so because the manifest is wrong. */
  private static <T> T checked(Supplier<T> drafting) {
    try {
      return drafting.get();
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(FailureCode.INVALID_MANIFEST, String.valueOf(e.getMessage()), e);
    }
  }

  private static void throwAll(List<ImageSpecException> problems) {
    if (problems.size() == 1) {
      throw problems.get(0);
    }
    if (!problems.isEmpty()) {
      ImageSpecException all =
          new ImageSpecException(
              problems.get(0).code(),
              String.join("\n", problems.stream().map(ImageSpecException::getMessage).toList()));
      problems.forEach(all::addSuppressed);
      throw all;
    }
  }

  /** Checks that every task that is a base exists, and that no task is based on itself. */
  private static void checkBases(List<Task> tasks) {
    Map<String, String> bases = new HashMap<>();
    tasks.forEach(task -> bases.put(task.name(), task.manifest().baseSpec()));
    for (Task task : tasks) {
      BaseChain<String> chain =
          BaseChain.of(
              task.name(),
              name -> Optional.ofNullable(bases.get(name)).filter(base -> !base.isEmpty()));
      if (chain.isCircular()) {
        throw new ImageSpecException(
            FailureCode.INVALID_MANIFEST,
            "An image cannot be based on itself: " + String.join(" → ", chain.tasks()) + ".");
      }
      if (!bases.containsKey(chain.last())) {
        throw new ImageSpecException(
            FailureCode.INVALID_MANIFEST,
            task.name()
                + " is based on the image of "
                + chain.last()
                + ", which is not on the class path. Add it with --classpath.");
      }
    }
  }

  /**
   * The files of a task's payload, for a build context.
   *
   * @throws ImageSpecException if a file is missing or cannot be packed
   */
  public PayloadFiles files(Task task) {
    return new PayloadFiles(
        task.manifest().payload().usesClassPath() ? classPathLayers(task.source()) : List.of(),
        copies(task).ofPayload(),
        applicationLayers(task));
  }

  private Draft draft(Task task, Repository target) {
    Manifest manifest = task.manifest();
    Manifest.Payload payload = manifest.payload();
    List<Layer> layers = new ArrayList<>();
    if (payload.usesClassPath()) {
      layers.addAll(classPathLayers(task.source()));
    }
    layers.addAll(applicationLayers(task));
    Layer copied = copies(task).payload();
    if (!copied.entries().isEmpty()) {
      layers.add(copied);
    }
    if (manifest.baseImage().equals(Manifest.SCRATCH) && layers.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_MANIFEST,
          "an image on scratch without any file is empty; copy a program into it, or set another"
              + " baseImage.");
    }
    PayloadConfig config = PayloadConfig.of(payload);
    PythonFiles python = python(task);
    Task known = task.with(python.with(manifest));
    return new Draft(
        known,
        target,
        steps(task, python),
        List.copyOf(layers),
        settings.creationTime().map(config::made).orElse(config),
        python.lock(),
        manifest.dockerfile().isSet() ? recipe(task) : null);
  }

  /**
   * The requirements file of a task.
   *
   * @throws ImageSpecException if a file is missing or wrong
   */
  public PythonFiles python(Task task) {
    Manifest manifest = task.manifest();
    return PythonFiles.read(
        manifest.environment(), manifest.platforms(), task.source().projectDir());
  }

  /** The layers of a task's application; several tasks may have the same. */
  private List<Layer> applicationLayers(Task task) {
    Manifest.Application application = task.manifest().payload().application();
    if (!application.isSet()) {
      return List.of();
    }
    Built built = new Built(task.source().projectDir(), application);
    List<Layer> known = applicationLayers.get(built);
    if (known == null) {
      known =
          ApplicationLayers.of(
              application,
              built.projectDir(),
              files,
              SensitiveFiles.unlessNamed(settings.allowedFiles()));
      applicationLayers.put(built, known);
    }
    return known;
  }

  /**
   * What the steps of a task's environment execute, with the files that they read.
   *
   * @param python the requirements file of the task
   * @throws ImageSpecException if a file is missing or wrong
   */
  public Steps steps(Task task, PythonFiles python) {
    return Steps.of(
        python.with(task.manifest()).environment().steps(), python.texts(), copies(task).ofSteps());
  }

  private Copies copies(Task task) {
    return new Copies(task.manifest(), task.source().projectDir(), files);
  }

  /**
   * What is built from a task's Dockerfile.
   *
   * @throws ImageSpecException if the Dockerfile or a file that it reads is missing or wrong
   */
  public Recipe recipe(Task task) {
    return Recipe.read(task, files);
  }

  private List<Layer> classPathLayers(TaskSource source) {
    if (source.classPath().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "classpath and mainClass put the class path into the image, and none is given; set"
              + " --classpath (imagespec.classpath).");
    }
    List<Layer> known = classPathLayers.get(source);
    if (known == null) {
      known =
          ClassPathLayers.of(
              source.classPath(), files, SensitiveFiles.unlessNamed(settings.allowedFiles()));
      classPathLayers.put(source, known);
    }
    return known;
  }

  /**
   * The repository that a task's image is pushed to.
   *
   * @throws ImageSpecException if none is set, or it cannot be pushed to
   */
  public Repository target(Task task) {
    Namespace namespace =
        settings
            .registry()
            .or(task::registry)
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.INVALID_SETTING,
                        "no registry to push to; set registry in @ImageSpec, or --registry"
                            + " (imagespec.registry)."))
            .requireAlias();
    String name = settings.name().map(RepositoryName::value).orElse(task.manifest().name());
    if (name.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "no repository name; set name in @ImageSpec, or --name (imagespec.name).");
    }
    targets.of(namespace.registry()).check(task.manifest().repository());
    return namespace.repository(name);
  }
}
