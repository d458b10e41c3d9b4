package dev.imagespec.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DockerfileTest {
  private static final Manifest.Environment MAKE =
      new Manifest.Environment(
          List.of(), List.of(), "", "", List.of(), List.of("make"), List.of("token"));

  private static Manifest manifest(
      String baseImage,
      String baseSpec,
      Manifest.Environment environment,
      Manifest.Payload payload) {
    return new Manifest(
        "t.Task",
        "",
        "",
        baseImage,
        baseSpec,
        List.of(Platform.DEFAULT),
        environment,
        payload,
        Manifest.Repository.DEFAULT);
  }

  private static Manifest.Payload payload(
      String mainClass, String user, List<String> ports, List<String> args, String value) {
    return new Manifest.Payload(
        false,
        mainClass,
        List.of(),
        List.of(),
        args,
        ports,
        List.of(),
        "",
        user,
        List.of(),
        value.isEmpty() ? Map.of() : Map.of("BASE_USER", value),
        Map.of());
  }

  /** The lines without the two comments at the top. */
  private static List<String> lines(Manifest manifest) {
    List<String> lines = Dockerfile.of(manifest).lines().toList();
    assertThat(lines.subList(0, 2)).allMatch(line -> line.startsWith("# "));
    return lines.subList(2, lines.size());
  }

  @Test
  void filesOfTheStepsAreThereBeforeThem() {
    Manifest.Environment steps =
        new Manifest.Environment(
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            List.of("make"),
            List.of(),
            Manifest.Pip.DEFAULT,
            List.of(new Manifest.Copy("$(id)", "/a $B", ""), new Manifest.Copy("x", "/opt/x", "")));
    assertThat(lines(manifest("b:1", "", steps, Manifest.Payload.NONE)))
        .containsExactly(
            "ARG BASE_IMAGE=b:1",
            "FROM ${BASE_IMAGE} AS environment",
            "USER 0",
            "ADD [\"steps.tar\", \"/\"]",
            "RUN [\"/bin/sh\", \"-c\", \"make\"]",
            "ARG BASE_USER=0",
            "USER ${BASE_USER}",
            "",
            "FROM environment");
  }

  @Test
  void copiesWithAnOwnerAreInATar() {
    for (String owner : List.of("", "0", "0:0", "1000")) {
      Manifest.Payload payload =
          new Manifest.Payload(
              false,
              "",
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              "",
              "",
              List.of(
                  new Manifest.Copy("a", "/a", ""),
                  new Manifest.Copy("b", "/b", "", List.of(), List.of(), List.of(), "", owner)),
              Map.of(),
              Map.of());
      List<String> lines = lines(manifest("scratch", "", Manifest.Environment.NONE, payload));
      assertThat(lines.subList(3, lines.size()))
          .as(owner)
          .isEqualTo(
              owner.equals("1000")
                  ? List.of("ADD [\"copy.tar\", \"/\"]")
                  : List.of("COPY [\"copy/0/\", \"/\"]", "COPY [\"copy/1/\", \"/\"]"));
    }
  }

  @Test
  void nothingOnABase() {
    assertThat(lines(manifest("b:1", "", Manifest.Environment.NONE, Manifest.Payload.NONE)))
        .containsExactly(
            "ARG BASE_IMAGE=b:1", "FROM ${BASE_IMAGE} AS environment", "", "FROM environment");
  }

  @Test
  void scratchHasNoArgument() {
    assertThat(lines(manifest("scratch", "", Manifest.Environment.NONE, Manifest.Payload.NONE)))
        .containsExactly("FROM scratch AS environment", "", "FROM environment");
  }

  @Test
  void anotherTasksImageIsKnownToItsRegistrationAlone() {
    assertThat(lines(manifest("", "t.Other", Manifest.Environment.NONE, Manifest.Payload.NONE)))
        .startsWith("ARG BASE_IMAGE", "FROM ${BASE_IMAGE} AS environment");
  }

  @Test
  void afterItsStepsAnImageGoesBackToTheBasesUserUnlessItHasItsOwn() {
    String run =
        "RUN --mount=type=secret,id=token,target=/run/secrets/token,required=true"
            + " [\"/bin/sh\", \"-c\", \"make\"]";
    Manifest base = manifest("b:1", "", MAKE, Manifest.Payload.NONE);
    assertThat(Dockerfile.asksForUser(base)).isTrue();
    assertThat(lines(base).subList(2, 8))
        .containsExactly(
            "USER 0", run, "ARG BASE_USER=0", "USER ${BASE_USER}", "", "FROM environment");
    Manifest own = manifest("b:1", "", MAKE, payload("", "app", List.of(), List.of(), ""));
    assertThat(Dockerfile.asksForUser(own)).isFalse();
    assertThat(lines(own).subList(2, 7))
        .containsExactly("USER 0", run, "", "FROM environment", "USER \"app\"");
    assertThat(
            Dockerfile.asksForUser(
                manifest("b:1", "", Manifest.Environment.NONE, Manifest.Payload.NONE)))
        .isFalse();
  }

  @Test
  void aVariableIsNotTakenForTheBasesUser() {
    assertThat(lines(manifest("b:1", "", MAKE, payload("", "", List.of(), List.of(), "evil"))))
        .containsSubsequence("USER ${BASE_USER}", "ENV BASE_USER=\"evil\"");
  }

  @Test
  void aMainClassRunsOnTheClassPath() {
    Manifest.Payload payload = payload("t.Main", "", List.of(), List.of("$X"), "");
    assertThat(lines(manifest("b:1", "", Manifest.Environment.NONE, payload)))
        .endsWith(
            "FROM environment",
            "COPY [\"classpath\", \"/app/classpath\"]",
            "COPY [\"libs/\", \"/\"]",
            "COPY [\"resources/\", \"/\"]",
            "COPY [\"classes/\", \"/\"]",
            "ENTRYPOINT [\"java\", \"-cp\", \"@/app/classpath\", \"t.Main\"]",
            "CMD [\"$X\"]");
  }

  @Test
  void portsAreExposedOneByOneInLinesThatBuildersRead() {
    Manifest.Payload payload = payload("", "", List.of("53/udp", "1000-1999"), List.of(), "");
    List<String> lines = lines(manifest("b:1", "", Manifest.Environment.NONE, payload));
    assertThat(lines.subList(4, 7))
        .containsExactly("EXPOSE 53/udp", expose(1000, 1499), expose(1500, 1999));
    assertThat(lines).hasSize(7);
  }

  private static String expose(int first, int last) {
    return "EXPOSE"
        + IntStream.rangeClosed(first, last)
            .mapToObj(port -> " " + port)
            .reduce("", String::concat);
  }

  @Test
  void noLineIsLongerThanABuilderReads() {
    String text = "\\\\".repeat(33_000);
    Manifest.Environment environment =
        new Manifest.Environment(List.of(), List.of(), "", "", List.of(), List.of(text), List.of());
    List<String> args = Collections.nCopies(20_001, "x");
    String dockerfile =
        Dockerfile.of(manifest("b:1", "", environment, payload("", "", List.of(), args, text)));
    assertThat(dockerfile.lines()).allMatch(line -> line.length() < 20_000);
  }
}
