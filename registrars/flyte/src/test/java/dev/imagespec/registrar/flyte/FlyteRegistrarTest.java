package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.runtime.TaskRegistrar.Planned;
import dev.imagespec.runtime.TaskRegistrar.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registration in Flyte 2, at a server that counts. */
class FlyteRegistrarTest {
  private static final String REPORT = "com.acme.Report";

  /** Of the first task below. If it changes, each user's tasks get new versions. */
  private static final String STABLE = "80991e62d13bc765da28759baaff95b35965b5fc";

  @TempDir Path dir;
  private final Flyte2Fake flyte = new Flyte2Fake("acme");

  @AfterEach
  void close() {
    flyte.close();
  }

  private Case acme() {
    return new Case(flyte, dir);
  }

  private static FlyteTask version(String version) {
    return retries(version, 0);
  }

  private static FlyteTask retries(String version, int retries) {
    FlyteTask none = new FlyteTask(REPORT);
    return new FlyteTask(
        "",
        "",
        REPORT,
        version,
        none.inputs(),
        none.outputs(),
        none.requests(),
        none.limits(),
        retries,
        0,
        false,
        none.cache());
  }

  @Test
  void aTaskIsRegisteredOnceWithItsImageByDigest() {
    Case acme = acme().task(REPORT);
    List<Result> results = acme.register();
    assertThat(results)
        .singleElement()
        .satisfies(
            result -> {
              Result.Registered done = (Result.Registered) result;
              assertThat(done.definition()).isEqualTo(REPORT);
              assertThat(done.image()).isEqualTo(acme.image());
              assertThat(done.action()).isEqualTo(Action.REGISTERED);
              assertThat(done.id()).matches("acme/development/com\\.acme\\.Report@is[0-9a-f]{40}");
            });
    assertThat(flyte.requests()).containsExactly(Flyte2Fake.GET, Flyte2Fake.DEPLOY);
    JsonNode spec = flyte.specs().get(0);
    assertThat(spec.at("/taskTemplate/container/image").asText()).isEqualTo(acme.image());
    assertThat(spec.at("/taskTemplate/id/resourceType").asText()).isEqualTo("TASK");
    assertThat(spec.path("shortName").asText()).isEqualTo("Report");

    flyte.forget();
    assertThat(acme.outcome()).singleElement().asString().startsWith("unchanged acme/");
    assertThat(flyte.requests()).containsExactly(Flyte2Fake.GET);
  }

  @Test
  void theVersionFollowsImageAndDefinitionAlone() {
    String first = acme().task(REPORT).outcome().get(0);
    String rebuilt = acme().task(REPORT).rebuilt().outcome().get(0);
    String retried = acme().task(REPORT, retries("", 2)).outcome().get(0);
    String elsewhere = acme().task(REPORT).set("domain", "production").outcome().get(0);
    assertThat(List.of(first, rebuilt, retried)).doesNotHaveDuplicates();
    assertThat(elsewhere).isEqualTo(first.replace("development", "production"));
    assertThat(acme().task(REPORT).outcome())
        .containsExactly(first.replace("registered", "unchanged"));
    assertThat(first)
        .as("the rule does not change from release to release")
        .endsWith("@is" + STABLE);
  }

  @Test
  void aHundredTasksAreRegisteredSeveralAtOnceAndOneRequestEachFindsThemThere() {
    Case acme = acme();
    IntStream.range(0, 100).forEach(i -> acme.task("com.acme.Task" + i));
    assertThat(acme.outcome()).hasSize(100).allMatch(line -> line.startsWith("registered "));
    assertThat(flyte.count(Flyte2Fake.GET)).isEqualTo(100);
    assertThat(flyte.count(Flyte2Fake.DEPLOY)).isEqualTo(100);
    assertThat(flyte.mostAtOnce()).isBetween(2, 8);

    flyte.forget();
    assertThat(acme.outcome()).hasSize(100).allMatch(line -> line.startsWith("unchanged "));
    assertThat(flyte.requests()).hasSize(100).containsOnly(Flyte2Fake.GET);
  }

  @Test
  void whatAChosenVersionHasIsNeverReplaced() {
    assertThat(acme().task(REPORT, version("1")).outcome())
        .containsExactly("registered acme/development/com.acme.Report@1");
    assertThat(acme().task(REPORT, version("1")).outcome())
        .containsExactly("unchanged acme/development/com.acme.Report@1");
    Case rebuilt = acme().task(REPORT, version("1")).rebuilt();
    assertThat(rebuilt.outcome())
        .singleElement()
        .asString()
        .startsWith("failed com.acme.Report: Flyte has another task as acme/development/")
        .contains("com.acme.Report@1, and it stays; give it a new version, or none")
        .contains("container.image: \"r.example/app@sha256:aaa", "→ \"r.example/app@sha256:bbb");
    assertThat(rebuilt.plan(true))
        .singleElement()
        .isInstanceOfSatisfying(
            Planned.Failed.class,
            failed -> assertThat(failed.message()).contains("and it stays", "container.image"));
    assertThat(flyte.replaced()).isZero();
  }

  @Test
  void whatIsTakenAwayUnderAChosenVersionIsADifferenceToo() {
    acme().task(REPORT, retries("1", 3)).register();
    assertThat(acme().task(REPORT, version("1")).outcome())
        .singleElement()
        .asString()
        .contains("metadata.retries: {\"retries\":3} is taken away");
    assertThat(flyte.replaced()).isZero();
  }

  @Test
  void whatFlyteAddsToADerivedVersionIsNoDifference() {
    Case acme = acme().task(REPORT);
    acme.register();
    JsonNode spec = flyte.specs().get(0);
    ((ObjectNode) spec.at("/taskTemplate/metadata")).put("interruptible", true).put("unheardOf", 1);
    assertThat(acme.outcome()).singleElement().asString().startsWith("unchanged ");
  }

  @Test
  void aDerivedVersionThatSomebodyReplacedIsNotTakenForOurs() {
    Case acme = acme().task(REPORT);
    acme.register();
    JsonNode container = flyte.specs().get(0).at("/taskTemplate/container");
    ((ObjectNode) container).put("image", "other");
    assertThat(acme.outcome())
        .singleElement()
        .asString()
        .contains("a version that only this content should have", "imagespec.flyte.version")
        .contains("container.image: \"other\" → ");
    assertThat(flyte.count(Flyte2Fake.DEPLOY)).isEqualTo(1);
  }

  @Test
  void settingsGoBeforeTheAnnotation() {
    FlyteTask own =
        new FlyteTask(
            "other",
            "staging",
            "report",
            "7",
            List.of(),
            List.of(),
            FlyteTask.Resources.UNSET,
            FlyteTask.Resources.UNSET,
            0,
            0,
            false,
            FlyteTask.Cache.NONE);
    assertThat(acme().task(REPORT, own).set("version", "abc").outcome())
        .containsExactly("registered acme/development/report@abc");
    assertThat(acme().task(REPORT, own).unset("domain").outcome())
        .containsExactly("registered acme/staging/report@7");
  }

  @Test
  void theOrganizationIsSentAndIsNoPartOfTheVersion() {
    String without = acme().task(REPORT).outcome().get(0);
    flyte.forget();
    assertThat(acme().task(REPORT).set("org", "acme-inc").outcome())
        .containsExactly(without.replace("registered", "unchanged"));
    assertThat(flyte.bodies()).singleElement().asString().contains("\"org\":\"acme-inc\"");
  }

  @Test
  void aPlanSaysWhatIsNew() {
    Case acme = acme().task(REPORT);
    assertThat(acme.plan(false))
        .containsExactly(
            new Planned.Known(
                REPORT,
                REPORT,
                Action.REGISTERED,
                List.of("Flyte has no version of com.acme.Report yet")));
    acme.register();
    String before = acme.outcome().get(0).replaceFirst(".*@", "");
    flyte.forget();
    assertThat(acme.plan(true))
        .containsExactly(new Planned.Known(REPORT, REPORT, Action.UNCHANGED, List.of()));
    assertThat(flyte.requests()).containsExactly(Flyte2Fake.GET);
    flyte.forget();
    assertThat(acme.plan(false))
        .containsExactly(
            new Planned.Known(
                REPORT,
                REPORT,
                Action.REGISTERED,
                List.of(
                    "version: " + before + " → (known after the push)",
                    "container.image: \"" + acme.image() + "\" → \"(known after the push)\"")));
    assertThat(flyte.requests()).containsExactly(Flyte2Fake.LIST, Flyte2Fake.GET);
    assertThat(acme().task(REPORT, retries("", 2)).plan(true))
        .singleElement()
        .isInstanceOfSatisfying(
            Planned.Known.class,
            known ->
                assertThat(known.changes().toString())
                    .contains("version: " + before + " → is")
                    .contains("metadata.retries: {\"retries\":2} is added"));
    assertThat(flyte.count(Flyte2Fake.DEPLOY)).isZero();
  }

  @Test
  void aPlanWithAChosenVersionAndAnImageThatIsNotPushedYetSaysThatItMayFail() {
    acme().task(REPORT, version("1")).register();
    assertThat(acme().task(REPORT, version("1")).plan(false))
        .singleElement()
        .isInstanceOfSatisfying(
            Planned.Known.class,
            known ->
                assertThat(known.changes().toString())
                    .contains(
                        "(known after the push)", "version 1 has another task, so this fails"));
  }

  @Test
  void withoutTasksOfFlyteNothingOfItIsRead() throws IOException {
    Files.createDirectories(dir.resolve(".flyte"));
    Files.writeString(dir.resolve(".flyte/config.yaml"), "admin: [ this is no configuration");
    Case plain = new Case(Map.of("FLYTECTL_CONFIG", "/none"), dir).plain(REPORT);
    assertThat(plain.outcome()).isEmpty();
    assertThat(plain.plan(true)).isEmpty();
    assertThat(plain.examine().findings()).isEmpty();
    assertThat(plain.events()).isEmpty();
  }

  @Test
  void aTaskOfFlyteWithoutAnEndpointIsWarnedAbout() {
    Case nowhere = new Case(Map.of(), dir).task(REPORT).plain("com.acme.Other");
    assertThat(nowhere.outcome()).isEmpty();
    assertThat(nowhere.plan(true)).isEmpty();
    assertThat(nowhere.events())
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(event)
                    .startsWith(
                        "warning: flyte: with @FlyteTask, but not registered in Flyte, because no"
                            + " endpoint is configured: com.acme.Report. Set imagespec.flyte.endpoint=")
                    .contains("FLYTE_API_KEY", "imagespec.no-registrars=true"));
    assertThat(nowhere.examine().findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("no endpoint is configured"));
  }

  @Test
  void whoAsksForFlyteWithASettingNeedsAnEndpoint() {
    Case nowhere = new Case(Map.of(), dir).task(REPORT).set("project", "acme");
    assertThatThrownBy(nowhere::check)
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining("no endpoint is configured. Set imagespec.flyte.endpoint=");
  }

  @Test
  void twoTasksWithOneNameAreFoundBeforeTheFirstRequest() {
    Case both =
        acme()
            .task(REPORT, new FlyteTask("report"))
            .task("com.acme.Other", new FlyteTask("report"));
    assertThatThrownBy(both::check)
        .hasMessage(
            "com.acme.Report and com.acme.Other are both the task report of acme/development in"
                + " Flyte; give one of them another name.");
    assertThat(flyte.requests()).isEmpty();
  }

  @Test
  void projectAndDomainAreNeeded() {
    assertThatThrownBy(acme().task(REPORT).unset("domain")::check)
        .hasMessage(
            "com.acme.Report, @FlyteTask: the task has no domain; write it there, or set"
                + " imagespec.flyte.domain.");
    assertThatThrownBy(acme().task(REPORT).set("version", "a/b")::check)
        .hasMessage(
            "imagespec.flyte.version: a version has at most 63 letters, digits, dots, '_', '~' and"
                + " '-'; \"a/b\" is none.");
    assertThatThrownBy(acme().task(REPORT).set("api", "3")::check)
        .hasMessageContaining("imagespec.flyte.api is \"3\"");
  }

  @Test
  void secretsAndVariablesOfTheImageAreNeverSent() {
    acme().task(REPORT).register();
    assertThat(flyte.bodies()).noneMatch(body -> body.toLowerCase(Locale.ROOT).contains("canary"));
  }
}
