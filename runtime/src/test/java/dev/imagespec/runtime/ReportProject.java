package dev.imagespec.runtime;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Modules of a team with tasks, to register and look at: some share an image, some an environment,
 * most a base and jars.
 */
final class ReportProject {
  private static final List<String> NAMES =
      List.of(
          "Ingest",
          "Clean",
          "Join",
          "Report",
          "Audit",
          "Train",
          "Score",
          "Export",
          "Notify",
          "Reconcile",
          "Archive",
          "Forecast");
  private static final List<String> TEAMS =
      List.of("orders", "billing", "forecast", "search", "fraud", "stock");
  private static final int A_MODULE = 6;

  private final LocalRegistries registries;
  private final Path dir;
  private final List<TaskSource> sources = new ArrayList<>();

  private ReportProject(LocalRegistries registries, Path dir) {
    this.registries = registries;
    this.dir = dir;
  }

  /** Modules with this number of tasks, and their bases. */
  static ReportProject of(LocalRegistries registries, Path dir, int tasks) {
    ReportProject project = new ReportProject(registries, dir);
    project.bases();
    project.modules(tasks);
    return project;
  }

  /** Their registrar, which writes a page. */
  ImageRegistrar registrar(Path page) {
    return ImageRegistrar.of(settings().report(page).build(), sources)
        .withTaskRegistrars(List.of())
        .withSessions(registries.sessions(new FastClient()));
  }

  /** Makes the images days old, and scanned. */
  void age(Registration registration) {
    for (int i = 0; i < registration.images().size(); i++) {
      Registration.Image image = registration.images().get(i);
      String name = Repository.parse(image.repository()).name().value();
      registries.ecr.pushedAt(name, image.tag(), Instant.now().minus(Duration.ofDays(i % 20)));
      registries.ecr.scanned(
          name,
          image.tag(),
          i % 3 == 0
              ? Map.of()
              : i % 3 == 1 ? Map.of("HIGH", 4, "LOW", 12) : Map.of("CRITICAL", 1, "MEDIUM", 3));
    }
  }

  /** Changes classes, and adds and removes files, of the first module. */
  void change() throws IOException {
    String first = TEAMS.get(0);
    new Project(dir.resolve(first))
        .write("classes/" + first + "/settings.json", text(999, 12))
        .write("classes/com/acme/" + first + "/Money.class", "new")
        .write("conf/3.yaml", text(998, 44));
    Files.delete(dir.resolve(first + "/classes/" + first + "/old.json"));
  }

  private SettingsBuilder settings() {
    return registries
        .settings(new Project(dir))
        .classPath(List.of())
        .history(dir.resolve("history"))
        .engine("fake")
        .engineLogs(dir.resolve("logs"))
        .source("https://git.example/team/tasks")
        .revision("4f2c81d");
  }

  /** Text that compresses to about half of its size. */
  private static String text(int seed, int kilobytes) {
    byte[] bytes = new byte[kilobytes * 1000];
    new Random(seed).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private void bases() {
    registries.other.push(
        "library/eclipse-temurin",
        "17.0.13_11-jre",
        TestImage.builder()
            .layer("usr/lib/a", text(1, 900))
            .layer("usr/lib/b", text(2, 510))
            .layer("opt/java", text(3, 1400))
            .layer("etc/c", text(4, 2))
            .build());
    registries.other.push(
        "library/python",
        "3.12.7-slim-bookworm",
        TestImage.builder()
            .layer("usr/lib/a", text(5, 870))
            .layer("usr/lib/p", text(6, 340))
            .layer("usr/local/python", text(7, 460))
            .build());
  }

  private void modules(int tasks) {
    Path shared = dir.resolve("lib");
    new Project(dir).write("lib/readme.txt", "jars");
    List<Path> common =
        List.of(
            TestJar.empty()
                .file("a", text(20, 420))
                .write(shared.resolve("jackson-databind-2.22.1.jar")),
            TestJar.empty()
                .file("a", text(21, 210))
                .write(shared.resolve("commons-lang3-3.20.0.jar")));
    for (int first = 0; first < tasks; first += A_MODULE) {
      int index = first / A_MODULE;
      String name = TEAMS.get(index % TEAMS.size()) + (index < TEAMS.size() ? "" : index);
      Project module = new Project(dir.resolve(name));
      module.write("classes/" + name + "/settings.json", text(100 + index, 8 + index % 30));
      module.write("classes/" + name + "/old.json", "{}");
      List<Path> classPath = new ArrayList<>(List.of(module.classes));
      classPath.addAll(common);
      if (index % 3 == 1) {
        classPath.add(
            TestJar.empty()
                .file("a", text(200 + index, 120))
                .write(shared.resolve(name + "-model-1.4-SNAPSHOT.jar")));
      }
      for (int i = first; i < Math.min(tasks, first + A_MODULE); i++) {
        module.task(task("com.acme." + name + "." + NAMES.get(i % NAMES.size()), name, i, module));
      }
      sources.add(TaskSource.of(module.dir, classPath).withName(name));
    }
  }

  private static Manifest task(String name, String team, int index, Project module) {
    boolean python = index % 6 == 4 || index % 6 == 5;
    List<Manifest.Copy> copies = new ArrayList<>();
    if (index % 4 == 3) {
      module.write("conf/" + index + ".yaml", text(300 + index, 40));
      copies.add(new Manifest.Copy("conf/" + index + ".yaml", "/etc/app/app.yaml", ""));
    }
    Manifest.Payload payload =
        Project.classPath(
            "",
            // Two tasks of each module are alike, and have one image.
            Map.of("STAGE", index % 6 < 2 ? "common" : name),
            copies.toArray(Manifest.Copy[]::new));
    Manifest task =
        Project.task(
            name,
            team + "/tasks",
            python
                ? "registry.example/library/python:3.12.7-slim-bookworm"
                : "registry.example/library/eclipse-temurin:17.0.13_11-jre",
            payload,
            "linux/amd64");
    return python
        ? Project.with(
            new Manifest.Environment(
                List.of(),
                List.of(index % 12 < 6 ? "numpy==2.1.0" : "pandas==2.2.3"),
                "",
                "",
                List.of(),
                List.of(),
                List.of()),
            task)
        : task;
  }
}
