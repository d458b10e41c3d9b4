package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.dependency;
import static dev.imagespec.maven.UserProject.jarPom;
import static dev.imagespec.maven.UserProject.property;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same project, built and pushed by Maven with Jib and with this plugin, in one run: cold, with
 * nothing changed, with one class changed. Prints a table (docs/performance.md); only requests are
 * asserted.
 */
@EnabledIfSystemProperty(named = "it.full", matches = "true", disabledReason = "runs with -Pfull")
class JibComparisonIT {
  private static final int REPETITIONS = 3;
  private static final List<String> CASES = List.of("cold", "unchanged", "one class changed");

  /** What {@code times} of a shell prints of its children. */
  private static final Pattern TIMES = Pattern.compile("(\\d+)m([0-9.]+)s (\\d+)m([0-9.]+)s");

  /** One build: of which case, with which tool; seconds. */
  private record Run(String what, String tool, double wall, double processor, long requests) {}

  @TempDir Path dir;
  private UserProject project;

  @BeforeEach
  void project() throws IOException {
    Optional<String> missing = ExternalTool.missing("docker-registry", "skopeo");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    project = UserProject.in(Files.createDirectory(dir.resolve("project")));
  }

  @Test
  void besideJib() throws Exception {
    List<Run> runs = new ArrayList<>();
    TestImage image = image();
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      for (String tool : repetition % 2 == 0 ? List.of("ours", "jib") : List.of("jib", "ours")) {
        Path folder = Files.createDirectories(dir.resolve("registries/" + tool + repetition));
        try (DockerRegistry base =
                DockerRegistry.start(Files.createDirectory(folder.resolve("base")));
            DockerRegistry target =
                DockerRegistry.start(Files.createDirectory(folder.resolve("target")))) {
          push(image, base);
          write(base, target);
          clear();
          for (String what : CASES) {
            if (what.equals(CASES.get(2))) {
              source("changed " + tool + repetition, base);
            }
            runs.add(run(what, tool, base, target));
          }
        }
      }
    }
    print(runs);
    for (String what : CASES) {
      assertThat(requests(runs, what, "ours")).as(what).isLessThan(requests(runs, what, "jib"));
    }
  }

  private static long requests(List<Run> runs, String what, String tool) {
    return of(runs, what, tool).get(0).requests();
  }

  private static List<Run> of(List<Run> runs, String what, String tool) {
    return runs.stream().filter(run -> run.what().equals(what) && run.tool().equals(tool)).toList();
  }

  /** About 40 MB that do not compress, in four layers. */
  private static TestImage image() {
    TestImage.Builder builder = TestImage.builder();
    Random random = new Random(1);
    for (int layer = 0; layer < 4; layer++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10 << 20; i++) {
        text.append((char) (' ' + random.nextInt(95)));
      }
      builder.layer("opt/" + layer, text.toString());
    }
    return builder.build();
  }

  private void write(DockerRegistry base, DockerRegistry target) throws IOException {
    String jib =
        """
        <plugin>
          <groupId>com.google.cloud.tools</groupId>
          <artifactId>jib-maven-plugin</artifactId>
          <version>%s</version>
          <configuration>
            <from><image>%s/base:1</image></from>
            <to><image>%s/jib/app</image></to>
            <container><mainClass>com.acme.Report</mainClass></container>
            <allowInsecureRegistries>true</allowInsecureRegistries>
          </configuration>
        </plugin>
        """
            .formatted(property("it.jib"), base.registry(), target.registry());
    project.write(
        "pom.xml",
        jarPom(
                "tasks",
                annotations()
                    + dependency(
                        "org.springframework.boot",
                        "spring-boot-starter",
                        property("it.spring-boot"),
                        "compile"),
                "<registry>" + target.registry() + "</registry>")
            .replace("<executions>", "<!--")
            .replace("</executions>", "-->")
            .replace("</plugins>", jib + "</plugins>"));
    source("first", base);
  }

  private void source(String text, DockerRegistry base) throws IOException {
    project.write(
        "src/main/java/com/acme/Report.java",
        UserProject.task(
            base.registry(), "com.acme", "Report", "System.out.println(\"" + text + "\");"));
  }

  /** What one tool has learnt is no help to the other, nor to its own next cold run. */
  private void clear() throws IOException {
    for (String name : List.of("project/target", "project/imagespec.lock", "cache")) {
      Path root = dir.resolve(name);
      if (Files.exists(root)) {
        try (Stream<Path> tree = Files.walk(root)) {
          for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private Run run(String what, String tool, DockerRegistry base, DockerRegistry target) {
    String goal =
        tool.equals("ours")
            ? UserProject.goal("register")
            : "com.google.cloud.tools:jib-maven-plugin:" + property("it.jib") + ":build";
    long before = requests(base) + requests(target);
    long start = System.nanoTime();
    ExternalTool.Result result =
        ExternalTool.attempt(
            Map.of("XDG_CACHE_HOME", dir.resolve("cache").toString()),
            "sh",
            "-ec",
            "cd \"$0\"; mvn=$1; shift; \"$mvn\" -q -B -s settings.xml process-classes \"$@\"; times",
            project.file("").toString(),
            Path.of(property("it.maven39.home"), "bin", "mvn").toString(),
            goal,
            "-Djib.baseImageCache=" + dir.resolve("cache/base"),
            "-Djib.applicationCache=" + dir.resolve("cache/application"));
    double wall = (System.nanoTime() - start) / 1e9;
    assertThat(result.status()).as(result.output()).isZero();
    List<MatchResult> times = TIMES.matcher(result.output()).results().toList();
    MatchResult children = times.get(times.size() - 1);
    double processor =
        60 * (number(children, 1) + number(children, 3))
            + number(children, 2)
            + number(children, 4);
    return new Run(what, tool, wall, processor, requests(base) + requests(target) - before);
  }

  private static long requests(DockerRegistry registry) {
    return Stream.of("GET", "HEAD", "POST", "PATCH", "PUT")
        .mapToLong(method -> registry.requests(method, "/v2/"))
        .sum();
  }

  private static void push(TestImage image, DockerRegistry to) {
    try (RegistryServer from = RegistryServer.anonymous()) {
      from.push("base", "1", image);
      ExternalTool.run(
          "skopeo",
          "copy",
          "--insecure-policy",
          "--src-tls-verify=false",
          "--dest-tls-verify=false",
          "docker://" + from.registry() + "/base:1",
          "docker://" + to.registry() + "/base:1");
    }
  }

  private static double number(MatchResult match, int group) {
    return Double.parseDouble(match.group(group));
  }

  private static void print(List<Run> runs) {
    System.out.println("| | wall, s | processor, s | requests | beside Jib: wall, processor |");
    for (String what : CASES) {
      List<Run> jib = of(runs, what, "jib");
      for (String tool : List.of("jib", "ours")) {
        List<Run> own = of(runs, what, tool);
        double wall = median(own.stream().map(Run::wall).toList());
        double processor = median(own.stream().map(Run::processor).toList());
        System.out.println(
            String.format(
                Locale.ROOT,
                "| %s, %s | %.1f | %.1f | %d | %.2f, %.2f |",
                what,
                tool,
                wall,
                processor,
                own.get(0).requests(),
                wall / median(jib.stream().map(Run::wall).toList()),
                processor / median(jib.stream().map(Run::processor).toList())));
      }
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
