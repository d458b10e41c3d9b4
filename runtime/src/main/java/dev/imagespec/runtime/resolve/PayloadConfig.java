package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a spec sets in its image's configuration. Unset is empty.
 *
 * @param entrypoint the program and its fixed arguments
 * @param args default arguments
 * @param env environment variables
 * @param labels labels
 * @param ports single ports, as {@code port/protocol}
 * @param volumes mount points
 * @param workingDirectory the start directory
 * @param user the user
 */
public record PayloadConfig(
    List<String> entrypoint,
    List<String> args,
    Map<String, String> env,
    Map<String, String> labels,
    SortedSet<String> ports,
    SortedSet<String> volumes,
    String workingDirectory,
    String user) {

  /** What a manifest's payload sets. */
  public static PayloadConfig of(Manifest.Payload payload) {
    return new PayloadConfig(
        entrypoint(payload),
        payload.args(),
        payload.env(),
        payload.labels(),
        ports(payload.ports()),
        new TreeSet<>(payload.volumes()),
        payload.workingDirectory(),
        payload.user());
  }

  private static List<String> entrypoint(Manifest.Payload payload) {
    if (payload.mainClass().isEmpty()) {
      return payload.entrypoint();
    }
    List<String> java = new ArrayList<>();
    java.add("java");
    java.addAll(payload.jvmFlags());
    java.add("-cp");
    java.add("@" + ClassPathLayers.ARGUMENT_FILE);
    java.add(payload.mainClass());
    return List.copyOf(java);
  }

  /** {@code 9000-9002/udp} is three ports; a port without protocol is TCP's. */
  private static SortedSet<String> ports(List<String> declared) {
    SortedSet<String> ports = new TreeSet<>();
    for (String text : declared) {
      int slash = text.indexOf('/');
      String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
      String range = slash < 0 ? text : text.substring(0, slash);
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      for (int port = first; port <= last; port++) {
        ports.add(port + "/" + protocol);
      }
    }
    return ports;
  }

  /** The form that enters a fingerprint. */
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
    return json;
  }
}
