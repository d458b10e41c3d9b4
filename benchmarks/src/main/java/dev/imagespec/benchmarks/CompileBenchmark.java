package dev.imagespec.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.imagespec.ImageSpec;
import dev.imagespec.processor.ImageSpecProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.annotation.processing.Processor;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Compiles classes: what the processor adds to javac, and how much of it is javac's own work for
 * any processor that writes as many files. The first iteration of each process, which is measured
 * alone with {@code -wi 0 -i 1 -f 5}, is what a build pays that starts javac anew.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class CompileBenchmark {
  /** A hundred classes a package, as people have them. */
  private static final int PACKAGE = 100;

  private static final double NANOS_A_MILLI = 1e6;

  private static final String ANNOTATION =
      """
      @ImageSpec(
          registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
          name = "team/tasks",
          baseImage = "eclipse-temurin:17.0.13_11-jre",
          aptPackages = {"curl=8.5.0", "git=1:2.43.0"},
          packages = {"numpy==2.1.0", "pandas==2.2.3"},
          mainClass = Task%1$d.class,
          jvmFlags = "-Xmx1g",
          env = {@Env(name = "TZ", value = "UTC"), @Env(name = "TASK", value = "Task%1$d")})
      """;

  private static final String TASK =
      """
      package p%1$d;

      import dev.imagespec.*;

      %3$spublic final class Task%2$d {
        public static void main(String[] args) {
          System.out.println(String.join(" ", args));
        }
      }
      """;

  /** How classes are compiled, annotated ones unless it says otherwise. */
  public enum Way {
    /** Without a processor. */
    PLAIN,
    /** With a processor that does nothing but write as many files, of the same names and sizes. */
    FILES,
    /** With the processor. */
    PROCESSED,
    /** With the processor, of whose time its own is measured. */
    OWN,
    /** Without a processor, classes without annotations. */
    UNANNOTATED_PLAIN,
    /** With the processor, classes without annotations. */
    UNANNOTATED_PROCESSED;

    boolean isAnnotated() {
      return this != UNANNOTATED_PLAIN && this != UNANNOTATED_PROCESSED;
    }
  }

  /** Milliseconds of processor time, besides the elapsed time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class ProcessorTime {
    /** Of all threads, the JVM's own compilers included. */
    public double allThreads;

    /** Of the thread that javac runs in. */
    public double javac;

    /** Of the processor's own code, where that is measured. */
    public double own;
  }

  /** How many classes. */
  @Param("1000")
  public int classes;

  @Param public Way way = Way.PLAIN;

  private final List<Path> sources = new ArrayList<>();
  private Path folder = Path.of("");
  private Path out = Path.of("");

  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("imagespec-compile-");
    for (int i = 0; i < classes; i++) {
      Path file = folder.resolve("in/p" + i / PACKAGE + "/Task" + i + ".java");
      Files.createDirectories(file.resolveSibling(""));
      String annotation = way.isAnnotated() ? ANNOTATION.formatted(i) : "";
      sources.add(Files.writeString(file, TASK.formatted(i / PACKAGE, i, annotation)));
    }
  }

  @Setup(Level.Invocation)
  public void empty() throws IOException {
    out = Files.createTempDirectory(folder, "out");
  }

  @Benchmark
  public Path compile(ProcessorTime time) throws IOException, URISyntaxException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long allThreads = system.getProcessCpuTime();
    long javac = threads.getCurrentThreadCpuTime();
    OwnTimeProcessor own = new OwnTimeProcessor();
    compile(
        switch (way) {
          case PLAIN, UNANNOTATED_PLAIN -> List.of();
          case FILES -> List.of(new FilesProcessor());
          case PROCESSED, UNANNOTATED_PROCESSED -> List.of(new ImageSpecProcessor());
          case OWN -> List.of(own);
        });
    time.javac += (threads.getCurrentThreadCpuTime() - javac) / NANOS_A_MILLI;
    time.allThreads += (system.getProcessCpuTime() - allThreads) / NANOS_A_MILLI;
    time.own += own.own() / NANOS_A_MILLI;
    return out;
  }

  private void compile(List<Processor> processors) throws IOException, URISyntaxException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    // Only the annotations, as users have them there: each jar more would take javac's time.
    Path annotations =
        Path.of(ImageSpec.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> options = List.of("-d", out.toString(), "-cp", annotations.toString());
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          javac.getTask(
              said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(processors);
      if (!task.call()) {
        throw new IllegalStateException(said.toString());
      }
    }
  }

  @TearDown(Level.Invocation)
  public void clear() throws IOException {
    Trees.delete(out);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    sources.clear();
    Trees.delete(folder);
  }
}
