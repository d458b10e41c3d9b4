package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * What a consumer resolves is what was tested. Maven does not hand the parent's managed versions on
 * to consumers: a library of a managed version has to be a direct dependency of this module, or a
 * consumer gets the version that some other library asks for.
 */
class ConsumerVersionsTest {
  private static final Path MODULE = Path.of("pom.xml");
  private static final Path PARENT = Path.of("..", "pom.xml");

  /** What the bill of materials of Jackson manages. */
  private static final String JACKSON = "com.fasterxml.jackson.";

  private record Dependency(String group, String artifact, String scope) {
    boolean isHandedOn() {
      return !scope.equals("test") && !scope.equals("provided") && !scope.equals("system");
    }
  }

  @Test
  void everyLibraryOfAManagedVersionIsADirectDependency() throws Exception {
    Set<String> managed = artifacts(dependencies(PARENT, true));
    List<Dependency> direct =
        dependencies(MODULE, false).stream().filter(Dependency::isHandedOn).toList();
    Set<String> missing = new TreeSet<>();
    for (Dependency library : reachable(direct)) {
      if (managed.contains(library.artifact()) || library.group().startsWith(JACKSON)) {
        missing.add(library.artifact());
      }
    }
    assertThat(missing).contains("jackson-databind", "guava", "commons-compress");
    missing.removeAll(artifacts(direct));
    // Annotations that nothing reads at run time: any release will do.
    missing.remove("jspecify");
    assertThat(missing).as("to be named in runtime/pom.xml").isEmpty();
  }

  /** All libraries that come with some, as far as their own descriptions name them. */
  private static Set<Dependency> reachable(List<Dependency> direct) throws Exception {
    Map<String, Path> descriptions = descriptions();
    Map<String, Dependency> seen = new HashMap<>();
    Deque<Dependency> waiting = new ArrayDeque<>(direct);
    while (!waiting.isEmpty()) {
      Dependency next = waiting.remove();
      Path description = descriptions.get(next.artifact());
      if (description == null || seen.putIfAbsent(next.artifact(), next) != null) {
        continue;
      }
      dependencies(description, false).stream()
          .filter(Dependency::isHandedOn)
          .forEach(waiting::add);
    }
    return Set.copyOf(seen.values());
  }

  /** The description of each library on this class path, by its artifact. */
  private static Map<String, Path> descriptions() {
    Map<String, Path> descriptions = new HashMap<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Arrays.stream(classPath.split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(entry -> Path.of(entry.replaceFirst("\\.jar$", ".pom")))
        .filter(Files::exists)
        .forEach(pom -> descriptions.put(artifactOf(pom), pom));
    return descriptions;
  }

  /** {@code …/artifact/version/artifact-version.pom}. */
  private static String artifactOf(Path description) {
    return description.getName(description.getNameCount() - 3).toString();
  }

  private static Set<String> artifacts(List<Dependency> dependencies) {
    return dependencies.stream().map(Dependency::artifact).collect(Collectors.toSet());
  }

  private static List<Dependency> dependencies(Path description, boolean managed) throws Exception {
    NodeList nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(description.toFile())
            .getElementsByTagName("dependency");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(node -> isIn(node, "dependencyManagement") == managed)
        .filter(node -> !isIn(node, "plugin") && !text(node, "optional").equals("true"))
        .map(
            node ->
                new Dependency(
                    text(node, "groupId"), text(node, "artifactId"), text(node, "scope")))
        .toList();
  }

  private static boolean isIn(Element node, String name) {
    for (Node at = node.getParentNode(); at != null; at = at.getParentNode()) {
      if (at.getNodeName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Element node, String name) {
    NodeList found = node.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
