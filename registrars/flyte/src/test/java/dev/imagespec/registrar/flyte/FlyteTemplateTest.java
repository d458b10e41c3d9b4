package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.imagespec.flyte.TaskIo;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import flyteidl.core.Tasks;
import flyteidl.core.Types;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Templates, read by the messages of Flyte 1, whose reader refuses unknown fields. */
class FlyteTemplateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "r.example/app@sha256:" + "0".repeat(64);

  private static final FlyteTask FULL =
      new FlyteTask(
          "flytesnacks",
          "development",
          "t.Count",
          "1",
          List.of(
              variable("text", FlyteTask.Type.FILE, FlyteTask.Shape.VALUE, "what to count"),
              variable("stop_words", FlyteTask.Type.STRING, FlyteTask.Shape.LIST, ""),
              variable("weights", FlyteTask.Type.FLOAT, FlyteTask.Shape.MAP, "")),
          List.of(
              variable("words", FlyteTask.Type.INTEGER, FlyteTask.Shape.VALUE, ""),
              variable("report", FlyteTask.Type.FOLDER, FlyteTask.Shape.VALUE, "")),
          new FlyteTask.Resources("500m", "1Gi", 1, ""),
          new FlyteTask.Resources("2", "2Gi", 1, "10Gi"),
          3,
          1800,
          true,
          new FlyteTask.Cache("2", true, List.of("weights")));

  private static FlyteTask.Variable variable(
      String name, FlyteTask.Type type, FlyteTask.Shape shape, String description) {
    return new FlyteTask.Variable(name, type, shape, description);
  }

  private static Manifest manifest(FlyteTask task, Manifest.Payload payload) {
    return new Manifest(
        "t.Count",
        List.of(Manifest.ANNOTATION),
        "",
        "",
        "b:1",
        "",
        Manifest.OwnDockerfile.NONE,
        List.of(Platform.DEFAULT),
        new Manifest.Environment(
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            List.of("curl -H @/run/secrets/canary-id"),
            List.of("canary-id")),
        payload,
        Manifest.Repository.DEFAULT,
        task);
  }

  private static Manifest.Payload payload(String mainClass, List<String> args) {
    return new Manifest.Payload(
        false,
        mainClass,
        List.of("-Xmx512m"),
        List.of(),
        args,
        List.of(),
        List.of(),
        "",
        "",
        List.of(),
        Map.of("CANARY_VARIABLE", "canary-value"),
        Map.of());
  }

  /**
   * What Flyte 1 has when it has read a template; a field that it does not know is an error. The
   * messages are older than the field {@code cache_ignore_input_vars} (13) of {@code TaskMetadata}.
   */
  private static Tasks.TaskTemplate read(JsonNode template) throws InvalidProtocolBufferException {
    Tasks.TaskTemplate.Builder message = Tasks.TaskTemplate.newBuilder();
    JsonFormat.parser().merge(known(template).toString(), message);
    return message.build();
  }

  private static JsonNode known(JsonNode template) {
    JsonNode known = template.deepCopy();
    ((ObjectNode) known.get("metadata")).remove("cacheIgnoreInputVars");
    return known;
  }

  @Test
  void theOracleRefusesWhatFlyteDoesNotKnow() {
    ObjectNode wrong =
        FlyteTemplate.of(manifest(FULL, payload("t.Count", List.of())), IMAGE, Api.FLYTE_1);
    ((ObjectNode) wrong.get("metadata")).put("retry", 1);
    assertThatThrownBy(() -> read(wrong)).hasMessageContaining("retry");
  }

  @Test
  void everythingThatFlyteTaskSaysArrives() throws IOException {
    ObjectNode template =
        FlyteTemplate.of(manifest(FULL, payload("t.Count", List.of("-v"))), IMAGE, Api.FLYTE_1);
    assertThat(template)
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "type": "raw-container",
                  "metadata": {
                    "runtime": {"version": "1", "flavor": "java"},
                    "timeout": "1800s",
                    "retries": {"retries": 3},
                    "interruptible": true,
                    "discoverable": true,
                    "discoveryVersion": "2",
                    "cacheSerializable": true,
                    "cacheIgnoreInputVars": ["weights"]
                  },
                  "interface": {
                    "inputs": {"variables": {
                      "text": {"type": {"blob": {}}, "description": "what to count"},
                      "stop_words": {"type": {"collectionType": {"simple": "STRING"}}},
                      "weights": {"type": {"mapValueType": {"simple": "FLOAT"}}}
                    }},
                    "outputs": {"variables": {
                      "words": {"type": {"simple": "INTEGER"}},
                      "report": {"type": {"blob": {"dimensionality": "MULTIPART"}}}
                    }}
                  },
                  "container": {
                    "image": "%s",
                    "command": ["java", "-Xmx512m", "-cp", "@/app/classpath", "t.Count"],
                    "args": ["-v"],
                    "resources": {
                      "requests": [
                        {"name": "CPU", "value": "500m"},
                        {"name": "GPU", "value": "1"},
                        {"name": "MEMORY", "value": "1Gi"}
                      ],
                      "limits": [
                        {"name": "CPU", "value": "2"},
                        {"name": "GPU", "value": "1"},
                        {"name": "MEMORY", "value": "2Gi"},
                        {"name": "EPHEMERAL_STORAGE", "value": "10Gi"}
                      ]
                    },
                    "dataConfig": {
                      "enabled": true,
                      "inputPath": "/var/inputs",
                      "outputPath": "/var/outputs"
                    }
                  }
                }
                """
                    .formatted(IMAGE)));
    Tasks.TaskTemplate read = read(template);
    assertThat(read.getMetadata().getTimeout().getSeconds()).isEqualTo(1800);
    assertThat(read.getContainer().getDataConfig().getFormat())
        .isEqualTo(Tasks.DataLoadingConfig.LiteralMapFormat.JSON);
    assertThat(read.getContainer().getDataConfig().getInputPath())
        .isEqualTo(TaskIo.INPUTS.toString());
    assertThat(read.getContainer().getDataConfig().getOutputPath())
        .isEqualTo(TaskIo.OUTPUTS.toString());
    assertThat(read.getInterface().getInputs().getVariablesMap()).hasSize(3);
  }

  /** A template that a server returns can be compared with ours. */
  @Test
  void aServersAnswerIsEqual() throws IOException {
    for (FlyteTask task : List.of(FULL, new FlyteTask("t.Count"))) {
      ObjectNode template =
          FlyteTemplate.of(manifest(task, payload("t.Count", List.of())), IMAGE, Api.FLYTE_1);
      assertThat(JSON.readTree(JsonFormat.printer().print(read(template))))
          .isEqualTo(known(template));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatNobodySaysIsLeftOut(Api api) throws IOException {
    ObjectNode template =
        FlyteTemplate.of(manifest(new FlyteTask("t.Count"), Manifest.Payload.NONE), IMAGE, api);
    assertThat(template)
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "type": "raw-container",
                  "metadata": {"runtime": {"version": "1", "flavor": "java"}},
                  "interface": {},
                  "container": {
                    "image": "%s",
                    "dataConfig": {
                      "enabled": true, "inputPath": "/var/inputs", "outputPath": "/var/outputs"
                    }
                  }
                }
                """
                    .formatted(IMAGE)));
    assertThat(read(template).hasInterface()).isTrue();
  }

  @Test
  void flyte2HasAListOfVariablesInTheirOrder() throws IOException {
    ObjectNode one =
        FlyteTemplate.of(manifest(FULL, payload("t.Count", List.of())), IMAGE, Api.FLYTE_1);
    ObjectNode two =
        FlyteTemplate.of(manifest(FULL, payload("t.Count", List.of())), IMAGE, Api.FLYTE_2);
    assertThat(two.at("/interface/inputs/variables"))
        .isEqualTo(
            JSON.readTree(
                """
                [
                  {"key": "text",
                   "value": {"type": {"blob": {}}, "description": "what to count"}},
                  {"key": "stop_words", "value": {"type": {"collectionType": {"simple": "STRING"}}}},
                  {"key": "weights", "value": {"type": {"mapValueType": {"simple": "FLOAT"}}}}
                ]
                """));
    assertThat(two.at("/interface/outputs/variables/1/key").textValue()).isEqualTo("report");
    assertThat(two.get("metadata")).isEqualTo(one.get("metadata"));
    assertThat(two.get("container")).isEqualTo(one.get("container"));
    assertThatThrownBy(
            () ->
                read(
                    FlyteTemplate.of(
                        manifest(FULL, payload("t.Count", List.of())), IMAGE, Api.FLYTE_2)))
        .as("the messages of Flyte 1 know no list")
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeIsATypeOfFlyte(FlyteTask.Type type) throws IOException {
    for (FlyteTask.Shape shape : FlyteTask.Shape.values()) {
      FlyteTask task =
          new FlyteTask(
              "",
              "",
              "t.Count",
              "",
              List.of(variable("x", type, shape, "")),
              List.of(),
              FlyteTask.Resources.UNSET,
              FlyteTask.Resources.UNSET,
              0,
              0,
              false,
              FlyteTask.Cache.NONE);
      Tasks.TaskTemplate read =
          read(FlyteTemplate.of(manifest(task, payload("t.Count", List.of())), IMAGE, Api.FLYTE_1));
      Types.LiteralType one = read.getInterface().getInputs().getVariablesOrThrow("x").getType();
      assertThat(one.getTypeCase())
          .isEqualTo(
              switch (shape) {
                case LIST -> Types.LiteralType.TypeCase.COLLECTION_TYPE;
                case MAP -> Types.LiteralType.TypeCase.MAP_VALUE_TYPE;
                case VALUE -> expected(type);
              });
      assertThat(
              switch (shape) {
                case LIST -> one.getCollectionType().getTypeCase();
                case MAP -> one.getMapValueType().getTypeCase();
                case VALUE -> one.getTypeCase();
              })
          .isEqualTo(expected(type));
    }
  }

  private static Types.LiteralType.TypeCase expected(FlyteTask.Type type) {
    return type == FlyteTask.Type.FILE || type == FlyteTask.Type.FOLDER
        ? Types.LiteralType.TypeCase.BLOB
        : Types.LiteralType.TypeCase.SIMPLE;
  }

  @ParameterizedTest
  @EnumSource
  void secretsAndVariablesOfTheSpecAreNeverSent(Api api) {
    String template =
        FlyteTemplate.of(manifest(FULL, payload("t.Count", List.of())), IMAGE, api).toString();
    assertThat(template).containsOnlyOnce(IMAGE).doesNotContainIgnoringCase("canary");
  }

  @Test
  void aClassThatIsNoTaskOfFlyteHasNoTemplate() {
    assertThatThrownBy(
            () ->
                FlyteTemplate.of(
                    manifest(FlyteTask.NONE, Manifest.Payload.NONE), IMAGE, Api.FLYTE_2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t.Count has no @FlyteTask");
  }
}
