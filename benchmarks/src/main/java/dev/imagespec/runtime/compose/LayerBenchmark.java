package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** Builds a compressed layer of 40 MB, half of which compresses well, in few files or in many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class LayerBenchmark {
  private static final int BYTES = 40 << 20;

  /** How many files. */
  @Param({"10", "10000"})
  public int files;

  private Path folder = Path.of("");
  private Layer layer = new Layer("files", List.of());

  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("imagespec-layer-");
    List<LayerEntry> entries = new ArrayList<>();
    Random random = new Random(1);
    byte[] half = new byte[BYTES / files / 2];
    for (int i = 0; i < files; i++) {
      random.nextBytes(half);
      byte[] content = new byte[2 * half.length];
      System.arraycopy(half, 0, content, 0, half.length);
      Path file = Files.write(folder.resolve("%05d.bin".formatted(i)), content);
      entries.add(
          new LayerEntry(
              "/data/" + file.getFileName(),
              "644",
              new Content.OfFile(file, Digest.of(content), content.length)));
    }
    layer = new Layer("files", entries);
  }

  @Benchmark
  public BuiltLayer build() {
    try (Workspace workspace = Workspace.open(folder)) {
      return new LayerBuilder(workspace, MachineMemory.none()).build(layer);
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
