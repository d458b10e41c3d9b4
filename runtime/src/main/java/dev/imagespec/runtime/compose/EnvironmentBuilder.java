package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.BuildDockerConfig;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.Credential;
import dev.imagespec.runtime.registry.CredentialSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteRepository;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Has an engine build the environments that are missing, each once, at the same time where the
 * engine has room. What another registration pushed meanwhile is adopted: the first push of a tag
 * wins.
 */
public final class EnvironmentBuilder {
  private static final String TARGET = "environment";
  private static final int KEY_DIGITS = 16;

  private final Settings settings;
  private final EnginePool pool;
  private final RegistryClient registry;
  private final CredentialSource credentials;
  private final BaseImages bases;
  private final SecretSource secrets;
  private final Function<String, String> dockerfile;
  private final Workspace workspace;
  private final RegistrationListener listener;

  /**
   * A builder.
   *
   * @param pool what runs the steps
   * @param credentials the credentials that the engine is given for the registries of a build
   * @param bases what environments stand on
   * @param dockerfile the Dockerfile of a task class
   */
  public EnvironmentBuilder(
      Settings settings,
      EnginePool pool,
      RegistryClient registry,
      CredentialSource credentials,
      BaseImages bases,
      SecretSource secrets,
      Function<String, String> dockerfile,
      Workspace workspace,
      RegistrationListener listener) {
    this.settings = settings;
    this.pool = pool;
    this.registry = registry;
    this.credentials = credentials;
    this.bases = bases;
    this.secrets = secrets;
    this.dockerfile = dockerfile;
    this.workspace = workspace;
    this.listener = listener;
  }

  /** One run of the engine: environments that differ in their platform alone. */
  private record Run(List<PlannedEnvironment> environments) {
    PlannedEnvironment first() {
      return environments.get(0);
    }

    List<Platform> platforms() {
      return environments.stream().map(planned -> planned.environment().platform()).toList();
    }

    /** The tasks' short names. */
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
   * @param missing those to build; the images that they stand on are there
   * @param into takes where each is, or why it is not
   */
  public void build(List<PlannedEnvironment> missing, Environments into) {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Map<Run, Future<?>> futures = new LinkedHashMap<>();
      for (Run run : runs(missing, into)) {
        futures.put(run, threads.submit(() -> build(run, into)));
      }
      for (Future<?> future : futures.values()) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } finally {
      // Interrupts what still runs; an engine's processes have ended when its thread has.
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

  private static ImageSpecException interrupted(InterruptedException e) {
    return new ImageSpecException(FailureCode.ENGINE, "The registration was interrupted.", e);
  }

  /** Puts what can be built in one run together. */
  private List<Run> runs(List<PlannedEnvironment> missing, Environments into) {
    Map<List<Object>, List<PlannedEnvironment>> groups = new LinkedHashMap<>();
    for (PlannedEnvironment planned : missing) {
      try {
        Platform platform = planned.environment().platform();
        List<Object> key =
            List.of(
                planned.repository(),
                planned.environment().steps(),
                planned.environment().rebuild(),
                bases.reference(planned.spec().base()),
                bases.user(planned.spec().base(), platform),
                planned.spec().draft().manifest().payload().user().isEmpty());
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(planned);
      } catch (ImageSpecException e) {
        into.fail(planned.environment(), e);
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

  private void build(Run run, Environments into) {
    try {
      listener.on(
          new RegistrationEvent(
              RegistrationEvent.Kind.ENVIRONMENT_BUILDING,
              run.name(),
              "building its environment "
                  + run.first().tag()
                  + " with "
                  + pool.engine()
                  + " for "
                  + run.platforms().stream()
                      .map(Platform::toString)
                      .collect(Collectors.joining(", "))));
      execute(run);
      for (PlannedEnvironment planned : run.environments()) {
        into.put(
            planned,
            existing(planned)
                .orElseThrow(
                    () ->
                        new ImageSpecException(
                            FailureCode.ENGINE,
                            "The engine says that it pushed "
                                + planned
                                + ", but the repository does not have it. Register again.")));
        listener.on(
            new RegistrationEvent(
                RegistrationEvent.Kind.ENVIRONMENT_PUSHED, planned.toString(), "pushed"));
      }
    } catch (ImageSpecException e) {
      run.environments().forEach(planned -> into.fail(planned.environment(), e));
    }
  }

  private Optional<RawManifest> existing(PlannedEnvironment planned) {
    return registry.manifest(planned.repository(), planned.tag());
  }

  private boolean isMissing(PlannedEnvironment planned) {
    return registry.manifestDigest(planned.repository(), planned.tag()).isEmpty();
  }

  private void execute(Run run) {
    PlannedEnvironment first = run.first();
    EnvironmentSteps steps = new EnvironmentSteps(first.spec().draft().manifest().environment());
    Map<String, Secret> values = new TreeMap<>();
    for (String id : first.environment().steps().commands().secrets()) {
      values.put(id, secrets.get(id));
    }
    List<String> hidden =
        values.entrySet().stream().map(e -> secrets.value(e.getKey(), e.getValue())).toList();
    try {
      Path folder = workspace.folder(first.tag());
      Path log = Files.createDirectories(settings.engineLogs()).resolve(first.tag() + ".log");
      try (EngineLog output = new EngineLog(log, run.name(), steps.names(), hidden, listener);
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

  private void execute(Run run, EngineBuild build, EngineLog output, EnvironmentSteps steps) {
    try {
      Optional<Digest> untagged = pool.build(build, output);
      if (untagged.isPresent()) {
        tag(run, untagged.get());
      }
    } catch (EngineException e) {
      // A push is refused where another registration was faster and the tag cannot be moved.
      boolean adopted =
          e.kind() == EngineException.Kind.BUILDER
              && run.environments().stream().noneMatch(this::isMissing);
      if (!adopted) {
        throw failure(run, e, output, steps);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private EngineBuild buildOf(
      Run run, Path folder, Path config, EnvironmentSteps steps, Map<String, Secret> values)
      throws IOException {
    PlannedEnvironment first = run.first();
    Path context = folder.resolve("context");
    BuildContext.writeEnvironment(
        context,
        dockerfile.apply(first.spec().draft().task()),
        first.environment().steps().requirements());
    Platform platform = first.environment().platform();
    boolean together = run.environments().size() > 1;
    String user = bases.user(first.spec().base(), platform);
    Map<String, String> arguments = new HashMap<>();
    arguments.put(
        "BASE_IMAGE",
        (together
                ? bases.reference(first.spec().base())
                : bases.reference(first.spec().base(), platform))
            .toString());
    if (first.spec().draft().manifest().payload().user().isEmpty()) {
      arguments.put("BASE_USER", user);
    }
    String key =
        Digest.of(first.environment().prefix().getBytes(StandardCharsets.UTF_8))
            .hex()
            .substring(0, KEY_DIGITS);
    return new EngineBuild(
        run.name(),
        context,
        TARGET,
        steps.names().size(),
        arguments,
        run.platforms(),
        first.repository().toString(),
        first.tag(),
        "cache1-" + key,
        values,
        config,
        () -> run.environments().stream().anyMatch(this::isMissing));
  }

  /** Exactly the registries that the build talks to. */
  private Map<String, Credential> credentials(Run run) {
    Set<String> registries = new LinkedHashSet<>();
    registries.add(run.first().repository().registry());
    registries.add(bases.reference(run.first().spec().base()).registry().host());
    settings
        .engineCache()
        .ifPresent(cache -> registries.add(ImageReference.parse(cache).registry().host()));
    Map<String, Credential> all = new TreeMap<>();
    registries.forEach(
        host -> credentials.credential(host).ifPresent(credential -> all.put(host, credential)));
    return all;
  }

  /** Gives what was pushed by its digest the tags of its platforms' environments. */
  private void tag(Run run, Digest digest) {
    RemoteRepository repository = run.first().repository();
    RawManifest top = requireManifest(repository, digest);
    for (PlannedEnvironment planned : run.environments()) {
      Digest own = BaseImages.ofPlatform(planned.tag(), top, planned.environment().platform());
      if (isMissing(planned)) {
        try {
          registry.putManifest(
              repository,
              planned.tag(),
              own.equals(digest) ? top : requireManifest(repository, own));
        } catch (ImageSpecException e) {
          if (e.code() != FailureCode.TAG_IMMUTABLE) {
            throw e;
          }
          // Another registration was faster: its environment is taken.
        }
      }
    }
  }

  private RawManifest requireManifest(RemoteRepository repository, Digest digest) {
    return registry
        .manifest(repository, digest.toString())
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
      Run run, EngineException e, EngineLog output, EnvironmentSteps steps) {
    List<String> last = output.last();
    OptionalInt step = e.step();
    boolean isStep = e.kind() == EngineException.Kind.STEP;
    StringBuilder text = new StringBuilder("The environment of ").append(run.name());
    if (isStep && step.isPresent()) {
      text.append(" fails at ")
          .append(steps.culprit(step.getAsInt(), last))
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
