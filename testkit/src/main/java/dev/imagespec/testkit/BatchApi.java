package dev.imagespec.testkit;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Job definitions of AWS Batch (version 2016-08-10, REST). Each registration is a new revision. It
 * describes few at a time, the oldest first.
 */
public final class BatchApi extends AwsApi {
  private static final String PATH = "/v1/";
  private static final int PAGE = 3;
  private static final int MOST_TAGS = 50;

  private final Map<String, List<Map<String, Object>>> definitions = new TreeMap<>();

  BatchApi(Clock clock, String account, String region) {
    super(new Signatures(clock, region, "batch"), account, region);
  }

  /** The number of revisions of a job definition. */
  public synchronized int revisions(String name) {
    return definitions.getOrDefault(name, List.of()).size();
  }

  /** The newest revision of a job definition, as it is described, with its tags. */
  public synchronized Map<String, Object> newest(String name) {
    List<Map<String, Object>> revisions = definitions.getOrDefault(name, List.of());
    return Map.copyOf(revisions.get(revisions.size() - 1));
  }

  /** Makes a revision inactive, as a user does who deregisters it. */
  public synchronized void deregister(String name, int revision) {
    definitions.getOrDefault(name, List.of()).get(revision - 1).put("status", "INACTIVE");
  }

  @Override
  Optional<String> operation(Exchange exchange) {
    return exchange.path().startsWith(PATH)
        ? Optional.of(
            shapes()
                .operation(exchange.method(), exchange.path())
                .map(AwsShapes.Operation::name)
                .orElse("unknown"))
        : Optional.empty();
  }

  @Override
  String mediaType() {
    return "application/json";
  }

  @Override
  Map<String, Object> answer(
      String operation, Map<String, String> path, Map<?, ?> request, Exchange exchange) {
    return switch (operation) {
      case "RegisterJobDefinition" -> register(request);
      case "DescribeJobDefinitions" -> describe(request);
      default -> throw new ApiException("UnknownOperationException", "no operation " + operation);
    };
  }

  private Map<String, Object> register(Map<?, ?> request) {
    String name = text(request, "jobDefinitionName");
    if (!name.matches("[A-Za-z0-9_-]{1,128}")) {
      throw new ApiException(
          "ClientException", "Error executing request, Exception : jobDefinitionName is not valid");
    }
    if (request.get("tags") instanceof Map<?, ?> tags && tags.size() > MOST_TAGS) {
      throw new ApiException("ClientException", "tags can have at most 50 entries");
    }
    if (request.get("containerProperties") instanceof Map<?, ?> container) {
      checkPassed(text(container, "jobRoleArn"));
      checkPassed(text(container, "executionRoleArn"));
      if (text(container, "image").isEmpty()) {
        throw new ApiException(
            "ClientException",
            "Error executing request, Exception : Container properties image must not be empty");
      }
    }
    List<Map<String, Object>> revisions =
        definitions.computeIfAbsent(name, key -> new ArrayList<>());
    Map<String, Object> definition = new LinkedHashMap<>();
    request.forEach((key, value) -> definition.put(String.valueOf(key), value));
    if (request.get("containerProperties") instanceof Map<?, ?> container) {
      definition.put("containerProperties", completed(container));
    }
    int number = revisions.size() + 1;
    String arn =
        "arn:aws:batch:" + region + ":" + account + ":job-definition/" + name + ":" + number;
    definition.putIfAbsent("parameters", Map.of());
    definition.putIfAbsent("tags", Map.of());
    definition.put("status", "ACTIVE");
    definition.put("revision", number);
    definition.put("jobDefinitionArn", arn);
    definition.put(
        "containerOrchestrationType", request.get("eksProperties") == null ? "ECS" : "EKS");
    revisions.add(definition);
    return Map.of("jobDefinitionName", name, "jobDefinitionArn", arn, "revision", number);
  }

  /** The service describes what it was not told, too. */
  private static Map<String, Object> completed(Map<?, ?> container) {
    Map<String, Object> completed = new LinkedHashMap<>();
    container.forEach((key, value) -> completed.put(String.valueOf(key), value));
    for (String list :
        List.of("command", "volumes", "environment", "mountPoints", "ulimits", "secrets")) {
      completed.putIfAbsent(list, List.of());
    }
    return completed;
  }

  private Map<String, Object> describe(Map<?, ?> request) {
    String status = text(request, "status");
    List<Map<String, Object>> found =
        definitions.getOrDefault(text(request, "jobDefinitionName"), List.of()).stream()
            .filter(each -> status.isEmpty() || status.equals(each.get("status")))
            .toList();
    String token = text(request, "nextToken");
    int from = token.isEmpty() ? 0 : Integer.parseInt(token);
    int to = Math.min(found.size(), from + PAGE);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jobDefinitions", found.subList(from, to));
    if (to < found.size()) {
      answer.put("nextToken", String.valueOf(to));
    }
    return answer;
  }
}
