package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.memory.KnownLayer;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A memory saves work, and a wrong one changes no image. */
class MemoryTest {
  private static final String NAME = "team/app";
  private static final Pattern LAYER =
      Pattern.compile(" ([0-9a-f]{64}) ([0-9a-f]{64}),([0-9]+),([0-9a-f]{64})");

  @TempDir Path dir;

  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final List<String> notes = new ArrayList<>();
  private Project project;

  @BeforeEach
  void write() {
    project = new Project(dir);
    registries.pushBase();
    project.write("data/a.txt", "a".repeat(1000)).write("classes/b.txt", "b");
    tasks("x");
  }

  private void tasks(String variable) {
    project
        .task(
            Project.task(
                "a.One",
                NAME,
                Project.BASE,
                Project.program("a.Main", new Manifest.Copy("data", "/data", "")),
                "linux/amd64"))
        .task(Project.task("a.Two", NAME, variable));
  }

  /** The image of the first task gets another variable: its layers stay. */
  private void change() {
    project.task(
        Project.task(
            "a.One",
            NAME,
            Project.BASE,
            Project.program("a.Other", new Manifest.Copy("data", "/data", "")),
            "linux/amd64"));
  }

  private RegistryServer server() {
    return registries.another();
  }

  private Path memory() {
    return dir.resolve("memory");
  }

  private Registration register(RegistryServer to) {
    return register(to, UnaryOperator.identity());
  }

  private Registration register(RegistryServer to, UnaryOperator<SettingsBuilder> more) {
    to.journal().clear();
    Registration registration =
        LocalRegistries.registrar(
                more.apply(registries.settings(project).temp(temp()).registry(to.registry())))
            .withListener(
                event -> {
                  if (event instanceof RegistrationEvent.Note note) {
                    notes.add(note.toString());
                  }
                })
            .register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  private Path temp() {
    try {
      return Files.createDirectories(dir.resolve("temp"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each image's manifest. */
  private static Map<String, String> images(RegistryServer server, Registration registration) {
    Map<String, String> images = new TreeMap<>();
    registration
        .images()
        .forEach(
            image -> images.put(image.tag(), server.manifest(NAME, image.tag()).orElseThrow()));
    return images;
  }

  /** Holds a registration against one without a memory: images, and bytes of their blobs. */
  private void assertRight(RegistryServer server, Registration registration) {
    RegistryServer other = server();
    Registration plain = register(other, settings -> settings.noMemory());
    assertThat(images(server, registration)).isEqualTo(images(other, plain));
    assertThat(registration.tasks().keySet()).isEqualTo(plain.tasks().keySet());
    images(other, plain)
        .values()
        .forEach(
            manifest ->
                Pattern.compile("sha256:[0-9a-f]{64}")
                    .matcher(manifest)
                    .results()
                    .map(found -> Digest.parse(found.group()))
                    .forEach(
                        blob ->
                            assertThat(server.blob(NAME, blob).map(Digest::of)).hasValue(blob)));
  }

  private List<Path> records(String kind) {
    try (Stream<Path> files = Files.list(memory().resolve(kind))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is remembered of layers, by the inputs. */
  private Map<Digest, KnownLayer> layers() {
    Map<Digest, KnownLayer> layers = new TreeMap<>();
    for (Path file : records("layers")) {
      try {
        LAYER
            .matcher(Files.readString(file))
            .results()
            .forEach(
                found ->
                    layers.put(
                        new Digest(found.group(1)),
                        new KnownLayer(
                            new Digest(found.group(2)),
                            Long.parseLong(found.group(3)),
                            new Digest(found.group(4)))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return layers;
  }

  private void remember(Map<Digest, KnownLayer> layers) {
    MachineMemory memory =
        MachineMemory.in(memory(), InstantSource.system(), note -> notes.add(note));
    layers.forEach(memory::learn);
    memory.save();
    assertThat(layers()).isEqualTo(layers);
  }

  @Test
  void layersThatTheRegistryHasAreNotWritten() {
    RegistryServer server = server();
    register(server);
    assertThat(layers()).hasSizeGreaterThan(2);
    change();
    Set<String> written = new TreeSet<>();
    server.inject(Fault.before("PUT manifest", 1, () -> written.addAll(inTemp())));
    Registration registration = register(server);
    assertThat(written).as("that of the argument file").hasSizeLessThanOrEqualTo(1);
    assertThat(server.journal().count("PUT blob")).isLessThanOrEqualTo(2);
    assertRight(server, registration);
    assertThat(notes).isEmpty();
  }

  private Set<String> inTemp() {
    try (Stream<Path> files = Files.walk(temp())) {
      return new TreeSet<>(
          files.filter(file -> file.endsWith("layer.tar.gz")).map(Path::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anotherRegistryGetsTheSameAsWithoutAMemoryByAsManyRequests() {
    register(server());
    RegistryServer other = server();
    Registration registration = register(other);
    long requests = other.journal().entries().size();
    RegistryServer plain = server();
    register(plain, settings -> settings.noMemory());
    assertThat(requests).isEqualTo(plain.journal().entries().size());
    assertRight(other, registration);
  }

  /** What may be wrong with a record of a layer though its checksum is right. */
  enum Wrong {
    DIGEST,
    SIZE,
    DIFF_ID,
    SWAPPED;

    Map<Digest, KnownLayer> of(Map<Digest, KnownLayer> right) {
      Map<Digest, KnownLayer> wrong = new TreeMap<>();
      List<Digest> inputs = List.copyOf(right.keySet());
      List<KnownLayer> layers = List.copyOf(right.values());
      for (int i = 0; i < inputs.size(); i++) {
        KnownLayer layer = layers.get(i);
        Digest other = Digest.of(("other " + i).getBytes(StandardCharsets.UTF_8));
        wrong.put(
            inputs.get(i),
            switch (this) {
              case DIGEST -> new KnownLayer(other, layer.size(), layer.diffId());
              case SIZE -> new KnownLayer(layer.digest(), layer.size() + 1, layer.diffId());
              case DIFF_ID -> new KnownLayer(layer.digest(), layer.size(), other);
              case SWAPPED -> layers.get((i + 1) % layers.size());
            });
      }
      return wrong;
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void aWrongLayerThatTheRegistryLacksIsFoundAndBuiltOnce(Wrong wrong) {
    register(server());
    Map<Digest, KnownLayer> right = layers();
    remember(wrong.of(right));
    RegistryServer server = server();
    Registration registration = register(server);
    assertThat(layers()).as("put right").isEqualTo(right);
    long requests = server.journal().entries().size();
    long blobs =
        images(server, registration).values().stream()
            .flatMap(manifest -> Pattern.compile("sha256:[0-9a-f]{64}").matcher(manifest).results())
            .map(MatchResult::group)
            .distinct()
            .count();
    // With wrong diff IDs, a configuration may be sent that no manifest will name.
    boolean isConfigurationRight = wrong == Wrong.DIGEST || wrong == Wrong.SIZE;
    assertThat(server.journal().count("PUT blob"))
        .as("no wrong layer is sent, and nothing twice")
        .isBetween(blobs, blobs + (isConfigurationRight ? 0 : 1));
    assertThat(server.journal().count("PUT manifest")).isEqualTo(2);
    RegistryServer plain = server();
    register(plain, settings -> settings.noMemory());
    assertThat(requests)
        .as("for each wrong layer, it is asked for once more at most")
        .isBetween(
            (long) plain.journal().entries().size(),
            plain.journal().entries().size() + 2L * right.size());
    assertRight(server, registration);
    assertThat(notes).isEmpty();
  }

  @Test
  void aWrongSizeOfALayerThatTheRegistryHasIsFound() {
    RegistryServer server = server();
    register(server);
    Map<Digest, KnownLayer> right = layers();
    remember(Wrong.SIZE.of(right));
    change();
    assertRight(server, register(server));
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void anImageThatIsThereIsComparedWithTheRightLayers(Wrong wrong) {
    RegistryServer server = server();
    register(server);
    remember(wrong.of(layers()));
    Registration registration = register(server, settings -> settings.force(true));
    assertThat(server.journal().count("PUT manifest")).as("nothing is overwritten").isZero();
    assertRight(server, registration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"empty", "garbage", "half", "another version", "another's", "too large", "zeros"})
  void aMemoryThatIsNoneCostsNothingButTime(String how) throws IOException {
    register(server());
    Map<Digest, KnownLayer> right = layers();
    for (String kind : List.of("layers")) {
      List<Path> files = records(kind);
      byte[] first = Files.readAllBytes(files.get(0));
      for (int i = 0; i < files.size(); i++) {
        byte[] bytes = Files.readAllBytes(files.get(i));
        Files.write(
            files.get(i),
            switch (how) {
              case "empty" -> new byte[0];
              case "garbage" -> new byte[] {0, 1, -1, '\n', 10, 13, 'x'};
              case "half" -> Arrays.copyOf(bytes, bytes.length * 2 / 3);
              case "another version" ->
                  new String(bytes, StandardCharsets.UTF_8)
                      .replace("memory 1", "memory 2")
                      .getBytes(StandardCharsets.UTF_8);
              case "another's" ->
                  i + 1 < files.size() ? Files.readAllBytes(files.get(i + 1)) : first;
              case "too large" -> Arrays.copyOf(bytes, 33 << 20);
              default -> new byte[bytes.length];
            });
      }
    }
    RegistryServer server = server();
    Registration registration = register(server);
    long requests = server.journal().entries().size();
    assertThat(layers()).as("learnt anew").isEqualTo(right);
    RegistryServer plain = server();
    register(plain, settings -> settings.noMemory());
    assertThat(requests).isEqualTo(plain.journal().entries().size());
    assertRight(server, registration);
    assertThat(notes).isEmpty();
  }

  @Test
  void aMemoryThatOthersMayWriteIntoIsNotBelieved() throws IOException {
    register(server());
    remember(Wrong.DIGEST.of(layers()));
    Map<Digest, KnownLayer> wrong = layers();
    Files.setPosixFilePermissions(memory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    RegistryServer server = server();
    assertRight(server, register(server));
    assertThat(layers()).as("nor written").isEqualTo(wrong);
    assertThat(notes).singleElement().asString().contains("others may write into it");
  }

  @Test
  void aMemoryOfSomebodyElseIsNotBelieved() throws IOException {
    register(server());
    remember(Wrong.DIGEST.of(layers()));
    try {
      Files.setAttribute(memory(), "unix:uid", 12345);
    } catch (IOException e) {
      assumeTrue(false, "only root may give files away");
    }
    RegistryServer server = server();
    assertRight(server, register(server));
    assertThat(notes).singleElement().asString().contains("belongs to another user");
  }

  @Test
  void aMemoryThatCannotBeWrittenIsNoted() throws IOException {
    Path place = Files.writeString(dir.resolve("file"), "x");
    for (Path folder : List.of(place, place.resolve("below"), Path.of("/proc/self/memory"))) {
      notes.clear();
      RegistryServer server = server();
      assertRight(server, register(server, settings -> settings.memory(folder)));
      assertThat(notes)
          .singleElement()
          .asString()
          .startsWith("memory: " + folder)
          .contains("imagespec.memory");
    }
  }

  /** Time passes for files only by itself. */
  @Test
  void aChangedFileOfEqualSizeAndTimeGivesAnotherImage() throws Exception {
    RegistryServer server = server();
    Path file = dir.resolve("data/a.txt");
    Thread.sleep(2_100);
    Registration first = register(server);
    assertThat(records("files")).isNotEmpty();
    var time = Files.getLastModifiedTime(file);
    Files.writeString(file, "b".repeat(1000));
    Files.setLastModifiedTime(file, time);
    Registration second = register(server);
    assertThat(second.tasks()).isNotEqualTo(first.tasks());
    assertRight(server, second);
  }
}
