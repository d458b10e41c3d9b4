package dev.imagespec.benchmarks;

import dev.imagespec.processor.ImageSpecProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
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
 * Compiles classes, with the processor and without. The first iteration of each process, which is
 * measured alone with {@code -wi 0 -i 1 -f 5}, is what a build pays that starts javac anew.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class CompileBenchmark {
  private static final int PACKAGE = 100;

  private static final String ANNOTATION =
      """
      @dev.imagespec.ImageSpec(
          registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
          name = "team/tasks",
          baseImage = "eclipse-temurin:17.0.13_11-jre",
          aptPackages = {"curl=8.5.0", "git=1:2.43.0"},
          packages = {"numpy==2.1.0", "pandas==2.2.3"},
          mainClass = Task%1$d.class,
          jvmFlags = "-Xmx1g",
          env = @dev.imagespec.Env(name = "TASK", value = "%1$d"))
      """;

  private static final String TASK =
      """
      package p%1$d;

      %3$spublic final class Task%2$d {
        public static void main(String[] args) {
          System.out.println(String.join(" ", args));
        }
      }
      """;

  /** How many classes. */
  @Param("1000")
  public int classes;

  /** Whether the processor takes part. */
  @Param({"false", "true"})
  public boolean processor;

  /** Whether the classes are annotated. */
  @Param({"false", "true"})
  public boolean annotated;

  private final List<Path> sources = new ArrayList<>();
  private Path folder = Path.of("");
  private Path out = Path.of("");

  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("imagespec-compile-");
    for (int i = 0; i < classes; i++) {
      Path file = folder.resolve("in/p" + i / PACKAGE + "/Task" + i + ".java");
      Files.createDirectories(file.resolveSibling(""));
      sources.add(
          Files.writeString(
              file, TASK.formatted(i / PACKAGE, i, annotated ? ANNOTATION.formatted(i) : "")));
    }
  }

  @Setup(Level.Invocation)
  public void empty() throws IOException {
    out = Files.createTempDirectory(folder, "out");
  }

  @Benchmark
  public Path compile() throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-d", out.toString(), "-cp", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          javac.getTask(
              said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(processor ? List.of(new ImageSpecProcessor()) : List.of());
      if (!task.call()) {
        throw new IllegalStateException(said.toString());
      }
    }
    return out;
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
