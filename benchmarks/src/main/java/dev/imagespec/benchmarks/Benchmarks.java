package dev.imagespec.benchmarks;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs everything, and writes what came of it. */
public final class Benchmarks implements AutoCloseable {
  private static final int PAYLOAD = 512 << 10;
  private static final int SMALL_PAYLOAD = 1 << 10;
  private static final int MANY_REPOSITORIES = 20;
  private static final int FAR = 40;

  private final Options options;
  private final Path folder;
  private final Results results;
  private final Bench bench;
  private final Optional<DockerDaemon> docker;
  private final long end;

  private Benchmarks(Options options, Path folder) throws IOException, InterruptedException {
    this.options = options;
    this.folder = folder;
    results =
        new Results(
            LocalDate.now(ZoneOffset.UTC).toString(),
            Surroundings.machine(),
            Surroundings.versions(),
            "docker-registry on the same machine, "
                + (options.tls() ? "TLS without a password" : "plain HTTP without a password")
                + ", files in "
                + options.folder()
                + "; "
                + options.repetitions()
                + " repetitions, medians, in brackets the 10th and the 90th percentile.");
    bench = Bench.in(Files.createDirectory(folder.resolve("bench")), options.tls());
    Optional<String> noDocker = DockerDaemon.missing();
    docker =
        noDocker.isEmpty() && options.groups().contains(Sample.MATRIX)
            ? Optional.of(DockerDaemon.start(Files.createDirectory(folder.resolve("docker"))))
            : Optional.empty();
    noDocker.ifPresent(missing -> results.leaveOut("docker buildx build: " + missing));
    end = System.nanoTime() + Duration.ofMinutes(options.minutes()).toNanos();
  }

  /**
   * Runs.
   *
   * @param args see {@link Options}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    ExternalTool.missing("docker-registry", "time")
        .ifPresent(
            missing -> {
              System.err.println(missing + ". Install Debian's packages docker-registry and time.");
              System.exit(2);
            });
    Path folder = Files.createTempDirectory(options.folder(), "imagespec-benchmarks-");
    // Also on Ctrl-C: what was started ends with this process, and its files go.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> clean(folder)));
    try (Benchmarks benchmarks = new Benchmarks(options, folder)) {
      benchmarks.run();
    }
  }

  private static void clean(Path folder) {
    try {
      List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
      left.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle process : left) {
        process.onExit().join();
      }
      Trees.delete(folder);
    } catch (IOException e) {
      System.err.println(folder + " cannot be deleted: " + e);
    }
  }

  private void run() throws IOException, InterruptedException {
    warm();
    for (String group : options.groups()) {
      switch (group) {
        case Sample.ECR -> ecr();
        case Sample.MAVEN -> maven();
        case Sample.SCALE -> scale();
        default -> matrix();
      }
    }
    write();
  }

  private void ecr() throws IOException, InterruptedException {
    for (int images : List.of(1, 100)) {
      ShortRun.run(
          Files.createDirectory(folder.resolve("ecr" + images)),
          images,
          options.quick() ? options.repetitions() : 3 * options.repetitions(),
          this::add);
      keep();
    }
  }

  private void add(Sample sample) {
    results.add(sample);
    System.out.printf(
        java.util.Locale.ROOT,
        "%-8s %-44s %-28s %-14s %6.2f s %6.2f s cpu %5d requests %4d connections%s%n",
        sample.group(),
        sample.scenario(),
        sample.peer(),
        sample.phase(),
        sample.cost().wall(),
        sample.cost().processor(),
        sample.traffic().requests(),
        sample.traffic().connections(),
        sample.failures() == 0 ? "" : " " + sample.failures() + " FAILED AT FIRST");
  }

  /** Has bin/imagespec make its archive of classes, as it does on a user's first day. */
  private void warm() throws IOException, InterruptedException {
    Path own = Files.createDirectory(folder.resolve("warm"));
    Scenario scenario = Scenario.of(1, 1, 0);
    Project project =
        Project.make(own.resolve("project"), scenario, bench.host() + "/base:1", SMALL_PAYLOAD);
    Trial trial = new Trial(bench, scenario, project, own);
    Ours ours = new Ours(Ours.SCRIPT, true, List.of());
    try (DockerRegistry registry = bench.registry(own.resolve("registry"), true)) {
      bench.relay().lead(registry.port(), scenario.roundTrip());
      ours.prepare(trial, Phase.COLD);
      Timed.run(ours.command(trial, Phase.COLD), own);
    }
    ClassArchives.await(bench.folder().resolve("classes"));
  }

  private void maven() throws IOException, InterruptedException {
    List<Peer> peers = List.of(MavenBuild.ours(), MavenBuild.jib());
    // The first build fills Maven's repository.
    new Matrix(bench, sample -> {}).run(Sample.MAVEN, Scenario.of(1, 1, 0), peers, 1, 1);
    new Matrix(bench, this::add)
        .run(Sample.MAVEN, Scenario.of(1, 1, 0), peers, options.repetitions(), 1);
    keep();
  }

  private void matrix() throws IOException, InterruptedException {
    List<Peer> peers =
        new ArrayList<>(
            List.of(
                new Ours(Ours.SCRIPT, true, List.of()),
                new Jib(Jib.PARALLEL, 8),
                new Ideal(),
                new Jib(Jib.SEQUENTIAL, 1),
                new Ours(Ours.PLAIN, false, List.of())));
    if (installed("skopeo")) {
      peers.add(new Skopeo());
    }
    if (installed("buildah")) {
      peers.add(new Buildah());
    }
    docker.ifPresent(daemon -> peers.add(new Buildx(daemon)));
    for (Scenario scenario : scenarios()) {
      if (System.nanoTime() > end) {
        results.leaveOut(scenario + ": the time was over");
        continue;
      }
      for (Peer peer : peers) {
        if (!peer.takes(scenario)) {
          results.leaveOut(scenario + ": " + peer.name());
        }
      }
      new Matrix(bench, this::add)
          .run(
              Sample.MATRIX,
              scenario,
              peers.stream().filter(peer -> peer.takes(scenario)).toList(),
              options.repetitions(),
              PAYLOAD);
      keep();
    }
  }

  private boolean installed(String tool) {
    Optional<String> missing = ExternalTool.missing(tool);
    missing.ifPresent(results::leaveOut);
    return missing.isEmpty();
  }

  /** The most telling first: the time may be over before the last. */
  private List<Scenario> scenarios() {
    if (!options.scenarios().isEmpty()) {
      return options.scenarios();
    }
    return options.quick()
        ? List.of(
            Scenario.of(20, 1, 0),
            Scenario.of(20, 1, FAR),
            Scenario.of(1, 1, 0),
            Scenario.of(20, MANY_REPOSITORIES, 0))
        : List.of(
            Scenario.of(1, 1, 0),
            Scenario.of(20, 1, 0),
            Scenario.of(100, 1, 0),
            Scenario.of(20, 1, FAR),
            Scenario.of(20, MANY_REPOSITORIES, 0),
            Scenario.of(100, 1, FAR),
            Scenario.of(100, MANY_REPOSITORIES, 0),
            Scenario.of(20, MANY_REPOSITORIES, FAR),
            Scenario.of(10, 1, 0),
            Scenario.of(40, 1, 0));
  }

  private void scale() throws IOException, InterruptedException {
    List<Peer> ours = List.of(new Ours(Ours.SCRIPT, true, HeapLog.flags()));
    int[][] sizes =
        options.quick()
            ? new int[][] {{10, 10}, {100, 100}, {1000, 100}}
            : new int[][] {
              {10, 10}, {100, 100}, {300, 300}, {1000, 1000}, {3000, 1000}, {10_000, 1000}
            };
    for (int[] size : sizes) {
      Scenario scenario = new Scenario(size[0], size[1], 1, Duration.ZERO);
      new Matrix(bench, this::add).run(Sample.SCALE, scenario, ours, 1, SMALL_PAYLOAD);
      keep();
    }
  }

  /** Writes what has been measured so far: who ends a run early keeps it. */
  private void keep() throws IOException {
    Path so = file("-so-far.json");
    Files.createDirectories(so.getParent());
    Files.writeString(so, Json.pretty(results.toJson()));
  }

  private Path file(String ending) {
    return Surroundings.root()
        .resolve("benchmarks/results")
        .resolve(results.date() + (options.quick() ? "-quick" : "") + ending);
  }

  private void write() throws IOException {
    keep();
    Files.move(file("-so-far.json"), file(".json"), StandardCopyOption.REPLACE_EXISTING);
    List<String> lines = Tables.of(results);
    Files.write(file(".md"), lines);
    lines.forEach(System.out::println);
    Map<String, String> charts = Charts.of(results);
    Path drawings =
        Files.createDirectories(
            options.publish() ? Surroundings.root().resolve("docs/performance") : file(""));
    for (Map.Entry<String, String> chart : charts.entrySet()) {
      Files.writeString(drawings.resolve(chart.getKey()), chart.getValue());
    }
    if (options.publish()) {
      Page.write(Surroundings.root().resolve("docs/performance.md"), lines, charts.keySet());
    }
    System.out.println("\nwritten to " + file(".json") + ", .md and " + drawings);
  }

  @Override
  public void close() {
    docker.ifPresent(DockerDaemon::close);
    bench.close();
  }
}
