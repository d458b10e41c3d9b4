package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A plan compares each image with what its tasks were registered with last. */
class PlanChangesTest {
  private static final String UNKNOWN =
      "not registered before, as far as this machine and the record know";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Project project = new Project(Path.of(""));
  private Path jar = Path.of("");

  @BeforeEach
  void start() {
    FakeEngine.reset();
    project = new Project(dir.resolve("app"));
    base("a");
    jar = TestJar.empty().file("x", "one").write(dir.resolve("one-1.0.jar"));
    program(Map.of("TZ", "UTC", "LANG", "C"));
    project
        .write("classes/com/acme/Report.class", "one")
        .write("classes/com/acme/Old.class", "old");
  }

  private void base(String content) {
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", content).build());
  }

  private void program(Map<String, String> env) {
    program(env, Manifest.Environment.NONE, Project.BASE);
  }

  private void program(Map<String, String> env, Manifest.Environment steps, String base) {
    project.task(
        Project.with(
            steps, Project.task("com.acme.Job", "team/job", base, payload(env), "linux/amd64")));
  }

  private static Manifest.Payload payload(Map<String, String> env) {
    return Project.classPath("com.acme.Job", env);
  }

  private SettingsBuilder settings() {
    return registries
        .settings(project)
        .history(dir.resolve("cache/imagespec/history"))
        .classPath(List.of(project.classes, jar))
        .engine("fake")
        .engineLogs(dir.resolve("logs"));
  }

  private ImageRegistrar registrar(SettingsBuilder settings) {
    return LocalRegistries.registrar(settings).withListener(events::add);
  }

  private Registration register() {
    Registration registration = registrar(settings()).register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  private Plan.Image planned() {
    return planned(settings());
  }

  private Plan.Image planned(SettingsBuilder settings) {
    Plan plan = registrar(settings).plan();
    assertThat(plan.failures()).isEmpty();
    return plan.images().get(0);
  }

  private List<String> changes() {
    Plan.Image image = planned();
    assertThat(image.comparisons()).hasSize(1);
    return image.comparisons().get(0).lines();
  }

  private List<String> notes() {
    return events.stream()
        .filter(RegistrationEvent.Note.class::isInstance)
        .map(RegistrationEvent::toString)
        .toList();
  }

  private long requests() {
    return (long) registries.ecr.journal().entries().size()
        + registries.other.journal().entries().size();
  }

  private String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  @Test
  void whatNobodyRegisteredIsNotComparedAndAllOfItTravels() {
    Plan.Image image = planned();
    assertThat(image.reasons()).containsExactly("the repository does not exist yet", UNKNOWN);
    assertThat(image.comparisons())
        .containsExactly(
            new Comparison(List.of("com.acme.Job"), Comparison.Source.NONE, "", "", List.of(), 0));
    assertThat(image.layers())
        .allSatisfy(layer -> assertThat(layer.transfer()).isEqualTo(Plan.Transfer.SENT))
        .extracting(Plan.Layer::name)
        .containsExactly("dependencies", "resources", "classes");
    assertThat(image.layers().get(2).bytes())
        .as("the files of three classes")
        .isEqualTo("one".length() + "old".length() + "com.acme.Job".length());
    assertThat(image.lines().get(0)).isEqualTo("build  " + image.repository() + ":" + image.tag());
    assertThat(image.lines().get(1)).endsWith(UNKNOWN + "; for com.acme.Job");
    assertThat(dir.resolve("cache")).as("a plan writes nothing").doesNotExist();
  }

  @Test
  void aPlanSaysWhatChangedAndAsksNobodyForIt() throws IOException {
    register();
    long before = requests();
    assertThat(planned().comparisons().get(0).isUnchanged()).isTrue();
    final long ofAPlan = requests() - before;
    project
        .write("classes/com/acme/Report.class", "two")
        .write("classes/com/acme/New.class", "new")
        .write("classes/conf/app.yml", "x: 1");
    Files.delete(project.classes.resolve("com/acme/Old.class"));
    jar = TestJar.empty().file("x", "two").write(dir.resolve("commons-lang3-3.18.0.jar"));
    program(Map.of("TZ", "CET", "DEBUG", "1"));
    before = requests();
    Plan.Image image = planned();
    assertThat(requests() - before).isEqualTo(ofAPlan);
    assertThat(image.comparisons().get(0).lines())
        .containsExactly(
            "+ commons-lang3-3.18.0.jar",
            "- one-1.0.jar",
            "~ classes: com/acme/New.class new, com/acme/Old.class gone, com/acme/Report.class changed",
            "~ resources: conf/app.yml new",
            "+ env DEBUG=1",
            "- env LANG=C",
            "env TZ: UTC → CET");
    assertThat(image.lines())
        .contains("       since the last registration:", "         env TZ: UTC → CET");
    before = requests();
    registrar(settings().history(dir.resolve("nothing"))).plan();
    assertThat(requests() - before).as("without a history").isEqualTo(ofAPlan);
    assertThat(notes()).isEmpty();
  }

  /** What Flyte should know of a task has no part in its image. */
  @Test
  void anotherFlyteTaskIsTheSameImage() {
    Manifest task =
        Project.task(
            "com.acme.Job", "team/job", Project.BASE, payload(Map.of("A", "1")), "linux/amd64");
    project.task(task);
    final Registration first = register();
    for (FlyteTask flyte :
        List.of(
            new FlyteTask("com.acme.Job"),
            new FlyteTask(
                "flytesnacks",
                "development",
                "another",
                "7",
                List.of(
                    new FlyteTask.Variable(
                        "x", FlyteTask.Type.FLOAT, FlyteTask.Shape.LIST, "what it means")),
                List.of(),
                new FlyteTask.Resources("1", "2Gi", 1, "3Gi"),
                FlyteTask.Resources.UNSET,
                5,
                60,
                true,
                new FlyteTask.Cache("1", true, List.of("x"))))) {
      project.task(Project.with(flyte, task));
      Plan.Image planned = planned();
      assertThat(planned.action()).isEqualTo(Plan.Action.REUSE);
      assertThat(planned.reasons())
          .containsExactly("already in the repository", "unchanged since the last registration");
      assertThat(planned.comparisons())
          .allSatisfy(comparison -> assertThat(comparison.isUnchanged()).isTrue());
      long before = pushes();
      assertThat(before).isPositive();
      Registration again = register();
      assertThat(again.tasks()).isEqualTo(first.tasks());
      assertThat(action(again)).isEqualTo(Registration.Action.REUSED);
      assertThat(pushes()).as("blobs and manifests").isEqualTo(before);
    }
  }

  private long pushes() {
    return registries.ecr.journal().count(entry -> entry.operation().startsWith("PUT"));
  }

  @Test
  void aCreationTimeMakesAnotherImageOfTheSameLayers() throws IOException {
    register();
    SettingsBuilder later = settings().creationTime(Instant.parse("2026-11-28T11:00:00+01:00"));
    Plan.Image planned = planned(later);
    assertThat(planned.comparisons().get(0).lines())
        .containsExactly("creation time: (unset) → 2026-11-28T10:00:00Z");
    Registration registration = registrar(later).register();
    assertThat(registration.failures()).isEmpty();
    assertThat(action(registration)).isEqualTo(Registration.Action.BUILT);
    JsonNode manifest = registries.manifest("team/job", planned.tag());
    JsonNode config = registries.config("team/job", manifest);
    assertThat(config.path("created").asText()).isEqualTo("2026-11-28T10:00:00Z");
    assertThat(action(registrar(later).register()))
        .as("the same time again")
        .isEqualTo(Registration.Action.REUSED);
    assertThat(action(registrar(settings()).register()))
        .as("the first image is there")
        .isEqualTo(Registration.Action.REUSED);
  }

  private static Registration.Action action(Registration registration) {
    return registration.images().get(0).action();
  }

  @Test
  void filesOfTheStepsAndOwnersAreNamed() {
    for (String[] now : new String[][] {{"one", ""}, {"two", "7"}}) {
      project.write("setup.sh", now[0]).write("same", "same").write("data/x", "x");
      Manifest.Payload copying =
          Project.classPath(
              "com.acme.Job",
              Map.of(),
              new Manifest.Copy("data", "/data", "", List.of(), List.of(), List.of(), "", now[1]));
      project.task(
          Project.with(
              new Manifest.Environment(
                  List.of(),
                  List.of(),
                  "",
                  "",
                  List.of(),
                  List.of("make"),
                  List.of(),
                  Manifest.Pip.DEFAULT,
                  List.of(
                      new Manifest.Copy("setup.sh", "/opt/", ""),
                      new Manifest.Copy(
                          "same", "/opt/", "", List.of(), List.of(), List.of(), "", now[1]))),
              Project.task("com.acme.Job", "team/job", Project.BASE, copying, "linux/amd64")));
      if (now[0].equals("one")) {
        register();
      }
    }
    assertThat(changes())
        .containsExactly(
            "environment: step file /opt/same owner 0:0 → 7:7, step file /opt/setup.sh changed, will"
                + " be built by fake",
            "~ files: /data owner 0:0 → 7:7, /data/x owner 0:0 → 7:7");
    register();
    assertThat(changes()).isEmpty();
  }

  @Test
  void onlyLayersThatTheLastImageDidNotHaveTravel() {
    register();
    project.write("classes/com/acme/Report.class", "a longer text");
    Plan.Image image = planned();
    assertThat(image.layers())
        .extracting(Plan.Layer::transfer)
        .containsExactly(Plan.Transfer.THERE, Plan.Transfer.THERE, Plan.Transfer.SENT);
    assertThat(image.bytes()).isEqualTo(image.layers().get(2).bytes()).isPositive();
    assertThat(image.lines().get(image.lines().size() - 1))
        .isEqualTo(
            "       to send: about "
                + image.bytes()
                + " bytes before compression: dependencies (there), resources (there), classes "
                + image.bytes()
                + " bytes");
    List<RegistrationEvent.BlobUploaded> sent = uploads();
    register();
    assertThat(uploads()).as("a layer and a configuration").hasSize(sent.size() + 2);
  }

  private List<RegistrationEvent.BlobUploaded> uploads() {
    return events.stream()
        .filter(RegistrationEvent.BlobUploaded.class::isInstance)
        .map(RegistrationEvent.BlobUploaded.class::cast)
        .toList();
  }

  @Test
  void imagesThatShareALayerSendItOnce() {
    project.task(
        Project.task(
            "com.acme.Other",
            "team/other",
            Project.BASE,
            payload(Map.of("A", "1")),
            "linux/amd64"));
    Plan plan = registrar(settings()).plan();
    assertThat(plan.images().get(1).layers())
        .allSatisfy(layer -> assertThat(layer.transfer()).isEqualTo(Plan.Transfer.SHARED));
    assertThat(plan.bytes()).isEqualTo(plan.images().get(0).bytes());
    assertThat(plan.shared().values()).hasSize(3).allSatisfy(users -> assertThat(users).hasSize(2));
    assertThat(plan.summary().get(0)).startsWith("plan: 2 to build, 0 to reuse; about ");
    assertThat(plan.summary())
        .anyMatch(line -> line.startsWith("  shared by 2 images: classes (4 files, "));
  }

  @Test
  void aBaseThatMovedIsNamedWithTheDaysOfTheLock() throws IOException {
    register();
    Path lock = project.dir.resolve("imagespec.lock");
    assertThat(Files.readString(lock)).contains("\"locked\": \"" + today() + "\"");
    String history = "cache/imagespec/history/tasks";
    try (var files = Files.list(dir.resolve(history))) {
      Path file = files.findFirst().orElseThrow();
      Files.writeString(file, Files.readString(file).replace(today(), "2026-11-02"));
    }
    base("b");
    assertThat(changes()).as("the lock keeps it").isEmpty();
    LockedBases locked = registrar(settings()).lock();
    assertThat(locked.written()).isTrue();
    LockedBases.Base base = locked.bases().get(0);
    assertThat(locked.lines())
        .containsExactly(
            "registry.example/base:1  "
                + base.digest()
                + "  changed, was "
                + base.before()
                + " (locked "
                + today()
                + ")");
    assertThat(changes())
        .singleElement()
        .asString()
        .matches(
            "base registry\\.example/base:1: [0-9a-f]{4}… → [0-9a-f]{4}…"
                + " \\(locked 2026-11-02 → today\\)");
    String text = Files.readString(lock);
    assertThat(registrar(settings()).lock().lines())
        .containsExactly(
            "registry.example/base:1  " + base.digest() + "  unchanged (locked " + today() + ")");
    assertThat(Files.readString(lock)).isEqualTo(text);
  }

  @Test
  void aLockSaysWhatIsNewAndWhatNoTaskUses() {
    assertThat(registrar(settings()).lock().lines())
        .singleElement()
        .asString()
        .matches("registry\\.example/base:1  sha256:[0-9a-f]{64}  new");
    registries.other.push("base", "2", TestImage.builder().layer("etc/a", "c").build());
    program(Map.of(), Manifest.Environment.NONE, "registry.example/base:2");
    assertThat(registrar(settings()).lock().lines())
        .last()
        .isEqualTo("1 other base stays as it is: registry.example/base:1");
  }

  @Test
  void theEnvironmentsPackagesAreComparedByNameAndItsEngineIsNamed() {
    steps("curl=8.0", "git", "six==1.16.0");
    register();
    FakeEngine.BUILDS.clear();
    steps("curl=8.1", "jq", "Six==1.17.0");
    Plan.Image image = planned();
    assertThat(image.comparisons().get(0).lines())
        .containsExactly(
            "environment: apt curl 8.0 → 8.1, apt git gone, apt jq new, python six 1.16.0 → 1.17.0,"
                + " command \"true\" gone, will be built by fake");
    assertThat(image.reasons())
        .anyMatch(
            reason -> reason.matches("its environment env1-[0-9a-f]{32} will be built by fake"));
    assertThat(FakeEngine.BUILDS).isEmpty();
    register();
    steps("curl=8.0", "git", "six==1.16.0");
    assertThat(changes()).singleElement().asString().endsWith(", exists already");
  }

  private void steps(String... packages) {
    program(
        Map.of(),
        new Manifest.Environment(
            List.of(packages[0], packages[1]),
            List.of(packages[2]),
            "",
            "",
            List.of(),
            packages[1].equals("git") ? List.of("true") : List.of(),
            List.of()),
        Project.BASE);
  }

  @Test
  void tasksThatHadDifferentImagesAreComparedSeparately() {
    project.task(
        Project.task(
            "com.acme.Two", "team/job", Project.BASE, payload(Map.of("TZ", "CET")), "linux/amd64"));
    register();
    Manifest.Payload one = payload(Map.of("TZ", "PST"));
    for (String name : List.of("com.acme.Job", "com.acme.Two", "com.acme.Zoo")) {
      project.task(Project.task(name, "team/job", Project.BASE, one, "linux/amd64"));
    }
    project.write("classes/com/acme/Zoo.class", "com.acme.Zoo");
    Plan.Image image = planned();
    assertThat(image.comparisons())
        .extracting(Comparison::tasks)
        .containsExactly(List.of("com.acme.Job"), List.of("com.acme.Two"), List.of("com.acme.Zoo"));
    assertThat(image.reasons()).contains("com.acme.Zoo " + UNKNOWN);
    assertThat(image.lines())
        .contains(
            "       since the last registration of com.acme.Two:", "         env TZ: CET → PST");
  }

  @Test
  void theRecordComesBeforeTheHistory() throws IOException {
    Path record = dir.resolve("record.json");
    registrar(settings().record(record)).register();
    String text = Files.readString(record);
    program(Map.of("TZ", "CET"));
    register();
    program(Map.of("TZ", "PST"));
    assertThat(changes()).containsExactly("env TZ: CET → PST");
    Plan.Image image = planned(settings().record(record));
    assertThat(image.comparisons().get(0).source()).isEqualTo(Comparison.Source.RECORD);
    assertThat(image.comparisons().get(0).lines())
        .containsExactly("- env LANG=C", "env TZ: UTC → PST");
    assertThat(image.lines()).contains("       since the last registration (by the record):");
    assertThat(planned(settings().record(dir.resolve("none.json"))).comparisons().get(0).lines())
        .as("a record that is not there yet")
        .containsExactly("env TZ: CET → PST");
    Files.writeString(record, text.replace("\"UTC\"", "1"));
    assertThat(planned(settings().record(record)).comparisons().get(0).lines())
        .containsExactly("something changed; what it was made from is not recorded");
    assertThat(notes()).singleElement().asString().startsWith("record: ");
  }

  @Test
  void aRecordOfAnEarlierReleaseKnowsLess() throws IOException {
    Path record = dir.resolve("record.json");
    registrar(settings().record(record)).register();
    RegistrationRecord now = RegistrationRecord.read(record);
    RegistrationRecord old =
        new RegistrationRecord(now.tasks(), now.images(), now.source(), now.revision());
    Files.writeString(record, old.toJson());
    assertThat(old.toJson()).doesNotContain("inputs");
    SettingsBuilder elsewhere = settings().record(record).history(dir.resolve("nothing"));
    assertThat(planned(elsewhere).comparisons().get(0).isUnchanged()).isTrue();
    program(Map.of("TZ", "CET", "LANG", "C"));
    assertThat(planned(elsewhere).comparisons().get(0).lines())
        .containsExactly("something changed; what it was made from is not recorded");
    assertThat(planned(settings().record(record)).comparisons().get(0).lines())
        .as("the history knows the image of the record")
        .containsExactly("env TZ: UTC → CET");
    assertThat(notes()).isEmpty();
  }

  @Test
  void aRecordThatIsNoneIsNotedAndWrittenAnew() throws IOException {
    Path record = Files.writeString(dir.resolve("record.json"), "{\"schema\": 7}");
    registrar(settings().record(record)).plan();
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith("record: " + record + " cannot be compared with: ");
    registrar(settings().record(record)).register();
    assertThat(RegistrationRecord.read(record).tasks()).containsKey("com.acme.Job");
  }

  @Test
  void anotherRepositoryIsAChangeFromTheRecordsAndUnknownToTheHistory() {
    Path record = dir.resolve("record.json");
    registrar(settings().record(record)).register();
    Plan.Image image =
        planned(settings().record(record).registry(registries.ecr.registry() + "/other"));
    assertThat(image.comparisons().get(0).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.kind()).isEqualTo(Change.Kind.REPOSITORY));
    assertThat(planned(settings().registry(registries.ecr.registry() + "/other")).reasons())
        .contains(UNKNOWN);
  }

  @Test
  void aRegistrationSaysWhatChangedWhereItBuilds() {
    register();
    events.clear();
    program(Map.of("TZ", "CET", "LANG", "C"));
    register();
    assertThat(events)
        .filteredOn(RegistrationEvent.ImageBuilding.class::isInstance)
        .singleElement()
        .satisfies(
            event ->
                assertThat(((RegistrationEvent.ImageBuilding) event).reasons())
                    .hasSize(2)
                    .last()
                    .isEqualTo("env TZ: UTC → CET"));
  }

  @Test
  void whatIsAsItWasSaysSoAlsoWhereItIsBuiltAgain() {
    register();
    Plan.Image image = planned();
    assertThat(image.reasons())
        .containsExactly("already in the repository", "unchanged since the last registration");
    assertThat(image.bytes()).isZero();
    assertThat(image.lines()).hasSize(2);
    assertThat(planned(settings().force(true)).reasons())
        .containsExactly("forced", "unchanged since the last registration");
  }

  @Test
  void anImageThatFailedIsNotRemembered() {
    registries.ecr.inject(Fault.respond("PUT manifest", 1, 400, "{}", Map.of()));
    assertThat(registrar(settings()).register().failures()).hasSize(1);
    assertThat(planned().reasons()).contains(UNKNOWN);
    register();
    assertThat(planned().reasons()).doesNotContain(UNKNOWN);
  }

  @Test
  void aHistoryThatCannotBeWrittenIsNotedAndTheRegistrationIsWhole() throws IOException {
    Files.writeString(dir.resolve("cache"), "a file");
    register();
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith("history: " + dir.resolve("cache/imagespec/history"))
        .contains("a part of its path is not a folder");
    assertThat(planned().reasons()).contains(UNKNOWN);
  }

  @Test
  void nothingSecretIsKeptAndAChangedSecretIsAChangeAllTheSame() throws IOException {
    Map<String, String> env = new TreeMap<>(Map.of("SESSION_TOKEN", "canary-1"));
    program(env);
    Path record = dir.resolve("record.json");
    registrar(settings().record(record)).register();
    StringBuilder kept = new StringBuilder(Files.readString(record));
    try (var files = Files.walk(dir.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        kept.append(Files.readString(file));
      }
    }
    assertThat(kept.toString()).contains("SESSION_TOKEN").contains("***").doesNotContain("canary");
    env.put("SESSION_TOKEN", "canary-2");
    program(env);
    assertThat(changes())
        .containsExactly("something changed that is not shown, such as the value of a credential");
  }

  @Test
  void aRegistrationsPartHasTheInputsOfItsOwnImagesAlone() {
    project.task(
        Project.task(
            "com.acme.Other",
            "team/other",
            Project.BASE,
            Project.payload(Map.of()),
            "linux/amd64"));
    Registration registration = registrar(settings().record(dir.resolve("record.json"))).register();
    assertThat(register().inputs()).as("without a record").isEmpty();
    String all = Json.canonical(registration.inputs());
    assertThat(all).contains("com/acme/Report.class");
    Registration other = registration.only(List.of("com.acme.Other"));
    assertThat(Json.canonical(other.inputs()))
        .contains(other.images().get(0).fingerprint())
        .doesNotContain("com/acme/Report.class");
    assertThat(registration.only(List.of("com.acme.Job")).toRecord("", "").toJson())
        .contains("com/acme/Report.class")
        .doesNotContain("team/other");
    assertThat(registration.only(List.of()).inputs()).isEmpty();
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws IOException {
    Path record = dir.resolve("record.json");
    Registration registration = registrar(settings().record(record)).register();
    assertThat(RegistrationRecord.read(record)).isEqualTo(registration.toRecord("", ""));
  }
}
