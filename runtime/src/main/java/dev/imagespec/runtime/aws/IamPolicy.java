package dev.imagespec.runtime.aws;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.json.Json;
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
  public static String allowing(List<String> actions, String resource) {
    ObjectNode policy = JSON.createObjectNode().put("Version", VERSION);
    statement(policy, actions).put("Resource", resource);
    return policy.toString();
  }

  /** The smallest policy of a resource that allows somebody these actions on it. */
  public static String allowingPrincipal(List<String> actions, String principal) {
    ObjectNode policy = JSON.createObjectNode().put("Version", VERSION);
    statement(policy, actions).putObject("Principal").put("AWS", principal);
    return policy.toString();
  }

  /**
   * The policy that allows exactly these actions, on several lines.
   *
   * @param actions IAM actions by the ARN of their resource; {@code *} for any resource
   */
  public static String allowing(Map<String, Set<String>> actions) {
    List<Object> statements = new ArrayList<>();
    new TreeMap<>(actions)
        .forEach(
            (resource, allowed) ->
                statements.add(
                    Map.of(
                        "Effect",
                        "Allow",
                        "Action",
                        List.copyOf(new TreeSet<>(allowed)),
                        "Resource",
                        resource)));
    return Json.pretty(Map.of("Version", VERSION, "Statement", statements));
  }

  /**
   * What to do after a denial: attach the policy that the identity lacks. After an explicit deny,
   * only the denying policy can be changed.
   *
   * @param said the message of the denial
   */
  public static String remedy(List<String> actions, String resource, String said) {
    return isExplicit(said)
        ? " A policy denies it explicitly: no other policy can allow it, so that one has to change."
        : " Attach this policy: " + allowing(actions, resource);
  }

  /** Whether a policy denies it, so that no other one can allow it. */
  public static boolean isExplicit(String said) {
    return said.contains("explicit deny");
  }

  /** The account of the identity that was denied something, if the message tells it. */
  public static Optional<String> caller(String said) {
    Matcher caller = CALLER.matcher(said);
    return caller.find() ? Optional.of(caller.group(1)) : Optional.empty();
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
