package dev.imagespec.benchmarks;

import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** Finds the tasks of a class path, reads their manifests and checks them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class CatalogBenchmark {
  /** How many manifests. */
  @Param({"1000", "10000"})
  public int manifests;

  private Path folder = Path.of("");
  private List<TaskSource> sources = List.of();

  @Setup(Level.Trial)
  public void compile() throws IOException {
    folder = Files.createTempDirectory("imagespec-catalog-");
    Scenario scenario = new Scenario(manifests, 1, 1, Duration.ZERO);
    Project project = Project.make(folder.resolve("project"), scenario, "registry.test/base:1", 1);
    sources = List.of(TaskSource.of(project.folder(), List.of(project.classes())));
  }

  @Benchmark
  public Catalog catalog() {
    return Catalog.of(sources);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Trees.delete(folder);
  }
}
