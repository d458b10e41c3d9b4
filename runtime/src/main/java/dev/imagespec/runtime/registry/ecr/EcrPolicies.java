package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.aws.IamPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** AWS IAM policies for Amazon ECR's repositories. */
public final class EcrPolicies {
  private EcrPolicies() {}

  /**
   * The policy that allows exactly these actions, on several lines.
   *
   * @param actions IAM actions by the name of their repository; those of the whole registry under
   *     an empty name
   */
  public static String allowing(Registry registry, Map<String, Set<String>> actions) {
    return IamPolicy.allowing(byResource(registry, actions));
  }

  private static Map<String, Set<String>> byResource(
      Registry registry, Map<String, Set<String>> actions) {
    Map<String, Set<String>> resources = new LinkedHashMap<>();
    new TreeMap<>(actions)
        .forEach(
            (name, allowed) ->
                resources
                    .computeIfAbsent(
                        name.isEmpty() ? "*" : resource(registry, name),
                        resource -> new TreeSet<>())
                    .addAll(allowed));
    return resources;
  }

  /**
   * What to do after a denial: attach the policy that the identity lacks and, if the identity
   * belongs to another account than the registry, the policy that the repository lacks. After an
   * explicit deny, only the denying policy can be changed.
   *
   * @param said the message of the denial
   */
  static String remedy(List<String> actions, Repository repository, String said) {
    String remedy = IamPolicy.remedy(actions, resource(repository), said);
    Optional<EcrHost> host = repository.registry().ecr();
    Optional<String> caller = IamPolicy.caller(said);
    if (IamPolicy.isExplicit(said)
        || host.isEmpty()
        || caller.isEmpty()
        || caller.get().equals(host.get().account())) {
      return remedy;
    }
    return remedy
        + " The registry is account "
        + host.get().account()
        + "'s, whose repository policy has to allow it, too: "
        + IamPolicy.allowingPrincipal(
            actions, "arn:" + host.get().partition().id() + ":iam::" + caller.get() + ":root");
  }

  /** The ARN of a repository in its own partition; {@code *} if its host does not tell. */
  static String resource(Repository repository) {
    return resource(repository.registry(), repository.name().value());
  }

  private static String resource(Registry registry, String name) {
    return registry
        .ecr()
        .map(
            host ->
                "arn:"
                    + host.partition().id()
                    + ":ecr:"
                    + host.region()
                    + ":"
                    + host.account()
                    + ":repository/"
                    + name)
        .orElse("*");
  }
}
