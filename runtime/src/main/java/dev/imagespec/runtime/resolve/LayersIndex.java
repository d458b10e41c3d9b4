package dev.imagespec.runtime.resolve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which layer each file of a Spring Boot archive is in: the archive's {@code layers.idx}, or what
 * Spring Boot would write there.
 */
final class LayersIndex {
  /** Images have at most 127 layers, and the base has some. */
  private static final int MOST = 50;

  private static final Pattern LAYER = Pattern.compile("- \"([^\"]*)\":\\s*");
  private static final Pattern PATH = Pattern.compile(" {2}- \"([^\"]*)\"\\s*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final String SNAPSHOT = "-SNAPSHOT.jar";

  private final List<String> names = new ArrayList<>();

  /** The number of the layer by the path of a file. */
  private final Map<String, Integer> files = new HashMap<>();

  /** The number of the layer by the path of a folder, with a slash at its end. */
  private final Map<String, Integer> folders = new LinkedHashMap<>();

  private LayersIndex() {}

  /**
   * Reads an index.
   *
   * @throws IllegalArgumentException if it has another form; the message says where
   */
  static LayersIndex parse(String text) {
    LayersIndex index = new LayersIndex();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher layer = LAYER.matcher(line);
      Matcher path = PATH.matcher(line);
      if (layer.matches()) {
        String name = layer.group(1);
        if (!NAME.matcher(name).matches()
            || index.names.contains(name)
            || index.names.size() == MOST) {
          throw new IllegalArgumentException(
              "line " + number + " names no new layer, or one more than " + MOST);
        }
        index.names.add(name);
      } else if (path.matches() && !index.names.isEmpty()) {
        index.add(path.group(1));
      } else if (!line.isBlank()) {
        throw new IllegalArgumentException("line " + number + " is neither a layer nor a path");
      }
    }
    if (index.names.isEmpty()) {
      throw new IllegalArgumentException("it names no layer");
    }
    return index;
  }

  /**
   * The layers that Spring Boot makes unless a build says otherwise.
   *
   * @param libs the folders of jars, with a slash at the end
   * @param archive all paths of the archive
   */
  static LayersIndex ofDefaults(List<String> libs, Collection<String> archive) {
    LayersIndex index = new LayersIndex();
    index.names.add("dependencies");
    archive.stream()
        .filter(file -> libs.stream().anyMatch(file::startsWith))
        .filter(file -> !file.endsWith(SNAPSHOT))
        .forEach(index::add);
    index.names.add("spring-boot-loader");
    index.add("org/springframework/boot/loader/");
    index.names.add("snapshot-dependencies");
    libs.forEach(index::add);
    index.names.add("application");
    archive.forEach(index::add);
    return index;
  }

  /** Adds a path to the last layer, unless an earlier one has it. */
  private void add(String path) {
    (path.endsWith("/") ? folders : files).putIfAbsent(path, names.size() - 1);
  }

  /** The names of the layers, lowest first. */
  List<String> names() {
    return List.copyOf(names);
  }

  /**
   * The layer of a file; empty if the index forgets it. The lowest counts that names the file or a
   * folder above it, as for Spring Boot.
   */
  Optional<String> layer(String file) {
    return Stream.concat(
            Optional.ofNullable(files.get(file)).stream(),
            folders.entrySet().stream()
                .filter(folder -> file.startsWith(folder.getKey()))
                .map(Map.Entry::getValue))
        .min(Comparator.naturalOrder())
        .map(names::get);
  }
}
