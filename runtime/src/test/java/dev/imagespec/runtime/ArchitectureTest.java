package dev.imagespec.runtime;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.imagespec.model.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "dev.imagespec.runtime";
  private static final List<String> STAGES =
      List.of(
          "catalog", "resolve", "plan", "compose", "publish", "record", "report", "doctor", "run");

  /** Each knows those before it, and no other part of the runtime. */
  private static final List<String> BELOW_THE_STAGES =
      List.of(
          "http",
          "work",
          "memory",
          "oci",
          "aws",
          "registry",
          "registry.auth",
          "registry.ecr",
          "target",
          "python");

  /** Importing takes most of the time: once for all rules. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> ROOT + "." + name).toArray(String[]::new);
  }

  @Test
  void aStageKnowsOnlyStagesToItsLeft() {
    for (int i = 0; i < STAGES.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + STAGES.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages(STAGES.subList(i + 1, STAGES.size())))
          .check(CLASSES);
    }
  }

  @Test
  void whatIsBelowTheStagesKnowsNoStage() {
    noClasses()
        .that()
        .resideInAnyPackage(packages(BELOW_THE_STAGES))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(STAGES))
        .check(CLASSES);
  }

  @Test
  void onlyTheHttpPackageOpensHttpConnections() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(CLASSES);
  }

  @Test
  void theHttpPackageKnowsNoRegistry() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".http")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    ROOT + ".http",
                    "java..",
                    "javax.net.ssl..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..")
                .or(belongToAnyOf(FailureCode.class, ImageSpecException.class, Printable.class)))
        .check(CLASSES);
  }

  @Test
  void onlyTwoPackagesKnowTheAwsSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".aws", ROOT + ".registry.ecr")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk..")
        .check(CLASSES);
  }

  @Test
  void whatServicesOfAwsShareKnowsNoService() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".aws")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".registry..",
            ROOT + ".target",
            "software.amazon.awssdk.services.ecr..",
            "software.amazon.awssdk.services.ecrpublic..")
        .check(CLASSES);
  }

  @Test
  void theProtocolKnowsNoKindOfRegistry() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".registry", ROOT + ".registry.auth")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".aws", ROOT + ".registry.ecr", ROOT + ".target")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".registry.ecr")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".target")
        .check(CLASSES);
  }

  @Test
  void theProtocolDoesNotNameAmazon() {
    Pattern amazon = Pattern.compile("Amazon|amazon|\\bAWS|\\baws|\\b(?:ecr|ECR)\\b|Ecr(?![a-z])");
    Path sources = Path.of("src/main/java", ROOT.split("\\."));
    for (String name : List.of("http", "registry", "registry/auth")) {
      for (Path file : files(sources.resolve(name))) {
        assertThat(text(file)).as(file.toString()).doesNotContainPattern(amazon);
      }
    }
    // The pattern finds what it looks for.
    assertThat(text(sources.resolve("registry/ecr/EcrRules.java"))).containsPattern(amazon);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(found).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void stagesAskATargetAndNotAmazonEcr() {
    // A session opens the connections; everything else that a use case does is done by stages.
    noClasses()
        .that()
        .resideInAnyPackage(packages(STAGES))
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".run.Session")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".registry.ecr")
        .check(CLASSES);
  }

  @Test
  void theEnginesKnowNoStageAndNoAws() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(STAGES))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".aws", ROOT + ".registry.ecr", ROOT + ".target")
        .check(CLASSES);
  }

  @Test
  void ociDocumentsKnowTheModelAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".oci")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".oci",
            "dev.imagespec.model",
            "com.fasterxml.jackson..",
            "java..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void theMemoryKnowsTheModelAndWorkAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".memory")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".memory", ROOT + ".work", "dev.imagespec.model", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void noStageReadsTrees() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + ".oci",
            ROOT + ".http",
            ROOT + ".aws",
            ROOT + ".registry..",
            ROOT + ".engine",
            ROOT + ".python")
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
