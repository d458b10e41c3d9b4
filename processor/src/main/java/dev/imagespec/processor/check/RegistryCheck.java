package dev.imagespec.processor.check;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Where an image is pushed to: {@code registry}, {@code name}, {@code repository}. */
final class RegistryCheck {
  private static final Pattern PRINCIPAL =
      Pattern.compile("[0-9]{12}|arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:[A-Za-z0-9+=,.@_/-]+");
  private static final Pattern KEY =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_-]+");

  private RegistryCheck() {}

  static void check(RawSpec spec, Surroundings around, Problems problems) {
    Optional<Namespace> registry = registry(spec, around, problems);
    if (!spec.name().value().isEmpty()) {
      problems.parse(
          Message.NAME,
          spec.name(),
          name ->
              registry.isPresent() ? registry.get().repository(name) : new RepositoryName(name));
    }
    RawSpec.Repository repository = spec.repository();
    if (repository.expireAfterDays().value() < 0) {
      problems.add(Message.EXPIRY, repository.expireAfterDays());
    }
    for (Located<String> principal : repository.pullPrincipals()) {
      if (!PRINCIPAL.matcher(principal.value()).matches()) {
        problems.add(
            Message.REPOSITORY,
            principal,
            "who may pull is an account's 12 digits, or the ARN of a user, a role or an account's root");
      }
    }
    Located<String> key = repository.kmsKey();
    if (!key.value().isEmpty() && !KEY.matcher(key.value()).matches()) {
      problems.add(
          Message.REPOSITORY,
          key,
          "a key is named by its ARN, arn:aws:kms:<region>:<account>:key/<id>");
    }
  }

  private static Optional<Namespace> registry(
      RawSpec spec, Surroundings around, Problems problems) {
    if (spec.registry().value().isEmpty()) {
      return Optional.empty();
    }
    try {
      Namespace namespace = Namespace.parse(spec.registry().value());
      region(
          namespace.registry(), spec.registry(), Message.REGISTRY, around.extraRegions(), problems);
      return Optional.of(namespace.requireAlias());
    } catch (IllegalArgumentException e) {
      problems.add(Message.REGISTRY, spec.registry(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A region that is a slip of the pen is an error, one that is new may be right. */
  static void region(
      Registry host,
      Located<String> where,
      Message error,
      Set<String> extraRegions,
      Problems problems) {
    Optional<EcrHost> ecr = host.ecr().filter(known -> !known.isRegionKnown());
    if (ecr.isEmpty() || extraRegions.contains(ecr.get().region())) {
      return;
    }
    String region = ecr.get().region();
    Optional<String> meant = ecr.get().regionMeant();
    if (meant.isPresent()) {
      problems.add(
          error,
          where,
          "there is no AWS region "
              + region
              + "; did you mean "
              + meant.get()
              + "? If it is right, say -Aimagespec.extraRegions="
              + region);
    } else {
      problems.add(Message.NEW_REGION, where, region, region);
    }
  }
}
