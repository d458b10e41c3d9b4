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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A repository's policy with one statement, marked by our own {@code Sid}, that lets principals
 * pull. Everything else in the policy keeps its form and order, known or not.
 *
 * @param text the policy with the statement in it
 * @param changed whether it differs from the existing policy
 * @param removed principals that the statement named before, but no longer
 */
record PullPolicy(String text, boolean changed, Set<String> removed) {
  /** The statement's id. */
  static final String SID = "ImageSpecPull";

  /** Amazon ECR's limit in characters. */
  private static final int LONGEST = 10_240;

  private static final List<String> ACTIONS =
      List.of("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer");

  private static final JsonMapper JSON = PolicyJson.MAPPER;

  /**
   * Merges the statement into a policy.
   *
   * @param existing the policy's text; empty for none
   * @param principals the ARNs of the principals
   * @throws ImageSpecException with {@link FailureCode#POLICY_CONFLICT} if that is impossible
   *     without changing what is not ours
   */
  static PullPolicy merge(Repository repository, String existing, Collection<String> principals) {
    ObjectNode policy = read(repository, existing);
    ObjectNode own = statement(principals);
    ArrayNode statements = JSON.createArrayNode();
    JsonNode given = policy.path("Statement");
    if (given.isArray()) {
      statements.addAll((ArrayNode) given);
    } else if (given.isObject()) {
      statements.add(given);
    } else if (!given.isMissingNode()) {
      throw conflict(repository, "its Statement is neither an object nor a list");
    }
    Set<String> removed = new TreeSet<>();
    int at = statements.size();
    for (int i = 0; i < statements.size(); i++) {
      JsonNode statement = statements.get(i);
      if (!statement.path("Sid").asText().equals(SID)) {
        continue;
      }
      checkOurs(repository, statement);
      if (isSame(statement, own)) {
        return new PullPolicy(existing, false, Set.of());
      }
      removed.addAll(texts(statement.path("Principal").path("AWS")));
      removed.removeAll(principals);
      at = i;
    }
    if (at == statements.size()) {
      statements.add(own);
    } else {
      statements.set(at, own);
    }
    policy.set("Statement", statements);
    String text = policy.toString();
    if (text.length() > LONGEST) {
      throw conflict(
          repository,
          "with the principals of ImageSpec it has "
              + text.length()
              + " characters, and Amazon ECR takes "
              + LONGEST
              + "; allow an account rather than many roles");
    }
    return new PullPolicy(text, true, removed);
  }

  private static ObjectNode read(Repository repository, String existing) {
    if (existing.isEmpty()) {
      return JSON.createObjectNode().put("Version", "2012-10-17");
    }
    try {
      if (JSON.readTree(existing) instanceof ObjectNode policy) {
        return policy;
      }
      throw conflict(repository, "it is no JSON object");
    } catch (JsonProcessingException e) {
      throw conflict(repository, "it cannot be read, " + e.getOriginalMessage());
    }
  }

  private static ObjectNode statement(Collection<String> principals) {
    ObjectNode statement = JSON.createObjectNode().put("Sid", SID).put("Effect", "Allow");
    ArrayNode names = statement.putObject("Principal").putArray("AWS");
    new TreeSet<>(principals).forEach(names::add);
    ArrayNode actions = statement.putArray("Action");
    ACTIONS.forEach(actions::add);
    return statement;
  }

  /**
   * Rejects a statement of ours to which somebody added a condition: losing it would let more in.
   */
  private static void checkOurs(Repository repository, JsonNode statement) {
    Set<String> fields = new TreeSet<>();
    statement.fieldNames().forEachRemaining(fields::add);
    fields.removeAll(Set.of("Sid", "Effect", "Principal", "Action"));
    if (!fields.isEmpty() || !statement.path("Effect").asText().equals("Allow")) {
      throw conflict(
          repository,
          "its statement "
              + SID
              + " was changed by hand"
              + (fields.isEmpty() ? "" : " (" + String.join(", ", fields) + ")")
              + "; give it another Sid, or delete it");
    }
  }

  private static boolean isSame(JsonNode statement, ObjectNode own) {
    return statement.path("Principal").size() == 1
        && texts(statement.path("Principal").path("AWS"))
            .equals(texts(own.path("Principal").path("AWS")))
        && texts(statement.path("Action")).equals(texts(own.path("Action")));
  }

  /** One text or several: the policy language allows both. */
  private static Set<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(text -> texts.add(text.asText()));
    } else if (node.isTextual()) {
      texts.add(node.asText());
    }
    return new HashSet<>(texts);
  }

  private static ImageSpecException conflict(Repository repository, String what) {
    return new ImageSpecException(
        FailureCode.POLICY_CONFLICT,
        "The policy of "
            + repository
            + " cannot be merged with pullPrincipals: "
            + what
            + ". See it with `aws ecr get-repository-policy`.");
  }
}
