package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockFileTest {
  private static final ImageReference UBUNTU = ImageReference.parse("ubuntu:24.04");
  private static final Digest INDEX = new Digest("1".repeat(64));
  private static final Digest AMD64 = new Digest("2".repeat(64));

  @TempDir Path dir;

  private Path file() {
    return dir.resolve("imagespec.lock");
  }

  private static LockedBase base() {
    return new LockedBase(INDEX, Map.of(Platform.DEFAULT, AMD64));
  }

  @Test
  void whatWasPutInIsReadAgain() {
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    assertThat(lock.write()).isTrue();
    assertThat(LockFile.read(file()).get(ImageReference.parse("docker.io/library/ubuntu:24.04")))
        .hasValue(base());
    assertThat(LockFile.read(file()).get(ImageReference.parse("ubuntu:22.04"))).isEmpty();
  }

  @Test
  void anEntryKeepsItsDayUntilItsDigestChanges() throws IOException {
    LockFile lock = LockFile.read(file());
    LocalDate first = LocalDate.parse("2026-11-02");
    lock.put(UBUNTU, new LockedBase(INDEX, base().platforms(), first));
    lock.write();
    assertThat(Files.readString(file())).contains("\"locked\": \"2026-11-02\"");
    LockFile again = LockFile.read(file());
    LocalDate later = LocalDate.parse("2026-11-27");
    again.put(UBUNTU, new LockedBase(INDEX, base().platforms(), later));
    assertThat(again.write()).isFalse();
    assertThat(again.get(UBUNTU).flatMap(LockedBase::day)).hasValue(first);
    again.put(UBUNTU, new LockedBase(AMD64, base().platforms(), later));
    assertThat(again.write()).isTrue();
    assertThat(LockFile.read(file()).get(UBUNTU).flatMap(LockedBase::day)).hasValue(later);
  }

  @Test
  void anEntryOfAnEarlierReleaseHasNoDayAndGetsNone() throws IOException {
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    lock.write();
    assertThat(Files.readString(file())).doesNotContain("locked");
    LockFile again = LockFile.read(file());
    assertThat(again.get(UBUNTU).flatMap(LockedBase::day)).isEmpty();
    again.put(UBUNTU, new LockedBase(INDEX, base().platforms(), LocalDate.parse("2026-11-27")));
    assertThat(again.write()).isFalse();
  }

  @Test
  void aLockThatDidNotChangeIsNotWritten() throws IOException {
    LockFile lock = LockFile.read(file());
    assertThat(lock.write()).isFalse();
    assertThat(file()).doesNotExist();
    lock.put(UBUNTU, base());
    lock.write();
    String text = Files.readString(file());
    LockFile again = LockFile.read(file());
    again.put(UBUNTU, base());
    assertThat(again.write()).isFalse();
    assertThat(file()).hasContent(text);
  }

  @Test
  void entriesAreSortedSoThatTheFileMergesWell() throws IOException {
    LockFile lock = LockFile.read(file());
    lock.put(ImageReference.parse("ghcr.io/z/z:1"), base());
    lock.put(ImageReference.parse("ghcr.io/a/a:1"), base());
    lock.write();
    assertThat(Files.readString(file())).containsSubsequence("ghcr.io/a/a:1", "ghcr.io/z/z:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"schema\": 2, \"bases\": {}}",
        "{\"schema\": 1}",
        "{\"schema\": 1, \"bases\": {\"a:1\": {\"digest\": \"sha256:1\", \"platforms\": {}}}}",
        "{\"schema\": 1, \"bases\": {\"a:1\": 1}}",
        "{\"schema\": 1, \"bases\": {\"a:1\": {\"digest\": \"%\", \"locked\": \"then\", \"platforms\": {\"linux/amd64\": \"%\"}}}}",
        "{\"schema\": 1, \"bases\": {\"a:1\": {\"digest\": \"%\", \"locked\": 7, \"platforms\": {\"linux/amd64\": \"%\"}}}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"env1-0\": \"often\"}}",
        "{\"schema\": 1, \"bases\": {\"a:1\": {\"digest\": \"sha256:1\", \"platforms\": {\"linux/amd64\": 1}}}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"$\": 2147483648}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"$\": 999999999999999999}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"$\": -1}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"$\": {}}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"x\": 1}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"\\ud800\": 1}}",
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": []}"
      })
  void whatIsNoLockIsRefusedAndStays(String pattern) throws IOException {
    String text = pattern.replace("$", "env1-" + "0".repeat(32)).replace("%", INDEX.toString());
    Files.writeString(file(), text);
    assertThatThrownBy(() -> LockFile.read(file()))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_LOCK))
        .hasMessageContaining(file().toString())
        .hasMessageContaining("imagespec lock");
    assertThat(file()).hasContent(text);
  }

  @Test
  void aMessageQuotesTheStartOfWhatStandsThere() throws IOException {
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    lock.write();
    String text = Files.readString(file());
    Files.writeString(file(), text.replace("linux/amd64", "A".repeat(1 << 20)));
    assertThatThrownBy(() -> LockFile.read(file()))
        .isInstanceOf(ImageSpecException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1500).contains("AAAA"));
  }

  private void isRefused(String why) {
    assertThatThrownBy(() -> LockFile.read(file()))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_LOCK))
        .hasMessageContaining(why);
  }

  @Test
  @Timeout(60)
  void whatHasNoEndIsNotReadAndWhatWaitsIsNotWaitedFor() throws IOException, InterruptedException {
    Files.createSymbolicLink(file(), Path.of("/dev/zero"));
    isRefused("it is not a regular file");
    Files.delete(file());
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
    isRefused("it is not a regular file");
    Files.delete(file());
    Files.writeString(file(), " ".repeat((16 << 20) + 1));
    isRefused("it is larger than 16777216 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9", "99999999999999999999", "-1", "2147483648", "null", "\"1\""})
  void aCountThatIsNoneIsRefused(String count) throws IOException {
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    lock.write();
    String text = Files.readString(file());
    assertThat(text).contains("\"schema\": 1");
    Files.writeString(file(), text.replace("\"schema\": 1", "\"schema\": " + count));
    isRefused("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e308",
        "9223372036854775807",
        "9223372036854775808",
        "-1",
        "0",
        "2147483648",
        "1.5"
      })
  void aCountOfRebuildsThatIsNoneIsRefused(String count) throws IOException {
    Files.writeString(
        file(), "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"env1-0\": " + count + "}}");
    isRefused(file().toString());
    Files.writeString(
        file(),
        "{\"schema\": 1, \"bases\": {}, \"rebuilds\": {\"env1-0\": 1" + "0".repeat(400) + "}}");
    isRefused(file().toString());
  }

  /** A rename would take their place: that of a device, too, for all programs of the machine. */
  @Test
  void whatIsNoFileIsNeverReplaced() throws IOException, InterruptedException {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path folder = Files.createDirectory(dir.resolve("folder"));
    for (Path target : List.of(pipe, folder)) {
      Path link = dir.resolve("link-to-" + target.getFileName());
      Files.createSymbolicLink(link, target);
      Map<String, Object> before = Files.readAttributes(target, "unix:ino,mode");
      for (Path file : List.of(target, link)) {
        assertThatThrownBy(() -> AtomicFile.write(file, "text"))
            .isInstanceOf(ImageSpecException.class)
            .hasMessage(file + " cannot be written: it is not a regular file.");
        assertThat(Files.readAttributes(target, "unix:ino,mode")).isEqualTo(before);
      }
    }
    Path loop = dir.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertThatThrownBy(() -> AtomicFile.write(loop, "text"))
        .hasMessage(loop + " cannot be written: it is a link that leads to itself.");
  }

  @Test
  void aLinkToAFileThatIsNotThereYetMakesIt() throws IOException {
    Path shared = Files.createDirectory(dir.resolve("shared")).resolve("imagespec.lock");
    Path between = dir.resolve("between");
    Files.createSymbolicLink(between, Path.of("shared", "imagespec.lock"));
    Files.createSymbolicLink(file(), between);
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    assertThat(lock.write()).isTrue();
    assertThat(file()).isSymbolicLink();
    assertThat(between).isSymbolicLink();
    assertThat(LockFile.read(shared).get(UBUNTU)).hasValue(base());
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = Files.createDirectory(dir.resolve("real")).resolve("lock");
    Files.writeString(real, LockFile.read(file()).toJson());
    Files.createSymbolicLink(file(), real);
    LockFile lock = LockFile.read(file());
    lock.put(UBUNTU, base());
    assertThat(lock.write()).isTrue();
    assertThat(file()).isSymbolicLink();
    assertThat(LockFile.read(real).get(UBUNTU)).hasValue(base());
  }
}
