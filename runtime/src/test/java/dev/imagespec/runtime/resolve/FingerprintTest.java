package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  private static final Base SCRATCH = Base.Scratch.of(List.of(Platform.DEFAULT));
  private static final Map<Platform, Environment> NONE = Map.of();
  private static final PayloadConfig EMPTY = PayloadConfig.of(Manifest.Payload.NONE);

  @Test
  void theDocumentationsVectorsAreRight() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "fingerprint.md"));
    Matcher vector = Pattern.compile("```json\\n(.+)\\n```\\n\\n`([0-9a-f]{64})`").matcher(page);
    List<String> canonical = new ArrayList<>();
    while (vector.find()) {
      canonical.add(vector.group(1));
      assertThat(Digest.of(vector.group(1).getBytes(StandardCharsets.UTF_8)).hex())
          .isEqualTo(vector.group(2));
    }
    assertThat(canonical)
        .containsExactly(
            Fingerprint.canonical(SCRATCH, NONE, List.of(), EMPTY),
            written(MOTD),
            Fingerprint.canonical(
                registered("docker.io/library/a:1", new Digest("0".repeat(64))),
                NONE,
                List.of(MOTD),
                config(Map.of("A", "1"), List.of("/bin/x"))),
            ENVIRONMENT.canonical(),
            Fingerprint.canonical(SCRATCH, NONE, List.of(OWNED), EMPTY),
            withFiles(LayerEntry.text("/opt/setup.sh", "hello\n")).canonical(),
            OWN_INDEX.canonical(),
            OWN_DOCKERFILE.canonical(List.of("sha256:" + "0".repeat(64))));
  }

  private static final Layer MOTD =
      new Layer(
          "files", List.of(LayerEntry.folder("/etc"), LayerEntry.text("/etc/motd", "hello\n")));

  private static String written(Layer layer) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    layer.write(form::writeBytes);
    assertThat(layer.inputDigest()).isEqualTo(Digest.of(form.toByteArray()));
    return form.toString(StandardCharsets.UTF_8);
  }

  private static Base registered(String name, Digest digest) {
    ImageReference reference = ImageReference.parse(name);
    return new Base.Registered(
        reference,
        reference.repository(),
        digest,
        new TreeMap<>(Map.of(Platform.parse("linux/arm64"), digest)));
  }

  @Test
  void aRebuildAndTheTextOfARequirementsFileMakeAnotherEnvironment() {
    assertThat(ENVIRONMENT.tag()).matches("env1-[0-9a-f]{32}");
    assertThat(ENVIRONMENT.rebuilt(1).digest()).isNotEqualTo(ENVIRONMENT.digest());
    assertThat(ENVIRONMENT.rebuilt(1).key()).isEqualTo(ENVIRONMENT.rebuilt(0).tag());
    Manifest.Environment file = requirements("a.txt");
    Manifest.Environment renamed = requirements("b.txt");
    Map<String, String> six = Map.of("requirements.txt", "six==1.16.0\n");
    assertThat(of(environment(file, six, 0))).isEqualTo(of(environment(renamed, six, 0)));
    assertThat(of(environment(file, six, 0)))
        .isNotEqualTo(of(environment(file, Map.of("requirements.txt", "six==1.17.0\n"), 0)));
  }

  private static final Environment ENVIRONMENT =
      new Environment(
          Platform.DEFAULT,
          "sha256:" + "0".repeat(64),
          Steps.of(
              new Manifest.Environment(
                      List.of("git", "curl=8.0"),
                      List.of(),
                      "requirements/main.txt",
                      "",
                      List.of(),
                      List.of("true"),
                      List.of("token"))
                  .steps(),
              Map.of("requirements.txt", "six==1.16.0\n"),
              StepFiles.NONE),
          2);

  private static final Layer OWNED =
      new Layer(
          "files",
          List.of(
              LayerEntry.folder("/data").ownedBy(FileOwner.parse("1000:100")),
              LayerEntry.text("/data/x", "x\n").ownedBy(FileOwner.parse("1000:100"))));

  private static Environment withFiles(LayerEntry... files) {
    Map<String, LayerEntry> byPath = new TreeMap<>();
    List.of(files).forEach(file -> byPath.put(file.path(), file));
    return new Environment(
        Platform.DEFAULT,
        "scratch",
        Steps.of(steps("make").steps(), Map.of(), new StepFiles(Layer.of(Layer.STEPS, byPath))),
        0);
  }

  @Test
  void filesOfTheStepsAreInTheIdentityByPathModeContentAndOwner() {
    LayerEntry file = LayerEntry.text("/opt/x", "x\n");
    assertThat(withFiles().canonical()).as("only if any").doesNotContain("files");
    assertThat(
            List.of(
                withFiles().digest(),
                withFiles(file).digest(),
                withFiles(LayerEntry.text("/opt/y", "x\n")).digest(),
                withFiles(LayerEntry.text("/opt/x", "y\n")).digest(),
                withFiles(new LayerEntry("/opt/x", "600", file.content())).digest(),
                withFiles(file.ownedBy(FileOwner.parse("7"))).digest(),
                withFiles(file, LayerEntry.folder("/opt/empty")).digest()))
        .doesNotHaveDuplicates();
    assertThat(withFiles(file).prefix()).isNotEqualTo(withFiles().prefix());
  }

  /** Whoever has the same file in another folder needs no environment of their own. */
  @Test
  void stepsAreEqualWhereverTheirFilesAre(@TempDir Path dir) throws IOException {
    List<Steps> both = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path project = Files.createDirectory(dir.resolve(name));
      Files.writeString(project.resolve(name), "same");
      both.add(
          new Steps(List.of(), copies(project, new Manifest.Copy(name, "/opt/x", "")).ofSteps()));
    }
    assertThat(both.get(0)).isEqualTo(both.get(1)).hasSameHashCodeAs(both.get(1));
    Files.writeString(dir.resolve("two/two"), "other");
    assertThat(copies(dir.resolve("two"), new Manifest.Copy("two", "/opt/x", "")).ofSteps())
        .isNotEqualTo(both.get(0).files());
  }

  private static Copies copies(Path project, Manifest.Copy copy) {
    return new Copies(
        new Manifest(
            "t.Task",
            "",
            "",
            "b:1",
            "",
            List.of(Platform.DEFAULT),
            new Manifest.Environment(
                List.of(),
                List.of(),
                "",
                "",
                List.of(),
                List.of("make"),
                List.of(),
                Manifest.Pip.DEFAULT,
                List.of(copy)),
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT),
        project,
        new ProjectFiles());
  }

  private static final Recipe OWN_DOCKERFILE =
      new Recipe(
          new Manifest.OwnDockerfile("docker/Dockerfile", ""),
          OwnDockerfile.of("FROM a:1\nCOPY motd /etc/\n", List.of(Platform.DEFAULT)),
          new Layer(Layer.CONTEXT, List.of(LayerEntry.text("/motd", "hello\n"))));

  private static final Environment OWN_INDEX =
      new Environment(
          Platform.DEFAULT,
          "sha256:" + "0".repeat(64),
          Steps.of(
              new Manifest.Environment(
                      List.of(),
                      List.of("six==1.16.0"),
                      "",
                      "",
                      List.of(),
                      List.of(),
                      List.of(),
                      new Manifest.Pip(
                          true,
                          false,
                          List.of("https://links.example"),
                          List.of(
                              new Manifest.PipIndex(
                                  "https://torch.example/cpu", List.of("torch==2.5.1"))),
                          List.of("--no-compile")),
                      List.of())
                  .steps(),
              Map.of(),
              StepFiles.NONE),
          0);

  private static PayloadConfig config(Map<String, String> env, List<String> entrypoint) {
    return new PayloadConfig(
        entrypoint,
        List.of(),
        env,
        Map.of(),
        new TreeSet<>(),
        new TreeSet<>(),
        "",
        "",
        Map.of(),
        "",
        Map.of(),
        "");
  }

  private static Map<Platform, Environment> steps(
      List<String> apt, List<String> pip, String index, List<String> commands) {
    return environment(
        new Manifest.Environment(apt, pip, "", index, List.of(), commands, List.of()), Map.of(), 0);
  }

  private static Map<Platform, Environment> environment(
      Manifest.Environment steps, Map<String, String> requirements, int rebuild) {
    return Map.of(
        Platform.DEFAULT,
        new Environment(
            Platform.DEFAULT,
            "scratch",
            Steps.of(steps.steps(), requirements, StepFiles.NONE),
            rebuild));
  }

  private static Fingerprint of(Map<Platform, Environment> environment) {
    return Fingerprint.of(SCRATCH, environment, List.of(), EMPTY);
  }

  @Test
  void attributesThatCameLaterCountIfTheyAreSet() {
    Map<String, String> path = Map.of("PATH", "/x");
    assertThat(
            List.of(
                of(config(path, List.of())),
                of(later(path, "", Map.of(), "")),
                of(later(Map.of(), "SIGINT", Map.of(), "")),
                of(later(Map.of(), "SIGTERM", Map.of(), "")),
                of(later(Map.of(), "", path, "")),
                of(later(Map.of(), "", Map.of(), "2026-11-28T10:00:00Z")),
                of(later(Map.of(), "", Map.of(), "2026-11-28T10:00:01Z")),
                of(EMPTY)))
        .doesNotHaveDuplicates();
  }

  @Test
  void howPackagesAreInstalledCountsIfItIsSet() {
    List<Manifest.Pip> ways =
        List.of(
            Manifest.Pip.DEFAULT,
            new Manifest.Pip(true, false, List.of(), List.of(), List.of()),
            new Manifest.Pip(false, true, List.of(), List.of(), List.of()),
            new Manifest.Pip(false, false, List.of("https://a"), List.of(), List.of()),
            new Manifest.Pip(false, false, List.of("https://a", "https://b"), List.of(), List.of()),
            new Manifest.Pip(false, false, List.of("https://b", "https://a"), List.of(), List.of()),
            new Manifest.Pip(
                false,
                false,
                List.of(),
                List.of(new Manifest.PipIndex("https://a", List.of("x"))),
                List.of()),
            new Manifest.Pip(false, false, List.of(), List.of(), List.of("--pre")),
            new Manifest.Pip(false, false, List.of(), List.of(), List.of("-v", "-U")),
            new Manifest.Pip(false, false, List.of(), List.of(), List.of("-U", "-v")),
            new Manifest.Pip(false, false, List.of(), List.of(), List.of(), true));
    assertThat(ways.stream().map(FingerprintTest::with).distinct()).hasSize(ways.size());
    assertThat(with(Manifest.Pip.DEFAULT))
        .as("without them, as it was before there were any")
        .isEqualTo(
            of(
                environment(
                    new Manifest.Environment(
                        List.of(), List.of("six"), "r.txt", "", List.of(), List.of(), List.of()),
                    Map.of(),
                    0)));
    Manifest.PipIndex one = new Manifest.PipIndex("https://a", List.of("x", "y"));
    Manifest.PipIndex turned = new Manifest.PipIndex("https://a", List.of("y", "x"));
    assertThat(with(new Manifest.Pip(false, false, List.of(), List.of(one), List.of())))
        .isEqualTo(with(new Manifest.Pip(false, false, List.of(), List.of(turned), List.of())));
  }

  private static Fingerprint with(Manifest.Pip pip) {
    return of(
        environment(
            new Manifest.Environment(
                List.of(),
                List.of("six"),
                "r.txt",
                "",
                List.of(),
                List.of(),
                List.of(),
                pip,
                List.of()),
            Map.of(),
            0));
  }

  private static Fingerprint of(PayloadConfig config) {
    return Fingerprint.of(SCRATCH, NONE, List.of(), config);
  }

  private static PayloadConfig later(
      Map<String, String> envPrepend,
      String stopSignal,
      Map<String, String> annotations,
      String creationTime) {
    return new PayloadConfig(
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        new TreeSet<>(),
        new TreeSet<>(),
        "",
        "",
        envPrepend,
        stopSignal,
        annotations,
        creationTime);
  }

  @Test
  void collisionsOfOthersAreNoneHere() {
    List<String> none = List.of();
    assertThat(of(steps(none, List.of("ab", "c"), "", none)))
        .isNotEqualTo(of(steps(none, List.of("a", "bc"), "", none)));
    assertThat(of(steps(List.of("git"), none, "", none)))
        .isNotEqualTo(of(steps(none, List.of("git"), "", none)));
    assertThat(of(steps(none, List.of("b"), "a", none)))
        .isNotEqualTo(of(steps(none, List.of("ab"), "", none)));
    assertThat(Fingerprint.of(SCRATCH, NONE, List.of(), config(Map.of("A", "1", "B", "2"), none)))
        .isNotEqualTo(Fingerprint.of(SCRATCH, NONE, List.of(), config(Map.of("A", "1 B=2"), none)));
  }

  @Test
  void orderCountsOnlyWhereItChangesTheImage() {
    assertThat(of(steps(List.of("a", "b"), List.of(), "", List.of())))
        .isEqualTo(of(steps(List.of("b", "a"), List.of(), "", List.of())));
    Manifest.Environment secrets =
        new Manifest.Environment(
            List.of(), List.of(), "", "", List.of(), List.of("a"), List.of("s", "t"));
    Manifest.Environment swapped =
        new Manifest.Environment(
            List.of(), List.of(), "", "", List.of(), List.of("a"), List.of("t", "s"));
    assertThat(of(environment(secrets, Map.of(), 0)))
        .isEqualTo(of(environment(swapped, Map.of(), 0)))
        .isNotEqualTo(of(steps(List.of(), List.of(), "", List.of("a"))));
    assertThat(of(steps(List.of(), List.of("a", "b"), "", List.of())))
        .isEqualTo(of(steps(List.of(), List.of("b", "a"), "", List.of())));
    assertThat(of(steps(List.of(), List.of(), "", List.of("a", "b"))))
        .isNotEqualTo(of(steps(List.of(), List.of(), "", List.of("b", "a"))));
    assertThat(Fingerprint.of(SCRATCH, NONE, List.of(), config(Map.of(), List.of("a", "b"))))
        .isNotEqualTo(
            Fingerprint.of(SCRATCH, NONE, List.of(), config(Map.of(), List.of("b", "a"))));
  }

  /** Different inputs, drawn at random from texts that are made to be confused, never collide. */
  @Test
  void differentInputsHaveDifferentForms() {
    Random random = new Random(7);
    String[] alphabet = {
      "a", "b", "\"", "\\", ",", ":", "[", "]", "{", "}", "=", " ", "\n", "\u0000"
    };
    Map<String, List<Object>> seen = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      List<String> apt = texts(random, alphabet);
      List<String> commands = texts(random, alphabet);
      Map<String, String> env = new HashMap<>();
      texts(random, alphabet).forEach(text -> env.put(text, text));
      List<String> entrypoint = texts(random, alphabet);
      List<String> pip = texts(random, alphabet);
      // An index that nothing is installed from, and a secret that no step reads, change nothing.
      List<String> indexes = pip.isEmpty() ? List.of() : texts(random, alphabet);
      boolean isEmpty = apt.isEmpty() && pip.isEmpty() && commands.isEmpty();
      List<String> secrets = isEmpty ? List.of() : texts(random, alphabet);
      List<Object> input =
          List.of(
              new TreeSet<>(apt),
              new TreeSet<>(pip),
              indexes,
              commands,
              new TreeSet<>(secrets),
              env,
              entrypoint);
      Manifest.Environment steps =
          new Manifest.Environment(apt, pip, "", "", indexes, commands, secrets);
      String form =
          new Environment(
                      Platform.DEFAULT,
                      "scratch",
                      Steps.of(steps.steps(), Map.of(), StepFiles.NONE),
                      0)
                  .canonical()
              + Fingerprint.canonical(SCRATCH, NONE, List.of(), config(env, entrypoint));
      List<Object> other = seen.putIfAbsent(form, input);
      assertThat(other == null || other.equals(input)).as(form).isTrue();
    }
  }

  private static List<String> texts(Random random, String[] alphabet) {
    List<String> texts = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      StringBuilder text = new StringBuilder();
      for (int m = random.nextInt(4); m > 0; m--) {
        text.append(alphabet[random.nextInt(alphabet.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void whatAStepExecutesIsPartOfItsEnvironmentsIdentity() {
    Steps.Run run = ENVIRONMENT.steps().runs().get(0);
    assertThat(run.script())
        .isEqualTo(new Step.Apt(List.of("curl=8.0", "git"), List.of()).script());
    for (Steps.Run other :
        List.of(
            new Steps.Run(run.script() + " ", run.mounts(), run.requirements()),
            new Steps.Run(run.script(), List.of("type=cache,target=/x"), run.requirements()),
            new Steps.Run(run.script(), run.mounts(), Map.of("requirements.txt", "")))) {
      assertThat(of(List.of(other)).digest()).isNotEqualTo(of(List.of(run)).digest());
    }
    assertThat(of(List.of(run, run)).digest()).isNotEqualTo(of(List.of(run)).digest());
  }

  private static Environment of(List<Steps.Run> runs) {
    return new Environment(Platform.DEFAULT, "scratch", new Steps(runs), 0);
  }

  @Test
  void environmentsThatStartAlikeShareAPrefix() {
    Map<String, String> six = Map.of("requirements.txt", "six==1.16.0\n");
    String start = prefix(requirements("a.txt"), six);
    assertThat(start).isEqualTo(prefix(requirements("b.txt", "make"), six));
    assertThat(start)
        .as("another text is another start")
        .isNotEqualTo(prefix(requirements("a.txt"), Map.of("requirements.txt", "six\n")));
    assertThat(start).isNotEqualTo(prefix(steps("make"), Map.of()));
    assertThat(prefix(steps("make", "a"), Map.of()))
        .isEqualTo(prefix(steps("make", "b"), Map.of()))
        .isNotEqualTo(prefix(steps("b", "make"), Map.of()));
  }

  private static Manifest.Environment requirements(String file, String... commands) {
    return new Manifest.Environment(
        List.of(), List.of(), file, "", List.of(), List.of(commands), List.of());
  }

  private static Manifest.Environment steps(String... commands) {
    return requirements("", commands);
  }

  private static String prefix(Manifest.Environment steps, Map<String, String> requirements) {
    return new Environment(
            Platform.DEFAULT, "scratch", Steps.of(steps.steps(), requirements, StepFiles.NONE), 0)
        .prefix();
  }

  @Test
  void theFormatStandsInTheTag() {
    assertThat(of(NONE).tag()).matches("is1-[0-9a-f]{32}");
  }

  @Test
  void aTreeHashesAlikeInWhateverOrderItsFilesWereMade(@TempDir Path dir) throws IOException {
    List<String> names = new ArrayList<>(List.of("b", "a/z", "a/b", "Z", "é", "a.b"));
    Digest first = tree(Files.createDirectory(dir.resolve("1")), names);
    Collections.reverse(names);
    assertThat(tree(Files.createDirectory(dir.resolve("2")), names)).isEqualTo(first);
  }

  private static Digest tree(Path dir, List<String> names) throws IOException {
    for (String name : names) {
      Path file = dir.resolve("t").resolve(name);
      int slash = name.indexOf('/');
      Files.createDirectories(dir.resolve("t").resolve(name.substring(0, Math.max(0, slash))));
      Files.writeString(file, name);
    }
    return Layer.of(
            Layer.FILES,
            CopyLayer.entries(
                new Manifest.Copy("t", "/t", ""),
                dir,
                SensitiveFiles.unlessNamed(List.of()),
                new ProjectFiles()))
        .inputDigest();
  }
}
