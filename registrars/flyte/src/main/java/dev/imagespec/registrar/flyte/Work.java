package dev.imagespec.registrar.flyte;

import dev.imagespec.registrar.definition.Entries;
import dev.imagespec.registrar.flyte.connect.FlyteConnection;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one plan or registration does with Flyte: an endpoint, and the tasks for it. */
final class Work implements AutoCloseable {
  /** How many tasks are registered at once, at most. */
  private static final int PARALLELISM = 8;

  private final FlyteConnection connection;
  private final Api api;
  private final List<TaskDefinition> definitions;

  /**
   * Reads whatever there is for Flyte. Sends nothing.
   *
   * @param connection closed with it, also if this fails
   * @throws ImageSpecException if a setting, class or file is wrong
   */
  Work(FlyteConnection connection, TaskRegistrar.Context context) {
    this.connection = connection;
    try {
      this.api = Api.of(Optional.ofNullable(context.settings().get("api")));
      Map<String, String> defaults =
          Map.of(
              "org", connection.org().or(this::orgOfEndpoint).orElse(""),
              "project", connection.project().orElse(""),
              "domain", connection.domain().orElse(""));
      this.definitions = Definitions.of(context, api, new Naming(context.settings(), defaults));
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** As Flyte 2's own client finds it. A Flyte without organizations does not look at it. */
  private Optional<String> orgOfEndpoint() {
    return api == Api.FLYTE_2
        ? Naming.orgOfHost(connection.endpoint().getHost())
        : Optional.empty();
  }

  /** Plans and registers the tasks. */
  Entries entries() {
    FlyteService service = service();
    return new Entries(
        definitions.stream().map(task -> new FlyteEntry(task, service)).toList(), PARALLELISM);
  }

  /** Finds out what would make a registration fail, as far as that shows without one. */
  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>(connection.examine());
    // Without a credential, or with one that somebody has to give, there is nothing to ask with.
    if (definitions.isEmpty()
        || findings.stream().anyMatch(finding -> finding.status() != Status.OK)) {
      return findings;
    }
    TaskId id = definitions.get(0).name();
    String place = id.project() + "/" + id.domain();
    try {
      service().newest(id);
      findings.add(new Finding("tasks", place, Status.OK, "can be looked at"));
      findings.add(
          new Finding(
              "permission",
              place,
              Status.NOT_PROBED,
              "whether this identity may register tasks shows only when it does"));
    } catch (ImageSpecException e) {
      findings.add(new Finding("tasks", place, Status.FAILED, e.getMessage()));
    }
    return findings;
  }

  private FlyteService service() {
    Endpoint endpoint = new Endpoint(connection, api);
    return api == Api.FLYTE_1 ? new AdminGateway(endpoint) : new TaskService(endpoint);
  }

  @Override
  public void close() {
    connection.close();
  }
}
