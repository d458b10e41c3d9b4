package dev.imagespec.runtime.run;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.aws.AssumedRole;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialChain;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.registry.auth.DockerConfigCredentials;
import dev.imagespec.runtime.registry.auth.ProvidedCredentials;
import dev.imagespec.runtime.registry.auth.TargetCredential;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.target.RepositoryDefaults;
import dev.imagespec.runtime.target.Targets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The connections of one registration. They are opened on first use, and all images share them. */
public final class Session implements AutoCloseable {
  private final EcrRegistries ecr;
  private final Set<Registry> expected;
  private final CredentialSource credentials;
  private final RegistryClient registry;
  private final Targets targets;
  private final Settings settings;
  private @Nullable MachineMemory memory;

  public Session(Settings settings, Access access) {
    this(
        settings,
        access,
        EcrRegistries.of(
            settings.ecrHosts(),
            settings.ecrAccount(),
            settings.ecrRegion(),
            settings
                .ecrAssumeRole()
                .map(role -> AssumedRole.of(role, settings.ecrExternalId().orElse(null)))),
        RegistryClient.builder().realms(settings.realms()));
  }

  /** A session with other ways of waiting. */
  public Session(
      Settings settings, Access access, EcrRegistries ecr, RegistryClient.Builder builder) {
    this.settings = settings;
    this.ecr = ecr;
    expected = access.targets();
    credentials = credentials(settings, access, ecr);
    registry = builder.credentials(credentials).rules(ecr::rules).build();
    targets = new Targets(ecr, registry, credentials, RepositoryDefaults.of(settings));
  }

  /** Who gives a credential on purpose comes first, and who may have one comes last. */
  private static CredentialSource credentials(Settings settings, Access access, EcrRegistries ecr) {
    List<CredentialSource> sources = new ArrayList<>();
    sources.add(ecr);
    settings
        .targetCredential()
        .map(Credential::of)
        .map(
            credential ->
                new TargetCredential(
                    access.targets().stream()
                        .filter(target -> !ecr.isPrivate(target) && !ecr.isPublic(target))
                        .collect(Collectors.toSet()),
                    credential))
        .ifPresent(sources::add);
    sources.add(new DockerConfigCredentials());
    sources.add(new ProvidedCredentials(access.provider()));
    return new CredentialChain(sources);
  }

  /** Gets ready in the background to ask for images where they are pushed to. Asks no registry. */
  public void getReady() {
    ecr.getReady(expected);
    if (!expected.stream().allMatch(ecr::isPrivate)) {
      registry.getReady();
    }
  }

  /** The registries that images are pushed to. */
  public Targets targets() {
    return targets;
  }

  /** Where the credentials of all registries come from. */
  public CredentialSource credentials() {
    return credentials;
  }

  /** Reads and writes images of any registry. */
  public RegistryClient registry() {
    return registry;
  }

  /**
   * What registrations on this machine learnt.
   *
   * @param listener is told once if it cannot be used
   */
  synchronized MachineMemory memory(RegistrationListener listener) {
    MachineMemory opened =
        memory != null
            ? memory
            : settings
                .memory()
                .map(
                    folder ->
                        MachineMemory.in(
                            folder,
                            InstantSource.system(),
                            text -> listener.on(new RegistrationEvent.Note("memory", text))))
                .orElseGet(MachineMemory::none);
    memory = opened;
    return opened;
  }

  /** The number of requests sent so far, to registries and to Amazon ECR's API. */
  public long requests() {
    return registry.requests() + ecr.requests();
  }

  @Override
  public void close() {
    registry.close();
    ecr.close();
  }
}
