package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Step;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks of Python packages, and bases whose Python they are for or not. */
class OtherPythonTest {
  private static final String HASH = "a".repeat(64);

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    FakeEngine.reset();
    project = new Project(dir);
    base("PYTHON_VERSION=3.12.7");
    task("pylock.toml");
    lock(
        "",
        "foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
        "foo-1.0-cp312-cp312-linux_aarch64.whl");
  }

  private void base(String env) {
    registries.other.push(
        "base",
        "1",
        TestImage.builder()
            .layer("etc/a", "a")
            .platforms("linux/amd64", "linux/arm64")
            .config(Map.of("Env", List.of(env)))
            .build());
  }

  private void task(String requirements, String... packages) {
    project.task(
        Project.with(
            new Manifest.Environment(
                List.of(), List.of(packages), requirements, "", List.of(), List.of(), List.of()),
            Project.task(
                "a.Main",
                "team/app",
                Project.BASE,
                Manifest.Payload.NONE,
                "linux/amd64",
                "linux/arm64")));
  }

  private void lock(String head, String... wheels) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "lock-version = \"1.0\"\n"
                + head
                + "[[packages]]\nname = \"foo\"\nversion = \"1.0\"\n");
    for (String wheel : wheels) {
      text.append("[[packages.wheels]]\nurl = \"https://files.example/")
          .append(wheel)
          .append("\"\nhashes = {sha256 = \"")
          .append(HASH)
          .append("\"}\n");
    }
    Files.writeString(dir.resolve("pylock.toml"), text);
  }

  private Registration register() {
    return LocalRegistries.registrar(
            registries.settings(project).engine("fake").engineLogs(dir.resolve("logs")))
        .register();
  }

  private void assertRefused(String... texts) {
    assertThat(register().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.INVALID_FILE);
              assertThat(failure.message()).contains(texts);
            });
    assertThat(FakeEngine.BUILDS).isEmpty();
    assertThat(registries.ecr.journal().count(entry -> !entry.operation().startsWith("BatchGet")))
        .as("nothing is sent, and no repository is created")
        .isZero();
  }

  @Test
  void aLockForAnotherPythonIsAnErrorBeforeAnEngineRuns() throws IOException {
    lock("requires-python = \">=3.13\"\n", "foo-1.0-py3-none-any.whl");
    assertRefused(
        "pylock.toml: it is for Python >=3.13, and the base image for linux/amd64 has Python 3.12.7",
        "for linux/arm64");
    assertThat(registries.other.journal().count("GET blob")).as("two configurations").isEqualTo(2);
    assertThatThrownBy(
            () ->
                ImageRegistrar.of(registries.settings(project).engine("fake").build())
                    .save("a.Main", dir.resolve("image.tar")))
        .hasMessageContaining("it is for Python >=3.13");
  }

  @Test
  void everyPlatformNeedsAWheelForTheBasesPython() throws IOException {
    lock(
        "",
        "foo-1.0-cp311-cp311-linux_aarch64.whl",
        "foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl");
    assertRefused("pylock.toml: foo 1.0 has no wheel for linux/arm64 with Python 3.12.7");
  }

  @Test
  void aPlatformWithoutAnyWheelIsFoundWithoutARequest() throws IOException {
    lock("", "foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl");
    assertThatThrownBy(this::register)
        .hasMessageContaining("pylock.toml: foo 1.0 has no wheel for linux/arm64; remove the");
    assertThat(registries.other.journal().entries()).isEmpty();
    assertThat(registries.ecr.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PYTHON_VERSION=3.12.7", "PYTHON_VERSION=latest", "LANG=C"})
  void aBaseThatFitsOrDoesNotSayCostsNoRequest(String env) throws IOException {
    base(env);
    Files.writeString(dir.resolve("first.txt"), "foo==0.9\n");
    task("first.txt");
    assertThat(register().failures()).as("resolves the base").isEmpty();
    registries.other.journal().clear();
    Files.writeString(dir.resolve("plain.txt"), "foo==1.0\n");
    task("plain.txt");
    assertThat(register().failures()).isEmpty();
    int withoutLock = registries.other.journal().entries().size();
    registries.other.journal().clear();
    lock("", "foo-1.0-py3-none-any.whl");
    task("pylock.toml");
    assertThat(register().failures()).isEmpty();
    assertThat(registries.other.journal().entries())
        .as("as many as with a list that is not locked")
        .hasSize(withoutLock);
    registries.other.journal().clear();
    assertThat(register().images())
        .allSatisfy(image -> assertThat(image.action()).isEqualTo(Registration.Action.REUSED));
    assertThat(registries.other.journal().entries()).isEmpty();
  }

  @Test
  void theContextHasTheTranslationAndTheCheck() throws IOException {
    Path context = dir.resolve("context");
    ImageRegistrar.of(registries.settings(project).build()).export("a.Main", context);
    Path folder = context.resolve(Step.Pip.CONTEXT_FOLDER);
    assertThat(folder.resolve("00001.txt"))
        .content()
        .isEqualTo("--only-binary :all:\nfoo==1.0 --hash=sha256:" + HASH + "\n");
    assertThat(folder.resolve("check.py")).content().startsWith("REQUIRES = []\n");
    assertThat(folder.resolve("pylock.toml")).doesNotExist();
  }

  @Test
  void aFileWithHashesIsInstalledExactlyAlsoWhereItIsExported() throws IOException {
    Files.writeString(dir.resolve("hashed.txt"), "foo==1.0 --hash=sha256:" + HASH + "\n");
    task("hashed.txt");
    Path context = dir.resolve("context");
    ImageRegistrar.of(registries.settings(project).build()).export("a.Main", context);
    assertThat(context.resolve("Dockerfile"))
        .content()
        .contains("--require-hashes --no-deps -r /tmp/imagespec-requirements/requirements.txt");
    assertThat(register().failures()).isEmpty();
    assertThat(FakeEngine.BUILDS).isNotEmpty();
  }

  @Test
  void whatIsNotLockedBesideHashesIsAnError() throws IOException {
    Files.writeString(
        dir.resolve("hashed.txt"), "foo==1.0 --hash=sha256:" + HASH + "\nbar==1\nbaz\n");
    task("hashed.txt");
    assertThatThrownBy(this::register)
        .hasMessageContaining(
            "hashed.txt: some requirements name hashes and some do not; add --hash to hashed.txt:2,"
                + " hashed.txt:3");
    Files.writeString(dir.resolve("hashed.txt"), "foo>=1.0 --hash=sha256:" + HASH + "\n");
    assertThatThrownBy(this::register).hasMessageContaining("correct hashed.txt:1");
    Files.writeString(dir.resolve("hashed.txt"), "foo==1.0 --hash=sha256:" + HASH + "\n");
    task("hashed.txt", "bar==1");
    assertThatThrownBy(this::register)
        .hasMessageContaining("hashed.txt: bar==1 is not locked; move it into this file");
  }

  private String planned() {
    return ImageRegistrar.of(
            registries.settings(project).engine("fake").engineLogs(dir.resolve("logs")).build())
        .plan()
        .images()
        .stream()
        .flatMap(image -> image.lines().stream())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aPlanSaysThatALockIsForOtherEnvironments() throws IOException {
    lock("environments = [\"python_version >= '3.11'\"]\n", "foo-1.0-py3-none-any.whl");
    assertThat(register().failures()).isEmpty();
    lock("environments = [\"python_version >= '3.12'\"]\n", "foo-1.0-py3-none-any.whl");
    assertThat(planned())
        .contains("python environments python_version >= \"3.11\" → python_version >= \"3.12\"");
  }

  @Test
  void optionsThatNobodyUsesAreNoChange() {
    Manifest.Pip options =
        new Manifest.Pip(true, true, List.of(), List.of(), List.of("--no-compile"));
    Manifest.Environment unused =
        new Manifest.Environment(
            List.of(),
            List.of(),
            "",
            "https://index.example/simple",
            List.of(),
            List.of("make"),
            List.of(),
            options,
            List.of());
    project.task(
        Project.with(
            unused,
            Project.task(
                "a.Main", "team/app", Project.BASE, Manifest.Payload.NONE, "linux/amd64")));
    assertThat(register().failures()).isEmpty();
    project.task(
        Project.with(
            new Manifest.Environment(
                List.of(), List.of(), "", "", List.of(), List.of("make", "x"), List.of()),
            Project.task(
                "a.Main", "team/app", Project.BASE, Manifest.Payload.NONE, "linux/amd64")));
    assertThat(planned()).contains("command \"x\"").doesNotContain("pip option", "package index");
  }
}
