package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Repository;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Policies of AWS IAM that allow what was refused, as JSON to paste. */
public final class IamPolicy {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CALLER =
      Pattern.compile("User: arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):");

  private IamPolicy() {}

  /** The smallest policy that allows these actions on a resource, {@code *} for any. */
  public static String allowing(List<String> actions, String resource) {
    ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
    statement(policy, actions).put("Resource", resource);
    return policy.toString();
  }

  /**
   * What to do about a refusal: the policy that the identity lacks, and where that is of another
   * account than the registry, the one that the repository lacks.
   *
   * @param said the refusal's own words
   */
  public static String remedy(List<String> actions, Repository repository, String said) {
    if (said.contains("explicit deny")) {
      return " A policy denies it explicitly: no other policy can allow it, so that one has to change.";
    }
    StringBuilder remedy =
        new StringBuilder(" Attach this policy: ").append(allowing(actions, resource(repository)));
    Optional<EcrHost> host = repository.registry().ecr();
    Matcher caller = CALLER.matcher(said);
    if (host.isPresent() && caller.find() && !caller.group(1).equals(host.get().account())) {
      ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
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

  /** The ARN of a repository in its own partition; {@code *} where its host does not say it. */
  public static String resource(Repository repository) {
    return repository
        .registry()
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
                    + repository.name())
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
