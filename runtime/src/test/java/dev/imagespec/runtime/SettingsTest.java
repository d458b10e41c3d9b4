package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
  @TempDir Path dir;

  private Settings load(
      Map<String, String> flags, String property, Map<String, String> environment) {
    Properties system = new Properties();
    if (!property.isEmpty()) {
      system.setProperty("imagespec.name", property);
    }
    return Settings.reader()
        .commandLine(flags)
        .systemProperties(system)
        .environment(environment)
        .workingDirectory(dir)
        .read();
  }

  @ParameterizedTest
  @CsvSource({
    "record, imagespec.lock, imagespec.lock",
    "record, ./other/../imagespec.properties, imagespec.properties",
    "report, imagespec.lock, imagespec.lock",
    "report, r.json, imagespec.record"
  })
  void aFileThatIsWrittenReplacesNoOther(String key, String file, String other) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "imagespec.project-dir", dir.toString(),
                "imagespec.record", dir.resolve("r.json").toString()));
    flags.put("imagespec." + key, dir.resolve(file).toString());
    assertThatThrownBy(() -> load(flags, "", Map.of()))
        .hasMessageStartingWith("--" + key + ": ")
        .hasMessageEndingWith(" is the file of " + other + ", too; name another.");
  }

  @Test
  void whatIsSaidOfASettingIsOneLine() {
    assertThatThrownBy(() -> load(Map.of(), "", Map.of("IMAGESPEC_X\nerror: y", "1")))
        .hasMessageStartingWith("environment variable IMAGESPEC_X\\u000aerror: y: ")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> load(Map.of(), "", Map.of("IMAGESPEC_PARALLELISM", "1\nerror: y")))
        .hasMessageContaining("\"1\\u000aerror: y\" is not a whole number")
        .hasMessageNotContaining("\n");
  }

  @Test
  void theFirstSourceThatHasASettingWins() throws IOException {
    Files.writeString(dir.resolve("imagespec.properties"), "imagespec.name=file\n");
    Map<String, String> environment = Map.of("IMAGESPEC_NAME", "environment");
    assertThat(load(Map.of("imagespec.name", "flag"), "property", environment).name())
        .hasValue(new RepositoryName("flag"));
    assertThat(load(Map.of(), "property", environment).name())
        .hasValue(new RepositoryName("property"));
    assertThat(load(Map.of(), "", environment).name()).hasValue(new RepositoryName("environment"));
    assertThat(load(Map.of(), "", Map.of("IMAGESPEC_NAME", "")).name())
        .hasValue(new RepositoryName("file"));
  }

  @Test
  void pathsInTheProjectsFileAreRelativeToTheProject() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(project.resolve("imagespec.properties"), "imagespec.record=out.json\n");
    Settings settings =
        load(Map.of("imagespec.project-dir", "project", "imagespec.lock", "a.lock"), "", Map.of());
    assertThat(settings.record()).hasValue(project.resolve("out.json"));
    assertThat(settings.lock()).isEqualTo(dir.resolve("a.lock"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IMAGESPEC_REGISTRI | x | no such setting",
        "IMAGESPEC_LOCKED | yes | neither true nor false",
        "IMAGESPEC_REALMS | ghcr.io | REGISTRY=HOST",
        "IMAGESPEC_REALMS | ghcr.io=https://login.example | has no scheme",
        "IMAGESPEC_REALMS | ghcr.io=login.example/token | without a path",
        "IMAGESPEC_PARALLELISM | 0 | at least 1",
        "IMAGESPEC_PARALLELISM | many | whole number",
        "IMAGESPEC_PROJECT_DIR | a\0b | Nul character",
        "IMAGESPEC_REGISTRY | 123456789012.dkr.ecr.us-eas-1.amazonaws.com | did you mean us-east-1?",
        "IMAGESPEC_NAME | Bad | upper-case",
        "IMAGESPEC_MIRRORS | x | HOST[/PREFIX]",
        "IMAGESPEC_SOURCE | https://me:canary@host/x | password",
        "IMAGESPEC_SOURCE | https://canary@host/x | a password or a token",
        "IMAGESPEC_SOURCE | ssh://me:canary@host/x | password",
        "IMAGESPEC_SOURCE | https://host/x?access_token=canary | a query in it",
        "IMAGESPEC_REGISTRY | https://me:canary@host | credentials do not stand",
        "IMAGESPEC_ENGINE_TIMEOUT | 5 | write 90s, 30m or 2h",
        "IMAGESPEC_CREATION_TIME | 2026-11-28 | write 2026-11-28T10:00:00Z, or seconds",
        "IMAGESPEC_CREATION_TIME | 2026-11-28T10:00:00 | write 2026-11-28T10:00:00Z, or seconds",
        "IMAGESPEC_CREATION_TIME | now | write 2026-11-28T10:00:00Z, or seconds",
        "IMAGESPEC_CREATION_TIME | -1 | write 2026-11-28T10:00:00Z, or seconds",
        "IMAGESPEC_CREATION_TIME | 1969-12-31T23:59:59Z | not between 1970 and 9999",
        "IMAGESPEC_CREATION_TIME | 253402300800 | not between 1970 and 9999",
        "IMAGESPEC_CREATION_TIME | 999999999999999 | not between 1970 and 9999",
        "IMAGESPEC_ENGINE_CACHE | ghcr.io/acme/cache:1 | without a tag, such as ghcr.io/acme/cache",
        "IMAGESPEC_SECRET_TOKEN | canary | env:NAME for an environment variable or file:PATH",
        "IMAGESPEC_CREATE_REPOSITORY | always | none of create, template and never",
        "IMAGESPEC_PULL_PRINCIPALS | 123456789012,everybody | \"everybody\" is neither",
        "IMAGESPEC_ECR_ASSUME_ROLE | push | named by its ARN",
        "IMAGESPEC_ECR_EXTERNAL_ID | canary | imagespec.ecr.assume-role",
        "IMAGESPEC_ECR_MUTABLE_TAG_FILTERS | latest,* | nobody may move",
        "IMAGESPEC_ECR_MUTABLE_TAG_FILTERS | a b | no filter of tags"
      })
  void aWrongSettingSaysWhereAndWhy(String name, String value, String why) {
    assertThatThrownBy(() -> load(Map.of(), "", Map.of(name, value)))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageMatching("(?s).*(" + name + "|imagespec\\.ecr\\.external-id).*")
        .hasMessageContaining(why)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aRepositoryMayBeNamedByAnAliasOfItsRegistry() throws IOException {
    assertThat(
            load(Map.of(), "", Map.of("IMAGESPEC_ENGINE_CACHE", "registry-1.docker.io/acme/cache"))
                .engineCache())
        .hasValue(Repository.parse("docker.io/acme/cache"));
  }

  @Test
  void aSecretIsNamedByItsIdOrByAVariable() throws IOException {
    Files.writeString(
        dir.resolve("imagespec.properties"), "imagespec.secret.my-token=file:token.txt\n");
    Settings settings = load(Map.of(), "", Map.of("IMAGESPEC_SECRET_OTHER_ONE", "env:OTHER"));
    assertThat(settings.secret("my-token")).hasValue("file:token.txt");
    assertThat(settings.secret("other.one")).hasValue("env:OTHER");
    assertThat(settings.secret("none")).isEmpty();
  }

  @Test
  void whatConcernsAmazonEcrIsRead() {
    Settings settings =
        load(
            Map.of("imagespec.create-repository", "template"),
            "",
            Map.of(
                "IMAGESPEC_PULL_PRINCIPALS",
                "210987654321, arn:aws-cn:iam::210987654321:role/nodes",
                "IMAGESPEC_ECR_ASSUME_ROLE",
                "arn:aws:iam::210987654321:role/ci/push",
                "IMAGESPEC_ECR_EXTERNAL_ID",
                "x1",
                "IMAGESPEC_ECR_MUTABLE_TAG_FILTERS",
                "latest, dev-*"));
    assertThat(settings.createRepository()).isEqualTo(RepositoryCreation.TEMPLATE);
    assertThat(settings.pullPrincipals())
        .containsExactly("210987654321", "arn:aws-cn:iam::210987654321:role/nodes");
    assertThat(settings.ecrAssumeRole()).hasValue("arn:aws:iam::210987654321:role/ci/push");
    assertThat(settings.ecrExternalId()).hasValue("x1");
    assertThat(settings.ecrMutableTagFilters()).containsExactly("latest", "dev-*");
    assertThat(load(Map.of(), "", Map.of()).createRepository())
        .isEqualTo(RepositoryCreation.CREATE);
  }

  @Test
  void aRegionNewerThanThisReleaseIsAdmittedByASetting() throws Exception {
    String host = "123456789012.dkr.ecr.us-eas-1.amazonaws.com";
    Settings settings =
        load(
            Map.of(),
            "",
            Map.of("IMAGESPEC_REGISTRY", host, "IMAGESPEC_EXTRA_REGIONS", "us-eas-1"));
    assertThat(settings.registry()).hasValue(Namespace.parse(host));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/library/ubuntu, mirror.example/hub/library/ubuntu",
    "docker.io/acme/app, special.example/app",
    "docker.io/acmes/app, mirror.example/hub/acmes/app",
    "ghcr.io/a/b, ghcr.io/a/b"
  })
  void theMirrorWithTheLongestPathOfWholePartsWins(String from, String to) {
    Settings settings =
        Settings.builder()
            .mirrors(
                List.of(
                    Mirror.parse("index.docker.io=mirror.example/hub"),
                    Mirror.parse("docker.io/acme=special.example")))
            .build();
    int slash = from.indexOf('/');
    Repository base =
        new Repository(
            Registry.parse(from.substring(0, slash)),
            new RepositoryName(from.substring(slash + 1)));
    assertThat(settings.mirror(base)).hasToString(to);
  }

  static Stream<Arguments> wrongValues() {
    return Stream.<Map.Entry<String, UnaryOperator<SettingsBuilder>>>of(
            Map.entry("registry", b -> b.registry("https://me:canary@ghcr.io")),
            Map.entry("registry", b -> b.registry("123456789012.dkr.ecr.us-eas-1.amazonaws.com")),
            Map.entry("extra-regions", b -> b.extraRegions(List.of("Europe"))),
            Map.entry("name", b -> b.name("Bad")),
            Map.entry("source", b -> b.source("https://me:canary@host/x")),
            Map.entry("source", b -> b.source("git+https://me:canary@host/x")),
            Map.entry("parallelism", b -> b.parallelism(0)),
            Map.entry("engine", b -> b.engine("--help")),
            Map.entry("engine.builders", b -> b.engineBuilders(List.of("a", "-b"))),
            Map.entry("engine.network", b -> b.engineNetwork("--privileged")),
            Map.entry("engine.timeout", b -> b.engineTimeout(Duration.ZERO)),
            Map.entry("engine.parallelism", b -> b.engineParallelism(0)),
            Map.entry("secret.token", b -> b.secrets(Map.of("token", "canary"))),
            Map.entry("pull-principals", b -> b.pullPrincipals(List.of("everybody"))),
            Map.entry("ecr.assume-role", b -> b.ecrAssumeRole("push")),
            Map.entry("ecr.external-id", b -> b.ecrExternalId("x1")),
            Map.entry("ecr.mutable-tag-filters", b -> b.ecrMutableTagFilters(List.of("*"))),
            Map.entry("ecr.account", b -> b.ecrAccount("12")),
            Map.entry("ecr.region", b -> b.ecrRegion("US East")))
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongValues")
  void theBuilderRefusesWhatTheReaderRefuses(String name, UnaryOperator<SettingsBuilder> wrong) {
    assertThatThrownBy(() -> wrong.apply(Settings.builder()).build())
        .isInstanceOf(ImageSpecException.class)
        .hasMessageStartingWith("imagespec." + name + ": ")
        .hasMessageNotContaining("canary")
        .extracting(e -> ((ImageSpecException) e).code())
        .isEqualTo(FailureCode.INVALID_SETTING);
  }

  @Test
  void everySettingIsReadSetAndAnswered() {
    Set<String> setters =
        Arrays.stream(SettingsBuilder.class.getMethods())
            .filter(method -> method.getReturnType() == SettingsBuilder.class)
            .map(Method::getName)
            .collect(Collectors.toSet());
    Set<String> accessors =
        Arrays.stream(Settings.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
    for (SettingKey<?> key : SettingKey.all()) {
      String method = camelCase(key.name().substring("imagespec.".length()));
      assertThat(setters).contains(method);
      // Known regions matter only while the registry is checked.
      if (key != SettingKey.EXTRA_REGIONS) {
        assertThat(accessors).contains(method);
      }
    }
    assertThat(SettingKey.all()).extracting(SettingKey::variable).doesNotHaveDuplicates();
  }

  private static String camelCase(String name) {
    return name.equals("classpath")
        ? "classPath"
        : Pattern.compile("[.-]([a-z])")
            .matcher(name)
            .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  @Test
  void whatWasGivenFirstWinsAndSaysWhereItStands() {
    Settings settings =
        Settings.reader()
            .configuration("plugin", Map.of("imagespec.parallelism", "3"))
            .environment(Map.of("IMAGESPEC_PARALLELISM", "4", "IMAGESPEC_LOCK", "x.lock"))
            .workingDirectory(dir)
            .read();
    assertThat(settings.parallelism()).isEqualTo(3);
    assertThat(settings.lock()).isEqualTo(dir.resolve("x.lock"));
    assertThatThrownBy(
            () ->
                Settings.reader()
                    .configuration("plugin", Map.of("imagespec.parallelism", "x"))
                    .workingDirectory(dir)
                    .read())
        .hasMessage("plugin, imagespec.parallelism: \"x\" is not a whole number.");
  }

  @Test
  void withoutTheProjectFileTheFolderHasNoSay() throws IOException {
    Files.writeString(dir.resolve("imagespec.properties"), "imagespec.name=file\n");
    SettingsReader reader = Settings.reader().workingDirectory(dir);
    assertThat(reader.withoutProjectFile().read().name()).isEmpty();
  }

  @Test
  void aRegistrarsOwnSettingsAreThoseThatItDeclares() throws IOException {
    Files.writeString(dir.resolve("imagespec.properties"), "imagespec.probe.time-zone=file\n");
    assertThat(load(Map.of(), "", Map.of()).registrar("probe"))
        .isEqualTo(Map.of("time-zone", "file"));
    assertThat(load(Map.of(), "", Map.of("IMAGESPEC_PROBE_TIME_ZONE", "x")).registrar("probe"))
        .isEqualTo(Map.of("time-zone", "x"));
    assertThat(load(Map.of(), "", Map.of()).registrar("other")).isEmpty();
    assertThatThrownBy(() -> load(Map.of("imagespec.probe.zone", "x"), "", Map.of()))
        .hasMessageContaining("imagespec.probe.zone: there is no such setting");
  }
}
