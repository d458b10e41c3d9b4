package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.fuzz.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lock cannot be read, or can be written again. */
class LockFileFuzzTest {
  private static final String DIGEST = "sha256:" + "1".repeat(64);
  private static final String SAMPLE =
      """
      {"schema":1,
       "bases":{
        "docker.io/library/a:1":{"digest":"$","locked":"2026-11-02","platforms":{"linux/amd64":"$","linux/arm/v7":"$"}},
        "ghcr.io/a/b@$":{"digest":"$","platforms":{"linux/amd64":"$"}}},
       "rebuilds":{"env1-0123456789abcdef0123456789abcdef":3}}
      """
          .replace("$", DIGEST);

  @TempDir Path dir;

  @Test
  void aBrokenLockIsAnErrorAndAnyOtherCanBeWritten() throws InterruptedException {
    Path file = dir.resolve("imagespec.lock");
    Path again = dir.resolve("again.lock");
    Fuzz.run(
        List.of(SAMPLE, "{\"schema\":1,\"bases\":{}}"),
        document -> {
          Files.write(file, document);
          try {
            String written = LockFile.read(file).toJson();
            Files.writeString(again, written);
            assertThat(LockFile.read(again).toJson()).isEqualTo(written);
          } catch (ImageSpecException e) {
            assertThat(e.code()).isEqualTo(FailureCode.INVALID_LOCK);
            assertThat(e).hasMessageStartingWith("The lock " + file);
          }
        });
  }
}
