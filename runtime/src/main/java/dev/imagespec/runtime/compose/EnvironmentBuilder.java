package dev.imagespec.runtime.compose;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.BuildDockerConfig;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.work.Attempt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Has an engine build the missing environments, each once, and in parallel if the engine has room.
 * If another registration pushes an environment in the meantime, that one is used: the first push
 * of a tag wins.
 */
public final class EnvironmentBuilder {
  private static final int KEY_DIGITS = 16;

  private final Settings settings;
  private final EnginePool pool;
  private final RegistryClient registry;
  private final CredentialSource credentials;
  private final BaseImages bases;
  private final SecretSource secrets;
  private final Workspace workspace;
  private final RegistrationListener listener;

  /**
   * A builder.
   *
   * @param pool runs the steps
   * @param credentials credentials for the registries that a build uses; the engine gets them
   * @param bases reads what environments are built on
   */
  public EnvironmentBuilder(
      Settings settings,
      EnginePool pool,
      RegistryClient registry,
      CredentialSource credentials,
      BaseImages bases,
      SecretSource secrets,
      Workspace workspace,
      RegistrationListener listener) {
    this.settings = settings;
    this.pool = pool;
    this.registry = registry;
    this.credentials = credentials;
    this.bases = bases;
    this.secrets = secrets;
    this.workspace = workspace;
    this.listener = listener;
  }

  /** One run of the engine: environments that differ only in their platform. */
  private record Run(List<PlannedEnvironment> environments) {
    PlannedEnvironment first() {
      return environments.get(0);
    }

    /** The manifest of one of the tasks; all have the same steps. */
    Manifest manifest() {
      return first().spec().draft().manifest();
    }

    List<Platform> platforms() {
      return environments.stream().map(planned -> planned.environment().platform()).toList();
    }

    /** The short names of the tasks. */
    String name() {
      List<String> names =
          environments.stream()
              .flatMap(planned -> planned.tasks().stream())
              .map(EnvironmentBuilder::shortName)
              .distinct()
              .toList();
      return names.get(0) + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more");
    }
  }

  private static String shortName(String task) {
    return task.substring(Math.max(task.lastIndexOf('.'), task.lastIndexOf('$')) + 1);
  }

  /**
   * Builds environments.
   *
   * @param missing the environments to build; the images that they are built on exist
   * @return the result for each
   */
  public Map<Environment, Attempt<LocatedEnvironment>> build(List<PlannedEnvironment> missing) {
    Map<Environment, Attempt<LocatedEnvironment>> attempts = new LinkedHashMap<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Map<Environment, Attempt<LocatedEnvironment>>>> futures = new ArrayList<>();
      for (Run run : runs(missing, attempts)) {
        futures.add(threads.submit(() -> build(run)));
      }
      for (Future<Map<Environment, Attempt<LocatedEnvironment>>> future : futures) {
        attempts.putAll(future.get());
      }
      return attempts;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } finally {
      // Interrupts what is still running. When a thread has ended, so have its engine's processes.
      threads.shutdownNow();
      await(threads);
    }
  }

  private static void await(ExecutorService threads) {
    try {
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("an engine's build does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Groups environments that one run can build.
   *
   * @param failed receives those whose base cannot be found
   */
  private List<Run> runs(
      List<PlannedEnvironment> missing, Map<Environment, Attempt<LocatedEnvironment>> failed) {
    Map<List<Object>, List<PlannedEnvironment>> groups = new LinkedHashMap<>();
    for (PlannedEnvironment planned : missing) {
      Attempt<List<Object>> key = Attempt.at(planned.subject(), () -> key(planned));
      if (key instanceof Attempt.Failed<List<Object>> failure) {
        failed.put(planned.environment(), failure.of(planned.subject()));
      } else {
        groups.computeIfAbsent(key.get(), k -> new ArrayList<>()).add(planned);
      }
    }
    List<Run> runs = new ArrayList<>();
    for (List<PlannedEnvironment> group : groups.values()) {
      Run together = new Run(List.copyOf(group));
      if (group.size() > 1 && pool.buildsTogether(new LinkedHashSet<>(together.platforms()))) {
        runs.add(together);
      } else {
        group.forEach(planned -> runs.add(new Run(List.of(planned))));
      }
    }
    return runs;
  }

  /** What all environments of one run have in common. */
  private List<Object> key(PlannedEnvironment planned) {
    return List.of(
        planned.repository(),
        planned.environment().steps(),
        planned.environment().rebuild(),
        bases.reference(planned.spec().base()),
        bases.user(planned.spec().base(), planned.environment().platform()),
        Dockerfile.asksForUser(planned.spec().draft().manifest()));
  }

  private Map<Environment, Attempt<LocatedEnvironment>> build(Run run) {
    Attempt<Boolean> executed =
        Attempt.at(
            run.first().subject(),
            () -> {
              tellBuilding(run);
              execute(run);
              return true;
            });
    Map<Environment, Attempt<LocatedEnvironment>> attempts = new LinkedHashMap<>();
    for (PlannedEnvironment planned : run.environments()) {
      attempts.put(
          planned.environment(),
          executed instanceof Attempt.Failed<Boolean> failed
              ? failed.of(planned.subject())
              : Attempt.at(planned.subject(), () -> pushed(planned)));
    }
    return attempts;
  }

  private void tellBuilding(Run run) {
    listener.on(
        new RegistrationEvent.EnvironmentBuilding(
            run.name(), run.first().tag(), pool.engine(), run.platforms()));
  }

  /** Reads an environment that the engine pushed. */
  private LocatedEnvironment pushed(PlannedEnvironment planned) {
    RawManifest manifest =
        existing(planned)
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.ENGINE,
                        "The engine says that it pushed "
                            + planned
                            + ", but the repository does not have it. Register again."));
    listener.on(new RegistrationEvent.EnvironmentPushed(planned.repository().image(planned.tag())));
    return LocatedEnvironment.of(planned, manifest);
  }

  private Optional<RawManifest> existing(PlannedEnvironment planned) {
    return registry.manifests().get(planned.repository(), planned.tag());
  }

  private boolean isMissing(PlannedEnvironment planned) {
    return registry.manifests().digest(planned.repository(), planned.tag()).isEmpty();
  }

  private void execute(Run run) {
    PlannedEnvironment first = run.first();
    Manifest.Environment environment = run.manifest().environment();
    List<Step> steps = environment.steps();
    Map<String, Secret> values = new TreeMap<>();
    for (String id : environment.secrets()) {
      values.put(id, secrets.get(id));
    }
    List<String> hidden =
        values.entrySet().stream().map(e -> secrets.value(e.getKey(), e.getValue())).toList();
    try {
      Path folder = workspace.folder(first.tag());
      Path log = Files.createDirectories(settings.engineLogs()).resolve(first.tag() + ".log");
      try (EngineLog output =
              new EngineLog(
                  log, run.name(), steps.stream().map(Step::attribute).toList(), hidden, listener);
          BuildDockerConfig config =
              BuildDockerConfig.write(
                  folder.resolve("docker"), credentials(run), System.getenv())) {
        execute(run, buildOf(run, folder, config.folder(), steps, values), output, steps);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The build of " + first + " cannot be prepared: " + e.getMessage() + ".",
          e);
    }
  }

  private void execute(Run run, EngineBuild build, EngineLog output, List<Step> steps) {
    try {
      Optional<Digest> untagged = pool.build(build, output);
      if (untagged.isPresent()) {
        tag(run, untagged.get());
      }
    } catch (EngineException e) {
      // Another registration may have pushed the tag first. If it is immutable, our push is
      // rejected.
      boolean adopted =
          e.kind() == EngineException.Kind.BUILDER
              && run.environments().stream().noneMatch(this::isMissing);
      if (!adopted) {
        throw failure(run, e, output, steps);
      }
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }

  private EngineBuild buildOf(
      Run run, Path folder, Path config, List<Step> steps, Map<String, Secret> values)
      throws IOException {
    PlannedEnvironment first = run.first();
    Path context = folder.resolve("context");
    BuildContext.writeEnvironment(
        context, run.manifest(), first.environment().steps().requirements());
    Platform platform = first.environment().platform();
    boolean together = run.environments().size() > 1;
    String user = bases.user(first.spec().base(), platform);
    Map<String, String> arguments = new HashMap<>();
    arguments.put(
        Dockerfile.BASE_IMAGE,
        (together
                ? bases.reference(first.spec().base())
                : bases.reference(first.spec().base(), platform))
            .toString());
    if (Dockerfile.asksForUser(run.manifest())) {
      arguments.put(Dockerfile.BASE_USER, user);
    }
    String key =
        Digest.of(first.environment().prefix().getBytes(StandardCharsets.UTF_8))
            .hex()
            .substring(0, KEY_DIGITS);
    return new EngineBuild(
        run.name(),
        context,
        Dockerfile.ENVIRONMENT,
        steps.size(),
        arguments,
        run.platforms(),
        first.repository().toString(),
        first.tag(),
        "cache1-" + key,
        values,
        config,
        () -> run.environments().stream().anyMatch(this::isMissing));
  }

  /** The credentials of exactly those registries that the build uses. */
  private Map<Registry, Credential> credentials(Run run) {
    Set<Registry> registries = new LinkedHashSet<>();
    registries.add(run.first().repository().registry());
    registries.add(bases.reference(run.first().spec().base()).registry());
    settings.engineCache().ifPresent(cache -> registries.add(cache.registry()));
    Map<Registry, Credential> all = new TreeMap<>();
    registries.forEach(
        registry ->
            credentials
                .credential(registry)
                .ifPresent(credential -> all.put(registry, credential)));
    return all;
  }

  /** Tags what was pushed by digest: each platform's environment gets its own tag. */
  private void tag(Run run, Digest digest) {
    Repository repository = run.first().repository();
    RawManifest top = requireManifest(repository, digest);
    for (PlannedEnvironment planned : run.environments()) {
      Digest own = BaseImages.ofPlatform(planned.tag(), top, planned.environment().platform());
      if (isMissing(planned)) {
        try {
          registry
              .manifests()
              .put(
                  repository,
                  planned.tag(),
                  own.equals(digest) ? top : requireManifest(repository, own));
        } catch (ImageSpecException e) {
          if (e.code() != FailureCode.TAG_IMMUTABLE) {
            throw e;
          }
          // Another registration was faster; use its environment.
        }
      }
    }
  }

  private RawManifest requireManifest(Repository repository, Digest digest) {
    return registry
        .manifests()
        .get(repository, digest.toString())
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.ENGINE,
                    "The engine says that it pushed "
                        + repository
                        + "@"
                        + digest
                        + ", which the repository does not have. Register again."));
  }

  private static ImageSpecException failure(
      Run run, EngineException e, EngineLog output, List<Step> steps) {
    List<String> last = output.last();
    OptionalInt step = e.step();
    boolean isStep = e.kind() == EngineException.Kind.STEP;
    StringBuilder text = new StringBuilder("The environment of ").append(run.name());
    if (isStep && step.isPresent()) {
      text.append(" fails at ")
          .append(Culprit.of(steps.get(step.getAsInt()), last))
          .append(" of ")
          .append(shortName(run.first().spec().draft().task()))
          .append(": ")
          .append(e.getMessage())
          .append(". Correct it and register again.");
    } else {
      text.append(isStep ? " fails: " : " cannot be built: ").append(e.getMessage());
      text.append(e.getMessage().endsWith(".") ? "" : ".");
    }
    if (e.kind() != EngineException.Kind.PLATFORM && !last.isEmpty()) {
      text.append("\nThe engine's last lines (all of them in ").append(output.file()).append("):");
      last.forEach(line -> text.append("\n  ").append(FailedLines.marked(line, last)));
    }
    return new ImageSpecException(isStep ? FailureCode.STEP : FailureCode.ENGINE, text.toString());
  }
}
