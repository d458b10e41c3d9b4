package dev.imagespec.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String DOCKERFILE = Project.dockerfileOf("a.Task");

  @TempDir Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();
  private Project project = new Project(Path.of(""));
  private final CommandRunner command = new CommandRunner();
  private final StringWriter out = command.out;
  private final StringWriter err = command.err;

  @BeforeEach
  void project() throws IOException {
    registry.push(
        "base", "1", TestImage.builder().layer("a", "a").config(Map.of("User", "7")).build());
    project = new Project(dir);
    project
        .task(
            Project.program(
                "a.Task",
                registry.registry() + "/base:1",
                Map.of(),
                new Manifest.Copy("conf", "/etc/app", "0600")))
        .write("classes/res.txt", "res")
        .write("conf/f", "f");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private int execute(String... arguments) {
    return command.execute(List.of(arguments));
  }

  /** Runs a command on the test's project. */
  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!arguments[0].startsWith("-")) {
      all.addAll(project.options(registry.registry()));
    }
    return command.execute(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "pipe", "large", "text", "schema"})
  @Timeout(60)
  void aRecordThatIsNoneIsOneError(String kind) throws Exception {
    Path record = odd(kind);
    assertThat(run("images", "--record", record.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("The record " + record + " cannot be read")
        .doesNotContain("bug")
        .hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "pipe", "large", "nested"})
  @Timeout(60)
  void anArgumentFileThatIsNoneIsOneError(String kind) throws Exception {
    assertThat(run("plan", "@" + odd(kind))).isEqualTo(2);
    assertThat(err.toString()).contains("The file of arguments ").hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "pipe", "large"})
  @Timeout(60)
  void aFileOfSettingsThatIsNoneIsOneError(String kind) throws Exception {
    Files.move(odd(kind), dir.resolve("imagespec.properties"));
    assertThat(run("plan")).isEqualTo(2);
    assertThat(err.toString()).contains("imagespec.properties").hasSizeLessThan(1000);
  }

  private Path odd(String kind) throws Exception {
    Path file = dir.resolve("odd");
    switch (kind) {
      case "device" -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
      case "pipe" ->
          assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      case "large" -> Files.writeString(file, " ".repeat(100_000_000));
      case "schema" -> Files.writeString(file, "{\"schema\": 2147483648}");
      case "nested" -> {
        Files.createSymbolicLink(dir.resolve("zero"), Path.of("/dev/zero"));
        Files.writeString(file, "--verbose\n\"@" + dir.resolve("zero") + "\"\n");
      }
      default -> Files.writeString(file, "text");
    }
    return file;
  }

  @Test
  void planChecksRegisterRegistersAndThenThereIsNothingToDo() {
    assertThat(run("plan", "--check")).isEqualTo(3);
    assertThat(out.toString()).contains("build  " + registry.registry() + "/team/app:is1-");
    assertThat(run("register", "--json", "--record", dir.resolve("r.json").toString())).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(json.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder(
            "images", "tasks", "registrations", "failures", "requests", "elapsedMillis");
    assertThat(out.toString()).contains("\"action\": \"built\"").contains("\"a.Task\"");
    assertThat(dir.resolve("r.json")).exists();
    assertThat(run("plan", "--check", "--json")).isZero();
    assertThat(out.toString()).contains("\"action\": \"reuse\"");
    assertThat(run("lock")).isZero();
    assertThat(out.toString()).contains("/base:1  sha256:");
  }

  @Test
  void aRenderedFileIsPlannedWrittenAndRecordedByItsNameInTheProject() throws IOException {
    project.write("k8s/report.yaml", "image: a.Task # ours\n");
    Path rendered = dir.resolve("out/report.yaml");
    project.write("./imagespec.properties", "imagespec.render=k8s/report.yaml=out/report.yaml\n");
    String planned = "send   render  k8s/report.yaml  for a.Task";
    assertThat(run("plan", "--check")).isEqualTo(ImageSpecCommand.WORK_FOUND);
    assertThat(out.toString())
        .contains(planned, "line 1: (known after the push)", "definitions: 1 to register");
    String plan = out.toString();
    assertThat(run("register", "--dry-run")).isZero();
    assertThat(out).hasToString(plan);
    assertThat(rendered).doesNotExist();
    assertThat(registry.journal().entries()).noneMatch(entry -> entry.received() > 0);

    Path record = dir.resolve("record.json");
    assertThat(run("register", "--record", record.toString())).isZero();
    String image = out.toString().lines().findFirst().orElseThrow().replace("a.Task  ", "");
    assertThat(out.toString().lines().skip(1))
        .containsExactly("  k8s/report.yaml  out/report.yaml  registered");
    assertThat(rendered).hasContent("image: " + image + " # ours\n");
    assertThat(RegistrationRecord.read(record).registrations())
        .containsExactly(
            new RegistrationRecord.RegisteredTask(
                "render", "k8s/report.yaml", "a.Task", "out/report.yaml"));

    assertThat(run("register", "--json")).isZero();
    assertThat((Object) ((Map<?, ?>) Json.parse(out.toString())).get("registrations"))
        .isEqualTo(
            List.of(
                Map.of(
                    "registrar", "render",
                    "definition", "k8s/report.yaml",
                    "task", "a.Task",
                    "id", "out/report.yaml",
                    "action", "unchanged")));
    assertThat(run("plan", "--check")).isZero();
    Files.delete(rendered);
    assertThat(run("plan", "--check")).isEqualTo(ImageSpecCommand.WORK_FOUND);
    assertThat(out.toString()).contains("reuse", planned, "line 1: " + image);
    assertThat(run("register", "--no-registrars")).isZero();
    assertThat(rendered).doesNotExist();
    assertThat(run("plan", "--no-registrars", "--check")).isZero();
  }

  @Test
  void planSaysWhatChangedAsTextAndAsADocument() throws IOException {
    String record = dir.resolve("r.json").toString();
    assertThat(run("plan")).isZero();
    assertThat(out.toString())
        .contains("not registered before, as far as this machine and the record know; for a.Task")
        .contains("\nplan: 1 to build, 0 to reuse; about ");
    assertThat(run("register", "--record", record)).isZero();
    project.write("conf/f", "another");
    assertThat(run("plan", "--record", record)).isZero();
    assertThat(out.toString())
        .contains("since the last registration (by the record):\n         ~ files: ")
        .contains("/etc/app/f changed")
        .contains("       to send: about ");
    assertThat(run("plan", "--record", record, "--json")).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(names(json)).containsExactlyInAnyOrder("images", "definitions", "bytes", "failures");
    Map<?, ?> image = first(json, "images");
    assertThat(names(image))
        .containsExactlyInAnyOrder(
            "repository",
            "tag",
            "fingerprint",
            "reference",
            "action",
            "reasons",
            "tasks",
            "base",
            "environments",
            "layers",
            "bytes",
            "comparisons",
            "tags");
    assertThat(image.get("bytes")).isEqualTo(json.get("bytes"));
    Map<?, ?> comparison = first(image, "comparisons");
    assertThat(comparison.get("source")).isEqualTo("record");
    assertThat(comparison.get("tasks")).isEqualTo(List.of("a.Task"));
    Map<?, ?> change = first(comparison, "changes");
    assertThat(change.get("kind")).isEqualTo("file");
    assertThat(change.get("effect")).isEqualTo("changed");
    assertThat(change.get("subject")).isEqualTo("/etc/app/f");
    assertThat(String.valueOf(change.get("after"))).startsWith("sha256:");
  }

  private static Map<?, ?> first(Map<?, ?> json, String list) {
    return (Map<?, ?>) ((List<?>) requireNonNull(json.get(list))).get(0);
  }

  private static List<String> names(Map<?, ?> json) {
    return json.keySet().stream().map(String::valueOf).toList();
  }

  @Test
  void lockSaysWhatChangedAndWhatStayed() {
    assertThat(run("lock")).isZero();
    assertThat(out.toString()).endsWith("  new\n");
    assertThat(run("lock")).isZero();
    assertThat(out.toString()).containsPattern("  unchanged \\(locked [0-9-]{10}\\)\n");
    registry.push("base", "1", TestImage.builder().layer("etc/new", "new").build());
    assertThat(run("lock", "--json")).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(names(json))
        .containsExactlyInAnyOrder("lock", "written", "bases", "changes", "others");
    Map<?, ?> change = first(json, "changes");
    assertThat(change.get("changed")).isEqualTo(true);
    assertThat(change.get("before")).isNotEqualTo(change.get("after"));
    assertThat(((Map<?, ?>) requireNonNull(json.get("bases"))).get(change.get("base")))
        .isEqualTo(change.get("after"));
  }

  @Test
  void imagesListsWhatWasRegistered() {
    assertThat(run("images")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("/team/app: does not exist yet");
    String record = dir.resolve("r.json").toString();
    assertThat(run("register", "--record", record)).isZero();
    assertThat(run("images", "--record", record)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(registry.registry() + "/team/app\n")
        .containsPattern(
            "  TAG +AGE +SIZE +SCAN +TASKS\n  is1-[0-9a-f]{32}  -    [0-9] kB  -     a.Task\n");
    assertThat(run("images", "--json")).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(json.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("repositories", "failures");
    assertThat(out.toString()).contains("\"state\": \"active\"").contains("\"a.Task\"");
    assertThat(run("images", "--record", "nowhere.json")).isEqualTo(2);
    assertThat(err.toString()).contains("nowhere.json");
    registry.inject(dev.imagespec.testkit.Fault.respond("GET tags", 1, 405, "{}", Map.of()));
    assertThat(run("images")).isEqualTo(1);
    assertThat(err.toString()).contains("error: " + registry.registry() + "/team/app: ");
  }

  @Test
  void doctorPrintsATableOrOneDocumentAndEndsWithOneIfSomethingFails() {
    assertThat(run("doctor")).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("STATUS +CHECK +SUBJECT +FOUND\n")
        .containsPattern("ok +permission +" + registry.registry() + "/team/app push\n");
    registry.inject(dev.imagespec.testkit.Fault.respond("HEAD manifest", 9, 403, "{}", Map.of()));
    assertThat(run("doctor", "--json")).isEqualTo(1);
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(json.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("healthy", "findings", "missingPolicies");
    assertThat(json.get("healthy")).isEqualTo(false);
    assertThat(registry.manifest("team/app", "imagespec-doctor")).isEmpty();
  }

  @Test
  void doctorExaminesWhatRegisterIsGiven() {
    assertThat(run("doctor", "--definition", "nosuch:a.json")).isEqualTo(1);
    assertThat(out.toString()).contains("No registrar takes the definition nosuch:a.json");
    assertThat(run("doctor", "--definition", "nosuch:a.json", "--no-registrars")).isZero();
  }

  @Test
  void exportWritesTheBuildContext() throws IOException {
    String dockerfile = Files.readString(dir.resolve(DOCKERFILE));
    project.write(DOCKERFILE, "FROM x\n");
    assertThat(run("export", "--to", dir.resolve("ctx").toString())).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains(dir.resolve(DOCKERFILE) + " is not the Dockerfile of a.Task and is not used");
    Path context = dir.resolve("ctx");
    assertThat(context.resolve("Dockerfile")).hasContent(dockerfile);
    assertThat(Files.readString(context.resolve("build-args")))
        .contains("BASE_IMAGE=" + registry.registry() + "/base@sha256:");
    assertThat(context.resolve("classpath")).hasContent("\"/app/classes/0\"");
    assertThat(context.resolve("classes/app/classes/0/a/Task.class")).exists();
    assertThat(context.resolve("resources/app/classes/0/res.txt")).exists();
    assertThat(context.resolve("libs")).isDirectory();
    assertThat(context.resolve("copy/0/etc/app/f")).hasContent("f");
    assertThat(Files.getPosixFilePermissions(context.resolve("copy/0/etc/app/f"))).hasSize(2);
    assertThat(run("export", "--to", context.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("not empty");
  }

  @Test
  void furtherTagsAreShownByThePlanAndTheRegistration() {
    String[] tags = {"--tag", "{task}-latest", "--tag", "1.4"};
    assertThat(run("plan", tags[0], tags[1], tags[2], tags[3])).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("\n       tag Task-latest will be set\n       tag 1.4 will be set\n");
    assertThat(run("register", "--json", tags[0], tags[1], tags[2], tags[3])).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("\"tags\": [ \"Task-latest\", \"1.4\" ]");
    assertThat(run("plan", "--json", tags[0], tags[1], tags[2], tags[3])).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("{ \"action\": \"keep\", \"tag\": \"1.4\" }");
    assertThat(run("register", "--tag", "{tsk}")).isEqualTo(2);
    assertThat(err.toString()).contains("--tag: ").contains("there are {task} and {name}");
  }

  @Test
  void saveWritesTheImageAndSaysHowToRunIt() {
    Path tar = dir.resolve("out/image.tar");
    assertThat(run("save", "--to", tar.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .matches(
            "(?s)a[.]Task  .*/team/app:is1-[0-9a-f]{32}@sha256:[0-9a-f]{64}\\R"
                + "Written to .*image[.]tar for linux/amd64[.] To run it: docker load --input"
                + " .*image[.]tar && docker run --rm .*/team/app:is1-[0-9a-f]{32}\\R");
    assertThat(tar).isRegularFile();
    assertThat(run("save", "--json", "--to", dir.resolve("folder").toString())).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString());
    assertThat(json).hasSize(7);
    assertThat(json.get("task")).isEqualTo("a.Task");
    assertThat(json.get("platforms")).isEqualTo(List.of("linux/amd64"));
    assertThat(json.get("loadable")).isEqualTo("linux/amd64");
    assertThat(json.get("path")).isEqualTo(dir.resolve("folder").toString());
    assertThat(dir.resolve("folder/oci-layout")).isRegularFile();
    assertThat(run("save", "--to", dir.resolve("folder").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("folder is not empty");
    assertThat(run("save")).isEqualTo(2);
    assertThat(registry.journal().entries())
        .noneMatch(entry -> entry.operation().matches("(?:PUT|POST|PATCH) .*"));
  }

  @Test
  void exportWritesTheContextOfATaskThatIsBasedOnAnother() throws IOException {
    Manifest other =
        new Manifest(
            "a.Other",
            "",
            "team/other",
            "",
            "a.Task",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT);
    project.write("classes/" + other.resourceName(), other.toJson());
    project.write("classes/a/Other.class", "class");
    assertThat(run("export", "--class", "a.Other", "--to", dir.resolve("ctx").toString()))
        .as(err.toString())
        .isZero();
    assertThat(run("export", "--to", dir.resolve("ctx2").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("[a.Other, a.Task]");
    assertThat(run("save", "--to", dir.resolve("x.tar").toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("save writes one task's image")
        .contains("[a.Other, a.Task]");
  }

  @Test
  void wrongInputIsExitCodeTwoAndNoStackTrace() {
    assertThat(run("register", "--clas", "x")).isEqualTo(2);
    assertThat(run("register", "--class", "a.None")).isEqualTo(2);
    assertThat(err.toString()).contains("a.None").contains("a.Task").doesNotContain("\tat ");
    assertThat(run("register", "--mirror", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("--mirror").contains("HOST[/PREFIX]=HOST[/PREFIX]");
    assertThat(run("register", "--locked")).isEqualTo(2);
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(registry.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plan --regsitry x | error: Unknown options: '--regsitry', 'x'. Did you mean --registry?",
        "plan --lokc=x | error: Unknown option: '--lokc=x'. Did you mean --lock?",
        "export | error: Missing required option: '--to=DIR'",
        "regster | error: There is no command 'regster'. Did you mean register?",
        "plan x | error: The argument 'x' belongs to no option",
        "plan @none | error: There is no file none to take arguments from",
      })
  void aMistakeOnTheCommandLineIsOneLineAndWhereHelpIs(String line, String message) {
    String[] args = line.split(" ");
    assertThat(execute(args)).isEqualTo(2);
    String command = line.startsWith("regster") ? "imagespec" : "imagespec " + args[0];
    assertThat(err.toString())
        .isEqualTo(message + "\n`" + command + " --help` lists what there is.\n");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "register --registry-password canary-1",
        "plan --json --registry-username=canary-1",
        "lock --password=canary-1",
        "register --imagespec.registry.password canary-1"
      })
  void aCredentialOnTheCommandLineIsRefusedAndNotRepeated(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(out.toString() + err)
        .contains("only by the environment variables IMAGESPEC_REGISTRY_USERNAME and")
        .doesNotContain("canary-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--clas x", "--class a.Tusk", "--mirror x", "--locked"})
  void aDocumentOfJsonIsPrintedForWrongInput(String option) {
    String[] args = ("plan --json " + option).split(" ");
    assertThat(run(args)).isEqualTo(2);
    assertThat(Json.parse(out.toString())).isInstanceOf(Map.class);
    String message = err.toString().lines().findFirst().orElseThrow().substring("error: ".length());
    assertThat(out.toString())
        .contains("\"failures\": [")
        .contains("\"tasks\": []")
        .contains("\"code\": \"invalid-")
        .contains("\"message\": " + Json.canonical(message));
  }

  @Test
  void optionsAreSettingsOfTheProjectToo() throws IOException {
    Files.writeString(
        dir.resolve("imagespec.properties"), "imagespec.json=true\nimagespec.verbose=true\n");
    assertThat(run("plan")).as(err.toString()).isZero();
    assertThat(Json.parse(out.toString())).isInstanceOf(Map.class);
    assertThat(run("plan", "--class", "a.None")).isEqualTo(2);
    assertThat(Json.parse(out.toString())).isInstanceOf(Map.class);
    assertThat(err.toString()).contains("\tat ");
    System.setProperty("imagespec.json", "false");
    try {
      assertThat(run("plan")).isZero();
      assertThat(out.toString()).startsWith("build ");
    } finally {
      System.clearProperty("imagespec.json");
    }
  }

  @Test
  void aTaskThatIsNearlyOfThatNameIsNamed() {
    for (String name : List.of("Task", "b.Task", "a.Tasks", "a.task")) {
      assertThat(run("plan", "--class", name)).isEqualTo(2);
      assertThat(err.toString()).contains("Did you mean a.Task?");
    }
    assertThat(run("plan", "--class", "a.Quite")).isEqualTo(2);
    assertThat(err.toString()).contains("is it annotated").doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "register --class=",
        "register --tag=",
        "plan --tag=,",
        "register --record=",
        "register --task-jar=",
        "register --mirror=",
        "save --class=a.Task --to=",
        "images --record="
      })
  void anOptionWithoutATextIsAMistake(String line) {
    String[] args = line.split(" ");
    assertThat(run(args)).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "error: "
                + args[args.length - 1].replaceFirst("=.*", "")
                + ": it is empty; give it a value, or leave it out.\n");
    assertThat(registry.journal().entries()).isEmpty();
  }

  @Test
  void aProjectFolderThatIsNotThereIsAMistake() {
    Path nowhere = dir.resolve("nowhere");
    assertThat(execute("register", "--project-dir", nowhere.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--project-dir: there is no folder " + nowhere);
    assertThat(nowhere).doesNotExist();
    assertThat(execute("plan", "--project-dir", dir.resolve("conf/f").toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("--project-dir: " + dir + "/conf/f is a file, not a folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "plan --lock DIR/conf | The lock DIR/conf cannot be read: it is a folder. Restore it, name",
        "plan --lock DIR/file/x | The lock DIR/file/x cannot be read: a part of its path is not a",
        "plan --lock DIR/bytes | The lock DIR/bytes cannot be read: it is not UTF-8. Restore",
        "plan --lock= | --lock: it is empty; give it a value, or leave it out.",
        "plan @DIR/conf | The file of arguments DIR/conf cannot be read: it is a folder. Name",
        "images --record DIR/x | The record DIR/x cannot be read: it does not exist.",
        "images --record DIR/conf | The record DIR/conf cannot be read: it is a folder.",
        "export --to DIR/file | DIR/file cannot be written: it is not a folder; name an empty or",
        "export --to DIR/conf | DIR/conf is not empty; name an empty or a new folder with --to.",
        "export --to DIR/file/x | DIR/file/x cannot be written: a part of its path is not a folder.",
        "register --record DIR/conf | DIR/conf cannot be written: it is not a regular file. Name another",
        "register --record DIR/file/x | DIR/file/x cannot be written: DIR/file: it is not a folder.",
      })
  void aMessageAboutAFileSaysTheReason(String line, String message) throws IOException {
    Files.writeString(dir.resolve("file"), "x");
    Files.write(dir.resolve("bytes"), new byte[] {(byte) 0xff});
    String[] args = line.replace("DIR", dir.toString()).split(" ");
    assertThat(run(args)).isNotZero();
    assertThat(err.toString()).contains(message.replace("DIR", dir.toString()));
    assertThat(err.toString()).doesNotContain("Exception");
  }

  @Test
  void aRecordOfNothingDoesNotSayThatImagesArePushed() throws IOException {
    Files.writeString(dir.resolve("file"), "x");
    registry.inject(Fault.serverError("PUT manifest", 99));
    assertThat(run("register", "--record", dir.resolve("file/x").toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("error: The record is not written: ")
        .doesNotContain("are pushed");
  }

  @Test
  void aRecordThatCannotBeWrittenLosesNothing() throws IOException {
    Path record = dir.resolve("record");
    // Found before the first request otherwise.
    registry.inject(Fault.before("HEAD manifest", 1, () -> createFolder(record)));
    assertThat(run("register", "--record", record.toString())).isEqualTo(1);
    assertThat(out.toString()).startsWith("a.Task  " + registry.registry() + "/team/app@sha256:");
    assertThat(err.toString())
        .contains("error: The images are pushed, but the record is not written: " + record);
    Files.delete(record);
    registry.inject(Fault.before("HEAD manifest", 1, () -> createFolder(record)));
    assertThat(run("register", "--json", "--record", record.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("\"a.Task\": \"" + registry.registry())
        .contains("local-io");
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void planTakesTheOptionsOfRegister() {
    Set<String> plan = options("plan");
    Set<String> register = new TreeSet<>(options("register"));
    register.remove("--dry-run");
    assertThat(plan).containsAll(register);
    assertThat(run("plan", "--record", "r.json", "--engine", "buildah")).isZero();
    assertThat(dir.resolve("r.json")).doesNotExist();
  }

  private static Set<String> options(String command) {
    return requireNonNull(
            ImageSpecCommand.line(Printing.of(new String[0])).getSubcommands().get(command))
        .getCommandSpec()
        .optionsMap()
        .keySet();
  }

  @Test
  void anUnknownSettingIsNamedWithItsPlace() throws IOException {
    project.write("x/y", "");
    Files.writeString(dir.resolve("imagespec.properties"), "imagespec.regisrty=x\n");
    assertThat(run("plan")).isEqualTo(2);
    assertThat(err.toString()).contains("imagespec.properties").contains("imagespec.registry");
  }

  @Test
  void aFailureAfterTheFirstRequestIsExitCodeOne() {
    registry.inject(dev.imagespec.testkit.Fault.respond("GET manifest", 1, 404, "{}", Map.of()));
    assertThat(run("register")).isEqualTo(1);
    assertThat(err.toString())
        .contains("a.Task")
        .contains("does not exist")
        .doesNotContain("\tat ");
  }

  @Test
  void everyCommandPrintsTheVersion() {
    for (String command :
        ImageSpecCommand.line(Printing.of(new String[0])).getSubcommands().keySet()) {
      if (!command.equals("help")) {
        assertThat(execute(command, "--version")).isZero();
        assertThat(out.toString()).startsWith("imagespec ").hasLineCount(1);
      }
    }
  }

  @Test
  void helpIsThereForEveryCommand() {
    assertThat(execute("help", "plan")).isZero();
    assertThat(out.toString()).startsWith("Usage: imagespec plan ");
    for (String command :
        List.of("plan", "register", "lock", "export", "save", "images", "doctor")) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString()).contains("--classpath");
    }
    assertThat(run("register", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("create (default), template or never: what is done about a missing repository")
        .doesNotContain(".md")
        .doesNotContain("`");
  }
}
