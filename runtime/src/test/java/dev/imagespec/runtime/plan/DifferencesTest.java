package dev.imagespec.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.LayerInputs;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of change, by the JSON that records have. */
class DifferencesTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-11-27");
  private static final String ONE = "sha256:1" + "a".repeat(63);
  private static final String TWO = "sha256:2" + "b".repeat(63);
  private static final String LIBS = "/app/libs/";
  private static final String CLASSES = "/app/classes/0/";

  private static final String IMAGE =
      """
      {"base":{"name":"docker.io/library/a:1","platforms":{"linux/amd64":"ONE"}},
       "environment":{"linux/amd64":"ONE"},
       "steps":{"apt":["curl=8.0","git"],"python":["numpy==2.1.0","pandas>=2"],
        "requirements":["six==1.16.0"],"indexes":["https://one.example"],
        "commands":["make","make install"],"secrets":["token"]},
       "payload":{"layers":[],"entrypoint":["java","-cp","x"],"args":["a b"],"env":{"TZ":"UTC"},
        "labels":{"team":"red"},"ports":["80/tcp"],"volumes":["/data"],"workingDirectory":"/",
        "user":"app"}}
      """
          .replace("ONE", ONE);

  private static ImageInputs image(String json, LayerInputs... layers) {
    ImageInputs read =
        ImageInputs.parse(
            Json.parse(json),
            (name, digest) -> {
              throw new AssertionError("no layer");
            });
    return new ImageInputs(
        read.base(),
        read.locked(),
        read.platforms(),
        read.environments(),
        read.steps(),
        List.of(layers),
        read.config());
  }

  private static List<String> lines(ImageInputs before, ImageInputs now) {
    return new Comparison(
            List.of("a.B"),
            Comparison.Source.HISTORY,
            "r/n@" + ONE,
            "0".repeat(64),
            Differences.between(before, now, "", TODAY),
            0)
        .lines();
  }

  static List<Arguments> changes() {
    return List.of(
        change(
            "\"name\":\"docker.io/library/a:1\"",
            "\"name\":\"ghcr.io/x/b:2\"",
            "base: a:1 → ghcr.io/x/b:2"),
        change(
            "\"linux/amd64\":\"" + ONE + "\"}},",
            "\"linux/amd64\":\"" + TWO + "\"}},",
            "base a:1: 1aaa… → 2bbb…"),
        change(
            "\"linux/amd64\":\"" + ONE + "\"}},",
            "\"linux/amd64\":\"" + ONE + "\",\"linux/arm64\":\"" + TWO + "\"}},",
            "+ platform linux/arm64"),
        change("curl=8.0", "curl=8.1", "environment: apt curl 8.0 → 8.1"),
        change("\"curl=8.0\",", "", "environment: apt curl 8.0 gone"),
        change("\"git\"", "\"git\",\"jq=1.6\"", "environment: apt jq 1.6 new"),
        change("\"git\"", "\"git=1:2\"", "environment: apt git any version → 1:2"),
        change("numpy==2.1.0", "NumPy==2.2.0", "environment: python numpy 2.1.0 → 2.2.0"),
        change("pandas>=2", "pandas>=2,<3", "environment: python pandas >=2 → >=2,<3"),
        change("six==1.16.0", "six==1.17.0", "environment: python six 1.16.0 → 1.17.0"),
        change(
            "\"https://one.example\"",
            "\"https://two.example\"",
            "environment: package index https://two.example new, package index https://one.example gone"),
        change(
            "\"requirements\":[\"six==1.16.0\"]",
            "\"requirements\":[\"six==1.17.0 --hash=sha256:aa --hash=sha256:bb\"]",
            "environment: python six 1.16.0 → 1.17.0"),
        change(
            "\"requirements\":[\"six==1.16.0\"]",
            "\"requirements\":[\"six==1.16.0 --hash=sha256:aa\"]",
            "environment: python six 1.16.0 → 1.16.0 with other files"),
        change(
            "\"secrets\"",
            "\"options\":[\"--pre\"],\"secrets\"",
            "environment: pip option --pre new"),
        change("\"make\",", "", "environment: command \"make\" gone"),
        change(
            "\"make\",\"make install\"",
            "\"make install\",\"make\"",
            "environment: command order changed"),
        change("\"token\"", "\"token\",\"two\"", "environment: secret two new"),
        change("\"secrets\"", "\"rebuild\":1,\"secrets\"", "environment: rebuild 0 → 1"),
        change(
            "\"environment\":{\"linux/amd64\":\"" + ONE,
            "\"environment\":{\"linux/amd64\":\"" + TWO,
            "environment: steps as this release runs them changed"),
        change("\"-cp\",\"x\"", "\"-cp\",\"y\"", "entrypoint: java -cp x → java -cp y"),
        change("\"args\":[\"a b\"]", "\"args\":[\"a\",\"b\"]", "args: \"a b\" → a b"),
        change(
            "\"args\":[\"a b\"]",
            "\"args\":[\"echo \\\"a\\\"\",\"\\\"b\"]",
            "args: \"a b\" → \"echo \\\"a\\\"\" \"\\\"b\""),
        change("\"TZ\":\"UTC\"", "\"TZ\":\"CET\"", "env TZ: UTC → CET"),
        change("\"TZ\":\"UTC\"", "", "- env TZ=UTC"),
        change("\"TZ\":\"UTC\"", "\"TZ\":\"UTC\",\"A\":\"\"", "+ env A"),
        change(
            "\"env\":{\"TZ\":\"UTC\"}",
            "\"env\":{\"TZ\":\"UTC\"},\"envPrepend\":{\"PATH\":\"/x\"}",
            "+ env prepend PATH=/x"),
        change("\"labels\":", "\"annotations\":{\"a.b\":\"c\"},\"labels\":", "+ annotation a.b=c"),
        change("\"team\":\"red\"", "\"team\":\"blue\"", "label team: red → blue"),
        change("\"80/tcp\"", "\"80/tcp\",\"53/udp\"", "+ port 53/udp"),
        change("\"80/tcp\"", "", "- port 80/tcp"),
        change("\"/data\"", "\"/data\",\"/more\"", "+ volume /more"),
        change(
            "\"workingDirectory\":\"/\"",
            "\"workingDirectory\":\"/w\"",
            "working directory: / → /w"),
        change(
            "\"user\":\"app\"",
            "\"user\":\"app\",\"stopSignal\":\"SIGINT\"",
            "stop signal: (unset) → SIGINT"),
        change(
            "\"user\":\"app\"",
            "\"user\":\"app\",\"creationTime\":\"2026-11-28T10:00:00Z\"",
            "creation time: (unset) → 2026-11-28T10:00:00Z"),
        change("\"user\":\"app\"", "\"user\":\"\"", "user: app → (unset)"),
        change("\"user\":\"app\"", "\"user\":\"\\u001b[31mred\"", "user: app → \\u001b[31mred"));
  }

  private static Arguments change(String from, String to, String line) {
    return Arguments.of(from, to, line);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeIsOneLine(String from, String to, String line) {
    assertThat(IMAGE).contains(from);
    assertThat(lines(image(IMAGE), image(IMAGE.replace(from, to)))).containsExactly(line);
  }

  @Test
  void theSameIsNoChange() {
    assertThat(Differences.between(image(IMAGE), image(IMAGE), "x", TODAY)).isEmpty();
  }

  @Test
  void aBaseIsComparedForEachPlatformWithItsDays() {
    String two =
        IMAGE.replace(
            "\"platforms\":{\"linux/amd64\":\"" + ONE + "\"}",
            "\"locked\":\"2026-11-02\",\"platforms\":{\"linux/amd64\":\"$\",\"linux/arm64\":\"$\"}");
    String now = two.replace("2026-11-02", TODAY.toString());
    assertThat(lines(image(two.replace("$", ONE)), image(now.replace("$", TWO))))
        .containsExactly(
            "base a:1 for linux/amd64: 1aaa… → 2bbb… (locked 2026-11-02 → today)",
            "base a:1 for linux/arm64: 1aaa… → 2bbb… (locked 2026-11-02 → today)");
    assertThat(
            lines(
                image(two.replace("$", ONE).replace("\"locked\":\"2026-11-02\",", "")),
                image(two.replace("$", TWO))))
        .contains("base a:1 for linux/amd64: 1aaa… → 2bbb… (locked 2026-11-02)");
  }

  @Test
  void theImageOfAnotherTaskIsComparedByItsFingerprint() {
    String spec = IMAGE.replace("docker.io/library/a:1", "spec").replace(ONE, "1".repeat(64));
    assertThat(
            lines(image(spec), image(spec.replace("\"linux/amd64\":\"1", "\"linux/amd64\":\"2"))))
        .containsExactly("base image of its base task: 1111… → 2111…");
  }

  private static LayerInputs layer(String name, String... files) {
    Map<String, String> list = new TreeMap<>();
    List<Object> entries = new ArrayList<>();
    for (String file : files) {
      String[] parts = file.split(" ", 2);
      list.put(parts[0], parts[1]);
    }
    list.forEach(
        (path, text) -> {
          List<Object> entry = new ArrayList<>(List.of(path));
          entry.addAll(List.of(text.split(" ")));
          entries.add(entry);
        });
    Digest digest =
        Digest.of(
            Json.canonical(Map.of("name", name, "entries", entries))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return LayerInputs.parse(name, digest, list);
  }

  private static List<String> lines(List<LayerInputs> before, List<LayerInputs> now) {
    return lines(
        image(IMAGE, before.toArray(LayerInputs[]::new)),
        image(IMAGE, now.toArray(LayerInputs[]::new)));
  }

  @Test
  void filesAreComparedByPath() {
    assertThat(
            lines(
                List.of(
                    layer(
                        "classes",
                        CLASSES + "a/B.class 644 " + ONE,
                        CLASSES + "a/C.class 644 " + ONE),
                    layer("files", "/bin/x 644 " + ONE, "/etc/motd 644 " + ONE, "/etc/d 755")),
                List.of(
                    layer(
                        "classes",
                        CLASSES + "a/B.class 644 " + TWO,
                        "/app/classes/1/a/D.class 644 " + ONE),
                    layer("files", "/bin/x 755 " + ONE, "/etc/motd 600 " + TWO, "/etc/e 755"))))
        .containsExactly(
            "~ classes: a/B.class changed, a/C.class gone, /app/classes/1/a/D.class new",
            "~ files: /bin/x mode 644 → 755, /etc/d gone, /etc/e new, /etc/motd changed, /etc/motd mode"
                + " 644 → 600");
  }

  @Test
  void aJarHasALineAndTheOrderOnlyCountsWhereNothingElseDid() {
    String order = "/app/classpath 644 ";
    LayerInputs before = layer("dependencies", order + ONE, LIBS + "a.jar 644 " + ONE);
    assertThat(
            lines(
                List.of(before, layer("snapshots", LIBS + "s-SNAPSHOT.jar 644 " + ONE)),
                List.of(
                    layer(
                        "dependencies",
                        order + TWO,
                        LIBS + "a.jar 644 " + TWO,
                        LIBS + "b.jar 644 " + ONE,
                        LIBS + "s-SNAPSHOT.jar 644 " + ONE))))
        .containsExactly(
            "~ a.jar", "+ b.jar", "~ s-SNAPSHOT.jar: moved from snapshots to dependencies");
    assertThat(
            lines(
                List.of(before),
                List.of(layer("dependencies", order + TWO, LIBS + "a.jar 644 " + ONE))))
        .containsExactly("~ class path order");
  }

  @Test
  void aLayerWhoseFilesAreNotRecordedIsOneChange() {
    LayerInputs unlisted = new LayerInputs("classes", Digest.parse(ONE), null);
    assertThat(
            lines(List.of(unlisted), List.of(layer("classes", CLASSES + "a/B.class 644 " + ONE))))
        .containsExactly("~ classes: changed, which files is not recorded");
    assertThat(lines(List.of(unlisted), List.of(unlisted))).isEmpty();
    LayerInputs jars = new LayerInputs("dependencies", Digest.parse(ONE), null);
    assertThat(lines(List.of(jars), List.of(layer("dependencies", LIBS + "a.jar 644 " + ONE))))
        .containsExactly("~ dependencies (which files is not recorded)");
  }

  @Test
  void longListsAreCutWithTheNumberOfTheRest() {
    String[] classes =
        Stream.iterate(100, i -> i + 1)
            .limit(50)
            .map(i -> CLASSES + "C" + i + ".class 644 " + ONE)
            .toArray(String[]::new);
    assertThat(lines(List.of(), List.of(layer("classes", classes))))
        .singleElement()
        .asString()
        .startsWith("~ classes: C100.class new, ")
        .endsWith("C109.class new, and 40 more");
    String[] jars =
        Stream.iterate(100, i -> i + 1)
            .limit(50)
            .map(i -> LIBS + "j" + i + ".jar 644 " + ONE)
            .toArray(String[]::new);
    assertThat(lines(List.of(), List.of(layer("dependencies", jars))))
        .hasSize(21)
        .last()
        .isEqualTo("and 30 more of kind dependency");
  }

  @Test
  void whatHappensToTheEnvironmentIsSaidWithItsChanges() {
    List<Change> changes =
        Differences.between(
            image(IMAGE),
            image(IMAGE.replace("curl=8.0", "curl=8.1").replace("UTC", "CET")),
            "will be built by buildx",
            TODAY);
    assertThat(changes)
        .extracting(Change::toString)
        .containsExactly("apt curl 8.0 → 8.1 (will be built by buildx)", "env TZ: UTC → CET");
  }
}
