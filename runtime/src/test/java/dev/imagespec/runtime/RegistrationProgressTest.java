package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistrationProgressTest {
  private static final int MB = 1_000_000;
  private static final ImageReference ONE = image("team/one:is1-0123456789abcdef");
  private static final ImageReference TWO = image("team/one:is1-fedcba9876543210");
  private static final Digest SHARED = digest("shared");
  private static final Digest OWN = digest("own");

  private long nanos = 7_000_000_000L;
  private final RegistrationProgress progress = new RegistrationProgress(() -> nanos);
  private long total;

  private static ImageReference image(String name) {
    return ImageReference.parse("ghcr.io/" + name);
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void after(double seconds) {
    nanos += (long) (seconds * 1e9);
  }

  private void building(ImageReference image, String task) {
    progress.on(new RegistrationEvent.ImageBuilding(image, List.of(task), List.of("new")));
  }

  private void transfer(Digest layer, long done, long sent) {
    progress.on(
        new RegistrationEvent.TransferProgress(ONE.repository(), layer, done, sent, 0, total));
  }

  private RegistrationProgress.Image only(ImageReference image) {
    return progress.now().images().stream()
        .filter(known -> known.image().equals(image))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anImageHasLayersBytesSpeedAndTimeLeft() {
    progress.on(new RegistrationEvent.ImagesPlanned(3, 2));
    building(ONE, "a.One");
    after(2);
    assertThat(only(ONE).detail()).isEqualTo("building, 2.0 s");
    progress.on(new RegistrationEvent.ImageComposed(ONE, Map.of(SHARED, 10L * MB, OWN, 30L * MB)));
    after(1);
    transfer(SHARED, 10 * MB, 10 * MB);
    after(1);
    transfer(OWN, 8 * MB, 8 * MB);
    // 18 MB in the four seconds since it began.
    assertThat(only(ONE).detail())
        .isEqualTo("1 of 2 layers, 18.0 of 40.0 MB, 4.5 MB/s, 4.0 s left");
    assertThat(only(ONE).label()).isEqualTo("team/one:is1-01234567");
    after(60);
    assertThat(only(ONE).detail())
        .as("stalled: no speed, and no promise")
        .isEqualTo("1 of 2 layers, 18.0 of 40.0 MB");
    transfer(OWN, 30 * MB, 30 * MB);
    assertThat(only(ONE).detail()).isEqualTo("writing its manifest");
    after(0.5);
    progress.on(new RegistrationEvent.ImagePushed(ONE, OWN));
    after(100);
    assertThat(only(ONE).detail()).isEqualTo("pushed in 1 min 4 s");
    assertThat(progress.now().summary()).isEqualTo("1 of 3 images done, 2 min 44 s");
    assertThat(progress.now().active()).isEmpty();
  }

  @Test
  void aLayerThatIsMountedIsDoneButWasNotSent() {
    building(ONE, "a.One");
    progress.on(new RegistrationEvent.ImageComposed(ONE, Map.of(SHARED, 10L * MB)));
    after(1);
    transfer(SHARED, 10 * MB, 0);
    RegistrationProgress.Image image = only(ONE);
    assertThat(image.layersDone()).isEqualTo(1);
    assertThat(image.bytesDone()).isEqualTo(10 * MB);
    assertThat(image.bytesSent()).isZero();
    assertThat(image.bytesPerSecond()).isZero();
  }

  @Test
  void aLayerOfTwoImagesCountsForBothAndNeverBackwards() {
    building(ONE, "a.One");
    building(TWO, "a.Two");
    progress.on(new RegistrationEvent.ImageComposed(ONE, Map.of(SHARED, 10L * MB, OWN, 30L * MB)));
    progress.on(new RegistrationEvent.ImageComposed(TWO, Map.of(SHARED, 10L * MB)));
    transfer(SHARED, 10 * MB, 10 * MB);
    assertThat(only(ONE).layersDone()).isEqualTo(1);
    assertThat(only(TWO).layersDone()).isEqualTo(1);
    // An image that is composed later needs it again: it is done at once, and nothing is sent.
    transfer(SHARED, 10 * MB, 0);
    transfer(SHARED, 5 * MB, 5 * MB);
    assertThat(only(TWO).bytesDone()).isEqualTo(10 * MB);
    assertThat(only(TWO).bytesSent()).isEqualTo(10 * MB);
    progress.on(
        new RegistrationEvent.TransferProgress(
            image("other/x:1").repository(), OWN, 30 * MB, 30 * MB, 0, 0));
    assertThat(only(ONE).layersDone()).as("of another repository").isEqualTo(1);
  }

  @Test
  void hugeSizesDoNotBecomeNegative() {
    building(ONE, "a.One");
    progress.on(
        new RegistrationEvent.ImageComposed(
            ONE, Map.of(SHARED, Long.MAX_VALUE, OWN, Long.MAX_VALUE)));
    transfer(SHARED, Long.MAX_VALUE, 5);
    assertThat(only(ONE).bytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(only(ONE).share()).isBetween(0.0, 1.0);
  }

  @Test
  void anEnvironmentHasItsStepUntilItIsPushedOrFails() {
    for (String name : List.of("One", "Two")) {
      progress.on(
          new RegistrationEvent.EnvironmentBuilding(
              name, "env1-" + name, "buildah", List.of(Platform.DEFAULT)));
    }
    after(3);
    progress.on(new RegistrationEvent.EnvironmentStep("Two", 2, 4, "aptPackages"));
    assertThat(progress.now().environments())
        .extracting(RegistrationProgress.Environment::detail)
        .containsExactly("starting, 3.0 s", "step 2 of 4, aptPackages, 3.0 s");
    progress.on(new RegistrationEvent.EnvironmentPushed(image("team/one:env1-One")));
    assertThat(progress.now().environments())
        .extracting(RegistrationProgress.Environment::name)
        .containsExactly("Two");
    progress.on(new RegistrationEvent.EnvironmentFailed("Two", "env1-Two"));
    assertThat(progress.now().environments()).isEmpty();
  }

  @Test
  void aFailureEndsTheImagesOfItsTasks() {
    building(ONE, "a.One");
    building(TWO, "a.Two");
    progress.on(
        new RegistrationEvent.ImageFailed(
            new Failure(List.of("a.Two"), "r", FailureCode.UNREACHABLE, "no answer")));
    progress.on(
        new RegistrationEvent.ImageFailed(
            new Failure(List.of("a.Three"), "ghcr.io/x", FailureCode.UNREACHABLE, "no answer")));
    assertThat(only(ONE).state()).isEqualTo(RegistrationProgress.State.BUILDING);
    assertThat(only(TWO).state()).isEqualTo(RegistrationProgress.State.FAILED);
    assertThat(ProgressTable.rows(progress.now()))
        .extracting(ProgressTable.Row::cells)
        .containsExactly(
            List.of(ONE.toString(), "not pushed", "0 kB", "0.0 s"),
            List.of(TWO.toString(), "failed", "0 kB", "0.0 s"),
            List.of("ghcr.io/x", "failed", "-", "-"));
  }

  @Test
  void theTableHasBytesAndSecondsAndNotHundredsOfRowsOfWhatExisted() {
    building(ONE, "a.One");
    progress.on(new RegistrationEvent.ImageComposed(ONE, Map.of(OWN, 3L * MB)));
    after(4);
    transfer(OWN, 3 * MB, 3 * MB);
    progress.on(new RegistrationEvent.ImagePushed(ONE, OWN));
    progress.on(new RegistrationEvent.ImageReused(TWO, List.of("a.Two")));
    assertThat(ProgressTable.rows(progress.now()))
        .extracting(ProgressTable.Row::cells)
        .containsExactly(
            List.of(ONE.toString(), "pushed", "3.0 MB", "4.0 s"),
            List.of(TWO.toString(), "exists", "-", "-"));
    assertThat(ProgressTable.lines(progress.now()))
        .containsExactly(
            "IMAGE" + " ".repeat(34) + "ACTION  SENT    TIME",
            ONE + "  pushed  3.0 MB  4.0 s",
            TWO + "  exists  -       -");
    for (int i = 0; i < 30; i++) {
      progress.on(new RegistrationEvent.ImageReused(image("team/x:" + i), List.of("a.T" + i)));
    }
    assertThat(ProgressTable.rows(progress.now()))
        .hasSize(2)
        .last()
        .satisfies(row -> assertThat(row.cells()).startsWith("31 other images", "exist"));
  }

  @Test
  void whatIsInterruptedSaysWhatIsThere() {
    assertThat(ProgressTable.lines(progress.now())).isEmpty();
    assertThat(progress.interrupted()).isEqualTo("nothing is pushed yet");
    progress.on(new RegistrationEvent.ImagesPlanned(3, 2));
    progress.on(new RegistrationEvent.ImageReused(TWO, List.of("a.Two")));
    assertThat(progress.interrupted())
        .isEqualTo(
            "1 of 3 images are pushed or were there before; the next registration goes on from there");
  }

  @Test
  void aLogHasNoLineForAShortRunThenOneEveryFewSecondsThenFewer() {
    List<String> lines = new ArrayList<>();
    try (ProgressLog log = new ProgressLog(progress, lines::add)) {
      for (int i = 0; i < 4; i++) {
        after(1);
        log.tick();
      }
      assertThat(lines).isEmpty();
      after(1);
      log.tick();
      log.tick();
      assertThat(lines)
          .containsExactly("progress: looking up base images and existing images, 5.0 s");
      progress.on(new RegistrationEvent.ImagesPlanned(9, 9));
      for (int i = 0; i < 5; i++) {
        building(image("team/x:" + i), "a.T" + i);
      }
      after(5);
      log.tick();
      assertThat(lines)
          .last()
          .isEqualTo(
              "progress: 0 of 9 images done, 10 s; team/x:0: building, 5.0 s; team/x:1: building,"
                  + " 5.0 s; team/x:2: building, 5.0 s; and 2 more");
      lines.clear();
      long end = nanos + Duration.ofMinutes(10).toNanos();
      while (nanos < end) {
        after(1);
        log.tick();
      }
      assertThat(lines.size()).isBetween(25, 35);
    }
  }
}
