package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CulpritTest {
  private static final Step APT =
      new Step.Apt(List.of("git", "libc6:arm64", "curl=8.0", "g++"), List.of());

  private static Step pip(String requirements, String... packages) {
    return new Step.Pip(List.of(packages), requirements, "", List.of(), List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#6 1.7 E: Unable to locate package git          | aptPackages[0] \"git\"",
        "E: Package 'libc6' has no installation candidate | aptPackages[1] \"libc6:arm64\"",
        "E: Version '8.0' for 'curl' was not found        | aptPackages[2] \"curl=8.0\"",
        "E: Unable to locate package G++                  | aptPackages[3] \"g++\"",
        "E: Unable to locate package git-lfs              | aptPackages",
        "E: Unable to locate package libgit               | aptPackages",
        "Get:1 http://deb.example git 1.0                 | aptPackages",
        "E: Unable to fetch some archives                 | aptPackages"
      })
  void aSystemPackageIsFoundByItsName(String line, String culprit) {
    assertThat(Culprit.of(APT, List.of("Reading package lists...", line))).isEqualTo(culprit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ERROR: No matching distribution found for six==9         | packages[1] \"six==9\"",
        "  × No solution found when resolving: uvicorn is bad      | packages[0] \"uvicorn[x]>=1\"",
        "ERROR: Could not find a version of typing-extensions      | packages[2] \"typing-extensions; python_version > '3'\"",
        "ERROR: No matching distribution found for sixpack         | packages"
      })
  void aPythonPackageIsFoundByItsName(String line, String culprit) {
    Step step = pip("", "uvicorn[x]>=1", "six==9", "typing-extensions; python_version > '3'");
    assertThat(Culprit.of(step, List.of(line))).isEqualTo(culprit);
  }

  @Test
  void aPackageThatTheAnnotationDoesNotNameStandsInTheRequirementsFile() {
    List<String> lines = List.of("ERROR: No matching distribution found for idna==9");
    assertThat(Culprit.of(pip("req/main.txt", "six"), lines))
        .isEqualTo("requirements \"req/main.txt\"");
    assertThat(Culprit.of(pip("req/main.txt"), lines)).isEqualTo("requirements \"req/main.txt\"");
    assertThat(Culprit.of(pip("req/main.txt", "idna==9"), lines))
        .isEqualTo("packages[0] \"idna==9\"");
  }

  @Test
  void aCommandIsItsOwnCulprit() {
    assertThat(
            Culprit.of(
                new Step.Command(2, "make all\nmake install", List.of()),
                List.of("make: *** error: no rule")))
        .isEqualTo("commands[2] \"make all\"");
  }

  @Test
  void anEnginesRepetitionOfTheCommandIsNoComplaint() {
    List<String> repeated =
        List.of(
            "ERROR: process \"/bin/sh -c apt-get install -y -- 'curl=8.0' 'git'\" did not complete"
                + " successfully: exit code: 100",
            "error: executor failed running [/bin/sh -c apt-get install -y -- 'git']",
            "Error: building at STEP \"RUN apt-get install -y -- 'curl=8.0' 'git'\"");
    assertThat(Culprit.of(APT, repeated)).isEqualTo("aptPackages");
    for (String line : repeated) {
      assertThat(Culprit.of(APT, List.of(line, "E: Unable to locate package curl")))
          .isEqualTo("aptPackages[2] \"curl=8.0\"");
    }
  }

  @Test
  void anEngineThatSaidNothingNamesNoElement() {
    assertThat(Culprit.of(APT, List.of())).isEqualTo("aptPackages");
    assertThat(Culprit.of(pip("", "six"), List.of())).isEqualTo("packages");
  }
}
