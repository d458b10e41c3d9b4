package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFolderTest {
  private static final int AT_ONCE = 8;

  @TempDir Path dir;

  @Test
  void manyAtOnceShareTheFoldersAbove() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (int round = 0; round < 100; round++) {
        Path above = dir.resolve(round + "/a/b");
        CyclicBarrier start = new CyclicBarrier(AT_ONCE);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          Path folder = above.resolve(Integer.toString(i));
          running.add(
              threads.submit(
                  () -> {
                    start.await();
                    NewFolder.fill(folder, () -> Files.writeString(folder.resolve("f"), "f"));
                    return folder;
                  }));
        }
        for (Future<?> each : running) {
          each.get();
        }
        assertThat(above.toFile().list()).hasSize(AT_ONCE);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
