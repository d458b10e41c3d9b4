package dev.imagespec.registrar.flyte;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import flyteidl.admin.TaskOuterClass;
import flyteidl.core.IdentifierOuterClass.Identifier;
import flyteidl.core.IdentifierOuterClass.ResourceType;
import flyteidl.core.Tasks.TaskTemplate;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * FlyteAdmin's HTTP gateway, of Flyte 1: it parses with Flyte's own messages, refuses unknown
 * fields, demands what FlyteAdmin demands ({@code task_validator.go}), and answers as FlyteAdmin
 * does ({@code task_manager.go}).
 */
public final class Flyte1Server extends TestServer {
  private static final String TASKS = "/api/v1/tasks";
  private static final int INVALID_ARGUMENT = 3;
  private static final int NOT_FOUND = 5;
  private static final int ALREADY_EXISTS = 6;

  private final Set<String> projects;
  private final Set<String> domains = Set.of("development", "staging", "production");
  private final Map<Identifier, TaskTemplate> tasks = new LinkedHashMap<>();

  /** A server that has these projects. */
  public Flyte1Server(String... projects) {
    this.projects = Set.of(projects);
  }

  /** The task of an identifier. */
  public synchronized Optional<TaskTemplate> task(Identifier id) {
    return Optional.ofNullable(tasks.get(id));
  }

  /** All tasks, in the order in which they came. */
  public synchronized List<TaskTemplate> tasks() {
    return List.copyOf(tasks.values());
  }

  @Override
  Answer answer(Request request) throws IOException {
    if (request.method().equals("POST") && request.path().equals(TASKS)) {
      return create(request.body());
    }
    if (request.method().equals("GET") && request.path().startsWith(TASKS + "/")) {
      List<String> parts = new ArrayList<>();
      for (String part : request.path().substring(TASKS.length() + 1).split("/", -1)) {
        parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
      if (parts.size() == 4) {
        return get(id(parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
      }
      if (parts.size() == 3) {
        return list(parts, Integer.parseInt(request.query().getOrDefault("limit", "0")));
      }
    }
    if (request.path().equals("/api/v1/version")) {
      return new Answer(
          200, "application/json", "{\"control_plane_version\":{\"Version\":\"v1.16.5\"}}");
    }
    return error(404, NOT_FOUND, "Not Found");
  }

  private Answer create(String body) {
    TaskOuterClass.TaskCreateRequest.Builder builder =
        TaskOuterClass.TaskCreateRequest.newBuilder();
    try {
      JsonFormat.parser().merge(body, builder);
    } catch (InvalidProtocolBufferException e) {
      return invalid(String.valueOf(e.getMessage()));
    }
    Identifier id = builder.getId();
    TaskTemplate.Builder template = builder.getSpecBuilder().getTemplateBuilder();
    Optional<String> wrong = wrong(id).or(() -> wrong(template));
    if (wrong.isPresent()) {
      return invalid(wrong.get());
    }
    TaskTemplate task = template.setId(id).build();
    TaskTemplate there = tasks.putIfAbsent(id, task);
    if (there == null) {
      return new Answer(200, "application/json", "{}");
    }
    return there.equals(task)
        ? error(409, ALREADY_EXISTS, "task with identical structure already exists")
        : invalid(
            id.getName()
                + " task with different structure already exists. (Please register a new version of"
                + " the task):\n/template/container/image:\n\t- "
                + there.getContainer().getImage()
                + " \n\t+ "
                + task.getContainer().getImage());
  }

  private Optional<String> wrong(Identifier id) {
    if (id.getResourceType() != ResourceType.TASK) {
      return Optional.of("unexpected resource type unspecified for identifier, expected task");
    }
    return missing("project", id.getProject())
        .or(() -> missing("domain", id.getDomain()))
        .or(() -> missing("name", id.getName()))
        .or(() -> missing("version", id.getVersion()))
        .or(
            () ->
                projects.contains(id.getProject())
                    ? Optional.empty()
                    : Optional.of(
                        "failed to validate that project ["
                            + id.getProject()
                            + "] and domain ["
                            + id.getDomain()
                            + "] are registered, err: [entry not found]"))
        .or(
            () ->
                domains.contains(id.getDomain())
                    ? Optional.empty()
                    : Optional.of("domain [" + id.getDomain() + "] is unrecognized by system"));
  }

  private static Optional<String> wrong(TaskTemplate.Builder template) {
    boolean hasVariables =
        template.getInterface().getInputs().getVariablesCount() > 0
            || template.getInterface().getOutputs().getVariablesCount() > 0;
    return missing("type", template.getType())
        .or(() -> template.hasMetadata() ? Optional.empty() : Optional.of("missing metadata"))
        .or(
            () ->
                template.getMetadata().hasRuntime()
                    ? missing("runtime version", template.getMetadata().getRuntime().getVersion())
                    : Optional.empty())
        .or(() -> template.hasInterface() ? Optional.empty() : Optional.of("missing interface"))
        .or(
            () ->
                template.hasContainer()
                    ? missing("image", template.getContainer().getImage())
                    : Optional.empty())
        .or(
            () ->
                template.hasK8SPod() && !template.getK8SPod().hasPodSpec()
                    ? Optional.of(
                        "invalid TaskSpecification, pod tasks should specify their target as a"
                            + " K8sPod with a defined pod spec")
                    : Optional.empty())
        .or(
            () ->
                template.hasContainer()
                        && hasVariables
                        && template.getContainer().getCommandCount() == 0
                        && template.getContainer().getArgsCount() == 0
                    ? Optional.of(
                        "task failed compilation with Collected Errors: 1\n\tError 0: Code:"
                            + " ValueRequired, Node Id: container, Description: Value required"
                            + " [command].")
                    : Optional.empty());
  }

  private static Optional<String> missing(String field, String value) {
    return value.isEmpty() ? Optional.of("missing " + field) : Optional.empty();
  }

  private Answer get(Identifier id) throws IOException {
    TaskTemplate task = tasks.get(id);
    return task == null
        ? error(404, NOT_FOUND, "entry not found")
        : new Answer(200, "application/json", printed(id, task));
  }

  private Answer list(List<String> name, int limit) throws IOException {
    List<String> found = new ArrayList<>();
    List<Map.Entry<Identifier, TaskTemplate>> all = new ArrayList<>(tasks.entrySet());
    for (int i = all.size() - 1; i >= 0 && found.size() < limit; i--) {
      Identifier id = all.get(i).getKey();
      if (List.of(id.getProject(), id.getDomain(), id.getName()).equals(name)) {
        found.add(printed(id, all.get(i).getValue()));
      }
    }
    return new Answer(
        200, "application/json", "{\"tasks\":[" + String.join(",", found) + "],\"token\":\"\"}");
  }

  /** With the names of the .proto files and with all values, as FlyteAdmin's gateway prints. */
  private static String printed(Identifier id, TaskTemplate task) throws IOException {
    TaskOuterClass.Task.Builder result = TaskOuterClass.Task.newBuilder().setId(id);
    result.getClosureBuilder().getCompiledTaskBuilder().setTemplate(task);
    return JsonFormat.printer()
        .preservingProtoFieldNames()
        .alwaysPrintFieldsWithNoPresence()
        .print(result);
  }

  private static Identifier id(String project, String domain, String name, String version) {
    return Identifier.newBuilder()
        .setResourceType(ResourceType.TASK)
        .setProject(project)
        .setDomain(domain)
        .setName(name)
        .setVersion(version)
        .build();
  }

  private static Answer invalid(String message) {
    return error(400, INVALID_ARGUMENT, message);
  }

  /** An error as the gateway writes a gRPC status. */
  static Answer error(int status, int code, String message) {
    return Answer.json(
        status,
        object().put("code", code).put("message", message).set("details", JSON.createArrayNode()));
  }

  @Override
  Answer unauthenticated() {
    return error(401, 16, "token parse error [JWT_VERIFICATION_FAILED]");
  }

  @Override
  Answer denied() {
    return error(403, 7, "not authorized to access project");
  }

  @Override
  boolean isWrite(Request request) {
    return request.method().equals("POST");
  }
}
