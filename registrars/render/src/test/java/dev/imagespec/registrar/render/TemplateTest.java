package dev.imagespec.registrar.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.registrar.definition.TaskNames;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final TaskNames TASKS =
      TaskNames.of(List.of("com.acme.Report", "com.acme.Outer$Inner"), Set.of());
  private static final String IMAGE = "ghcr.io/acme/r@sha256:0";

  private static String rendered(String file, String text) {
    return Template.of(file, text, TASKS).with(task -> IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image: com.acme.Report",
        "image: \"com.acme.Report\"  # the report",
        "image:   'com.acme.Report'",
        "- com.acme.Report",
        "a: [x, com.acme.Report, y]",
        "{\"image\":\"com.acme.Report\",\"n\":1}",
        "image: !!str com.acme.Report",
        "image: &i com.acme.Report\nother: *i",
        "image: >-\n  com.acme.Report\nnext: 1",
        "# com.acme.Report.java\nimage: com.acme.Report\r\nb: 2\r\n",
        "\uD83D\uDE00: x\nimage: com.acme.Report",
        "image: com.acme.Outer.Inner",
        "image: com.acme.Outer$Inner",
        "com.acme.Report: com.acme.Report",
        "? com.acme.Report\n: com.acme.Report",
      })
  void aWholeValueOfYamlIsReplacedAndAllElseStays(String text) {
    String expected =
        text.replaceFirst("(?s)(.*)com\\.acme\\.(?:Report(?!\\.)|Outer.Inner)", "$1" + IMAGE);
    assertThat(rendered("k.yaml", text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# image: com.acme.Report",
        "com.acme.Report: 1",
        "\"com.acme.Report\": 1",
        "image: x/com.acme.Report",
        "image: com.acme.Report:1",
        "image: com.acme.Reports",
        "text: see com.acme.Report",
        "text: |\n  image: com.acme.Report\n  more",
        "a: com.acme",
        "a: \"com.acme.\\u0052eport\"",
      })
  void nothingElseIs(String text) {
    assertThat(rendered("k.yaml", text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.tfvars     | image = "com.acme.Report"
          a.tf         | images = ["x", "com.acme.Report"] // both
          a.tf         | "com.acme.Report",
          a.toml       | image = 'com.acme.Report' # it
          a.properties | image=com.acme.Report
          a.properties | image: com.acme.Report
          .env         | IMAGE=com.acme.Report
          chart.tpl    | image: {{ .x }} com.acme | image: com.acme.Report
          cdk.json     | {"context": {"image": "com.acme.Report"}}
          a.yaml       | {{- if .Values.on }} \\n image: com.acme.Report \\n{{- end }}
          chart.tpl    | image: com.acme.Report # it
          chart.tpl    | image: {{ default "com.acme.Report" .Values.image }}
          chart.tpl    | path: /* \\n image: com.acme.Report \\n schedule: "*/5 * * * *"
          chart.tpl    | - /* \\n image: com.acme.Report
          chart.tpl    | {name: it's, image: com.acme.Report, command: a b}
          a.tf         | image = "com.acme.Report" /* it */
          a.tf         | x = var.on ? "com.acme.Report" : "y"
          a.tf         | x = <<E\\n {"image": "com.acme.Report"}\\nE
          a.properties | images=a,com.acme.Report, b
          a.ini        | image = com.acme.Report ; it
          """)
  void valuesOfOtherFilesAreReplaced(String file, String text) {
    String real = text.replace("\\n", "\n");
    assertThat(rendered(file, real)).isEqualTo(real.replace("com.acme.Report", IMAGE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.tf         | # image = "com.acme.Report"
          a.tf         | // image = "com.acme.Report"
          a.tf         | /* "com.acme.Report", */ x = 1
          a.tf         | "com.acme.Report" = 1
          a.tf         | x = "see com.acme.Report"
          a.toml       | com.acme.Report = 1
          a.properties | !image=com.acme.Report
          a.properties | com.acme.Report=x
          a.properties | image=com.acme.Report and more
          a.txt        | com.acme.Report
          a.tf         | x = 1 /* "com.acme.Report" */
          a.tf         | x = "a" /* b\\n "com.acme.Report",\\n*/
          chart.tpl    | {{/* image: com.acme.Report */}}
          chart.tpl    | {{- /* a\\n image: com.acme.Report\\n*/ -}}
          chart.tpl    | text: "hello, com.acme.Report, bye"
          a.properties | text = see a, com.acme.Report, b
          a.properties | text = com.acme.Report, and more
          a.properties | text = com.acme.Report;b
          a.properties | text = 1com.acme.Report
          .env         | X="{\\"image\\": \\"com.acme.Report\\"}"
          """)
  void otherTextsOfOtherFilesStay(String file, String text) {
    String real = text.replace("\\n", "\n");
    assertThat(rendered(file, real)).isEqualTo(real);
  }

  @Test
  void aLongLineIsReadOnce() {
    String one = "(com.acme.Report, ! ; /* it's ";
    assertThat(Template.of("a.txt", one.repeat(100_000), TASKS).places().size()).isEqualTo(100_000);
    assertThat(Template.of("a.txt", one.repeat(100_000) + "*/", TASKS).places()).hasSize(1);
  }

  @Test
  void aNameThatLooksLikeATaskIsToldWithItsLine() {
    Template template =
        Template.of(
            "k.yaml",
            "a: 1\nimage: com.acme.Reprot\nb: com.acme.Far\nc: com.acme.Outer.X\nd: com\n",
            TASKS);
    assertThat(template.odd())
        .containsExactly(
            "k.yaml, line 2: com.acme.Reprot is no task; did you mean com.acme.Report?",
            "k.yaml, line 3: com.acme.Far is no task, and stays as it is.",
            "k.yaml, line 4: com.acme.Outer.X is no task, and stays as it is.");
  }
}
