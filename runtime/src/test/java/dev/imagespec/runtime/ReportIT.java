package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.runtime.report.Report;
import dev.imagespec.runtime.report.ReportPage;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages about registrations and plans in a real browser, with mouse and keyboard. The pages and
 * pictures of them stay in {@code target/report}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportIT {
  private static final Path OUT = Path.of("target", "report").toAbsolutePath();
  private static final int WIDE = 1280;
  private static final int NARROW = 420;

  private final LocalRegistries registries = new LocalRegistries();
  private Optional<Chromium> started = Optional.empty();

  @BeforeAll
  void makePages(@TempDir Path dir) throws IOException {
    Optional<String> missing = ExternalTool.missing(Chromium.PROGRAM);
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    registries.open();
    Files.createDirectories(OUT);
    for (int tasks : List.of(1, 5, 50, 500)) {
      FakeEngine.reset();
      ReportProject project = ReportProject.of(registries, dir.resolve("p" + tasks), tasks);
      assertThat(project.registrar(page("plan", tasks)).plan().failures()).isEmpty();
      Registration registration = project.registrar(page("registration", tasks)).register();
      assertThat(registration.failures()).isEmpty();
      assertThat(registration.tasks()).hasSize(tasks);
      if (tasks == 5) {
        project.change();
        Path changed = OUT.resolve("changed-5.html");
        assertThat(project.registrar(changed).plan().failures()).isEmpty();
      }
      if (tasks == 50) {
        project.age(registration);
        assertThat(project.registrar(page("registration", tasks)).register().failures()).isEmpty();
      }
    }
    Files.writeString(OUT.resolve("hostile.html"), ReportPage.of(hostile()));
    started = Optional.of(Chromium.start(dir.resolve("profile")));
  }

  private static Path page(String kind, int tasks) {
    return OUT.resolve(kind + "-" + tasks + ".html");
  }

  @AfterAll
  void stop() {
    started.ifPresent(Chromium::close);
    registries.close();
  }

  @BeforeEach
  void reset() {
    browser().resize(WIDE, 900);
    browser().prefer("screen", "light");
  }

  @AfterEach
  void thePageNeitherComplainsNorLoadsAnything() {
    assertThat(browser().complaints()).isEmpty();
    assertThat(browser().requests()).hasSize(1);
    assertThat(browser().requests().get(0)).startsWith("file:");
  }

  private Chromium browser() {
    return started.orElseThrow();
  }

  private int count(String selector) {
    return browser().evaluate("document.querySelectorAll('" + selector + "').length").asInt();
  }

  private String text(String selector) {
    return browser().evaluate("document.querySelector('" + selector + "').innerText").asText();
  }

  /** The text of what has the focus, or its label. */
  private String focused() {
    return browser()
        .evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText ||"
                + " document.activeElement.id")
        .asText();
  }

  private boolean isHidden(String id) {
    return browser().evaluate("document.getElementById('" + id + "').hidden").asBoolean();
  }

  private String style(String selector, String property) {
    return browser()
        .evaluate(
            "getComputedStyle(document.querySelector('" + selector + "'))['" + property + "']")
        .asText();
  }

  @ParameterizedTest
  @CsvSource({
    "registration,1",
    "registration,5",
    "registration,50",
    "registration,500",
    "plan,1",
    "plan,5",
    "plan,50",
    "plan,500"
  })
  void everySizeIsDrawn(String kind, int tasks) throws IOException {
    Path page = page(kind, tasks);
    browser().open(page);
    assertThat(count("#rows tr")).isEqualTo(tasks);
    assertThat(count("#images .row")).isPositive().isLessThanOrEqualTo(tasks);
    assertThat(count("#parts .part.k-base")).isBetween(1, 2);
    // What the browser has to do is bounded: these are what decides how long a page takes.
    assertThat(Files.size(page)).isLessThan(70_000 + 1_300L * tasks);
    assertThat(count("*")).isLessThan(600 + 50 * tasks);
    assertThat(count("#lines path")).isBetween(1, 300);
    assertThat(
            browser().evaluate("performance.getEntriesByType('navigation')[0].duration").asDouble())
        .as("milliseconds, on a machine that may do other things, too")
        .isLessThan(10_000);
    browser().screenshot(OUT.resolve(kind + "-" + tasks + ".png"), tasks < 50);
    browser().resize(NARROW, 900);
    browser().screenshot(OUT.resolve(kind + "-" + tasks + "-narrow.png"), tasks < 50);
    assertThat(browser().evaluate("document.documentElement.scrollWidth").asInt())
        .as("nothing is wider than the window")
        .isLessThanOrEqualTo(NARROW);
  }

  @Test
  void slashSearchesTheTasks() {
    browser().open(page("registration", 50));
    browser().press("/");
    assertThat(browser().evaluate("document.activeElement.id").asText()).isEqualTo("search");
    assertThat(browser().evaluate("document.activeElement.value").asText()).isEmpty();
    browser().type("billing Report");
    int found = count("#rows tr:not([hidden])");
    assertThat(found).isBetween(0, 5);
    assertThat(text("#found")).isEqualTo(found + " of 50 tasks");
    browser().press("Escape");
    assertThat(count("#rows tr:not([hidden])")).isEqualTo(50);
    browser().type("no such task");
    assertThat(count("#rows tr:not([hidden])")).isZero();
    assertThat(isHidden("nothing")).isFalse();
    browser().press("Escape");
    String digest =
        browser().evaluate("document.querySelector('#rows [title^=sha256]').title").asText();
    browser().type(digest);
    assertThat(count("#rows tr:not([hidden])")).isBetween(1, 2);
  }

  @Test
  void aHeaderSortsTheTable() {
    browser().open(page("registration", 50));
    browser().click("#columns th:nth-child(4) button");
    assertThat(
            browser()
                .evaluate("document.querySelector('[aria-sort=ascending]').innerText")
                .asText())
        .isEqualTo("Size");
    String smallest = text("#rows tr td.number");
    browser().click("#columns th:nth-child(4) button");
    assertThat(count("[aria-sort=descending]")).isEqualTo(1);
    assertThat(text("#rows tr td.number")).isNotEqualTo(smallest);
    assertThat(count("#rows tr")).isEqualTo(50);
  }

  @Test
  void aClickShowsALayerWithAllItsTasksAndACommandForEachImage() {
    browser().open(page("registration", 5));
    browser().click("#parts .part.k-dependencies");
    assertThat(isHidden("details")).isFalse();
    assertThat(text("#details"))
        .contains("Tasks that have it", "Ingest", "Clean", "jackson-databind");
    browser().screenshot(OUT.resolve("details-of-a-layer.png"), false);
    browser().click("#details .list .open");
    assertThat(text("#details"))
        .contains("docker pull " + registries.ecr.registry() + "/orders/tasks@sha256:")
        .contains("docker run --rm " + registries.ecr.registry() + "/orders/tasks@sha256:");
    browser().screenshot(OUT.resolve("details-of-an-image.png"), false);
    browser().click("#details-close");
    assertThat(isHidden("details")).isTrue();
    assertThat(focused()).as("back where it was").startsWith("dependencies");
    browser().click("#rows .open");
    assertThat(text("#details-title")).contains(text("#rows .open"));
  }

  @Test
  void aCommandIsCopied() {
    browser().open(page("registration", 1));
    browser().click("#rows .open");
    browser().click("#details .copy button");
    browser().evaluate("new Promise(done => setTimeout(done, 200))");
    assertThat(text("#said")).contains("the command to pull it");
    assertThat(browser().evaluate("getSelection().toString()").asText()).startsWith("docker pull ");
  }

  @Test
  void everythingIsReachedByKeys() {
    browser().open(page("registration", 5));
    browser().press("Tab");
    assertThat(focused()).isEqualTo("Skip to the picture");
    assertThat(browser().evaluate("document.activeElement.getBoundingClientRect().top").asDouble())
        .as("a skip link shows itself")
        .isNotNegative();
    assertThat(style(":focus", "outlineStyle")).isEqualTo("solid");
    browser().press("Enter");
    browser().press("Tab");
    assertThat(focused()).startsWith("base registry.example/library/eclipse-temurin");
    assertThat(style(":focus", "outlineStyle")).isEqualTo("solid");
    browser().press("ArrowDown");
    assertThat(focused()).startsWith("base registry.example/library/python");
    browser().press("ArrowRight");
    assertThat(focused()).as("an image on it").startsWith("Audit: built");
    browser().press("ArrowLeft");
    assertThat(focused()).startsWith("base registry.example/library/python");
    browser().press("End");
    assertThat(focused()).startsWith("classes");
    browser().press("Tab");
    assertThat(focused()).as("a list is one stop").contains("built");
    browser().press("Enter");
    assertThat(isHidden("details")).isFalse();
    assertThat(browser().evaluate("document.activeElement.id").asText()).isEqualTo("details-title");
    browser().press("Escape");
    assertThat(isHidden("details")).isTrue();
    assertThat(focused()).contains("built");
    assertThat(
            browser()
                .evaluate(
                    "[...document.querySelectorAll('button, input, a')].filter(e =>"
                        + " !(e.getAttribute('aria-label') || e.innerText || e.labels &&"
                        + " e.labels.length)).length")
                .asInt())
        .as("controls without a name")
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pointer", "focus"})
  void aLayerIsLinkedToTheImagesThatHaveIt(String by) {
    browser().open(page("registration", 5));
    assertThat(count(".linking")).isZero();
    if (by.equals("pointer")) {
      browser().hover("#parts li:nth-child(2) .part");
    } else {
      browser().evaluate("document.querySelector('#parts li:nth-child(2) .part').focus()");
    }
    assertThat(count(".figure.linking")).isEqualTo(1);
    assertThat(count("#parts .on")).isEqualTo(1);
    assertThat(count("#images .on")).as("one image is on this base").isEqualTo(1);
    assertThat(text("#images .on")).contains("Audit");
    assertThat(count("#lines .on")).isEqualTo(1);
    browser().screenshot(OUT.resolve("linked-by-" + by + ".png"), false);
    browser().hover("h1");
    browser().evaluate("document.activeElement.blur()");
    assertThat(count(".linking")).isZero();
  }

  @Test
  void linesFollowWhatIsInView() {
    browser().open(page("registration", 500));
    String before = browser().evaluate("document.getElementById('lines').innerHTML").asText();
    browser()
        .evaluate(
            "new Promise(done => { document.getElementById('image-scroll').scrollTop = 9000;"
                + " setTimeout(done, 300); })");
    assertThat(browser().evaluate("document.getElementById('lines').innerHTML").asText())
        .isNotEqualTo(before);
    assertThat(count("#lines path")).isBetween(1, 300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void textsAreReadableInBothSchemes(String scheme) {
    browser().prefer("screen", scheme);
    browser().open(page("registration", 50));
    browser().screenshot(OUT.resolve("registration-50-" + scheme + ".png"), true);
    String paper = style("body", "backgroundColor");
    assertThat(paper).isEqualTo(scheme.equals("dark") ? "rgb(21, 23, 26)" : "rgb(250, 250, 248)");
    browser().evaluate(CONTRAST);
    for (String selector :
        List.of(
            "h1",
            ".subtitle",
            ".facts .more",
            ".part .aside",
            ".part .under",
            ".row .package",
            ".keys",
            "th button",
            "td .package",
            ".scan .critical",
            ".scan .high",
            "footer p")) {
      JsonNode ratio = browser().evaluate("contrast('" + selector + "')");
      assertThat(ratio.asDouble()).as(selector + " in " + scheme).isGreaterThanOrEqualTo(4.5);
    }
    for (String kind : List.of("base", "environment", "dependencies", "resources", "classes")) {
      assertThat(
              browser()
                  .evaluate("contrast('.part.k-" + kind + " .seg', 'backgroundColor')")
                  .asDouble())
          .as("bars of " + kind + " in " + scheme)
          .isGreaterThanOrEqualTo(3);
    }
  }

  /** The ratio of WCAG 2.2 between an element's colour and the nearest background. */
  private static final String CONTRAST =
      """
      window.contrast = (selector, property = 'color') => {
        const numbers = text => text.match(/[0-9.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
          .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
        const element = document.querySelector(selector);
        let under = property === 'color' ? element : element.parentElement;
        while ((numbers(getComputedStyle(under).backgroundColor)[3] ?? 1) === 0) {
          under = under.parentElement;
        }
        const [a, b] = [light(numbers(getComputedStyle(element)[property])),
          light(numbers(getComputedStyle(under).backgroundColor))].sort((x, y) => y - x);
        return (a + .05) / (b + .05);
      };
      true
      """;

  @Test
  void itCanBePrinted() {
    browser().prefer("print", "light");
    browser().open(page("registration", 5));
    assertThat(style(".search", "display")).isEqualTo("none");
    assertThat(style(".scroll", "maxHeight")).isEqualTo("none");
    browser().screenshot(OUT.resolve("printed.png"), true);
  }

  @Test
  void agesAndScansAreInTheTable() {
    browser().open(page("registration", 50));
    assertThat(text("#columns")).contains("Age", "Scan");
    assertThat(text("#rows")).contains("12 days", "1 critical", "4 high", "nothing found");
    browser().open(page("plan", 5));
    assertThat(text("#columns")).doesNotContain("Age").doesNotContain("Scan");
  }

  @Test
  void aPlanShowsWhatIsNewAndGoneAndChanged() {
    browser().open(OUT.resolve("changed-5.html"));
    browser().screenshot(OUT.resolve("changed-5.png"), true);
    assertThat(count("#changes .card")).as("one for each image that would be built").isEqualTo(4);
    assertThat(text("#changes .added")).contains("Money.class");
    assertThat(text("#changes .removed")).contains("old.json");
    assertThat(text("#changes .changed")).contains("settings.json");
    assertThat(style("#changes .added", "backgroundColor"))
        .isNotEqualTo(style("#changes .removed", "backgroundColor"))
        .isNotEqualTo(style("#changes .changed", "backgroundColor"));
    browser().click("#changes .open");
    assertThat(text("#details .diff")).contains("Money.class");
  }

  private static Report hostile() {
    String text =
        "</script><img src=x onerror=hacked=1><script>hacked=1</script>\"'`${hacked=1} \u202Eexe";
    return new Report(
        Report.Kind.PLAN,
        Instant.EPOCH,
        text,
        text,
        Map.of(),
        List.of(),
        new Report.Traffic(Set.of(), Set.of()),
        List.of(),
        List.of(new Failure(List.of("a." + text), text, FailureCode.DENIED, text)),
        List.of(text),
        0,
        Duration.ZERO);
  }

  @Test
  void noTextBecomesMarkup() {
    browser().open(OUT.resolve("hostile.html"));
    assertThat(browser().evaluate("typeof hacked").asText()).isEqualTo("undefined");
    assertThat(count("img")).isZero();
    assertThat(count("script")).isEqualTo(2);
    assertThat(text("#failures"))
        .contains("</script><img src=x onerror=hacked=1>", "\\u202eexe")
        .doesNotContain("\u202E");
    assertThat(text("#rows")).contains("</script><img");
    browser().screenshot(OUT.resolve("hostile.png"), true);
  }

  @Test
  void noOtherScriptRunsAndNothingIsSent() {
    browser().open(page("registration", 1));
    JsonNode tried =
        browser()
            .evaluate(
                """
                (async () => {
                  const said = [];
                  document.addEventListener('securitypolicyviolation',
                    event => said.push(event.effectiveDirective));
                  try { document.body.innerHTML += '<b>'; } catch (e) { said.push('markup'); }
                  const image = new Image();
                  image.src = 'http://localhost:9/x.png';
                  await fetch('http://localhost:9/').catch(() => said.push('fetch'));
                  await new Promise(done => setTimeout(done, 200));
                  return said.join(' ');
                })()
                """);
    assertThat(tried.asText()).contains("markup", "fetch", "connect-src", "img-src");
    // These complaints were asked for.
    assertThat(browser().complaints()).isNotEmpty();
    browser().open(page("registration", 1));
  }
}
