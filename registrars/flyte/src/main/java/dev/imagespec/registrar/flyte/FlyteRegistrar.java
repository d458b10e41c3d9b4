package dev.imagespec.registrar.flyte;

import dev.imagespec.model.Manifest;
import dev.imagespec.registrar.flyte.connect.FlyteConnection;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.TaskRegistrar;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Registers tasks in Flyte 1, Flyte 2 and Union: those of classes with {@code @FlyteTask}, and
 * those of files with a task template, {@code flyte:FILE}. Without such tasks it reads no
 * configuration.
 */
public final class FlyteRegistrar implements TaskRegistrar {
  /** Its settings besides those of the connection. */
  private static final Set<String> OWN = Set.of("api", "org", "project", "domain", "version");

  /** How many tasks a message names. */
  private static final int SHOWN = 5;

  private final Map<String, String> environment;
  private final Path home;

  /** The registrar, for {@link java.util.ServiceLoader}. */
  public FlyteRegistrar() {
    this(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  FlyteRegistrar(Map<String, String> environment, Path home) {
    this.environment = Map.copyOf(environment);
    this.home = home;
  }

  @Override
  public String name() {
    return "flyte";
  }

  @Override
  public Set<String> settings() {
    Set<String> settings = new TreeSet<>(FlyteConnection.SETTINGS);
    settings.addAll(OWN);
    return settings;
  }

  @Override
  public Set<String> definitionKinds() {
    return Set.of(TemplateFile.KIND);
  }

  @Override
  public void check(Context context) {
    if (!Definitions.any(context)) {
      return;
    }
    Optional<FlyteConnection> connection = connection(context);
    if (connection.isPresent()) {
      new Work(connection.get(), context).close();
    } else {
      context.listener().on(new RegistrationEvent.Warning("flyte", nowhere(context)));
    }
  }

  @Override
  public List<Planned> plan(Plan plan, Context context) {
    Optional<Work> work = work(context);
    try (Work opened = work.orElse(null)) {
      return opened == null ? List.of() : opened.entries().plan(plan);
    }
  }

  @Override
  public List<Result> register(Registration registration, Context context) {
    Optional<Work> work = work(context);
    try (Work opened = work.orElse(null)) {
      return opened == null ? List.of() : opened.entries().register(registration);
    }
  }

  @Override
  public Diagnosis examine(Context context) {
    if (!Definitions.any(context) && context.settings().isEmpty()) {
      return new Diagnosis(List.of(), Map.of());
    }
    Optional<FlyteConnection> connection = connection(context);
    if (connection.isEmpty()) {
      return new Diagnosis(
          List.of(
              new Diagnosis.Finding(
                  "flyte", "endpoint", Diagnosis.Status.WARNING, nowhere(context))),
          Map.of());
    }
    try (Work work = new Work(connection.get(), context)) {
      return new Diagnosis(work.examine(), Map.of());
    }
  }

  private Optional<Work> work(Context context) {
    return Definitions.any(context)
        ? connection(context).map(connection -> new Work(connection, context))
        : Optional.empty();
  }

  /**
   * The endpoint; empty if nobody names one, and nothing but annotations asks for Flyte.
   *
   * @throws ImageSpecException if the configuration is wrong, or settings or files ask for Flyte
   *     and nobody names an endpoint
   */
  private Optional<FlyteConnection> connection(Context context) {
    Optional<FlyteConnection> connection =
        FlyteConnection.find(context.settings(), environment, home, context.projectDir());
    if (connection.isEmpty()
        && !(context.definitions().isEmpty() && context.settings().isEmpty())) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "Definitions or settings are for Flyte, but no endpoint is configured. "
              + FlyteConnection.HOW_TO_CONFIGURE
              + " To leave out registrars, set imagespec.no-registrars=true.");
    }
    return connection;
  }

  private static String nowhere(Context context) {
    List<String> tasks =
        context.manifests().stream()
            .filter(manifest -> manifest.flyte().isSet())
            .map(Manifest::task)
            .sorted()
            .toList();
    String rest = tasks.size() > SHOWN ? " and " + (tasks.size() - SHOWN) + " more" : "";
    return "with @FlyteTask, but not registered in Flyte, because no endpoint is configured: "
        + tasks.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + rest
        + ". "
        + FlyteConnection.HOW_TO_CONFIGURE
        + " Set imagespec.no-registrars=true if that is meant.";
  }
}
