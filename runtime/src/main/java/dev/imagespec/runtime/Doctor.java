package dev.imagespec.runtime;

import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.run.Access;
import dev.imagespec.runtime.run.Diagnosing;
import dev.imagespec.runtime.run.Session;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Checks everything that a registration needs: credentials, permissions, repositories, base images,
 * clock, proxies and engines, and what task registrars need. Changes nothing, neither on this
 * machine nor in a registry.
 */
public final class Doctor {
  private final Settings settings;
  private final List<TaskSource> sources;
  private final CredentialProvider credentials;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Iterable<TaskRegistrar> registrars;

  private Doctor(
      Settings settings,
      List<TaskSource> sources,
      CredentialProvider credentials,
      Map<String, String> environment,
      Clock clock,
      Iterable<TaskRegistrar> registrars) {
    this.settings = settings;
    this.sources = sources;
    this.credentials = credentials;
    this.environment = environment;
    this.clock = clock;
    this.registrars = registrars;
  }

  /** A doctor for registrations of the tasks on the settings' class path. */
  public static Doctor of(Settings settings) {
    return of(settings, List.of(TaskSource.of(settings)));
  }

  /** A doctor for registrations of these sources. */
  public static Doctor of(Settings settings, List<TaskSource> sources) {
    return new Doctor(
        settings,
        List.copyOf(sources),
        CredentialProvider.none(),
        EnvironmentVariables.ofThisProcess(),
        Clock.systemUTC(),
        ServiceLoader.load(TaskRegistrar.class));
  }

  /** This doctor, with a provider of further credentials. */
  public Doctor withCredentials(CredentialProvider provider) {
    return new Doctor(settings, sources, provider, environment, clock, registrars);
  }

  /** This doctor, which has exactly these task registrars examine what they need. */
  public Doctor withTaskRegistrars(List<TaskRegistrar> others) {
    return new Doctor(settings, sources, credentials, environment, clock, List.copyOf(others));
  }

  /** This doctor, with other environment variables and another clock. */
  Doctor in(Map<String, String> variables, Clock time) {
    return new Doctor(settings, sources, credentials, variables, time, registrars);
  }

  /**
   * Checks what a registration would use. Without tasks, it checks the registry that the settings
   * name.
   *
   * @throws ImageSpecException if a setting or a manifest is wrong, or there is nothing to check
   */
  public Diagnosis examine() {
    Catalog catalog = Catalog.of(sources);
    try (Session session = new Session(settings, Access.of(settings, catalog, credentials))) {
      return new Diagnosing(session, settings, environment, clock, registrars).examine(catalog);
    }
  }
}
