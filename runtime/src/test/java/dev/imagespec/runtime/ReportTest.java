package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the page about a registration or a plan knows, and the requests that this takes. */
class ReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DATA =
      Pattern.compile("<script id=\"data\" type=\"application/json\">(.*?)</script>");

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer other = registries.other;
  private Project project = new Project(Path.of(""));
  private Path page = Path.of("");

  @BeforeEach
  void start() {
    FakeEngine.reset();
    project = new Project(dir);
    page = dir.resolve("out/report.html");
    other.push("base", "1", TestImage.builder().layer("etc/a", "a").layer("etc/b", "bb").build());
  }

  private SettingsBuilder settings() {
    return registries
        .settings(project)
        .history(dir.resolve("history"))
        .engine("fake")
        .engineLogs(dir.resolve("logs"))
        .report(page);
  }

  private static Registration register(SettingsBuilder settings) {
    return LocalRegistries.registrar(settings).register();
  }

  private static Plan plan(SettingsBuilder settings) {
    return ImageRegistrar.of(settings.build()).plan();
  }

  private JsonNode data() throws IOException {
    Matcher matcher = DATA.matcher(Files.readString(page));
    assertThat(matcher.find()).isTrue();
    return JSON.readTree(matcher.group(1));
  }

  private static Manifest program(String name, String variable, Manifest.Copy... copies) {
    return Project.task(
        name,
        "team/app",
        Project.BASE,
        Project.classPath("a.One", Map.of("WHO", variable), copies),
        "linux/amd64");
  }

  private static Manifest.Environment apt(String name) {
    return new Manifest.Environment(
        List.of(name), List.of(), "", "", List.of(), List.of(), List.of());
  }

  /** Of a task's image, its parts as {@code kind: name}. */
  private static List<String> parts(JsonNode data, String task) {
    List<String> parts = new ArrayList<>();
    for (JsonNode index : image(data, task).path("parts")) {
      JsonNode part = data.path("parts").path(index.asInt());
      parts.add(part.path("kind").asText() + ": " + part.path("name").asText());
    }
    return parts;
  }

  private static JsonNode image(JsonNode data, String task) {
    for (JsonNode image : data.path("images")) {
      for (JsonNode name : image.path("tasks")) {
        if (name.asText().equals(task)) {
          return image;
        }
      }
    }
    throw new AssertionError(task + " has no image in " + data);
  }

  private static JsonNode part(JsonNode data, String kind) {
    for (JsonNode part : data.path("parts")) {
      if (part.path("kind").asText().equals(kind)) {
        return part;
      }
    }
    throw new AssertionError("no " + kind + " in " + data);
  }

  private List<String> operations() {
    return new TreeSet<>(ecr.journal().entries().stream().map(e -> e.operation()).toList())
        .stream().toList();
  }

  @Test
  void furtherTagsAreShown() throws IOException {
    project.task(program("a.One", "x")).write("classes/words.txt", "word");
    register(settings().tags(List.of(TagTemplate.parse("{task}-1.4"))));
    assertThat(image(data(), "a.One").path("tags"))
        .extracting(JsonNode::asText)
        .containsExactly("One-1.4");
  }

  @Test
  void whatImagesShareIsOnePartWithTheBytesThatTheRegistryHas() throws IOException {
    Path jar = TestJar.empty().file("a", "a").write(dir.resolve("lib-1.jar"));
    project.task(program("a.One", "x")).task(program("a.Two", "y")).task(program("a.Three", "y"));
    project.write("conf/f", "file").write("classes/words.txt", "word");
    project.task(program("a.Four", "z", new Manifest.Copy("conf/f", "/etc/f", "")));
    Registration registration = register(settings().classPath(List.of(project.classes, jar)));
    assertThat(registration.failures()).isEmpty();
    JsonNode data = data();
    assertThat(data.path("kind").asText()).isEqualTo("registration");
    assertThat(data.path("requests").asLong()).isEqualTo(registration.requests());
    assertThat(data.path("images")).hasSize(3);
    List<String> program =
        List.of(
            "base: registry.example/base:1",
            "dependencies: dependencies",
            "resources: resources",
            "classes: classes");
    assertThat(parts(data, "a.One")).isEqualTo(program);
    assertThat(parts(data, "a.Three")).isEqualTo(program);
    assertThat(parts(data, "a.Four")).hasSize(5).contains("files: files");
    assertThat(data.path("parts")).as("each once").hasSize(5);
    assertThat(image(data, "a.Two").path("tasks")).hasSize(2);
    assertThat(image(data, "a.Two").path("action").asText()).isEqualTo("built");
    assertThat(image(data, "a.Two").path("reference").asText())
        .isEqualTo(registration.tasks().get("a.Two"));

    JsonNode manifest =
        registries.manifest("team/app", LocalRegistries.digest(registration, "a.Four"));
    List<JsonNode> drawn = new ArrayList<>();
    for (JsonNode index : image(data, "a.Four").path("parts")) {
      data.path("parts").path(index.asInt()).path("layers").forEach(drawn::add);
    }
    assertThat(drawn).hasSize(manifest.path("layers").size());
    for (int i = 0; i < drawn.size(); i++) {
      JsonNode layer = manifest.path("layers").path(i);
      assertThat(drawn.get(i).path("digest")).isEqualTo(layer.path("digest"));
      assertThat(drawn.get(i).path("bytes").asLong()).isEqualTo(layer.path("size").asLong());
      assertThat(drawn.get(i).path("sent").asBoolean()).isTrue();
    }
    assertThat(part(data, "dependencies").path("largest").toString()).contains("lib-1.jar");
  }

  /** The page of a build tool, which nobody asked for: it takes no request of its own. */
  @Test
  void aPageOfWorkAloneIsNotWrittenIfThereIsNone() throws IOException {
    project.task(program("a.One", "x")).task(program("a.Two", "y"));
    ImageRegistrar registrar = LocalRegistries.registrar(settings()).withReportOnlyOfWork();
    registrar.register();
    assertThat(image(data(), "a.One").path("action").asText()).isEqualTo("built");
    Files.delete(page);
    ecr.journal().clear();
    assertThat(registrar.register().requests()).isEqualTo(1);
    assertThat(operations()).containsExactly("BatchGetImage");
    assertThat(page).doesNotExist();

    project.task(program("a.Two", "other"));
    registrar.register();
    assertThat(image(data(), "a.One").path("action").asText()).isEqualTo("reused");
    assertThat(image(data(), "a.Two").path("action").asText()).isEqualTo("built");
    Files.delete(page);

    project.task(program("a.Two", "third"));
    ecr.deny("ecr:PutImage");
    assertThat(registrar.register().failures()).isNotEmpty();
    assertThat(page).as("says why an image failed").exists();
  }

  @Test
  void theSecondTimeEverythingIsThere() throws IOException {
    project.task(program("a.One", "x")).task(program("a.Two", "y"));
    register(settings());
    List<JsonNode> first = new ArrayList<>();
    data().path("parts").forEach(part -> first.add(part.path("bytes")));
    register(settings());
    JsonNode data = data();
    assertThat(image(data, "a.One").path("action").asText()).isEqualTo("reused");
    assertThat(data.path("parts")).extracting(part -> part.path("bytes")).isEqualTo(first);
    assertThat(data.toString()).contains("\"sent\":false").doesNotContain("\"sent\":true");
  }

  @Test
  void ofAmazonEcrAReportAsksOnceForEachRepository() {
    project.task(program("a.One", "x")).task(program("a.Two", "y"));
    project.task(Project.task("a.Three", "team/third", "z"));
    Registration made = register(settings());
    assertThat(made.failures()).isEmpty();
    ecr.journal().clear();
    other.journal().clear();
    Registration again = register(settings());
    assertThat(operations()).containsExactly("BatchGetImage", "DescribeImages");
    assertThat(ecr.journal().count("BatchGetImage")).isEqualTo(2);
    assertThat(ecr.journal().count("DescribeImages")).isEqualTo(2);
    assertThat(other.journal().entries()).isEmpty();
    assertThat(again.requests()).isEqualTo(4);
  }

  @Test
  void whereNoReportIsWantedNothingIsAsked() {
    project.task(program("a.One", "x"));
    SettingsBuilder without = registries.settings(project);
    register(without);
    ecr.journal().clear();
    register(without);
    assertThat(operations()).containsExactly("BatchGetImage");
    assertThat(ecr.journal().entries()).hasSize(1);
    assertThat(page).doesNotExist();
  }

  @Test
  void ofAnotherRegistryAReportReadsOneManifestForEachImageThatIsReused() throws IOException {
    project.task(program("a.One", "x")).task(program("a.Two", "y"));
    Manifest.Environment steps =
        new Manifest.Environment(
            List.of("curl"),
            List.of(),
            "",
            "",
            List.of(),
            List.of(),
            List.of(),
            Manifest.Pip.DEFAULT,
            List.of(new Manifest.Copy("conf/f", "/opt/f", "")));
    project.write("conf/f", "x").task(Project.with(steps, program("a.Three", "z")));
    SettingsBuilder settings = settings().registry(other.registry());
    register(settings);
    other.journal().clear();
    register(settings);
    assertThat(other.journal().count("HEAD manifest")).isEqualTo(3);
    assertThat(other.journal().count("GET manifest")).isEqualTo(3);
    assertThat(other.journal().entries()).hasSize(6);
    JsonNode data = data();
    assertThat(parts(data, "a.Three"))
        .startsWith("base: registry.example/base:1")
        .element(1)
        .asString()
        .startsWith("environment: env1-");
    assertThat(part(data, "environment").path("layers")).hasSize(1);
    assertThat(part(data, "environment").path("steps").path(0).asText())
        .isEqualTo("copy: conf/f to /opt/f");
    assertThat(part(data, "environment").path("steps").path(1).asText()).isEqualTo("apt: curl");
    assertThat(data.toString()).doesNotContain("pushedAt");
  }

  @Test
  void aBaseThatOnlyEnvironmentsStandOnIsReadOnce() throws IOException {
    project.task(Project.with(apt("curl"), Project.task("a.One", "team/app", "x")));
    project.task(Project.with(apt("curl"), Project.task("a.Two", "team/app", "y")));
    register(settings());
    other.journal().clear();
    register(settings());
    assertThat(other.journal().entries()).hasSize(1);
    assertThat(other.journal().count("GET manifest")).isEqualTo(1);
    JsonNode data = data();
    assertThat(part(data, "base").path("layers")).hasSize(2);
    assertThat(part(data, "environment").path("layers")).hasSize(1);
    assertThat(data.path("parts")).hasSize(2);
  }

  @Test
  void anImageOnAnotherTasksImageHasItsParts() throws IOException {
    project.write("conf/f", "file");
    project.task(program("a.Below", "x"));
    Manifest.Payload files = Project.payload(Map.of(), new Manifest.Copy("conf/f", "/etc/f", ""));
    project.task(
        Project.basedOn("a.Below", Project.with(files, Project.task("a.Above", "team/app", "y"))));
    assertThat(register(settings()).failures()).isEmpty();
    JsonNode data = data();
    List<String> below = parts(data, "a.Below");
    List<String> expected = new ArrayList<>(below);
    expected.add("files: files");
    assertThat(parts(data, "a.Above")).isEqualTo(expected);
    assertThat(image(data, "a.Above").path("base").asText()).isEqualTo("the image of a.Below");
  }

  @Test
  void agesAndScansAreThoseOfAmazonEcr() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Registration registration = register(settings());
    String tag = registration.images().get(0).tag();
    Instant monthAgo =
        Instant.ofEpochSecond(Instant.now().minus(Duration.ofDays(30)).getEpochSecond());
    ecr.pushedAt("team/app", tag, monthAgo);
    ecr.scanned("team/app", tag, Map.of("CRITICAL", 1, "LOW", 12));
    register(settings());
    JsonNode image = image(data(), "a.One");
    assertThat(image.path("pushedAt").asText()).isEqualTo(monthAgo.toString());
    assertThat(image.path("scan").path("status").asText()).isEqualTo("COMPLETE");
    assertThat(image.path("scan").path("findings").path("CRITICAL").asInt()).isEqualTo(1);
  }

  @Test
  void whoMayNotDescribeImagesGetsAPageThatSaysSo() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    ecr.deny("ecr:DescribeImages");
    assertThat(register(settings()).failures()).isEmpty();
    JsonNode data = data();
    assertThat(data.path("notes")).hasSize(1);
    assertThat(data.path("notes").path(0).asText())
        .startsWith("The age and the scans of images in " + ecr.registry() + "/team/app")
        .contains("ecr:DescribeImages");
    assertThat(part(data, "base").path("layers")).hasSize(2);
  }

  @Test
  void aPlanShowsTheSizesOfFilesAndSendsNothing() throws IOException {
    project.write("classes/words.txt", "w".repeat(10_000)).task(program("a.One", "x"));
    project.task(Project.with(apt("curl"), program("a.Two", "y")));
    Plan plan = plan(settings());
    assertThat(plan.failures()).isEmpty();
    JsonNode data = data();
    assertThat(data.path("kind").asText()).isEqualTo("plan");
    JsonNode resources = part(data, "resources");
    assertThat(resources.path("bytes").asLong()).isEqualTo(10_000);
    assertThat(resources.path("stored").asBoolean()).isFalse();
    assertThat(resources.path("arriving").asBoolean()).isTrue();
    assertThat(part(data, "base").path("arriving").asBoolean()).isFalse();
    assertThat(part(data, "base").path("layers")).hasSize(2);
    assertThat(part(data, "environment").path("note").asText()).startsWith("It will be built");
    assertThat(image(data, "a.One").path("changes").path(0).path("text").asText())
        .isEqualTo(plan.images().get(0).reasons().get(0));
    assertThat(ecr.repositories()).as("writes nothing").isEmpty();
    assertThat(dir.resolve("imagespec.lock")).doesNotExist();

    register(settings());
    project.write("classes/words.txt", "v".repeat(20_000));
    plan(settings());
    JsonNode changed = data();
    assertThat(image(changed, "a.One").path("changes").toString())
        .contains("{\"kind\":\"changed\",\"text\":\"words.txt changed\"}");
    assertThat(part(changed, "resources").path("arriving").asBoolean()).isTrue();
    assertThat(part(changed, "classes").path("arriving").asBoolean())
        .as("its repository has it from the last registration")
        .isFalse();
    assertThat(part(changed, "environment").path("layers")).hasSize(1);
  }

  @Test
  void onlyPlansThatSomebodyAskedForAreWritten() {
    project.task(Project.task("a.One", "team/app", "x"));
    ImageInventory.of(settings().build()).list(List.of());
    assertThat(page).doesNotExist();
  }

  @Test
  void aReportThatCannotBeWrittenIsAFailureAndNothingIsLost() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Path record = dir.resolve("registration.json");
    Files.writeString(dir.resolve("file"), "");
    Path nowhere = dir.resolve("file/report.html");
    Registration registration = register(settings().report(nowhere).record(record));
    assertThat(registration.tasks()).containsOnlyKeys("a.One");
    assertThat(record).exists();
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.LOCAL_IO);
              assertThat(failure.message()).startsWith("The report is not written: ");
            });
    Plan plan = plan(settings().report(nowhere));
    assertThat(plan.images()).hasSize(1);
    assertThat(plan.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.LOCAL_IO));
    assertThat(plan.summary()).first().asString().doesNotContain("failed");
  }

  @Test
  void aFolderInTheWayIsFoundBeforeTheFirstRequest() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Files.createDirectories(page);
    assertThatThrownBy(() -> register(settings())).hasMessageContaining("not a regular file");
    assertThatThrownBy(() -> plan(settings())).hasMessageContaining("not a regular file");
    assertThat(ecr.journal().entries()).isEmpty();
  }

  @Test
  void whatFailedIsShownBesideWhatDidNot() throws IOException {
    project.task(Project.task("a.Good", "team/app", "x"));
    project.task(Project.task("a.Bad", "team/bad", "y"));
    ecr.inject(
        Fault.respond(
            "CreateRepository",
            1,
            400,
            "{\"__type\":\"AccessDeniedException\",\"message\":\"<b>no</b>\"}",
            Map.of()));
    Registration registration = register(settings());
    assertThat(registration.failures()).hasSize(1);
    JsonNode data = data();
    assertThat(data.path("images")).hasSize(1);
    JsonNode failure = data.path("failures").path(0);
    assertThat(failure.path("tasks").path(0).asText()).isIn("a.Good", "a.Bad");
    assertThat(failure.path("message").asText())
        .isEqualTo(registration.failures().get(0).message());
  }

  @Test
  void aManifestThatIsGoneLeavesAPageThatSaysSo() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    SettingsBuilder settings = settings().registry(other.registry());
    register(settings);
    other.inject(Fault.respond("GET manifest", 1, 404, "{}", Map.of()));
    Registration registration = register(settings);
    assertThat(registration.failures()).isEmpty();
    assertThat(image(data(), "a.One").path("note").asText())
        .startsWith("Its layers are not known: The manifest ")
        .endsWith(" is gone.");
  }

  @Test
  void thePageGrowsByAboutAKilobyteForEachTask() throws IOException {
    Manifest task = Project.task("a.Task", "team/app", "x");
    project.task(task);
    plan(settings());
    long one = Files.size(page);
    for (int i = 0; i < 100; i++) {
      project.task(Project.task("a.Task" + i, "team/app", "v" + i));
    }
    plan(settings());
    assertThat(Files.size(page) - one).isLessThan(100 * 1200);
    assertThat(one).isLessThan(80_000);
  }
}
