package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Flyte 1's FlyteAdmin, by its HTTP gateway. It never replaces a task, and compares itself: so a
 * task is sent at once, in one request.
 */
final class AdminGateway implements FlyteService {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String TASKS = "/api/v1/tasks";

  /** What FlyteAdmin says of another task with the same version. */
  private static final String DIFFERENT = "task with different structure already exists";

  private final Endpoint endpoint;
  private final TemplateForm form = new TemplateForm(Api.FLYTE_1);

  AdminGateway(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public Optional<ObjectNode> find(TaskId id) {
    Endpoint.Reply reply = endpoint.get(path(id.project(), id.domain(), id.name(), id.version()));
    if (isMissing(reply)) {
      return Optional.empty();
    }
    return Optional.of(template(reply.body()).orElseThrow(() -> endpoint.unread(id, reply)));
  }

  @Override
  public Optional<Newest> newest(TaskId id) {
    Endpoint.Reply reply =
        endpoint.get(
            path(id.project(), id.domain(), id.name())
                + "?limit=1&sort_by.key=created_at&sort_by.direction=DESCENDING");
    if (isMissing(reply)) {
      return Optional.empty();
    }
    if (!reply.isSuccess() || !reply.body().path("tasks").isArray()) {
      throw endpoint.unread(id, reply);
    }
    JsonNode task = reply.body().path("tasks").path(0);
    return template(task)
        .map(template -> new Newest(task.path("id").path("version").asText(), template));
  }

  @Override
  public Put put(TaskId id, ObjectNode template, Predicate<ObjectNode> isSame) {
    // Flyte 1 has no organizations.
    ObjectNode identifier = id.inTemplate();
    identifier.remove("org");
    ObjectNode request = NODES.objectNode();
    request.set("id", identifier);
    request
        .putObject("spec")
        .set("template", NODES.objectNode().<ObjectNode>set("id", identifier).setAll(template));
    Endpoint.Reply reply = endpoint.post(TASKS, request);
    if (reply.isSuccess()) {
      return new Put.Created();
    }
    Optional<Refusal> refusal = Refusal.of(reply.body()).filter(one -> one.api() == Api.FLYTE_1);
    if (refusal.filter(one -> one.is("already_exists")).isPresent()) {
      return new Put.Same();
    }
    if (refusal.filter(one -> one.message().contains(DIFFERENT)).isPresent()) {
      return new Put.Other(find(id).orElseThrow(() -> endpoint.unregistered(id, reply)));
    }
    throw endpoint.unregistered(id, reply);
  }

  /** The template of a task in an answer, which has the names of the .proto files. */
  private Optional<ObjectNode> template(JsonNode task) {
    JsonNode template = task.path("closure").path("compiled_task").path("template");
    if (!template.isObject()) {
      return Optional.empty();
    }
    ObjectNode there = form.ofAnswer(template);
    there.remove("id");
    return Optional.of(there);
  }

  private static boolean isMissing(Endpoint.Reply reply) {
    return reply.status() == 404
        && Refusal.of(reply.body())
            .filter(refusal -> refusal.api() == Api.FLYTE_1 && refusal.is("not_found"))
            .isPresent();
  }

  private static String path(String... parts) {
    return Stream.of(parts)
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
        .collect(Collectors.joining("/", TASKS + "/", ""));
  }
}
