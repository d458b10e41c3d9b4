package dev.imagespec.runtime.registry.ecr;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.json.Json;
import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AWS IAM policies that allow what was denied, as JSON to paste. */
public final class IamPolicy {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERSION = "2012-10-17";
  private static final Pattern CALLER =
      Pattern.compile("User: arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):");

  private IamPolicy() {}

  /** The smallest policy that allows these actions on a resource; {@code *} for any resource. */
  static String allowing(List<String> actions, String resource) {
    ObjectNode policy = JSON.createObjectNode().put("Version", VERSION);
    statement(policy, actions).put("Resource", resource);
    return policy.toString();
  }

  /**
   * The policy that allows exactly these actions, on several lines.
   *
   * @param actions IAM actions by the name of their repository; those of the whole registry under
   *     an empty name
   */
  public static String allowing(Registry registry, Map<String, Set<String>> actions) {
    List<Object> statements = new ArrayList<>();
    new TreeMap<>(actions)
        .forEach(
            (name, allowed) ->
                statements.add(
                    Map.of(
                        "Effect",
                        "Allow",
                        "Action",
                        List.copyOf(new TreeSet<>(allowed)),
                        "Resource",
                        name.isEmpty() ? "*" : resource(registry, name))));
    return Json.pretty(Map.of("Version", VERSION, "Statement", statements));
  }

  /**
   * What to do after a denial: attach the policy that the identity lacks and, if the identity
   * belongs to another account than the registry, the policy that the repository lacks. After an
   * explicit deny, only the denying policy can be changed.
   *
   * @param said the message of the denial
   */
  static String remedy(List<String> actions, Repository repository, String said) {
    if (said.contains("explicit deny")) {
      return " A policy denies it explicitly: no other policy can allow it, so that one has to change.";
    }
    StringBuilder remedy =
        new StringBuilder(" Attach this policy: ").append(allowing(actions, resource(repository)));
    Optional<EcrHost> host = repository.registry().ecr();
    Matcher caller = CALLER.matcher(said);
    if (host.isPresent() && caller.find() && !caller.group(1).equals(host.get().account())) {
      ObjectNode policy = JSON.createObjectNode().put("Version", VERSION);
      statement(policy, actions)
          .putObject("Principal")
          .put("AWS", "arn:" + host.get().partition().id() + ":iam::" + caller.group(1) + ":root");
      remedy
          .append(" The registry is account ")
          .append(host.get().account())
          .append("'s, whose repository policy has to allow it, too: ")
          .append(policy);
    }
    return remedy.toString();
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

  private static ObjectNode statement(ObjectNode policy, List<String> actions) {
    ObjectNode statement = policy.putArray("Statement").addObject().put("Effect", "Allow");
    if (actions.size() == 1) {
      statement.put("Action", actions.get(0));
    } else {
      ArrayNode list = statement.putArray("Action");
      actions.forEach(list::add);
    }
    return statement;
  }
}
