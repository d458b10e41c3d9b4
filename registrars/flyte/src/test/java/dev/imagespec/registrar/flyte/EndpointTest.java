package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told if Flyte does not do what it is asked. */
class EndpointTest {
  private static final String REPORT = "com.acme.Report";

  @TempDir Path dir;
  private final Flyte2Fake flyte2 = new Flyte2Fake("acme");
  private final Flyte1Server flyte1 = new Flyte1Server("acme");

  @AfterEach
  void close() {
    flyte2.close();
    flyte1.close();
  }

  private String failure(TestServer server) {
    return failure(new Case(server, dir));
  }

  private static String failure(Case one) {
    String line = one.task(REPORT).outcome().get(0);
    assertThat(line).startsWith("failed com.acme.Report: ");
    return line;
  }

  @Test
  void aWrongProject() {
    assertThat(failure(new Case(flyte2, dir).set("project", "other")))
        .contains(
            flyte2.endpoint() + " has no project other with a domain development. Create the",
            "imagespec.flyte.project",
            "Flyte says: project \"other\" not found");
  }

  @Test
  void noCredentialAndOneThatMayOnlyRead() {
    flyte2.requireToken("all", "read-only");
    assertThat(failure(flyte2)).contains(flyte2.endpoint(), "imagespec.flyte.auth");
    assertThat(
            failure(
                new Case(flyte2, dir)
                    .set("auth", "external-command")
                    .set("command", "echo read-only")))
        .contains(
            "does not let this identity register tasks in acme/development. In Union, give it the"
                + " role Contributor, or a policy with the action register_flyte_inventory",
            "Flyte says: caller is not allowed")
        .doesNotContain("read-only");
    assertThat(
            new Case(flyte2, dir)
                .set("auth", "external-command")
                .set("command", "echo all")
                .task(REPORT)
                .outcome())
        .singleElement()
        .asString()
        .startsWith("registered ");
  }

  @Test
  void anArgumentThatFlyteDoesNotTake() {
    flyte2.answer(
        Flyte2Fake.DEPLOY,
        Flyte2Fake.error(400, "invalid_argument", "bad \u001b[31m" + "x".repeat(5000) + "END"));
    assertThat(failure(flyte2))
        .contains("does not take acme/development/com.acme.Report@is", "Flyte says: bad ")
        .doesNotContain("\u001b", "END")
        .hasSizeLessThan(1500);
  }

  @Test
  void aFailureInsideOfFlyte() {
    flyte2.answer(Flyte2Fake.DEPLOY, Flyte2Fake.error(500, "internal", "database is gone"));
    assertThat(failure(flyte2)).contains("failed with internal", "database is gone");
    flyte2.answer(Flyte2Fake.GET, Flyte2Fake.error(500, "internal", "database is gone"));
    assertThat(failure(flyte2)).contains("failed with internal", "database is gone");
  }

  @Test
  void aTaskThatIsPerhapsThereIsNotReplaced() {
    flyte2.answer(
        Flyte2Fake.GET,
        Flyte2Fake.error(404, "not_found", "failed to get task {acme}: connection refused"));
    assertThat(failure(flyte2)).contains("does not say whether it has acme/development/");
    assertThat(flyte2.count(Flyte2Fake.DEPLOY)).isZero();
  }

  @Test
  void anotherClientThatIsFasterWithTheSame() {
    Case acme = new Case(flyte2, dir).task(REPORT);
    acme.register();
    flyte2.answer(Flyte2Fake.DEPLOY, Flyte2Fake.error(409, "already_exists", "already exists"));
    assertThat(acme.outcome()).singleElement().asString().startsWith("unchanged ");
    assertThat(failure(new Case(flyte2, dir).rebuilt())).contains("failed with already_exists");
  }

  @Test
  void aPageInsteadOfAnApi() {
    TestServer.Answer page =
        new TestServer.Answer(404, "text/html", "<html><body>Console</body></html>");
    flyte2.answer("POST", page);
    flyte2.answer("GET", page);
    assertThat(failure(flyte2))
        .contains(
            "answers with status 404 and text/html, which is not Flyte's API",
            "set imagespec.flyte.endpoint");
    assertThat(failure(new Case(flyte2, dir).set("api", "1"))).contains("which is not Flyte's API");
  }

  @Test
  void theOtherInterface() {
    assertThat(failure(flyte1))
        .contains(
            flyte1.endpoint()
                + " speaks Flyte 1, and imagespec.flyte.api is 2: set imagespec.flyte.api=1.");
    assertThat(failure(new Case(flyte2, dir).set("api", "1")))
        .contains(
            flyte2.endpoint()
                + " speaks Flyte 2, and imagespec.flyte.api is 1: set imagespec.flyte.api=2.");
    assertThat(flyte1.tasks()).isEmpty();
    assertThat(flyte2.specs()).isEmpty();
  }

  @Test
  void theOtherInterfaceIsAskedForOnce() {
    Case acme = new Case(flyte1, dir);
    IntStream.range(0, 20).forEach(i -> acme.task("com.acme.Task" + i));
    assertThat(acme.outcome()).hasSize(20).allMatch(line -> line.contains("imagespec.flyte.api=1"));
    assertThat(flyte1.count("GET /api/v1/version")).isEqualTo(1);
  }

  @Test
  void textOfAServerIsFitToBeShown() {
    Case acme = new Case(flyte2, dir).task(REPORT);
    acme.register();
    flyte2.answer(
        Flyte2Fake.LIST,
        new TestServer.Answer(
            200,
            "application/json",
            "{\"versions\":[{\"version\":\"\\u001b[2J" + "x".repeat(5000) + "\"}]}"));
    flyte2.answer(
        Flyte2Fake.GET,
        new TestServer.Answer(
            200,
            "application/json",
            "{\"details\":{\"spec\":{\"taskTemplate\":{\"type\":\"\\u001b[2J\"}}}}"));
    assertThat(acme.plan(false).toString())
        .contains("version: \\u001b[2Jxxx", "type: ")
        .doesNotContain("\u001b", "x".repeat(100));
  }

  @Test
  void oneFailureDoesNotLoseTheOthers() {
    Case acme = new Case(flyte2, dir).task(REPORT).task("com.acme.Other");
    acme.register();
    flyte2.forget();
    flyte2.answer(Flyte2Fake.DEPLOY, Flyte2Fake.error(400, "invalid_argument", "no"));
    assertThat(acme.task("com.acme.Third").outcome())
        .hasSize(3)
        .satisfiesOnlyOnce(line -> assertThat(line).startsWith("failed com.acme.Third: "))
        .filteredOn(line -> line.startsWith("unchanged "))
        .hasSize(2);
  }

  private static List<String> findings(Case one) {
    return one.examine().findings().stream()
        .map(finding -> finding.check() + " " + finding.status() + ": " + finding.message())
        .toList();
  }

  @Test
  void doctorLooksAtTasksAndRegistersNone() {
    assertThat(findings(new Case(flyte2, dir).task(REPORT)))
        .contains("tasks ok: can be looked at")
        .anyMatch(line -> line.startsWith("permission not probed: "));
    assertThat(flyte2.count(Flyte2Fake.DEPLOY)).isZero();
    assertThat(findings(new Case(flyte1, dir).task(REPORT)))
        .anyMatch(
            line -> line.startsWith("tasks failed: ") && line.contains("imagespec.flyte.api=1"));
    assertThat(findings(new Case(flyte1, dir).set("api", "1").task(REPORT)))
        .contains("tasks ok: can be looked at");
    assertThat(flyte1.requests())
        .allMatch(request -> request.startsWith("GET ") || request.startsWith("POST /flyteidl2"));
  }
}
