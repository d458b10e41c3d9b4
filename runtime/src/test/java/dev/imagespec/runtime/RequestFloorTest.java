package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fewest requests that a registration needs, case by case, and that it sends no more. Each
 * image has a layer and a configuration of its own; all share the two layers of their base and
 * three of the class path.
 */
class RequestFloorTest {
  private static final int CHANGED = 3;

  /** A layer and a configuration of each image. */
  private static final int OWN = 2;

  private static final int SHARED = 5;

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer bases = registries.other;
  private final RegistryServer plain = registries.another();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registries.pushBase();
  }

  /** A task with a file of its own; another text changes the file. */
  private void task(int number, String repository, String text) {
    project.write("files/" + number + "/data", text);
    project.task(
        Project.task(
            "a.Task" + number,
            repository,
            Project.BASE,
            Project.program("a.Task" + number, new Manifest.Copy("files/" + number, "/data", "")),
            "linux/amd64"));
  }

  private void tasks(int count, String repository) {
    for (int i = 0; i < count; i++) {
      task(i, repository, "v" + i);
    }
  }

  private void change() {
    for (int i = 0; i < CHANGED; i++) {
      // Not the class path, which all images have.
      project.write("files/" + i + "/data", "changed " + i);
    }
  }

  private Registration register(String registry) {
    registries.clearJournals();
    Registration registration =
        LocalRegistries.registrar(registries.settings(project).registry(registry))
            .withSessions(registries.sessions(new FastClient()))
            .register();
    assertThat(registration.failures()).isEmpty();
    return registration;
  }

  /** The requests to a registry, by what they do. */
  private static Map<String, Long> requests(Journal journal) {
    return journal.entries().stream()
        .collect(
            Collectors.groupingBy(Journal.Entry::operation, TreeMap::new, Collectors.counting()));
  }

  private static long hundreds(long count) {
    return (count + 99) / 100;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 120})
  void amazonEcrNothingToDo(int images) {
    tasks(images, "team/app");
    register(ecr.registry());
    register(ecr.registry());
    assertThat(requests(ecr.journal())).isEqualTo(Map.of("BatchGetImage", hundreds(images)));
    assertThat(bases.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 120})
  void amazonEcrSomeChanged(int images) {
    // That the repository is set up as asked is remembered for a day; without a memory, two
    // requests ask for it.
    tasks(images, "team/app");
    register(ecr.registry());
    change();
    register(ecr.registry());
    long created = OWN * CHANGED;
    assertThat(requests(ecr.journal()))
        .isEqualTo(
            Map.of(
                "GetAuthorizationToken",
                1L,
                "BatchGetImage",
                hundreds(images),
                "BatchCheckLayerAvailability",
                hundreds(created),
                "POST upload",
                created,
                "PUT blob",
                created,
                "PUT manifest",
                (long) CHANGED));
    assertThat(requests(bases.journal()))
        .as("what the images stand on")
        .isEqualTo(Map.of("GET manifest", 1L, "GET blob", 1L));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 120})
  void anotherRegistryNothingToDo(int images) {
    tasks(images, "team/app");
    register(plain.registry());
    register(plain.registry());
    assertThat(requests(plain.journal())).isEqualTo(Map.of("HEAD manifest", (long) images));
    assertThat(plain.journal().connections(Plane.DATA)).isBetween(1L, 8L);
    assertThat(bases.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 120})
  void anotherRegistrySomeChanged(int images) {
    tasks(images, "team/app");
    register(plain.registry());
    change();
    register(plain.registry());
    long created = OWN * CHANGED;
    assertThat(requests(plain.journal()))
        .isEqualTo(
            Map.of(
                "HEAD manifest",
                (long) images,
                "GET manifest",
                1L,
                "HEAD blob",
                created,
                "POST upload",
                created,
                "PUT blob",
                created,
                "PUT manifest",
                (long) CHANGED));
    assertThat(requests(bases.journal())).isEqualTo(Map.of("GET manifest", 1L, "GET blob", 1L));
  }

  @Test
  void amazonEcrColdSendsEachBlobOnceAndReadsEachOfTheBaseOnce() {
    int repositories = 12;
    for (int i = 0; i < repositories; i++) {
      task(i, "team/app" + i, "v" + i);
    }
    register(ecr.registry());
    long sent = SHARED + (long) OWN * repositories;
    Map<String, Long> requests = requests(ecr.journal());
    assertThat(requests)
        .containsEntry("GetAuthorizationToken", 1L)
        .containsEntry("BatchGetImage", (long) repositories)
        .containsEntry("CreateRepository", (long) repositories)
        .containsEntry("PUT blob", sent)
        .containsEntry("POST upload", sent)
        .containsEntry("MOUNT", (long) SHARED * (repositories - 1))
        .containsEntry("PUT manifest", (long) repositories)
        .hasSize(7);
    assertThat(requests(bases.journal()))
        .as("the tag and the configuration for the lock, then the base, and its two layers")
        .isEqualTo(Map.of("GET manifest", 2L, "GET blob", 4L));
  }

  @Test
  void anotherRegistryColdSendsEachBlobOnceAndReadsEachOfTheBaseOnce() {
    int repositories = 12;
    for (int i = 0; i < repositories; i++) {
      task(i, "team/app" + i, "v" + i);
    }
    register(plain.registry());
    Map<String, Long> requests = requests(plain.journal());
    assertThat(requests)
        .containsEntry("HEAD manifest", (long) repositories)
        .containsEntry("PUT blob", SHARED + (long) OWN * repositories)
        .containsEntry("HEAD blob", SHARED + (long) OWN * repositories)
        .containsEntry("POST upload", SHARED + (long) OWN * repositories)
        .containsEntry("MOUNT", SHARED * (repositories - 1L))
        .containsEntry("PUT manifest", (long) repositories)
        .hasSize(6);
    assertThat(requests(bases.journal())).isEqualTo(Map.of("GET manifest", 2L, "GET blob", 4L));
  }

  /** Nothing is done again for each image that was done for another: not in any case above. */
  @Test
  void twiceTheImagesAreTwiceTheEvents() {
    List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    int[] counts = new int[2];
    for (int i = 0; i < counts.length; i++) {
      int images = 30 * (i + 1);
      for (int task = 0; task < images; task++) {
        task(task, "round" + i + "/app" + task % 3, "round " + i + " task " + task);
      }
      events.clear();
      LocalRegistries.registrar(registries.settings(project).registry(plain.registry()))
          .withListener(events::add)
          .register();
      counts[i] = events.size();
    }
    assertThat(counts[1]).isLessThanOrEqualTo(2 * counts[0]);
  }

  @Test
  void whoMayNotAskForBlobsIsToldThePermission() {
    tasks(2, "team/app");
    register(ecr.registry());
    change();
    ecr.deny("ecr:BatchCheckLayerAvailability");
    Registration registration = LocalRegistries.registrar(registries.settings(project)).register();
    assertThat(registration.images()).isEmpty();
    assertThat(registration.failures())
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure.message())
                    .contains("ecr:BatchCheckLayerAvailability", "team/app"));
  }

  @Test
  void anApiWithoutThatQuestionIsNoObstacle() {
    tasks(2, "team/app");
    register(ecr.registry());
    change();
    ecr.inject(
        Fault.respond(
            "BatchCheckLayerAvailability",
            9,
            400,
            "{\"__type\":\"UnknownOperationException\",\"message\":\"\"}",
            Map.of()));
    register(ecr.registry());
    assertThat(requests(ecr.journal()))
        .containsEntry("HEAD blob", (long) OWN * 2)
        .containsEntry("PUT blob", (long) OWN * 2);
  }
}
