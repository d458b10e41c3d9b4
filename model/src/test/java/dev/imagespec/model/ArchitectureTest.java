package dev.imagespec.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Pattern MAIN_CLASSES = Pattern.compile(".*/model/target/classes/.*");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption((Location location) -> location.matches(MAIN_CLASSES))
          .importPackages("dev.imagespec");

  @Test
  void modelDependsOnTheJdkAndTheJsonReaderAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations",
            "dev.imagespec.json",
            "dev.imagespec.model",
            "dev.imagespec.check",
            "dev.imagespec.dockerfile")
        .check(CLASSES);
  }

  @Test
  void nobodyKnowsACompiler() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.annotation.processing..", "javax.lang.model..", "javax.tools..")
        .check(CLASSES);
  }

  @Test
  void modelKnowsNoCheck() {
    noClasses()
        .that()
        .resideInAPackage("dev.imagespec.model")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.imagespec.check")
        .check(CLASSES);
  }

  @Test
  void oneClassAloneTouchesFiles() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(DiskDirectory.class.getName())
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Files.class.getName())
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.FileInputStream")
        .check(CLASSES);
  }
}
