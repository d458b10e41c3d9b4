package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every spec of the page of recipes compiles as it stands. */
class RecipesTest {
  private static final Path ROWS = Path.of("..", "docs", "coming-from.md");

  @TempDir private Path dir;

  @Test
  void eachCompilesAgainstItsFiles() throws IOException {
    Path project = Files.createDirectories(dir.resolve("project"));
    RecipesProject.write(project);
    Files.writeString(project.resolve("acme-agent.deb"), "a package");
    List<RecipesPage.Recipe> recipes = RecipesPage.recipes();
    assertThat(recipes.stream().map(RecipesPage.Recipe::number))
        .isEqualTo(IntStream.rangeClosed(1, 32).boxed().toList());

    Map<String, Manifest> manifests =
        RecipesPage.compile(recipes, UnaryOperator.identity(), project, dir.resolve("classes"));

    assertThat(manifests.keySet()).contains("SayHello", "CreditDefault", "OwnDockerfile", "Shop");
    assertThat(manifests).hasSizeGreaterThanOrEqualTo(32);
  }

  @Test
  void eachHasARowForThoseWhoComeFromElsewhere() throws IOException {
    String page = Files.readString(ROWS);
    for (RecipesPage.Recipe recipe : RecipesPage.recipes()) {
      assertThat(page).as(recipe.title()).contains("(recipes.md#" + recipe.number() + "-");
    }
  }
}
