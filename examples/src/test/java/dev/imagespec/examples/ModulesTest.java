package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds between the modules, which none of them sees by itself. */
class ModulesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The packages of main sources, each with the modules that it stands in. */
  private static Map<String, Set<String>> packages() throws IOException {
    Map<String, Set<String>> packages = new TreeMap<>();
    List<Path> modules;
    try (Stream<Path> list = Files.list(ROOT)) {
      modules =
          // Benchmarks are no module that anybody depends on: they stand beside what they measure.
          list.filter(module -> !module.endsWith("benchmarks"))
              .map(module -> module.resolve("src/main/java"))
              .filter(Files::isDirectory)
              .toList();
    }
    for (Path sources : modules) {
      try (Stream<Path> tree = Files.walk(sources)) {
        for (Path file : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
          Path folder = sources.relativize(file).getParent();
          if (folder != null) {
            packages
                .computeIfAbsent(folder.toString().replace('/', '.'), key -> new TreeSet<>())
                .add(ROOT.relativize(sources).getName(0).toString());
          }
        }
      }
    }
    return packages;
  }

  @Test
  void noPackageStandsInTwoModules() throws IOException {
    Map<String, Set<String>> packages = packages();
    assertThat(packages)
        .containsEntry("dev.imagespec", Set.of("annotations"))
        .containsEntry("dev.imagespec.model", Set.of("model"))
        .containsEntry("dev.imagespec.runtime", Set.of("runtime"));
    assertThat(packages.values()).allSatisfy(modules -> assertThat(modules).hasSize(1));
  }
}
