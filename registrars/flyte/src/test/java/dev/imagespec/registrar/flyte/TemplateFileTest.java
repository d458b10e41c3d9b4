package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateFileTest {
  private static final String REPORT = "com.acme.Report";

  @TempDir Path dir;
  private final Flyte2Fake flyte = new Flyte2Fake("acme");

  @AfterEach
  void close() {
    flyte.close();
  }

  private Case with(String text) {
    Path file = dir.resolve("report.yaml");
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new Case(flyte, dir).plain(REPORT).plain("com.acme.Side").file(file);
  }

  private void refused(String text, String message) {
    assertThatThrownBy(with(text)::check)
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessage("flyte:" + dir.resolve("report.yaml") + message);
    assertThat(flyte.requests()).isEmpty();
  }

  private static final String FILE =
      """
      # A task of ours.
      id:
        project: acme
        domain: production
        name: daily-report
      type: raw-container
      metadata:
        retries: {retries: 2}
        timeout: 1800s
      container:
        image: com.acme.Report
        command: [java, -jar, /app.jar]
        resources:
          requests:
          - {name: CPU, value: "2"}
        data_config: {enabled: true, input_path: /var/inputs, output_path: /var/outputs}
      """;

  @Test
  void aTemplateIsRegisteredWithTheImageInThePlaceOfTheClass() {
    Case acme = with(FILE).unset("domain");
    assertThat(acme.outcome())
        .singleElement()
        .asString()
        .matches("registered acme/production/daily-report@is[0-9a-f]{40}");
    JsonNode template = flyte.specs().get(0).path("taskTemplate");
    assertThat(template.at("/container/image").asText()).isEqualTo(acme.image());
    assertThat(template.at("/container/dataConfig/inputPath").asText()).isEqualTo("/var/inputs");
    assertThat(template.at("/id/version").asText()).startsWith("is");
    assertThat(acme.outcome()).singleElement().asString().startsWith("unchanged ");
  }

  @Test
  void aPodHasSeveralImages() {
    Case acme =
        with(
            """
            {"id": {"name": "pod", "version": "1"}, "type": "raw-container",
             "k8sPod": {"primaryContainerName": "main", "podSpec": {
               "initContainers": [{"name": "i", "image": "busybox:1"}],
               "containers": [{"name": "main", "image": "com.acme.Report"},
                              {"name": "side", "image": "com.acme.Side"}]}}}
            """);
    assertThat(acme.outcome())
        .containsExactly("registered acme/development/pod@1", "registered acme/development/pod@1");
    JsonNode pod = flyte.specs().get(0).at("/taskTemplate/k8sPod/podSpec");
    assertThat(pod.at("/containers/0/image").asText()).isEqualTo(acme.image());
    assertThat(pod.at("/containers/1/image").asText()).isEqualTo(acme.image());
    assertThat(pod.at("/initContainers/0/image").asText()).isEqualTo("busybox:1");
    assertThat(flyte.count(Flyte2Fake.DEPLOY)).isEqualTo(1);
  }

  @Test
  void whatIsWrongIsSaidWithLineAndColumn() {
    refused(
        FILE.replace("retries: 2", "retrys: 2"),
        ", line 8, column 21: Flyte's RetryStrategy has no field retrys; did you mean retries?");
    refused(
        FILE.replace("1800s", "30m"),
        ", line 9, column 12: a duration is a text of seconds such as \"300s\", not \"30m\".");
    refused(
        FILE.replace("name: CPU", "name: cpu"),
        ", line 15, column 14: this is one of UNKNOWN, CPU, GPU, MEMORY, STORAGE, EPHEMERAL_STORAGE,"
            + " not \"cpu\".");
    refused(
        FILE.replace("value: \"2\"", "value: 2"),
        ", line 15, column 26: this is a text in Flyte; put 2 in quotes, or write a text.");
    refused(
        FILE.replace("type: raw-container", "task_type_version: 0"),
        ", line 2, column 1: the template has no type; the type of a container that knows nothing of"
            + " Flyte is raw-container.");
    refused(
        FILE.replace("daily-report", "daily/report"),
        ", line 5, column 9: a name has 1 to 255 characters, and no '/' or blank; \"daily/report\" is"
            + " none.");
    refused(
        FILE.replace("  name: daily-report\n", ""),
        ", line 3, column 3: the task has no name; write it there.");
    refused(
        FILE.replace("domain: production", "resourceType: WORKFLOW"),
        ", line 4, column 17: a task template's resourceType is TASK, not WORKFLOW.");
  }

  @Test
  void aClassThatIsNoTaskIsAnError() {
    assertThatThrownBy(with(FILE.replace(REPORT, "com.acme.Rapport"))::check)
        .hasMessageContaining("line 11, column 10: com.acme.Rapport is no task");
    assertThatThrownBy(with(FILE.replace(REPORT, "busybox:1"))::check)
        .hasMessageContaining("no task is named");
  }

  @Test
  void aFileAndAClassWithOneNameAreAnError() {
    Case both =
        with(FILE)
            .unset("domain")
            .task("com.acme.Daily", new FlyteTask("daily-report"))
            .set("domain", "production");
    assertThatThrownBy(both::check)
        .hasMessageContaining("com.acme.Daily and flyte:", "are both the task daily-report");
  }

  @Test
  void aFileNeedsAnEndpoint() throws IOException {
    Path file = Files.writeString(dir.resolve("report.yaml"), FILE);
    assertThatThrownBy(new Case(Map.of(), dir).plain(REPORT).file(file)::check)
        .hasMessageContaining("no endpoint is configured");
  }
}
