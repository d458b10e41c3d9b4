package dev.imagespec.testkit;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Task definitions of Amazon ECS (version 2014-11-13, JSON 1.1). Each registration is a new
 * revision.
 */
public final class EcsApi extends AwsApi {
  private static final String TARGET = "AmazonEC2ContainerServiceV20141113.";
  private static final int MOST_TAGS = 50;

  /** One revision, without its tags. */
  private record Revision(Map<String, Object> definition, List<?> tags) {
    boolean isActive() {
      return "ACTIVE".equals(definition.get("status"));
    }

    void deactivate() {
      definition.put("status", "INACTIVE");
    }
  }

  private final Clock clock;
  private final Map<String, List<Revision>> families = new TreeMap<>();

  /** How many requests still find a role not valid. */
  private final Map<String, Integer> newRoles = new HashMap<>();

  EcsApi(Clock clock, String account, String region) {
    super(new Signatures(clock, region, "ecs"), account, region);
    this.clock = clock;
  }

  /** Has a number of registrations find that a role is not valid, as one made just before. */
  public synchronized void newRole(String arn, int requests) {
    newRoles.put(arn, requests);
  }

  /** The number of revisions of a family. */
  public synchronized int revisions(String family) {
    return families.getOrDefault(family, List.of()).size();
  }

  /** The newest revision of a family, as it is described. */
  public synchronized Map<String, Object> newest(String family) {
    List<Revision> revisions = families.getOrDefault(family, List.of());
    return revisions.get(revisions.size() - 1).definition();
  }

  /** The tags of the newest revision of a family. */
  public synchronized Map<String, String> tags(String family) {
    List<Revision> revisions = families.getOrDefault(family, List.of());
    Map<String, String> tags = new TreeMap<>();
    for (Object tag : revisions.get(revisions.size() - 1).tags()) {
      tags.put(text((Map<?, ?>) tag, "key"), text((Map<?, ?>) tag, "value"));
    }
    return tags;
  }

  /** Makes a revision inactive, as a user does who deregisters it. */
  public synchronized void deregister(String family, int revision) {
    families.getOrDefault(family, List.of()).get(revision - 1).deactivate();
  }

  @Override
  Optional<String> operation(Exchange exchange) {
    String target = exchange.header("X-Amz-Target");
    return target != null && target.startsWith(TARGET)
        ? Optional.of(target.substring(TARGET.length()))
        : Optional.empty();
  }

  @Override
  String mediaType() {
    return "application/x-amz-json-1.1";
  }

  @Override
  Map<String, Object> answer(
      String operation, Map<String, String> path, Map<?, ?> request, Exchange exchange) {
    return switch (operation) {
      case "RegisterTaskDefinition" -> register(request);
      case "DescribeTaskDefinition" -> describe(request);
      case "DeregisterTaskDefinition" -> {
        Revision found = find(text(request, "taskDefinition"));
        found.deactivate();
        yield Map.of("taskDefinition", found.definition());
      }
      case "ListTaskDefinitions" ->
          Map.of(
              "taskDefinitionArns",
              families.values().stream()
                  .flatMap(List::stream)
                  .filter(revision -> revision.isActive())
                  .map(revision -> String.valueOf(revision.definition().get("taskDefinitionArn")))
                  .filter(
                      arn ->
                          text(request, "familyPrefix").isEmpty()
                              || arn.contains("/" + text(request, "familyPrefix") + ":"))
                  .toList());
      default -> throw new ApiException("UnknownOperationException", "no operation " + operation);
    };
  }

  private Map<String, Object> register(Map<?, ?> request) {
    String family = text(request, "family");
    if (!family.matches("[A-Za-z0-9_-]{1,255}")) {
      throw new ApiException(
          "ClientException", "Family contains invalid characters or is too long.");
    }
    List<?> tags = request.get("tags") instanceof List<?> given ? given : List.of();
    if (tags.size() > MOST_TAGS) {
      throw new ApiException(
          "InvalidParameterException", "The maximum number of tags (50) has been exceeded.");
    }
    for (String key : List.of("executionRoleArn", "taskRoleArn")) {
      String role = text(request, key);
      checkPassed(role);
      int left = newRoles.getOrDefault(role, 0);
      if (left > 0) {
        newRoles.put(role, left - 1);
        throw new ApiException("ClientException", "Role is not valid");
      }
    }
    if (!(request.get("containerDefinitions") instanceof List<?> containers)
        || containers.isEmpty()) {
      throw new ApiException("ClientException", "Container definitions should not be empty.");
    }
    List<Object> completed = new ArrayList<>();
    for (Object container : containers) {
      if (text((Map<?, ?>) container, "image").isEmpty()) {
        throw new ApiException("ClientException", "Container.image should not be null or empty.");
      }
      completed.add(completed((Map<?, ?>) container));
    }
    List<Revision> revisions = families.computeIfAbsent(family, key -> new ArrayList<>());
    Map<String, Object> definition = new LinkedHashMap<>();
    request.forEach((key, value) -> definition.put(String.valueOf(key), value));
    definition.remove("tags");
    definition.put("containerDefinitions", completed);
    definition.putIfAbsent("volumes", List.of());
    definition.putIfAbsent("placementConstraints", List.of());
    definition.put("compatibilities", List.of("EC2", "FARGATE"));
    definition.put("requiresAttributes", List.of(Map.of("name", "com.amazonaws.ecs.capability.x")));
    definition.put("registeredAt", clock.instant().getEpochSecond());
    definition.put("registeredBy", "arn:aws:iam::" + account + ":user/test");
    int number = revisions.size() + 1;
    definition.put("status", "ACTIVE");
    definition.put("revision", number);
    definition.put(
        "taskDefinitionArn",
        "arn:aws:ecs:" + region + ":" + account + ":task-definition/" + family + ":" + number);
    Revision revision = new Revision(definition, List.copyOf(tags));
    revisions.add(revision);
    return Map.of("taskDefinition", revision.definition(), "tags", revision.tags());
  }

  /** The service describes what it was not told, too. */
  private static Map<String, Object> completed(Map<?, ?> container) {
    Map<String, Object> completed = new LinkedHashMap<>();
    container.forEach((key, value) -> completed.put(String.valueOf(key), value));
    completed.putIfAbsent("cpu", 0);
    completed.putIfAbsent("essential", true);
    for (String list :
        List.of("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")) {
      completed.putIfAbsent(list, List.of());
    }
    return completed;
  }

  private Map<String, Object> describe(Map<?, ?> request) {
    Revision found = find(text(request, "taskDefinition"));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("taskDefinition", found.definition());
    if (request.get("include") instanceof List<?> include && include.contains("TAGS")) {
      answer.put("tags", found.tags());
    }
    return answer;
  }

  /** By a family, whose newest active revision it is; by family and revision; or by ARN. */
  private Revision find(String name) {
    String known = name.substring(name.lastIndexOf('/') + 1);
    int colon = known.lastIndexOf(':');
    String family = colon < 0 ? known : known.substring(0, colon);
    List<Revision> revisions = families.getOrDefault(family, List.of());
    return IntStream.iterate(revisions.size() - 1, i -> i >= 0, i -> i - 1)
        .filter(
            i ->
                colon < 0
                    ? revisions.get(i).isActive()
                    : known.substring(colon + 1).equals(String.valueOf(i + 1)))
        .mapToObj(revisions::get)
        .findFirst()
        .orElseThrow(
            () -> new ApiException("ClientException", "Unable to describe task definition."));
  }
}
