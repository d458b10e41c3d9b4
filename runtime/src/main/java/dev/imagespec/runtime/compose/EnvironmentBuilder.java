package dev.imagespec.runtime.compose;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.BuildDockerConfig;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.resolve.Base;
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
  private final Delivery delivery;
  private final CredentialSource credentials;
  private final BaseImages bases;
  private final SecretSource secrets;
  private final Workspace workspace;
  private final RegistrationListener listener;

  /**
   * A builder whose engine pushes the environments.
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
    this(
        settings,
        pool,
        new PushedEnvironments(pool, new EnvironmentTags(registry.manifests()), listener),
        credentials,
        bases,
        secrets,
        workspace,
        listener);
  }

  private EnvironmentBuilder(
      Settings settings,
      EnginePool pool,
      Delivery delivery,
      CredentialSource credentials,
      BaseImages bases,
      SecretSource secrets,
      Workspace workspace,
      RegistrationListener listener) {
    this.settings = settings;
    this.pool = pool;
    this.delivery = delivery;
    this.credentials = credentials;
    this.bases = bases;
    this.secrets = secrets;
    this.workspace = workspace;
    this.listener = listener;
  }

  /** A builder whose engine writes the environments to this machine, and pushes nothing. */
  public static EnvironmentBuilder saving(
      Settings settings,
      EnginePool pool,
      CredentialSource credentials,
      BaseImages bases,
      SecretSource secrets,
      Workspace workspace,
      RegistrationListener listener) {
    return new EnvironmentBuilder(
        settings,
        pool,
        new SavedEnvironments(pool, bases),
        credentials,
        bases,
        secrets,
        workspace,
        listener);
  }

  /**
   * Builds environments.
   *
   * @param missing the environments to build; the images that they are built on exist
   * @return the result for each
   */
  public Map<HostedEnvironment, Attempt<LocatedEnvironment>> build(
      List<PlannedEnvironment> missing) {
    Map<HostedEnvironment, Attempt<LocatedEnvironment>> attempts = new LinkedHashMap<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Map<HostedEnvironment, Attempt<LocatedEnvironment>>>> futures = new ArrayList<>();
      for (EngineRun run : runs(missing, attempts)) {
        futures.add(threads.submit(() -> build(run)));
      }
      for (Future<Map<HostedEnvironment, Attempt<LocatedEnvironment>>> future : futures) {
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
  private List<EngineRun> runs(
      List<PlannedEnvironment> missing,
      Map<HostedEnvironment, Attempt<LocatedEnvironment>> failed) {
    Map<List<Object>, List<PlannedEnvironment>> groups = new LinkedHashMap<>();
    for (PlannedEnvironment planned : missing) {
      Attempt<List<Object>> key = Attempt.at(planned.subject(), () -> key(planned));
      if (key instanceof Attempt.Failed<List<Object>> failure) {
        failed.put(planned.hosted(), failure.of(planned.subject()));
      } else {
        groups.computeIfAbsent(key.get(), k -> new ArrayList<>()).add(planned);
      }
    }
    List<EngineRun> runs = new ArrayList<>();
    for (List<PlannedEnvironment> group : groups.values()) {
      EngineRun together = new EngineRun(group);
      if (group.size() > 1 && pool.buildsTogether(new LinkedHashSet<>(together.platforms()))) {
        runs.add(together);
      } else {
        group.forEach(planned -> runs.add(new EngineRun(List.of(planned))));
      }
    }
    return runs;
  }

  /** What all environments of one run have in common. */
  private List<Object> key(PlannedEnvironment planned) {
    if (planned.spec().base() instanceof Base.OfDockerfile own) {
      OwnBuild build = new OwnBuild(own);
      return List.of(
          planned.repository(),
          own.recipe().content(),
          planned.environment().rebuild(),
          build.text(planned.environment().platform(), true));
    }
    return List.of(
        planned.repository(),
        planned.environment().steps(),
        planned.environment().rebuild(),
        bases.reference(planned.spec().base()),
        bases.user(planned.spec().base(), planned.environment().platform()),
        Dockerfile.asksForUser(planned.spec().draft().manifest()));
  }

  private Map<HostedEnvironment, Attempt<LocatedEnvironment>> build(EngineRun run) {
    Attempt<Boolean> executed =
        Attempt.at(
            run.first().subject(),
            () -> {
              tellBuilding(run);
              execute(run);
              return true;
            });
    if (executed instanceof Attempt.Failed<Boolean>) {
      listener.on(new RegistrationEvent.EnvironmentFailed(run.name(), run.first().tag()));
    }
    Map<HostedEnvironment, Attempt<LocatedEnvironment>> attempts = new LinkedHashMap<>();
    for (PlannedEnvironment planned : run.environments()) {
      attempts.put(
          planned.hosted(),
          executed instanceof Attempt.Failed<Boolean> failed
              ? failed.of(planned.subject())
              : Attempt.at(planned.subject(), () -> delivery.located(planned)));
    }
    return attempts;
  }

  private void tellBuilding(EngineRun run) {
    listener.on(
        new RegistrationEvent.EnvironmentBuilding(
            run.name(), run.first().tag(), pool.engine(), run.platforms()));
  }

  private void execute(EngineRun run) {
    PlannedEnvironment first = run.first();
    Map<String, Secret> values = new TreeMap<>();
    for (String id : run.manifest().environment().secrets()) {
      values.put(id, secrets.get(id));
    }
    List<String> hidden =
        values.entrySet().stream().map(e -> secrets.value(e.getKey(), e.getValue())).toList();
    try {
      Map<Registry, Credential> given = credentials(run);
      Path folder = workspace.newFolder(first.tag());
      Path log =
          Files.createDirectories(settings.engineLogs()).resolve(folder.getFileName() + ".log");
      try (EngineLog output =
              new EngineLog(log, run.name(), run.stepNames(), hidden, given.values(), listener);
          BuildDockerConfig config =
              BuildDockerConfig.write(
                  folder.resolve("docker"), given, EnvironmentVariables.ofThisProcess())) {
        execute(run, buildOf(run, folder, config.folder(), values), output);
      }
    } catch (IOException | UncheckedIOException e) {
      throw workspace.failure(
          "The build of " + first + " cannot be prepared: " + IoReason.of(e), e);
    }
  }

  private void execute(EngineRun run, EngineBuild build, EngineLog output) {
    try {
      delivery.build(run, build, output);
    } catch (EngineException e) {
      throw EngineFailure.of(run, e, output);
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }

  private EngineBuild buildOf(EngineRun run, Path folder, Path config, Map<String, Secret> values)
      throws IOException {
    PlannedEnvironment first = run.first();
    if (first.spec().base() instanceof Base.OfDockerfile own) {
      run.platforms().forEach(platform -> bases.requireStarts(own, platform));
      return new OwnBuild(own).write(run, folder, config, values, () -> delivery.isWanted(run));
    }
    Path context = folder.resolve("context");
    BuildContext.writeEnvironment(context, run.manifest(), first.environment().steps());
    Platform platform = first.environment().platform();
    String user = bases.user(first.spec().base(), platform);
    Map<String, String> arguments = new HashMap<>();
    arguments.put(
        Dockerfile.BASE_IMAGE,
        (run.isTogether()
                ? bases.reference(first.spec().base())
                : bases.reference(first.spec().base(), platform))
            .toString());
    if (Dockerfile.asksForUser(run.manifest())) {
      arguments.put(Dockerfile.BASE_USER, user);
    }
    return new EngineBuild(
        run.name(),
        context,
        Dockerfile.ENVIRONMENT,
        run.steps().size(),
        arguments,
        run.platforms(),
        first.repository().toString(),
        first.tag(),
        cacheKey(first.environment().prefix()),
        values,
        config,
        () -> delivery.isWanted(run));
  }

  /** A key that is equal for equal texts. */
  static String cacheKey(String prefix) {
    return "cache1-"
        + Digest.of(prefix.getBytes(StandardCharsets.UTF_8)).hex().substring(0, KEY_DIGITS);
  }

  /**
   * The credentials of exactly those registries that the build uses. One registry has one: that of
   * the repository that is pushed to comes first.
   */
  private Map<Registry, Credential> credentials(EngineRun run) {
    Map<Registry, Credential> all = new TreeMap<>();
    Repository target = run.first().repository();
    if (delivery.isPushing()) {
      add(all, target, credentials.credential(target));
    }
    for (Repository base : read(run.first().spec().base())) {
      add(all, base, credentials.readingCredential(base));
    }
    settings
        .engineCache()
        .ifPresent(
            cache ->
                add(
                    all,
                    cache,
                    delivery.isPushing()
                        ? credentials.credential(cache)
                        : credentials.readingCredential(cache)));
    return all;
  }

  private Set<Repository> read(Base base) {
    if (!(base instanceof Base.OfDockerfile own)) {
      return Set.of(bases.reference(base).repository());
    }
    Set<Repository> all = new LinkedHashSet<>();
    own.images().values().forEach(used -> used.forEach(image -> all.add(image.source())));
    return all;
  }

  private static void add(
      Map<Registry, Credential> all, Repository repository, Optional<Credential> credential) {
    credential.ifPresent(found -> all.putIfAbsent(repository.registry(), found));
  }
}
