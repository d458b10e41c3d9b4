package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The images to push, for clients that read no annotations: each has the jar, the classes and a
 * file of its own, in a layer each.
 *
 * @param base the base image's reference
 * @param cache a folder that is kept from one run to the next
 */
record Orders(String base, Path jar, Path classes, Path cache, List<Order> orders) {
  /** Where the parts are in an image. */
  static final String JAR = "app/libs/shared.jar";

  static final String CLASSES = "app/classes/";
  static final String PAYLOAD = "opt/payload.bin";

  /**
   * An image.
   *
   * @param repository the registry and repository
   * @param tag the tag for clients that do not choose it themselves
   * @param payload its own file
   */
  record Order(String repository, String tag, Path payload) {}

  void write(Path file) throws IOException {
    List<String> lines =
        new ArrayList<>(List.of(base, jar.toString(), classes.toString(), cache.toString()));
    orders.forEach(order -> lines.add(order.repository + "\t" + order.tag + "\t" + order.payload));
    Files.write(file, lines);
  }

  static Orders read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Order> orders = new ArrayList<>();
    for (String line : lines.subList(4, lines.size())) {
      String[] words = line.split("\t", -1);
      orders.add(new Order(words[0], words[1], Path.of(words[2])));
    }
    return new Orders(
        lines.get(0),
        Path.of(lines.get(1)),
        Path.of(lines.get(2)),
        Path.of(lines.get(3)),
        List.copyOf(orders));
  }
}
