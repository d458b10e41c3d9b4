package dev.imagespec;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Pattern MAIN_CLASSES = Pattern.compile(".*/annotations/target/classes/.*");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption((Location location) -> location.matches(MAIN_CLASSES))
          .importPackages("dev.imagespec");

  @Test
  void whatGoesIntoImagesDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations",
            "dev.imagespec",
            "dev.imagespec.flyte",
            "dev.imagespec.json")
        .check(CLASSES);
  }

  @Test
  void theJsonReaderKnowsNothingOfImages() {
    classes()
        .that()
        .resideInAPackage("dev.imagespec.json")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify.annotations", "dev.imagespec.json")
        .check(CLASSES);
  }
}
