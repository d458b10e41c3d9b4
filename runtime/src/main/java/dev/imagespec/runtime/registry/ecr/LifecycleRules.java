package dev.imagespec.runtime.registry.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The lifecycle policy of a repository. Recognizes our own rules, one for each prefix of tags, by
 * their descriptions; keeps all other rules as they are, with their priorities.
 */
final class LifecycleRules {
  /** The start of the descriptions of our own rules. */
  static final String OWN = "ImageSpec: ";

  private static final String NO_LIMIT = "any";

  /** Amazon ECR's limit in characters. */
  private static final int LONGEST = 30_720;

  private static final JsonMapper JSON = PolicyJson.MAPPER;

  private final Repository repository;
  private final String text;
  private final ObjectNode policy;

  private LifecycleRules(Repository repository, String text, ObjectNode policy) {
    this.repository = repository;
    this.text = text;
    this.policy = policy;
  }

  /**
   * Parses a policy.
   *
   * @param text its text; empty for none
   * @throws ImageSpecException with {@link FailureCode#POLICY_CONFLICT} if it is not a lifecycle
   *     policy
   */
  static LifecycleRules parse(Repository repository, String text) {
    if (text.isEmpty()) {
      ObjectNode none = JSON.createObjectNode();
      none.putArray("rules");
      return new LifecycleRules(repository, text, none);
    }
    try {
      if (JSON.readTree(text) instanceof ObjectNode policy && policy.path("rules").isArray()) {
        return new LifecycleRules(repository, text, policy);
      }
      throw conflict(repository, "it has no list of rules");
    } catch (JsonProcessingException e) {
      throw conflict(repository, "it cannot be read, " + e.getOriginalMessage());
    }
  }

  /** Rules of others that can expire or archive registered images, one phrase each. */
  List<String> dangers() {
    List<String> dangers = new ArrayList<>();
    for (JsonNode rule : policy.path("rules")) {
      List<String> prefixes = isOwn(rule) ? List.of() : reached(rule.path("selection"));
      if (!prefixes.isEmpty()) {
        dangers.add(
            "rule "
                + rule.path("rulePriority").asText()
                + (rule.path("description").asText().isEmpty()
                    ? ""
                    : " (\"" + rule.path("description").asText() + "\")")
                + (rule.path("action").path("type").asText().equals("expire")
                    ? " deletes"
                    : " archives")
                + " images with tags that start with "
                + String.join(" or ", prefixes));
      }
    }
    return List.copyOf(dangers);
  }

  /**
   * The policy with our rules, which make registered images expire.
   *
   * @param days the number of days after which they expire
   * @return the text; the old text if nothing changes
   * @throws ImageSpecException with {@link FailureCode#POLICY_CONFLICT} if there is no room for our
   *     rules
   */
  String expiringAfter(int days) {
    ArrayNode rules = JSON.createArrayNode();
    List<String> missing = new ArrayList<>(WantedRepository.TAG_PREFIXES);
    boolean changed = false;
    for (JsonNode rule : policy.path("rules")) {
      if (!isOwn(rule)) {
        rules.add(rule);
        continue;
      }
      String prefix = rule.path("selection").path("tagPrefixList").path(0).asText();
      if (!missing.remove(prefix)) {
        changed = true;
        continue;
      }
      ObjectNode wanted = rule(prefix, rule.path("rulePriority").asInt(), days);
      changed |= !wanted.equals(rule);
      rules.add(wanted);
    }
    for (String prefix : missing) {
      rules.add(rule(prefix, free(rules), days));
      changed = true;
    }
    if (!changed) {
      return text;
    }
    ObjectNode merged = policy.deepCopy();
    merged.set("rules", rules);
    String result = merged.toString();
    if (result.length() > LONGEST) {
      throw conflict(repository, "it would have more than " + LONGEST + " characters");
    }
    return result;
  }

  private static ObjectNode rule(String prefix, int priority, int days) {
    ObjectNode rule = JSON.createObjectNode();
    rule.put("rulePriority", priority);
    rule.put("description", OWN + "images tagged " + prefix + "* expire");
    ObjectNode selection = rule.putObject("selection");
    selection.put("tagStatus", "tagged");
    // A rule with several prefixes selects images that have tags with all of them: hence two rules.
    selection.putArray("tagPrefixList").add(prefix);
    selection.put("countType", "sinceImagePushed");
    selection.put("countUnit", "days");
    selection.put("countNumber", days);
    rule.putObject("action").put("type", "expire");
    return rule;
  }

  /** The lowest unused priority; a rule for all images must come last. */
  private int free(ArrayNode rules) {
    Set<Integer> taken = new TreeSet<>();
    int last = Integer.MAX_VALUE;
    for (JsonNode rule : rules) {
      int priority = rule.path("rulePriority").asInt();
      taken.add(priority);
      if (rule.path("selection").path("tagStatus").asText().equals(NO_LIMIT)) {
        last = Math.min(last, priority);
      }
    }
    int priority = 1;
    while (taken.contains(priority)) {
      priority++;
    }
    if (priority > last) {
      throw conflict(
          repository,
          "rule "
              + last
              + " is for all images and has to come last, but no number below it is free; give it a"
              + " higher rulePriority");
    }
    return priority;
  }

  private static boolean isOwn(JsonNode rule) {
    return rule.path("description").asText().startsWith(OWN);
  }

  /** The prefixes of the tags that a rule selects. */
  private static List<String> reached(JsonNode selection) {
    if (selection.path("tagStatus").asText().equals(NO_LIMIT)) {
      return WantedRepository.TAG_PREFIXES;
    }
    List<String> patterns = new ArrayList<>();
    selection.path("tagPrefixList").forEach(prefix -> patterns.add(prefix.asText() + "*"));
    selection.path("tagPatternList").forEach(pattern -> patterns.add(pattern.asText()));
    return WantedRepository.TAG_PREFIXES.stream()
        .filter(prefix -> patterns.stream().anyMatch(p -> TagPattern.meets(p, prefix)))
        .toList();
  }

  private static ImageSpecException conflict(Repository repository, String what) {
    return new ImageSpecException(
        FailureCode.POLICY_CONFLICT,
        "The lifecycle policy of "
            + repository
            + " cannot be merged with expireAfterDays: "
            + what
            + ". See it with `aws ecr get-lifecycle-policy`.");
  }
}
