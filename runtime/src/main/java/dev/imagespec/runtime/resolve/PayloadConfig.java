package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a spec sets in its image's configuration and manifest. Fields that it does not set are
 * empty.
 *
 * @param entrypoint the program and its fixed arguments
 * @param args default arguments
 * @param env environment variables
 * @param labels labels
 * @param ports single ports, as {@code port/protocol}
 * @param volumes mount points
 * @param workingDirectory the working directory
 * @param user the user
 * @param envPrepend what stands in front of the base's own value, by the name of the variable
 * @param stopSignal the signal that asks the program to end
 * @param annotations annotations of the manifest and the index
 * @param creationTime when the image says that it was made; empty for the epoch
 */
public record PayloadConfig(
    List<String> entrypoint,
    List<String> args,
    Map<String, String> env,
    Map<String, String> labels,
    SortedSet<String> ports,
    SortedSet<String> volumes,
    String workingDirectory,
    String user,
    Map<String, String> envPrepend,
    String stopSignal,
    Map<String, String> annotations,
    String creationTime) {

  /** What a manifest's payload sets. */
  public static PayloadConfig of(Manifest.Payload payload) {
    return new PayloadConfig(
        payload.command(),
        payload.args(),
        payload.env(),
        payload.labels(),
        ports(payload),
        new TreeSet<>(payload.volumes()),
        payload.workingDirectory(),
        payload.user(),
        payload.envPrepend(),
        payload.stopSignal(),
        payload.annotations(),
        "");
  }

  /** The same, in an image that says that it was made then. */
  PayloadConfig made(Instant time) {
    return new PayloadConfig(
        entrypoint,
        args,
        env,
        labels,
        ports,
        volumes,
        workingDirectory,
        user,
        envPrepend,
        stopSignal,
        annotations,
        time.toString());
  }

  private static SortedSet<String> ports(Manifest.Payload payload) {
    SortedSet<String> ports = new TreeSet<>();
    payload.portRanges().forEach(range -> ports.addAll(range.exposed()));
    return ports;
  }

  /** The JSON form that enters a fingerprint. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    json.put("entrypoint", entrypoint);
    json.put("args", args);
    json.put("env", env);
    json.put("labels", labels);
    json.put("ports", List.copyOf(ports));
    json.put("volumes", List.copyOf(volumes));
    json.put("workingDirectory", workingDirectory);
    json.put("user", user);
    // Later than the others: an image without them keeps its identity.
    if (!envPrepend.isEmpty()) {
      json.put("envPrepend", envPrepend);
    }
    if (!stopSignal.isEmpty()) {
      json.put("stopSignal", stopSignal);
    }
    if (!annotations.isEmpty()) {
      json.put("annotations", annotations);
    }
    if (!creationTime.isEmpty()) {
      json.put("creationTime", creationTime);
    }
    return json;
  }
}
