package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One tool's turn: cold, with nothing to do, with one image changed.
 *
 * @param folder the tool's own folder for this turn
 */
record Trial(Bench bench, Scenario scenario, Project project, Path folder) {
  /** What the tool keeps from one registration to the next. */
  Path cache() {
    return folder.resolve("cache");
  }

  /** Writes the images down for clients that read no annotations. */
  Path orders() throws IOException {
    List<Orders.Order> orders = new ArrayList<>();
    for (int image = 0; image < scenario.images(); image++) {
      orders.add(
          new Orders.Order(
              bench.host() + "/" + scenario.repository(image),
              "i" + image,
              project.payload(image)));
    }
    Files.createDirectories(cache());
    Path file = folder.resolve("orders");
    new Orders(bench.host() + "/base:1", project.jar(), project.classes(), cache(), orders)
        .write(file);
    return file;
  }

  /** The references under which tools push that do not choose a tag themselves. */
  List<String> tagged() {
    List<String> references = new ArrayList<>();
    for (int image = 0; image < scenario.images(); image++) {
      references.add(scenario.repository(image) + ":i" + image);
    }
    return references;
  }
}
