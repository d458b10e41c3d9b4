package dev.imagespec.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineMemoryTest {
  private static final Repository REPOSITORY = Repository.parse("registry.example/team/app");
  private static final Repository OTHER = Repository.parse("registry.example/team/other");
  private static final FileFact<String> TEXT =
      new FileFact<>("text", text -> text, word -> Optional.of(word));

  @TempDir Path dir;

  private final List<String> notes = new ArrayList<>();
  private final AtomicInteger readings = new AtomicInteger();
  private Instant now = Instant.now().plus(Duration.ofMinutes(1));

  private Path folder() {
    return dir.resolve("cache/imagespec/memory");
  }

  private MachineMemory memory() {
    return MachineMemory.in(folder(), () -> now, notes::add);
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KnownLayer layer(String text) {
    return new KnownLayer(digest("gzip " + text), text.length(), digest("tar " + text));
  }

  private String read(MachineMemory memory, Path file) throws IOException {
    return memory.about(
        file,
        TEXT,
        () -> {
          readings.incrementAndGet();
          return Files.readString(file);
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  private Path only() throws IOException {
    assertThat(files()).hasSize(1);
    return files().get(0);
  }

  @Test
  void whatIsSavedIsKnownTheNextTime() {
    MachineMemory memory = memory();
    memory.learn(digest("in"), layer("x"));
    memory.saw(REPOSITORY, List.of(digest("a"), digest("b")));
    assertThat(folder()).as("nothing is written before").doesNotExist();
    memory.save();
    MachineMemory next = memory();
    assertThat(next.layer(digest("in"))).hasValue(layer("x"));
    assertThat(next.layer(digest("other"))).isEmpty();
    assertThat(next.has(REPOSITORY, digest("a"))).isTrue();
    assertThat(next.has(REPOSITORY, digest("c"))).isFalse();
    assertThat(next.has(OTHER, digest("a"))).isFalse();
    assertThat(next.blobs(REPOSITORY)).containsExactlyInAnyOrder(digest("a"), digest("b"));
    assertThat(notes).isEmpty();
  }

  @Test
  void anUnchangedFileIsNotReadAgain() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(read(memory, file)).isEqualTo("one");
    memory.save();
    assertThat(read(memory(), file)).isEqualTo("one");
    assertThat(readings).hasValue(1);
  }

  @Test
  void oneFactIsNotTakenForAnother() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("one");
    FileFact<String> length = new FileFact<>("length", text -> text, Optional::of);
    assertThat(memory.about(file, length, () -> "3")).isEqualTo("3");
  }

  @Test
  void aChangeOfEqualSizeAndTimeIsNoticed() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("one");
    memory.save();
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    assertThat(read(memory(), file)).isEqualTo("two");
  }

  @Test
  void aFileThatTakesTheOthersPlaceIsNoticed() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    Path other = Files.writeString(dir.resolve("b.txt"), "two");
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(read(memory, other)).isEqualTo("two");
    memory.save();
    Path third = Files.move(file, dir.resolve("c.txt"));
    Files.move(other, file);
    Files.move(third, other);
    assertThat(read(memory(), file)).isEqualTo("two");
    assertThat(read(memory(), other)).isEqualTo("one");
  }

  @Test
  void aFileThatChangedAMomentAgoIsReadAgain() throws IOException {
    now = Instant.now();
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(readings).hasValue(2);
    now = now.plusSeconds(10);
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(read(memory, file)).isEqualTo("one");
    assertThat(readings).hasValue(3);
  }

  @Test
  void aFileThatChangesWhileItIsReadIsReadAgain() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    MachineMemory memory = memory();
    String first =
        memory.about(
            file,
            TEXT,
            () -> {
              Files.writeString(file, "two");
              return "one";
            });
    assertThat(first).isEqualTo("one");
    assertThat(read(memory, file)).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "imagespec memory 2 layers 7a\n",
        "imagespec memory 1 layers 7a",
        "\u0000\u0001\u0002",
        "imagespec memory 1 layers 7a\nx y z\n\n   \n00000000 1 2 3\n"
      })
  void whatIsNoMemoryIsAsIfItWereNotThere(String text) throws IOException {
    MachineMemory memory = memory();
    memory.learn(digest("in"), layer("x"));
    memory.save();
    Path file = only();
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThat(memory().layer(digest("in"))).isEmpty();
    MachineMemory again = memory();
    again.learn(digest("in"), layer("x"));
    again.save();
    assertThat(memory().layer(digest("in"))).hasValue(layer("x"));
    assertThat(notes).isEmpty();
  }

  @Test
  void ofATornFileTheWholeRecordsCount() throws IOException {
    MachineMemory memory = memory();
    for (int i = 0; i < 20; i++) {
      memory.saw(REPOSITORY, List.of(digest("b" + i)));
    }
    memory.save();
    byte[] bytes = Files.readAllBytes(only());
    Files.write(only(), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(memory().blobs(REPOSITORY)).hasSizeBetween(8, 10);
  }

  @Test
  void ofADamagedFileTheWholeRecordsCount() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a"), digest("b"), digest("c")));
    memory.save();
    byte[] bytes = Files.readAllBytes(only());
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(only(), damaged);
      assertThat(memory().blobs(REPOSITORY))
          .as("byte %d", at)
          .hasSizeLessThan(3)
          .isSubsetOf(digest("a"), digest("b"), digest("c"));
    }
  }

  @Test
  void recordsOfOtherInputsOrRepositoriesAreNotBelieved() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.saw(OTHER, List.of(digest("b")));
    memory.save();
    byte[] first = Files.readAllBytes(files().get(0));
    Files.write(files().get(0), Files.readAllBytes(files().get(1)));
    Files.write(files().get(1), first);
    assertThat(memory().blobs(REPOSITORY)).isEmpty();
    assertThat(memory().blobs(OTHER)).isEmpty();
  }

  @Test
  void valuesOfTwoRecordsThatAreSwappedAreNotBelieved() throws IOException {
    MachineMemory memory = memory();
    Path one = Files.writeString(dir.resolve("one"), "1");
    Path two = Files.writeString(dir.resolve("two"), "2");
    assertThat(read(memory, one) + read(memory, two)).isEqualTo("12");
    memory.save();
    List<String> lines = Files.readAllLines(only());
    String[] first = lines.get(1).split(" ", -1);
    String[] second = lines.get(2).split(" ", -1);
    Files.writeString(
        only(),
        String.join(
            "\n",
            lines.get(0),
            String.join(" ", first[0], first[1], first[2], second[3]),
            String.join(" ", second[0], second[1], second[2], first[3]),
            ""));
    MachineMemory next = memory();
    assertThat(read(next, one) + read(next, two)).isEqualTo("12");
    assertThat(readings).hasValue(4);
  }

  @Test
  void whatIsTooLargeIsNotRead() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    String text = Files.readString(only());
    Files.writeString(only(), text + "x".repeat(33 << 20));
    assertThat(memory().blobs(REPOSITORY)).isEmpty();
    Files.writeString(only(), text + "x".repeat(1000) + "\n");
    assertThat(memory().blobs(REPOSITORY)).containsExactly(digest("a"));
  }

  @Test
  void aLinkIsNoMemory() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    Path file = only();
    Path elsewhere = Files.move(file, dir.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertThat(memory().blobs(REPOSITORY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"rwxrwx---, others may write into it", "rwx---rwx, others may write into it"})
  void aFolderThatOthersMayWriteIntoIsNotUsed(String permissions, String why) throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    byte[] before = Files.readAllBytes(only());
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString(permissions));
    MachineMemory open = memory();
    assertThat(open.blobs(REPOSITORY)).isEmpty();
    open.saw(REPOSITORY, List.of(digest("b")));
    open.save();
    assertThat(only()).hasBinaryContent(before);
    assertThat(notes)
        .singleElement()
        .asString()
        .contains(folder().toString(), why, "imagespec.memory");
  }

  @Test
  void aFolderOfSomebodyElseIsNotUsed() throws IOException {
    Files.createDirectories(folder());
    try {
      Files.setAttribute(folder(), "unix:uid", 12345);
    } catch (IOException e) {
      assumeTrue(false, "only root may give files away");
    }
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    assertThat(files()).isEmpty();
    assertThat(notes).singleElement().asString().contains("belongs to another user");
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(only())))
        .isEqualTo("rw-------");
  }

  @Test
  void whatCannotBeWrittenIsNotedOnce() throws IOException {
    Files.createDirectories(folder());
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    Files.delete(folder());
    Files.writeString(folder(), "a file");
    memory.save();
    assertThat(memory.has(REPOSITORY, digest("a"))).isTrue();
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith(folder() + " cannot be written: it is not a folder.")
        .contains("imagespec.memory");
    assertThat(folder()).hasContent("a file");
  }

  @Test
  void aRepositoryAndALayerCanBeForgotten() {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.learn(digest("in"), layer("x"));
    memory.save();
    MachineMemory next = memory();
    next.forget(REPOSITORY);
    assertThat(next.has(REPOSITORY, digest("a"))).isFalse();
    next.saw(REPOSITORY, List.of(digest("b")));
    next.forget(digest("in"));
    assertThat(next.layer(digest("in"))).isEmpty();
    next.save();
    assertThat(memory().blobs(REPOSITORY)).containsExactly(digest("b"));
    assertThat(memory().layer(digest("in"))).isEmpty();
  }

  @Test
  void whatAnotherProcessLearntMeanwhileStays() {
    MachineMemory one = memory();
    MachineMemory two = memory();
    one.learn(digest("in"), layer("wrong"));
    one.saw(REPOSITORY, List.of(digest("a")));
    two.saw(REPOSITORY, List.of(digest("b")));
    one.save();
    two.save();
    assertThat(memory().blobs(REPOSITORY)).containsExactlyInAnyOrder(digest("a"), digest("b"));
    MachineMemory three = memory();
    assertThat(three.layer(digest("in"))).hasValue(layer("wrong"));
    MachineMemory four = memory();
    four.forget(digest("in"));
    four.learn(digest("in"), layer("right"));
    four.save();
    three.forget(digest("in"));
    three.save();
    assertThat(memory().layer(digest("in"))).hasValue(layer("right"));
  }

  @Test
  void threadsAndProcessesWriteAtOnceAndNothingIsLost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Digest blob = digest("b" + i);
        work.add(
            () -> {
              MachineMemory own = MachineMemory.in(folder(), InstantSource.system(), notes::add);
              own.saw(REPOSITORY, List.of(blob));
              own.save();
              return null;
            });
      }
      for (var result : threads.invokeAll(work)) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(memory().blobs(REPOSITORY)).hasSize(40);
    assertThat(notes).isEmpty();
    assertThat(files()).hasSize(1);
  }

  @Test
  void twoProcessesWriteAtOnceAndNothingIsLost() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (String name : List.of("x", "y")) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder().toString(),
                  name)
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    assertThat(memory().blobs(REPOSITORY)).hasSize(2 * Writer.COUNT);
  }

  /** The other process. */
  static final class Writer {
    static final int COUNT = 50;

    private Writer() {}

    public static void main(String[] arguments) {
      for (int i = 0; i < COUNT; i++) {
        MachineMemory memory =
            MachineMemory.in(
                Path.of(arguments[0]),
                InstantSource.system(),
                note -> {
                  throw new IllegalStateException(note);
                });
        memory.saw(REPOSITORY, List.of(digest(arguments[1] + i)));
        memory.save();
      }
    }
  }

  @Test
  void whatIsOfNoUseForLongGoes() {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("old"), digest("used")));
    memory.save();
    now = now.plus(Duration.ofDays(20));
    MachineMemory later = memory();
    assertThat(later.has(REPOSITORY, digest("used"))).isTrue();
    later.save();
    now = now.plus(Duration.ofDays(20));
    MachineMemory last = memory();
    last.saw(REPOSITORY, List.of(digest("new")));
    last.save();
    assertThat(memory().blobs(REPOSITORY)).containsExactlyInAnyOrder(digest("used"), digest("new"));
  }

  @Test
  void whatIsUnchangedIsNotWrittenAgain() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    Files.setLastModifiedTime(only(), FileTime.fromMillis(1000));
    MachineMemory next = memory();
    next.saw(REPOSITORY, List.of(digest("a")));
    assertThat(next.has(REPOSITORY, digest("a"))).isTrue();
    next.save();
    assertThat(Files.getLastModifiedTime(only())).isEqualTo(FileTime.fromMillis(1000));
  }

  @Test
  void theFolderStaysBounded() throws IOException {
    MachineMemory memory = memory();
    memory.saw(REPOSITORY, List.of(digest("a")));
    memory.save();
    Path first = only();
    Files.setLastModifiedTime(first, FileTime.fromMillis(1000));
    for (int i = 0; i < 2; i++) {
      Files.write(first.resolveSibling("f" + i), new byte[32 << 20]);
    }
    MachineMemory next = memory();
    next.saw(OTHER, List.of(digest("b")));
    next.save();
    assertThat(first).doesNotExist();
    assertThat(memory().has(OTHER, digest("b"))).isTrue();
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThanOrEqualTo(64 << 20);
  }

  @Test
  void itHasNoPaths() throws IOException {
    Path file = Files.writeString(dir.resolve("very-secret-name.txt"), "x");
    MachineMemory memory = memory();
    assertThat(read(memory, file)).isEqualTo("x");
    memory.save();
    assertThat(Files.readString(only())).doesNotContain("very-secret-name");
  }

  @Test
  void withoutAFolderNothingIsBelievedOrWritten() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one");
    MachineMemory none = MachineMemory.none();
    assertThat(read(none, file) + read(none, file)).isEqualTo("oneone");
    assertThat(readings).hasValue(2);
    none.saw(REPOSITORY, List.of(digest("a")));
    none.save();
    assertThat(folder()).doesNotExist();
  }
}
