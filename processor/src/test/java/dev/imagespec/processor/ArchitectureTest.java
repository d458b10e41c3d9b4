package dev.imagespec.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.imagespec.processor");

  @Test
  void checksAndRenderersSeeNoRound() {
    noClasses()
        .that()
        .resideInAnyPackage("..check..", "..render..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javax.annotation.processing..")
        .check(classes);
  }

  @Test
  void theProcessorKnowsNothingOfTheRuntime() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.imagespec.runtime..", "dev.imagespec.testkit..")
        .check(classes);
  }

  @Test
  void renderersKnowNoCompilerTypesButModifiers() {
    noClasses()
        .that()
        .resideInAPackage("..render..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.lang.model.type..", "..read..", "..check..")
        .check(classes);
  }
}
