package dev.imagespec.registrar.aws;

import dev.imagespec.registrar.definition.Entries;
import dev.imagespec.registrar.definition.Entry;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.aws.AssumedRole;
import dev.imagespec.runtime.aws.AwsClients;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Registers tasks as task definitions of Amazon ECS, job definitions of AWS Batch and functions of
 * AWS Lambda, by files that are what the AWS CLI takes as its input.
 */
public final class AwsRegistrar implements TaskRegistrar {
  /** Describing takes most of the time, and its limits are higher than this. */
  private static final int AT_ONCE = 8;

  private final Function<Optional<AssumedRole>, AwsClients> clients;
  private final Sleeper sleeper;

  /** The registrar. */
  public AwsRegistrar() {
    this(AwsClients::new, Sleeper.REAL);
  }

  AwsRegistrar(Function<Optional<AssumedRole>, AwsClients> clients, Sleeper sleeper) {
    this.clients = clients;
    this.sleeper = sleeper;
  }

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public Set<String> settings() {
    return AwsSettings.NAMES;
  }

  @Override
  public Set<String> definitionKinds() {
    return Arrays.stream(Service.values())
        .map(Service::kind)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Amazon amazon(AwsSettings settings) {
    return new Amazon(settings, clients.apply(settings.role()), sleeper);
  }

  @Override
  public void check(Context context) {
    AwsSettings settings = AwsSettings.of(context.settings());
    if (context.definitions().isEmpty()) {
      // The SDK's classes take their time: a registration of images alone does not wait for them.
      return;
    }
    try (Amazon amazon = amazon(settings)) {
      new AwsDefinitions(context, settings, amazon).entries();
    }
  }

  @Override
  public List<Planned> plan(Plan plan, Context context) {
    if (context.definitions().isEmpty()) {
      return List.of();
    }
    AwsSettings settings = AwsSettings.of(context.settings());
    try (Amazon amazon = amazon(settings)) {
      List<Entry> entries = new AwsDefinitions(context, settings, amazon).entries();
      if (entries.isEmpty()) {
        return List.of();
      }
      amazon.requireCredentials();
      return new Entries(entries, AT_ONCE).plan(plan);
    }
  }

  @Override
  public List<Result> register(Registration registration, Context context) {
    if (context.definitions().isEmpty()) {
      return List.of();
    }
    AwsSettings settings = AwsSettings.of(context.settings());
    try (Amazon amazon = amazon(settings)) {
      List<Entry> entries = new AwsDefinitions(context, settings, amazon).entries();
      if (entries.isEmpty()) {
        return List.of();
      }
      amazon.requireCredentials();
      return new Entries(entries, AT_ONCE).register(registration);
    }
  }

  @Override
  public Diagnosis examine(Context context) {
    if (context.definitions().isEmpty()) {
      return new Diagnosis(List.of(), Map.of());
    }
    AwsSettings settings = AwsSettings.of(context.settings());
    try (Amazon amazon = amazon(settings)) {
      return new AwsExamination(amazon, settings, context.definitions()).examine();
    }
  }
}
