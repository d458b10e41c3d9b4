package dev.imagespec.processor;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Prints what the processor adds to javac, and how much of it is javac's own work for any processor
 * that writes as many files. See docs/performance.md.
 */
public final class CompileBenchmark {
  private static final int RUNS = 3;
  private static final int WARM_UP = 4;
  private static final int FEW = 1_000;
  private static final int MANY = 10_000;
  private static final double NANOS = 1e6;

  /** The argument that makes a process compile once. */
  private static final String ONE = "one";

  private CompileBenchmark() {}

  /**
   * Runs it.
   *
   * @param args numbers of classes; none for 1,000 and 10,000
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 1 && args[0].equals(ONE)) {
      Time time = compile(FEW, Mode.valueOf(args[1]));
      System.out.println(time.elapsed + " " + processTime());
      return;
    }
    cold();
    int[] sizes =
        args.length == 0
            ? new int[] {FEW, MANY}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    System.out.printf(
        Locale.ROOT,
        "%s %s, %d processors, files in %s%n",
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.io.tmpdir"));
    for (int i = 0; i < WARM_UP; i++) {
      for (Mode mode : Mode.values()) {
        compile(FEW, mode);
      }
    }
    System.out.println(
        "               milliseconds of elapsed time, and of processor time of javac's thread");
    double first = 0;
    for (int size : sizes) {
      double own = measure(size);
      if (first > 0) {
        System.out.printf(
            Locale.ROOT,
            "the processor's own code per class, at %3$d classes against %2$d: %1$.2f times%n",
            own / first,
            sizes[0],
            size);
      } else {
        first = own;
      }
    }
  }

  /** Compiles in new processes, as a build that starts javac does. */
  private static void cold() throws IOException, InterruptedException {
    System.out.printf(
        Locale.ROOT,
        "%d classes in a new process%n%-40s milliseconds of elapsed time, and of processor time of all"
            + " threads%n",
        FEW,
        "");
    for (Mode mode : List.of(Mode.PLAIN, Mode.FILES, Mode.PROCESSED)) {
      Time best = new Time(Double.MAX_VALUE, Double.MAX_VALUE, 0);
      for (int i = 0; i < RUNS; i++) {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    CompileBenchmark.class.getName(),
                    ONE,
                    mode.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ", -1);
        if (process.waitFor() != 0) {
          throw new IllegalStateException("the compilation in a new process failed");
        }
        best = best.best(new Time(Double.parseDouble(said[0]), Double.parseDouble(said[1]), 0));
      }
      print("  " + mode.name().toLowerCase(Locale.ROOT), best);
    }
  }

  private static double processTime() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(Duration::toNanos)
        .map(nanos -> nanos / NANOS)
        .orElseThrow();
  }

  /** How the classes are compiled. */
  private enum Mode {
    /** Without a processor. */
    PLAIN,
    /** With a processor that does nothing but write as many files, of the same names and sizes. */
    FILES,
    /** With the processor. */
    PROCESSED,
    /** With the processor, which measures what of the time is its own. */
    TIMED
  }

  /** Milliseconds; the own ones are the processor's, where they were measured. */
  private record Time(double elapsed, double cpu, double own) {
    Time per(int classes, Time less) {
      return new Time((elapsed - less.elapsed) / classes, (cpu - less.cpu) / classes, 0);
    }

    Time best(Time other) {
      return new Time(
          Math.min(elapsed, other.elapsed), Math.min(cpu, other.cpu), Math.min(own, other.own));
    }
  }

  /** Prints a measurement; returns the processor's own processor time per class. */
  private static double measure(int classes) throws IOException {
    // The best of some runs, in turns: what else the machine does only adds.
    Map<Mode, Time> best = new EnumMap<>(Mode.class);
    for (int i = 0; i < RUNS; i++) {
      for (Mode mode : Mode.values()) {
        best.merge(mode, compile(classes, mode), Time::best);
      }
    }
    Time plain = Objects.requireNonNull(best.get(Mode.PLAIN));
    Time files = Objects.requireNonNull(best.get(Mode.FILES));
    Time processed = Objects.requireNonNull(best.get(Mode.PROCESSED));
    System.out.printf(Locale.ROOT, "%d classes%n", classes);
    print("  without a processor", plain);
    print("  with the processor", processed);
    System.out.printf(
        Locale.ROOT,
        "  %-38s %10.2f %10.2f%n",
        "ratio",
        processed.elapsed / plain.elapsed,
        processed.cpu / plain.cpu);
    print("  added per class", processed.per(classes, plain));
    print("  of it by any processor with such files", files.per(classes, plain));
    double own = Objects.requireNonNull(best.get(Mode.TIMED)).own / classes;
    System.out.printf(
        Locale.ROOT, "%-40s %10s %10.3f%n", "  of it in the processor's own code", "", own);
    return own;
  }

  private static void print(String what, Time time) {
    System.out.printf(Locale.ROOT, "%-40s %10.3f %10.3f%n", what, time.elapsed, time.cpu);
  }

  private static Time compile(int classes, Mode mode) throws IOException {
    Path dir = Files.createTempDirectory("imagespec-benchmark");
    try {
      List<Path> sources = sources(classes, dir.resolve("in"));
      Path out = Files.createDirectory(dir.resolve("out"));
      System.gc();
      long start = System.nanoTime();
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long own = compile(sources, mode, out);
      return new Time(
          (System.nanoTime() - start) / NANOS,
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / NANOS,
          own / NANOS);
    } finally {
      delete(dir);
    }
  }

  private static long compile(List<Path> sources, Mode mode, Path out) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    InterposedProcessor.Timing timing = new InterposedProcessor.Timing();
    List<String> options =
        List.of("-d", out.toString(), "-cp", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          javac.getTask(
              said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(
          switch (mode) {
            case PLAIN -> List.of();
            case FILES -> List.of(new FilesProcessor());
            case PROCESSED -> List.of(new ImageSpecProcessor());
            case TIMED -> List.of(timing);
          });
      if (!task.call()) {
        throw new IllegalStateException(said.toString());
      }
    }
    return timing.own();
  }

  private static List<Path> sources(int classes, Path dir) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      // A hundred classes a package, as people have them.
      String packageName = "p" + i / 100;
      String name = "Task" + i;
      Path folder = Files.createDirectories(dir.resolve(packageName));
      sources.add(Files.writeString(folder.resolve(name + ".java"), task(packageName, name)));
    }
    return sources;
  }

  private static String task(String packageName, String name) {
    return """
        package %s;

        import dev.imagespec.*;

        @ImageSpec(
            registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            name = "team/tasks",
            baseImage = "eclipse-temurin:17.0.13_11-jre",
            aptPackages = {"curl=8.5.0", "git=1:2.43.0"},
            packages = {"numpy==2.1.0", "pandas==2.2.3"},
            mainClass = %s.class,
            jvmFlags = "-Xmx1g",
            env = {@Env(name = "TZ", value = "UTC"), @Env(name = "TASK", value = "%s")})
        public final class %s {
          public static void main(String[] args) {
            System.out.println(String.join(" ", args));
          }
        }
        """
        .formatted(packageName, name, name, name);
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> tree = Files.walk(dir)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
