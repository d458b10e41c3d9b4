package dev.imagespec.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One timed process.
 *
 * @param group what it is compared with: {@link #MATRIX} and so on
 * @param peer the tool
 * @param repetition from 0
 * @param failures images that the tool failed to push at first, and that were tried again
 */
record Sample(
    String group,
    Scenario scenario,
    String peer,
    Phase phase,
    int repetition,
    Cost cost,
    Traffic traffic,
    int failures) {
  static final String MATRIX = "matrix";
  static final String MAVEN = "maven";
  static final String ECR = "ecr";
  static final String SCALE = "scale";

  /**
   * What a process took.
   *
   * @param wall seconds
   * @param processor seconds of all its threads and of processes that worked for it
   * @param memoryMegabytes the peak of its resident memory, that of its largest process
   * @param heapMegabytes the peak of Java's heap; 0 where it was not asked for
   */
  record Cost(double wall, double processor, double memoryMegabytes, double heapMegabytes) {}

  /** What came to the registry. */
  record Traffic(long requests, long connections, long up, long down) {}

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", group);
    json.put("peer", peer);
    json.put("case", phase.toString());
    json.put("tasks", (long) scenario.tasks());
    json.put("images", (long) scenario.images());
    json.put("repositories", (long) scenario.repositories());
    json.put("roundTripMillis", scenario.roundTrip().toMillis());
    json.put("repetition", (long) repetition);
    json.put("wallMillis", Math.round(cost.wall * 1000));
    json.put("processorMillis", Math.round(cost.processor * 1000));
    json.put("memoryMegabytes", Math.round(cost.memoryMegabytes));
    json.put("heapMegabytes", Math.round(cost.heapMegabytes));
    json.put("requests", traffic.requests);
    json.put("connections", traffic.connections);
    json.put("bytesUp", traffic.up);
    json.put("bytesDown", traffic.down);
    json.put("failures", (long) failures);
    return json;
  }
}
