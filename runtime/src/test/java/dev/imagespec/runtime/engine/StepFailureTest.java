package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads what engines really print. */
class StepFailureTest {
  private final List<Integer> steps = new ArrayList<>();
  private final StepFailure failure =
      new StepFailure(
          new EnvironmentSteps(2),
          new EngineOutput() {
            @Override
            public void line(String text) {}

            @Override
            public void step(int index) {
              steps.add(index);
            }
          });

  private EngineException after(String text) {
    text.lines().forEach(failure::line);
    return failure.explain("buildx");
  }

  @Test
  void theStepOfADaemonsOwnBuildKit() {
    EngineException e =
        after(
            """
            #4 [environment 1/3] FROM 127.0.0.1:5055/python@sha256:0
            #5 [environment 2/3] RUN --mount=type=cache ["/bin/sh", "-c", "apt-get update"]
            #5 CACHED

            #6 [environment 3/3] RUN apt-get update && apt-get install -y nosuchpkg
            #6 1.681 E: Unable to locate package nosuchpkg
            #6 ERROR: executor failed running [/bin/sh -c apt-get …]: exit code: 100
            ------
             > [environment 3/3] RUN apt-get update && …:
            ------
            ERROR: failed to solve: executor failed running [/bin/sh -c apt-get …]: exit code: 100
            """);
    assertThat(e.kind()).isEqualTo(EngineException.Kind.STEP);
    assertThat(e.step()).hasValue(1);
    assertThat(e).hasMessage("it ended with exit code 100");
    assertThat(steps).containsExactly(0, 1);
  }

  private static StepFailure ofInstructions() {
    return new StepFailure(
        new InstructionSteps(
            List.of(
                new EngineBuild.Instruction(0, "one", 2, 2),
                new EngineBuild.Instruction(1, "stage-1", 1, 3),
                new EngineBuild.Instruction(1, "stage-1", 3, 5))),
        text -> {});
  }

  private static EngineException ofInstructions(String text) {
    StepFailure failure = ofInstructions();
    text.lines().forEach(failure::line);
    return failure.explain("buildx");
  }

  @Test
  void theInstructionOfAProjectsDockerfile() {
    EngineException run =
        ofInstructions(
            """
            #5 [linux/arm64 one 2/2] RUN true
            #8 [linux/arm64 stage-1 3/3] RUN make
            #8 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
            """);
    assertThat(run.kind()).isEqualTo(EngineException.Kind.STEP);
    assertThat(run.step()).hasValue(2);
    EngineException copy =
        ofInstructions(
            """
            #6 [stage-1 1/3] COPY nosuch /x
            #6 ERROR: failed to calculate checksum: "/nosuch": not found
            ERROR: failed to solve: "/nosuch": not found
            """);
    assertThat(copy.kind()).as("no other builder helps").isEqualTo(EngineException.Kind.STEP);
    assertThat(copy.step()).hasValue(1);
    assertThat(copy).hasMessage("ERROR: failed to solve: \"/nosuch\": not found");
    EngineException pull =
        ofInstructions(
            """
            #3 [internal] load metadata for a.example/b@sha256:0
            #3 ERROR: dial tcp: connection refused
            Dockerfile:1
            ERROR: failed to solve: dial tcp: connection refused
            """);
    assertThat(pull.kind()).isEqualTo(EngineException.Kind.BUILDER);
  }

  @Test
  void theInstructionOfAProjectsDockerfileInBuildah() {
    EngineException run =
        ofInstructions(
            """
            [1/2] STEP 2/2: RUN true
            [2/2] STEP 3/5: COPY a b
            [2/2] STEP 4/5: WORKDIR /x
            [2/2] STEP 5/5: RUN make
            Error: building at STEP "RUN make": while running runtime: exit status 2
            """);
    assertThat(run.step()).hasValue(2);
    EngineException copy =
        ofInstructions(
            """
            [2/2] STEP 3/5: COPY nosuch /x
            Error: building at STEP "COPY nosuch /x": checking on sources: no such file or directory
            """);
    assertThat(copy.kind()).isEqualTo(EngineException.Kind.STEP);
    assertThat(copy.step()).hasValue(1);
  }

  @Test
  void theStepOfALaterBuildKitForSeveralPlatforms() {
    EngineException e =
        after(
            """
            #7 [linux/amd64 environment 2/3] RUN ["/bin/sh", "-c", "true"]
            #8 [linux/arm64 environment 2/3] RUN ["/bin/sh", "-c", "true"]
            #8 ERROR: process "/bin/sh -c true" did not complete successfully: exit code: 7
            #7 CANCELED
            Dockerfile:5
               5 | >>> RUN ["/bin/sh", "-c", "true"]
            ERROR: failed to solve: process "/bin/sh -c true" did not complete successfully: exit code: 7
            """);
    assertThat(e.step()).hasValue(0);
    assertThat(e).hasMessage("it ended with exit code 7");
  }

  @Test
  void theStepOfBuildah() {
    EngineException e =
        after(
            """
            STEP 1/6: FROM 127.0.0.1:5055/python@sha256:0 AS environment
            STEP 2/6: USER 0
            STEP 3/6: RUN ["/bin/sh", "-c", "true"]
            --> Using cache 1234
            STEP 4/6: RUN apt-get update && apt-get install -y nosuchpkg
            E: Unable to locate package nosuchpkg
            Error: building at STEP "RUN apt-get update && …": exit status 100
            """);
    assertThat(e.kind()).isEqualTo(EngineException.Kind.STEP);
    assertThat(e.step()).hasValue(1);
  }

  @Test
  void aBuilderThatDiesIsToldFromAStepThatFails() {
    EngineException e =
        after(
            """
            #6 [environment 3/3] RUN sleep 60
            ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF
            """);
    assertThat(e.kind()).isEqualTo(EngineException.Kind.BUILDER);
    assertThat(e).hasMessageStartingWith("buildx failed: ERROR: failed to receive status");
  }

  @Test
  void aNumberThatIsTooLargeIsNoReasonToStopReading() {
    String large = "9".repeat(30);
    EngineException e =
        after(
            """
            #9 [environment 1/N] RUN x
            #9 [environment N/2] RUN x
            STEP N/N: RUN x
            Error: building at STEP "RUN x": exit status N
            ERROR: process "x" did not complete successfully: exit code: N
            """
                .replace("N", large));
    assertThat(e.kind()).isEqualTo(EngineException.Kind.STEP);
    assertThat(Docker.version(large + "." + large)).isPositive();
  }

  @Test
  void aFullDiskAndAStrangePlatformAreTold() {
    assertThat(
            after("#4 ERROR: failed to register layer: write /usr/lib/x: no space left on device"))
        .hasMessageContaining("no space left")
        .hasMessageContaining("Free some");
    StepFailure other = new StepFailure(new EnvironmentSteps(1), text -> {});
    other.line("#6 0.1 exec /bin/sh: exec format error");
    other.line("#6 ERROR: process \"/bin/sh -c true\" did not complete successfully: exit code: 1");
    assertThat(other.explain("buildx").kind()).isEqualTo(EngineException.Kind.PLATFORM);
  }

  @Test
  void theLastLineIsQuotedWithoutSecrets() {
    StepFailure failed =
        new StepFailure(
            new EnvironmentSteps(1),
            new EngineOutput() {
              @Override
              public void line(String text) {}

              @Override
              public String shown(String line) {
                return line.replace("s3cret", "***");
              }
            });
    failed.line("denied: s3cret");
    assertThat(failed.explain("the builder")).hasMessage("the builder failed: denied: ***");
  }
}
