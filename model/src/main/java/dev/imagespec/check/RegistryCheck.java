package dev.imagespec.check;

import dev.imagespec.model.AwsPrincipal;
import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.RepositoryName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks where the image is pushed to: {@code registry}, {@code name}, {@code repository}. */
final class RegistryCheck {
  private static final Pattern KEY =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_-]+");

  private static final int MAX_NAME = 256;

  /** A name whose first part is probably a registry's host. */
  private static final Pattern HOST =
      Pattern.compile(
          "([a-z0-9-]++(?:\\.[a-z0-9-]++)++(?<=\\.[a-z]{2,63})|localhost)/([a-z0-9._/-]+)");

  private RegistryCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    Optional<Namespace> registry = registry(spec, around, problems);
    if (!spec.name().value().isEmpty()) {
      problems.parse(
          Message.NAME,
          spec.name(),
          name ->
              registry.isPresent() ? registry.get().repository(name) : new RepositoryName(name));
      Matcher host = HOST.matcher(spec.name().value());
      if (spec.name().value().length() <= MAX_NAME
          && host.matches()
          && !host.group(1).contains(".amazonaws.")) {
        problems.add(Message.NAME_HOST, spec.name(), host.group(1), host.group(2));
      }
    }
    Spec.Repository repository = spec.repository();
    if (repository.expireAfterDays().value() < 0) {
      problems.add(Message.EXPIRY, repository.expireAfterDays());
    }
    for (Located<String> principal : repository.pullPrincipals()) {
      if (!AwsPrincipal.isOne(principal.value())) {
        problems.add(Message.REPOSITORY_PRINCIPAL, principal);
      }
    }
    Located<String> key = repository.kmsKey();
    if (!key.value().isEmpty() && !KEY.matcher(key.value()).matches()) {
      problems.add(Message.REPOSITORY_KEY, key);
    }
  }

  private static Optional<Namespace> registry(Spec spec, Surroundings around, Problems problems) {
    if (spec.registry().value().isEmpty()) {
      return Optional.empty();
    }
    try {
      Namespace namespace = Namespace.parse(spec.registry().value());
      region(namespace.registry(), spec.registry(), Message.REGISTRY_REGION, around, problems);
      if (namespace.lacksAlias()) {
        problems.add(Message.REGISTRY_ALIAS, spec.registry());
      }
      return Optional.of(namespace);
    } catch (IllegalArgumentException e) {
      problems.add(Message.REGISTRY, spec.registry(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Reports a mistyped region as an error. An unknown region that may be new is only a warning. */
  static void region(
      Registry host, Located<String> where, Message error, Surroundings around, Problems problems) {
    Optional<EcrHost> ecr = host.ecr().filter(known -> !known.isRegionKnown());
    if (ecr.isEmpty() || around.admitsRegion(ecr.get().region())) {
      return;
    }
    String region = ecr.get().region();
    Optional<String> meant = ecr.get().regionMeant();
    if (meant.isPresent()) {
      problems.add(error, where, region, meant.get());
    } else {
      problems.add(Message.NEW_REGION, where, region);
    }
  }
}
