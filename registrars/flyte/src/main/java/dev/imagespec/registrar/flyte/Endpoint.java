package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.imagespec.registrar.flyte.connect.FlyteConnection;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.Once;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Flyte's endpoint: sends requests, and says what its errors mean. */
final class Endpoint {
  /** A request that only FlyteAdmin knows. */
  private static final String VERSION = "/api/v1/version";

  /** Which version of its protocol a request of Connect is in. */
  private static final Map<String, String> CONNECT = Map.of("Connect-Protocol-Version", "1");

  private final FlyteConnection connection;
  private final Api api;

  /** Asked once, however many tasks there are. */
  private final Once<URI, Boolean> speaksTheOther = new Once<>();

  Endpoint(FlyteConnection connection, Api api) {
    this.connection = connection;
    this.api = api;
  }

  /**
   * An answer.
   *
   * @param body its JSON
   * @param type its media type, for messages
   */
  record Reply(int status, JsonNode body, String type) {
    boolean isSuccess() {
      return status / 100 == 2 && body.isObject();
    }
  }

  /** Sends a request with JSON. */
  Reply post(String path, JsonNode body) {
    return send("POST", path, body);
  }

  /** Sends a request without a body. */
  Reply get(String path) {
    return send("GET", path, null);
  }

  private Reply send(String method, String path, @Nullable JsonNode body) {
    FlyteConnection.Answer answer =
        connection.send(method, path, api == Api.FLYTE_2 ? CONNECT : Map.of(), body);
    return new Reply(
        answer.status(),
        answer.body(),
        connection.quotable(answer.headers().getOrDefault("Content-Type", "no type")));
  }

  private String name() {
    return connection.endpoint().toString();
  }

  /** What a failed question for a task means. */
  ImageSpecException unread(TaskId id, Reply reply) {
    return failure(id, reply, "look at tasks", "view_flyte_inventory");
  }

  /** What a failed registration of a task means. */
  ImageSpecException unregistered(TaskId id, Reply reply) {
    return failure(id, reply, "register tasks", "register_flyte_inventory");
  }

  private ImageSpecException failure(TaskId id, Reply reply, String act, String action) {
    Optional<Refusal> refusal = Refusal.of(reply.body()).filter(one -> one.api() == api);
    if (refusal.isEmpty()) {
      return notFlyte(reply);
    }
    String says = " Flyte says: " + connection.quotable(refusal.get().message());
    String place = id.project() + "/" + id.domain();
    return switch (refusal.get().code()) {
      case "unauthenticated" ->
          new ImageSpecException(
              FailureCode.UNAUTHORIZED,
              name() + " does not accept the credentials; they are wrong or have expired." + says);
      case "permission_denied" ->
          new ImageSpecException(
              FailureCode.DENIED,
              name()
                  + " does not let this identity "
                  + act
                  + " in "
                  + place
                  + ". In Union, give it the role Contributor, or a policy with the action "
                  + action
                  + ", for that project and domain; elsewhere, ask who runs Flyte."
                  + says);
      case "not_found" ->
          refusal.get().message().startsWith("failed to get task")
              ? new ImageSpecException(
                  FailureCode.PROTOCOL, name() + " does not say whether it has " + id + "." + says)
              : wrongPlace(id, says);
      case "invalid_argument", "failed_precondition", "out_of_range" ->
          isOfPlace(refusal.get().message())
              ? wrongPlace(id, says)
              : new ImageSpecException(
                  FailureCode.REGISTRAR, name() + " does not take " + id + "." + says);
      case "resource_exhausted" ->
          new ImageSpecException(
              FailureCode.THROTTLED,
              name() + " throttles requests, or a quota is used up. Register again later." + says);
      case "unavailable", "deadline_exceeded" ->
          new ImageSpecException(
              FailureCode.UNREACHABLE, name() + " is not ready. Register again later." + says);
      case "unimplemented" -> notFlyte(reply);
      default ->
          new ImageSpecException(
              FailureCode.PROTOCOL,
              name() + " failed with " + refusal.get().code() + ", for " + id + "." + says);
    };
  }

  private ImageSpecException wrongPlace(TaskId id, String says) {
    return new ImageSpecException(
        FailureCode.REGISTRAR,
        name()
            + " has no project "
            + id.project()
            + " with a domain "
            + id.domain()
            + ". Create the project there, or name another with imagespec.flyte.project and"
            + " imagespec.flyte.domain."
            + says);
  }

  /** FlyteAdmin says "invalid argument" of a wrong project, too. */
  private static boolean isOfPlace(String message) {
    return message.startsWith("failed to validate that project [")
        || (message.startsWith("domain [") && message.contains("unrecognized"))
        || (message.startsWith("project [") && message.contains("not active"));
  }

  private ImageSpecException notFlyte(Reply reply) {
    return speaksTheOther.get(connection.endpoint(), this::askTheOther)
        ? new ImageSpecException(
            FailureCode.INVALID_SETTING,
            name()
                + " speaks Flyte "
                + (api == Api.FLYTE_2 ? "1" : "2")
                + ", and imagespec.flyte.api is "
                + api.number()
                + ": set imagespec.flyte.api="
                + (api == Api.FLYTE_2 ? "1" : "2")
                + ".")
        : new ImageSpecException(
            FailureCode.PROTOCOL,
            name()
                + " answers with status "
                + reply.status()
                + " and "
                + reply.type()
                + ", which is not Flyte's API. It may be a console, or a login in front of it: set"
                + " imagespec.flyte.endpoint to the address of the API.");
  }

  /** Asks what only the other interface knows. */
  private boolean askTheOther() {
    if (api == Api.FLYTE_2) {
      return get(VERSION).body().has("control_plane_version");
    }
    Reply reply = post(TaskService.DETAILS, JsonNodeFactory.instance.objectNode());
    return reply.body().has("details")
        || Refusal.of(reply.body()).filter(refusal -> refusal.api() == Api.FLYTE_2).isPresent();
  }
}
