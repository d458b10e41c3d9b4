package dev.imagespec.registrar.flyte;

import dev.imagespec.registrar.definition.Entries;
import dev.imagespec.registrar.flyte.connect.FlyteConnection;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What one plan or registration does with Flyte: an endpoint, and the tasks for it. */
final class Work implements AutoCloseable {
  /** How many tasks are registered at once, at most. */
  private static final int PARALLELISM = 8;

  /** A name of three parts at least, which is no address of IPv4. */
  private static final Pattern ORG =
      Pattern.compile("[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]+)+\\.[A-Za-z][A-Za-z0-9-]*");

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

  /**
   * The first part of a host such as {@code acme.hosted.unionai.cloud}: so Flyte 2's own client
   * finds the organization if nobody names it. A Flyte without organizations does not look at it.
   */
  private Optional<String> orgOfEndpoint() {
    String host = connection.endpoint().getHost();
    return Optional.of(host)
        .filter(name -> api == Api.FLYTE_2 && ORG.matcher(name).matches())
        .map(name -> name.substring(0, name.indexOf('.')));
  }

  /** Plans and registers the tasks. */
  Entries entries() {
    Endpoint endpoint = new Endpoint(connection, api);
    FlyteService service =
        api == Api.FLYTE_1 ? new AdminGateway(endpoint) : new TaskService(endpoint);
    return new Entries(
        definitions.stream().map(task -> new FlyteEntry(task, service)).toList(), PARALLELISM);
  }

  @Override
  public void close() {
    connection.close();
  }
}
