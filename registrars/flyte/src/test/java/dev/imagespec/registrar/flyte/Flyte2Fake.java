package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a registrar needs of Flyte 2's {@code TaskService}, for counting and for errors. It does not
 * look into tasks; the examples' end-to-end test has a server that does.
 */
public final class Flyte2Fake extends TestServer {
  static final String SERVICE = "/flyteidl2.task.TaskService/";
  static final String GET = "POST " + SERVICE + "GetTaskDetails";
  static final String DEPLOY = "POST " + SERVICE + "DeployTask";
  static final String LIST = "POST " + SERVICE + "ListVersions";

  private final Set<String> projects;
  private final Map<String, ObjectNode> tasks = new LinkedHashMap<>();
  private int replaced;

  /** A server that has these projects. */
  public Flyte2Fake(String... projects) {
    this.projects = Set.of(projects);
  }

  /** How many tasks got another content under the same version. */
  synchronized int replaced() {
    return replaced;
  }

  /** The specifications of all tasks, in the order in which they came. */
  synchronized List<JsonNode> specs() {
    return new ArrayList<>(tasks.values());
  }

  /** Puts a task there, as somebody else does. */
  synchronized void put(String id, JsonNode spec) {
    tasks.put(id, (ObjectNode) spec);
  }

  @Override
  Answer answer(Request request) throws IOException {
    if (!request.method().equals("POST") || !request.path().startsWith(SERVICE)) {
      return new Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
    JsonNode message = JSON.readTree(request.body());
    JsonNode id = message.path("taskId");
    return switch (request.path().substring(SERVICE.length())) {
      case "GetTaskDetails" -> get(id);
      case "DeployTask" -> deploy(id, message.path("spec"));
      case "ListVersions" -> versions(message.path("taskName"));
      default -> new Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
    };
  }

  private Answer get(JsonNode id) {
    ObjectNode spec = tasks.get(key(id));
    if (spec == null) {
      return error(404, "not_found", "task not found: {" + key(id) + "}");
    }
    ObjectNode details = object();
    details.set("taskId", id);
    details.set("spec", spec);
    return Answer.json(200, object().set("details", details));
  }

  private Answer deploy(JsonNode id, JsonNode spec) {
    if (!projects.contains(id.path("project").asText())) {
      return error(404, "not_found", "project \"" + id.path("project").asText() + "\" not found");
    }
    ObjectNode before = tasks.put(key(id), (ObjectNode) spec);
    if (before != null && !before.equals(spec)) {
      replaced++;
    }
    return Answer.json(200, object());
  }

  private Answer versions(JsonNode name) {
    String start = key(name).strip() + " ";
    List<String> keys = new ArrayList<>(tasks.keySet());
    ArrayNode versions = JSON.createArrayNode();
    for (int i = keys.size() - 1; i >= 0; i--) {
      if (keys.get(i).startsWith(start)) {
        versions.addObject().put("version", keys.get(i).substring(start.length()));
      }
    }
    return Answer.json(200, object().set("versions", versions));
  }

  private static String key(JsonNode id) {
    return id.path("project").asText()
        + " "
        + id.path("domain").asText()
        + " "
        + id.path("name").asText()
        + " "
        + id.path("version").asText();
  }

  /** An error of the Connect protocol. */
  static Answer error(int status, String code, String message) {
    return Answer.json(status, object().put("code", code).put("message", message));
  }

  @Override
  Answer unauthenticated() {
    return error(401, "unauthenticated", "token is invalid or expired");
  }

  @Override
  Answer denied() {
    return error(
        403,
        "permission_denied",
        "caller is not allowed to perform action [register_flyte_inventory]");
  }

  @Override
  boolean isWrite(Request request) {
    return request.toString().equals(DEPLOY);
  }
}
