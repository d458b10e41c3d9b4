package dev.imagespec.processor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import javax.annotation.processing.Messager;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.imagespec.processor");

  /** The reporter prints, the writer writes; neither knows which round it is. */
  @Test
  void oneClassAloneSeesARound() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(ImageSpecProcessor.class)
        .and()
        .resideOutsideOfPackage("..write..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("javax.annotation.processing..").and(not(type(Messager.class))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("..write..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("javax\\.annotation\\.processing\\.(?!Filer).*")
        .check(CLASSES);
  }

  @Test
  void theProcessorKnowsNothingOfTheRuntime() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.imagespec.runtime..", "dev.imagespec.testkit..")
        .check(CLASSES);
  }

  @Test
  void renderersKnowNoCompilerTypesButModifiers() {
    noClasses()
        .that()
        .resideInAPackage("..render..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "javax.lang.model..",
                    "javax.annotation.processing..",
                    "javax.tools..",
                    "dev.imagespec.check..",
                    "..read..",
                    "..write..")
                .and(not(type(Modifier.class)))
                .and(not(type(Modifier[].class))))
        .check(CLASSES);
  }

  @Test
  void theReaderSpeaksToNobody() {
    noClasses()
        .that()
        .resideInAPackage("..read..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.annotation.processing..", "javax.tools..", "..write..")
        .check(CLASSES);
  }
}
