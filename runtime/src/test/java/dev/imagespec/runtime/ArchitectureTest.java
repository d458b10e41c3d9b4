package dev.imagespec.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final List<String> STAGES =
      List.of("catalog", "resolve", "plan", "compose", "publish", "record", "doctor");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.imagespec.runtime");

  @Test
  void aStageKnowsOnlyStagesToItsLeft() {
    for (int i = 0; i < STAGES.size(); i++) {
      for (int j = i + 1; j < STAGES.size(); j++) {
        noClasses()
            .that()
            .resideInAPackage("dev.imagespec.runtime." + STAGES.get(i))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.imagespec.runtime." + STAGES.get(j))
            .check(CLASSES);
      }
    }
  }

  @Test
  void onlyTheRegistryPackageSpeaksHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.imagespec.runtime.registry")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(CLASSES);
  }

  @Test
  void onlyTheEcrPackageKnowsTheAwsSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.imagespec.runtime.registry.ecr")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk..")
        .check(CLASSES);
  }

  @Test
  void theRegistriesKnowNoStage() {
    noClasses()
        .that()
        .resideInAPackage("dev.imagespec.runtime.registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            STAGES.stream().map(stage -> "dev.imagespec.runtime." + stage).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void theEnginesKnowNoStageAndNoAws() {
    noClasses()
        .that()
        .resideInAPackage("dev.imagespec.runtime.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            STAGES.stream().map(stage -> "dev.imagespec.runtime." + stage).toArray(String[]::new))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.imagespec.runtime", "dev.imagespec.runtime.registry.ecr")
        .check(CLASSES);
  }

  @Test
  void ociDocumentsKnowTheModelAlone() {
    classes()
        .that()
        .resideInAPackage("dev.imagespec.runtime.oci")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.imagespec.runtime.oci",
            "dev.imagespec.model",
            "com.fasterxml.jackson..",
            "java..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void noStageReadsTrees() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.imagespec.runtime.oci",
            "dev.imagespec.runtime.registry..",
            "dev.imagespec.runtime.engine")
        .and()
        // Docker's configuration is no document of OCI.
        .doNotHaveSimpleName("BuildDockerConfig")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(CLASSES);
  }

  @Test
  void theProcessorIsNotKnown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.imagespec.processor..")
        .check(CLASSES);
  }
}
