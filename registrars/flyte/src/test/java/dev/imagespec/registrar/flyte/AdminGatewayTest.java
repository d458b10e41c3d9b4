package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.FlyteTask;
import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.runtime.TaskRegistrar.Planned;
import flyteidl.core.Tasks.TaskTemplate;
import flyteidl.core.Types.SimpleType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registration in Flyte 1, at a server with Flyte's own messages. */
class AdminGatewayTest {
  private static final String REPORT = "com.acme.Report";
  private static final String POST = "POST /api/v1/tasks";
  private static final String GET = "GET /api/v1/tasks/acme/development/";

  @TempDir Path dir;
  private final Flyte1Server flyte = new Flyte1Server("acme");

  @AfterEach
  void close() {
    flyte.close();
  }

  private Case acme() {
    return new Case(flyte, dir).set("api", "1");
  }

  private static FlyteTask task(String version, int retries) {
    return new FlyteTask(
        "",
        "",
        REPORT,
        version,
        List.of(
            new FlyteTask.Variable("day", FlyteTask.Type.STRING, FlyteTask.Shape.VALUE, "which"),
            new FlyteTask.Variable("any", FlyteTask.Type.FILE, FlyteTask.Shape.LIST, "")),
        List.of(new FlyteTask.Variable("n", FlyteTask.Type.INTEGER, FlyteTask.Shape.VALUE, "")),
        new FlyteTask.Resources("500m", "1Gi", 0, ""),
        FlyteTask.Resources.UNSET,
        retries,
        60,
        true,
        new FlyteTask.Cache("1", true, List.of()));
  }

  @Test
  void aTaskIsRegisteredInOneRequestAndFoundThereInOne() {
    Case acme = acme().task(REPORT, task("", 2));
    assertThat(acme.outcome())
        .singleElement()
        .asString()
        .startsWith("registered acme/development/");
    assertThat(flyte.requests()).containsExactly(POST);
    TaskTemplate there = flyte.tasks().get(0);
    assertThat(there.getContainer().getImage()).isEqualTo(acme.image());
    assertThat(there.getMetadata().getRetries().getRetries()).isEqualTo(2);
    assertThat(there.getMetadata().getTimeout().getSeconds()).isEqualTo(60);
    assertThat(there.getInterface().getInputs().getVariablesOrThrow("day").getType().getSimple())
        .isEqualTo(SimpleType.STRING);
    assertThat(there.getId().getVersion()).matches("is[0-9a-f]{40}");

    flyte.forget();
    assertThat(acme.outcome()).singleElement().asString().startsWith("unchanged ");
    assertThat(flyte.requests()).containsExactly(POST);
    assertThat(flyte.tasks()).hasSize(1);

    flyte.forget();
    assertThat(acme.plan(true))
        .containsExactly(new Planned.Known(REPORT, REPORT, Action.UNCHANGED, List.of()));
    assertThat(flyte.requests()).containsExactly(GET + REPORT + "/" + there.getId().getVersion());
  }

  @Test
  void anotherTaskUnderAChosenVersionIsShown() {
    acme().task(REPORT, task("1.0", 2)).register();
    assertThat(acme().task(REPORT, task("1.0", 3)).outcome())
        .singleElement()
        .asString()
        .startsWith("failed com.acme.Report: Flyte has another task as acme/development/")
        .contains("metadata.retries.retries: 2 → 3")
        .doesNotContain("container", "interface");
    assertThat(flyte.requests()).containsExactly(POST, POST, GET + REPORT + "/1.0");
  }

  @Test
  void aPlanComparesWithTheNewestVersion() {
    acme().task(REPORT, task("1", 0)).register();
    acme().task(REPORT, task("2", 2)).register();
    flyte.forget();
    assertThat(acme().task(REPORT, task("3", 5)).plan(false))
        .containsExactly(
            new Planned.Known(
                REPORT,
                REPORT,
                Action.REGISTERED,
                List.of(
                    "version: 2 → 3",
                    "metadata.retries.retries: 2 → 5",
                    "container.image: \"r.example/app@sha256:"
                        + "a".repeat(64)
                        + "\" → \"(known after the push)\"")));
    assertThat(flyte.requests()).containsExactly(GET + REPORT + "/3", GET + REPORT);
  }

  @Test
  void aHundredTasksNeedOneRequestEach() {
    Case acme = acme();
    IntStream.range(0, 100).forEach(i -> acme.task("com.acme.Task" + i));
    assertThat(acme.outcome()).hasSize(100).allMatch(line -> line.startsWith("registered "));
    assertThat(acme.outcome()).hasSize(100).allMatch(line -> line.startsWith("unchanged "));
    assertThat(flyte.requests()).hasSize(200).containsOnly(POST);
    assertThat(flyte.mostAtOnce()).isBetween(2, 8);
  }

  @Test
  void aFileIsRegisteredWithWhatFlyte1Demands() throws Exception {
    Path file = dir.resolve("report.yaml");
    Files.writeString(
        file,
        """
        type: raw-container
        id: {name: report, version: v1}
        container:
          image: com.acme.Report
          command: [java]
        """);
    assertThat(acme().plain(REPORT).file(file).set("org", "ignored").outcome())
        .containsExactly("registered acme/development/report@v1");
    assertThat(flyte.tasks().get(0).hasMetadata()).isTrue();
    assertThat(acme().plain(REPORT).file(file).plan(true))
        .singleElement()
        .isInstanceOfSatisfying(
            Planned.Known.class, known -> assertThat(known.action()).isEqualTo(Action.UNCHANGED));
  }

  @Test
  void whatFlyte1DoesNotTakeIsFoundBeforeTheFirstRequest() throws Exception {
    Path file = dir.resolve("report.yaml");
    Files.writeString(
        file,
        """
        type: raw-container
        id: {name: report}
        interface: {inputs: {variables: {day: {type: {simple: STRING}}}}}
        container:
          image: com.acme.Report
        """);
    assertThatThrownBy(acme().plain(REPORT).file(file)::check)
        .hasMessageContaining(
            "report.yaml, line 5, column 3: Flyte 1 takes no container with inputs or outputs that"
                + " has neither command nor args; write the image's command there.");
    assertThat(flyte.requests()).isEmpty();
  }

  @Test
  void errorsOfFlyte1AreToldApart() {
    assertThat(acme().task(REPORT).set("project", "other").outcome())
        .singleElement()
        .asString()
        .contains("has no project other with a domain development. Create the project there")
        .contains("Flyte says: failed to validate that project [other]");
    assertThat(acme().task(REPORT).set("domain", "nowhere").outcome())
        .singleElement()
        .asString()
        .contains("has no project acme with a domain nowhere")
        .contains("domain [nowhere] is unrecognized by system");
    flyte.answer(
        POST, Flyte1Server.error(400, 3, "task type must be whitelisted \u001b[2J\nbefore use"));
    assertThat(acme().task(REPORT).outcome())
        .singleElement()
        .asString()
        .contains("does not take acme/development/com.acme.Report@is")
        .contains("before use")
        .doesNotContain("\u001b");
  }
}
