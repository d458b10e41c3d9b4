package dev.imagespec.runtime.resolve;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reads 10,000 files of four kilobytes and computes an image's fingerprint from them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class FingerprintBenchmark {
  private static final int FILES = 10_000;
  private static final int FOLDER = 100;

  private Path folder = Path.of("");

  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("imagespec-fingerprint-");
    Random random = new Random(1);
    byte[] content = new byte[4096];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(content);
      Path file = folder.resolve("data/" + i / FOLDER + "/" + i + ".bin");
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, content);
    }
  }

  @Benchmark
  public Fingerprint fingerprint() {
    Layer layer =
        Layer.of(
            Layer.FILES,
            CopyLayer.entries(
                new Manifest.Copy("data", "/data", ""),
                folder,
                SensitiveFiles.unlessNamed(List.of()),
                new ProjectFiles()));
    return Fingerprint.of(
        Base.Scratch.of(List.of(Platform.DEFAULT)),
        Map.of(),
        List.of(layer),
        PayloadConfig.of(Manifest.Payload.NONE));
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
