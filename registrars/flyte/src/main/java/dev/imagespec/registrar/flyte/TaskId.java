package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What Flyte calls a version of a task.
 *
 * @param org the organization; empty if there is none
 */
record TaskId(String org, String project, String domain, String name, String version) {

  /** The identifier of a task template, {@code core.Identifier}. */
  ObjectNode inTemplate() {
    return withOrg(JsonNodeFactory.instance.objectNode().put("resourceType", "TASK"));
  }

  /** The identifier that requests of Flyte 2 have, {@code task.TaskIdentifier}. */
  ObjectNode inRequest() {
    return withOrg(JsonNodeFactory.instance.objectNode());
  }

  private ObjectNode withOrg(ObjectNode id) {
    id.put("project", project).put("domain", domain).put("name", name).put("version", version);
    return org.isEmpty() ? id : id.put("org", org);
  }

  /** Project, domain, name and version, as one text. */
  @Override
  public String toString() {
    return project + "/" + domain + "/" + name + "@" + version;
  }
}
