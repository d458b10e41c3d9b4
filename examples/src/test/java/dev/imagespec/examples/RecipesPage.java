package dev.imagespec.examples;

import dev.imagespec.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The specs of the page {@code docs/recipes.md}. */
final class RecipesPage {
  private static final Path PAGE = Path.of("..", "docs", "recipes.md");
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^### (\\d+)\\. ([^\n]+)\n(.*?)^```java\n(.*?)^```$");

  private RecipesPage() {}

  /**
   * A section of the page.
   *
   * @param number its number
   * @param title its heading
   * @param isRun whether the page says that its images are built and started
   * @param source the source text of its classes
   */
  record Recipe(int number, String title, boolean isRun, String source) {}

  /** All sections, in order. */
  static List<Recipe> recipes() throws IOException {
    List<Recipe> recipes = new ArrayList<>();
    for (MatchResult section : SECTION.matcher(Files.readString(PAGE)).results().toList()) {
      recipes.add(
          new Recipe(
              Integer.parseInt(section.group(1)),
              section.group(2),
              section.group(3).contains("*Run"),
              section.group(4)));
    }
    return recipes;
  }

  /**
   * Compiles recipes into a folder.
   *
   * @param change changes the source texts
   * @return the manifests of their tasks, by task
   */
  static Map<String, Manifest> compile(
      List<Recipe> recipes, UnaryOperator<String> change, Path projectDir, Path classes)
      throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (Recipe recipe : recipes) {
      sources.put(
          "Recipe" + recipe.number(),
          "import dev.imagespec.*;\n\n" + change.apply(recipe.source()));
    }
    Map<String, List<String>> refused = TaskCompiler.compile(sources, projectDir, classes);
    if (!refused.isEmpty()) {
      throw new IOException(refused.toString());
    }
    Map<String, Manifest> manifests = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(classes)) {
      for (Path file : tree.filter(path -> path.endsWith(Manifest.FILE)).toList()) {
        Manifest manifest = Manifest.parse(Files.readString(file));
        manifests.put(manifest.task(), manifest);
      }
    }
    return manifests;
  }
}
