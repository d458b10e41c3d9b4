package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import flyteidl.core.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> complaints = new ArrayList<>();

  private JsonNode form(Api api, String template) {
    return new TemplateForm(api).of(tree(template), (at, what) -> complaints.add(at + ": " + what));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static final String ONE_WAY =
      """
      {'type': 'raw-container', 'task_type_version': 0, 'custom': null, 'config': {},
       'metadata': {'interruptible': false, 'discoverable': false, 'timeout': '300.000s',
                    'retries': {'retries': '3'}},
       'interface': {'inputs': {'variables': {'day': {'type': {'simple': 'STRING'}, 'description': ''}}}},
       'container': {'image': 'a', 'data_config': {'format': 'JSON', 'enabled': true}, 'command': []}}
      """;

  private static final String OTHER_WAY =
      """
      {'type': 'raw-container',
       'metadata': {'interruptible': false, 'timeout': '300s', 'retries': {'retries': 3}},
       'interface': {'inputs': {'variables': [{'key': 'day', 'value': {'type': {'simple': 'STRING'}}}]}},
       'container': {'image': 'a', 'dataConfig': {'enabled': true}}}
      """;

  @Test
  void whatMeansTheSameHasTheSameForm() {
    assertThat(form(Api.FLYTE_2, ONE_WAY)).isEqualTo(tree(OTHER_WAY));
    assertThat(form(Api.FLYTE_2, OTHER_WAY)).isEqualTo(tree(OTHER_WAY));
    assertThat(form(Api.FLYTE_1, OTHER_WAY)).isEqualTo(form(Api.FLYTE_1, ONE_WAY));
    assertThat(complaints).isEmpty();
  }

  @Test
  void theFormMeansWhatTheTemplateMeant() throws Exception {
    Tasks.TaskTemplate.Builder before = Tasks.TaskTemplate.newBuilder();
    JsonFormat.parser().merge(tree(ONE_WAY).toString(), before);
    Tasks.TaskTemplate.Builder after = Tasks.TaskTemplate.newBuilder();
    JsonFormat.parser().merge(form(Api.FLYTE_1, ONE_WAY).toString(), after);
    assertThat(after.build()).isEqualTo(before.build());
    String printed =
        JsonFormat.printer()
            .alwaysPrintFieldsWithNoPresence()
            .preservingProtoFieldNames()
            .print(before.build());
    assertThat(new TemplateForm(Api.FLYTE_1).ofAnswer(JSON.readTree(printed)))
        .isEqualTo(form(Api.FLYTE_1, OTHER_WAY));
  }

  @Test
  void aPodIsAnyObject() {
    String pod = "{'k8sPod': {'podSpec': {'containers': [{'image': 'a', 'x': 1.0, 'y': null}]}}}";
    assertThat(form(Api.FLYTE_2, pod)).isEqualTo(tree(pod.replace("1.0", "1")));
    assertThat(complaints).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'containr': {}} | /containr: Flyte's TaskTemplate has no field containr; did you mean container?",
        "{'container': {'imag': 'a'}} | /container/imag: Flyte's Container has no field imag; did you mean image?",
        "{'container': {'volumes': []}} | /container/volumes: Flyte's Container has no field volumes; it has image, command, args, resources, env, config, ports, dataConfig, architecture",
        "{'container': {}, 'sql': {}} | /sql: TaskTemplate has container or sql, not both",
        "{'k8sPod': {}, 'k8s_pod': {}} | /k8s_pod: k8s_pod and k8sPod are the same field; keep one",
        "{'type': 1} | /type: this is a text in Flyte; put 1 in quotes, or write a text",
        "{'metadata': {'timeout': '5m'}} | /metadata/timeout: a duration is a text of seconds such as \"300s\", not \"5m\"",
        "{'metadata': {'timeout': 300}} | /metadata/timeout: a duration is a text of seconds such as \"300s\", not 300",
        "{'metadata': {'interruptible': 'yes'}} | /metadata/interruptible: this is true or false, not \"yes\"",
        "{'metadata': {'retries': {'retries': -1}}} | /metadata/retries/retries: this is a whole number, not -1",
        "{'metadata': {'retries': 3}} | /metadata/retries: Flyte's RetryStrategy is an object, not 3",
        "{'container': {'command': 'java'}} | /container/command: command is a list, not \"java\"",
        "{'config': []} | /config: config is an object, not a list",
        "{'container': {'architecture': 'amd64'}} | /container/architecture: this is one of UNKNOWN, AMD64, ARM64, ARM_V6, ARM_V7, not \"amd64\"",
        "{'interface': {'inputs': {'variables': [{'value': {}}]}}} | /interface/inputs/variables/0: this variable has no key",
        "{'interface': {'inputs': {'variables': [{'key': 'a'}, {'key': 'a'}]}}} | /interface/inputs/variables/1: two variables are a",
        "{'interface': {'inputs': {'variables': {'a': {'typ': {}}}}}} | /interface/inputs/variables/a/typ: Flyte's Variable has no field typ; did you mean type?",
      })
  void whatIsWrongIsSaidWithItsPlace(String template, String complaint) {
    form(Api.FLYTE_2, template);
    assertThat(complaints).containsExactly(complaint);
  }

  @Test
  void aFieldOfTheOtherInterfaceIsNamedAsThat() {
    form(Api.FLYTE_1, "{'reuse_policy': {}}");
    assertThat(complaints)
        .containsExactly(
            "/reuse_policy: reuse_policy is a field of Flyte 2 alone, and imagespec.flyte.api is 1");
  }

  @Test
  void whatAnAnswerHasBeyondTheTableIsLeftOut() {
    assertThat(
            new TemplateForm(Api.FLYTE_2)
                .ofAnswer(tree("{'type': 'a', 'new': {'b': 1}, 'metadata': 7}")))
        .isEqualTo(tree("{'type': 'a', 'metadata': {}}"));
  }
}
