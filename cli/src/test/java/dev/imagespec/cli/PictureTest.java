package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationProgress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
  private static final Digest LAYER = Digest.of(new byte[0]);

  private long nanos;
  private final RegistrationProgress progress = new RegistrationProgress(() -> nanos);

  @BeforeEach
  void images() {
    progress.on(new RegistrationEvent.ImagesPlanned(40, 30));
    building("team/app:is1-0123456789abcdef");
    progress.on(
        new RegistrationEvent.ImageComposed(
            image("team/app:is1-0123456789abcdef"), Map.of(LAYER, 40_000_000L)));
    nanos += 2_000_000_000L;
    progress.on(
        new RegistrationEvent.TransferProgress(
            image("team/app:1").repository(), LAYER, 10_000_000, 10_000_000, 0, 0));
  }

  private static ImageReference image(String name) {
    return ImageReference.parse("ghcr.io/" + name);
  }

  private void building(String name) {
    progress.on(new RegistrationEvent.ImageBuilding(image(name), List.of(name), List.of()));
  }

  private void environment(String name, String step) {
    progress.on(
        new RegistrationEvent.EnvironmentBuilding(
            name, "env1-" + name.hashCode(), "buildah", List.of(Platform.DEFAULT)));
    progress.on(new RegistrationEvent.EnvironmentStep(name, 2, 4, step));
  }

  private List<String> lines(int columns, int rows) {
    return Picture.of(progress.now(), new Screen(columns, rows, false));
  }

  @Test
  void anImageHasALineWithBarLayersBytesSpeedAndTimeLeft() {
    environment("SayHello", "aptPackages");
    assertThat(lines(120, 24))
        .containsExactly(
            "0 of 40 images done, 2.0 s",
            "SayHello" + " ".repeat(33) + "step 2 of 4, aptPackages, 0.0 s",
            "team/app:is1-01234567"
                + " ".repeat(20)
                + "[#####...............] 0 of 1 layers, 10.0 of 40.0 MB, 5.0 MB/s, 6.0 s left");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 60, 80, 120, 500})
  void noLineIsWiderThanTheTerminal(int columns) {
    environment("Über文字化け".repeat(20), "packages[1] \"" + "文".repeat(300) + "\"");
    building("team/" + "long-name/".repeat(20) + "x:is1-0123");
    assertThat(lines(columns, 24))
        .hasSize(4)
        .allSatisfy(line -> assertThat(Cells.count(line)).isLessThan(columns));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 24})
  void moreImagesThanTheTerminalHasLinesAreCounted(int rows) {
    for (int i = 0; i < 30; i++) {
      building("team/x" + i + ":is1-0123");
    }
    assertThat(lines(80, rows)).hasSize(rows - 1).last().isEqualTo("and " + (34 - rows) + " more");
  }

  @Test
  void foreignTextMovesNoCursor() {
    environment("a\u001b[2J\u202eb\nc", "x\r\u009by");
    assertThat(String.join("", lines(120, 24)).codePoints())
        .allMatch(c -> c >= ' ' && c != 0x202e && !(c >= 0x7f && c < 0xa0));
  }

  @Test
  void coloursMeanSomethingAndCanBeSwitchedOff() {
    List<String> coloured = Picture.of(progress.now(), new Screen(120, 24, true));
    assertThat(coloured.get(0)).isEqualTo("\u001b[1m0 of 40 images done, 2.0 s\u001b[0m");
    assertThat(DrawnTerminal.after(String.join("\n", coloured))).isEqualTo(lines(120, 24));
    assertThat(String.join("", lines(120, 24))).doesNotContain("\u001b");
  }

  @Test
  void cellsAreCountedNotCharacters() {
    assertThat(Cells.cut("abcdef", 4)).isEqualTo("abc…");
    assertThat(Cells.cut("abcd", 4)).isEqualTo("abcd");
    assertThat(Cells.cut("文字化け", 5)).isEqualTo("文字…");
    assertThat(Cells.cut("文", 1)).isEqualTo("…");
    assertThat(Cells.cut("x", 0)).isEmpty();
    assertThat(Cells.cut("e\u0301e\u0301", 2)).isEqualTo("e\u0301e\u0301");
    assertThat(Cells.fit("文", 4)).isEqualTo("文  ");
  }
}
