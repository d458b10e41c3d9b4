package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Validates policies of repositories, and changes them as Amazon ECR does. */
final class PolicyTexts {
  private static final int SHORTEST_LIFECYCLE = 100;
  private static final int LAST_PRIORITY = 999;

  private PolicyTexts() {}

  /**
   * A repository policy as Amazon ECR stores it: an account id becomes the ARN of the account's
   * root, and a list with one element becomes that element.
   */
  static String repository(String text, String partition) {
    Map<?, ?> policy = object(text, "policyText");
    Object statements = policy.get("Statement");
    Set<Object> ids = new HashSet<>();
    for (Object statement : statements instanceof List<?> list ? list : List.of(statements)) {
      if (!(statement instanceof Map<?, ?> fields)
          || !(fields.get("Effect") instanceof String)
          || !fields.containsKey("Principal")
          || !(fields.containsKey("Action") || fields.containsKey("NotAction"))) {
        throw invalid("policyText", "Invalid repository policy provided");
      }
      Object id = fields.get("Sid");
      if (id != null && !ids.add(id)) {
        throw invalid("policyText", "Invalid repository policy provided");
      }
    }
    return Json.canonical(kept(policy, partition));
  }

  private static Object kept(Object value, String partition) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> object = new TreeMap<>();
      map.forEach((key, entry) -> object.put((String) key, kept(entry, partition)));
      if (object.get("AWS") instanceof String account && account.matches("[0-9]{12}")) {
        object.put("AWS", "arn:" + partition + ":iam::" + account + ":root");
      }
      return object;
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(kept(element, partition)));
      return elements.size() == 1 && elements.get(0) instanceof String only ? only : elements;
    }
    return value;
  }

  /** A valid lifecycle policy, as Amazon ECR stores it. */
  static String lifecycle(String text) {
    if (text.length() < SHORTEST_LIFECYCLE) {
      throw invalid("lifecyclePolicyText", "Member must have length greater than or equal to 100");
    }
    if (!(object(text, "lifecyclePolicyText").get("rules") instanceof List<?> rules)) {
      throw invalid("lifecyclePolicyText", "no rules");
    }
    Set<Object> priorities = new HashSet<>();
    long last = 0;
    long forAll = Long.MAX_VALUE;
    for (Object entry : rules) {
      Map<?, ?> rule = (Map<?, ?>) entry;
      if (!(rule.get("rulePriority") instanceof Number priority)
          || priority.longValue() > LAST_PRIORITY
          || !priorities.add(priority.longValue())
          || !(rule.get("selection") instanceof Map<?, ?> selection)
          || !(rule.get("action") instanceof Map<?, ?>)) {
        throw invalid("lifecyclePolicyText", "Lifecycle policy validation failure: rule");
      }
      last = Math.max(last, priority.longValue());
      if ("any".equals(selection.get("tagStatus"))) {
        forAll = priority.longValue();
      }
    }
    if (forAll < last) {
      throw invalid(
          "lifecyclePolicyText",
          "Lifecycle policy validation failure: a rule for any tag status has to come last");
    }
    return text;
  }

  private static Map<?, ?> object(String text, String parameter) {
    try {
      return (Map<?, ?>) Json.parse(text);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw invalid(parameter, "Invalid JSON syntax");
    }
  }

  private static ApiException invalid(String parameter, String why) {
    return new ApiException(
        "InvalidParameterException",
        "Invalid parameter at '" + parameter + "' failed to satisfy constraint: '" + why + "'");
  }
}
