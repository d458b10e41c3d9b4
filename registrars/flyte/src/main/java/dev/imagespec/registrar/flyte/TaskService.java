package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Flyte 2's {@code flyteidl2.task.TaskService}, by the Connect protocol with JSON. It replaces a
 * task under the same version without a word, and drops fields that it does not know: so what is
 * there is looked at first.
 */
final class TaskService implements FlyteService {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String SERVICE = "/flyteidl2.task.TaskService/";
  static final String DETAILS = SERVICE + "GetTaskDetails";
  private static final String DEPLOY = SERVICE + "DeployTask";
  private static final String VERSIONS = SERVICE + "ListVersions";
  private static final int LONGEST_SHORT_NAME = 63;

  private final Endpoint endpoint;
  private final TemplateForm form = new TemplateForm(Api.FLYTE_2);

  TaskService(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public Optional<ObjectNode> find(TaskId id) {
    Endpoint.Reply reply = endpoint.post(DETAILS, NODES.objectNode().set("taskId", id.inRequest()));
    if (isMissing(reply)) {
      return Optional.empty();
    }
    JsonNode template = reply.body().path("details").path("spec").path("taskTemplate");
    if (!reply.isSuccess() || !template.isObject()) {
      throw endpoint.unread(id, reply);
    }
    ObjectNode there = form.ofAnswer(template);
    there.remove("id");
    return Optional.of(there);
  }

  @Override
  public Optional<Newest> newest(TaskId id) {
    ObjectNode name = id.inRequest();
    name.remove("version");
    ObjectNode request = NODES.objectNode();
    request.putObject("request").put("limit", 1);
    request.set("taskName", name);
    Endpoint.Reply reply = endpoint.post(VERSIONS, request);
    if (isMissing(reply)) {
      return Optional.empty();
    }
    if (!reply.isSuccess()) {
      throw endpoint.unread(id, reply);
    }
    String version = reply.body().path("versions").path(0).path("version").asText();
    return version.isEmpty()
        ? Optional.empty()
        : find(new TaskId(id.org(), id.project(), id.domain(), id.name(), version))
            .map(template -> new Newest(version, template));
  }

  /**
   * The open-source server says "not found" of a database that does not answer, too; to register
   * then could replace a task.
   */
  private static boolean isMissing(Endpoint.Reply reply) {
    return Refusal.of(reply.body())
        .filter(refusal -> refusal.api() == Api.FLYTE_2 && refusal.is("not_found"))
        .filter(refusal -> !refusal.message().startsWith("failed to get task"))
        .isPresent();
  }

  @Override
  public Put put(TaskId id, ObjectNode template, Predicate<ObjectNode> isSame) {
    Optional<Put> there = find(id).map(found -> judged(found, isSame));
    if (there.isPresent()) {
      return there.get();
    }
    Endpoint.Reply reply = endpoint.post(DEPLOY, request(id, template));
    if (reply.isSuccess()) {
      return new Put.Created();
    }
    if (Refusal.of(reply.body()).filter(refusal -> refusal.is("already_exists")).isPresent()) {
      // Somebody was faster.
      return find(id)
          .map(found -> judged(found, isSame))
          .orElseThrow(() -> endpoint.unregistered(id, reply));
    }
    throw endpoint.unregistered(id, reply);
  }

  private static Put judged(ObjectNode found, Predicate<ObjectNode> isSame) {
    return isSame.test(found) ? new Put.Same() : new Put.Other(found);
  }

  private static ObjectNode request(TaskId id, ObjectNode template) {
    ObjectNode request = NODES.objectNode();
    request.set("taskId", id.inRequest());
    ObjectNode spec = request.putObject("spec");
    spec.set(
        "taskTemplate", NODES.objectNode().<ObjectNode>set("id", id.inTemplate()).setAll(template));
    String shortName = id.name().substring(id.name().lastIndexOf('.') + 1);
    if (shortName.codePointCount(0, shortName.length()) <= LONGEST_SHORT_NAME) {
      spec.put("shortName", shortName);
    }
    return request;
  }
}
