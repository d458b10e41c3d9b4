package dev.imagespec.runtime.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransferPlanTest {
  private static final Repository A = Repository.parse("ecr.example/a");
  private static final Repository B = Repository.parse("ecr.example/b");
  private static final Repository ELSEWHERE = Repository.parse("ghcr.io/team/a");

  private static ComposedImage image(Repository to, String... blobs) {
    List<ComposedImage.Blob> list = new ArrayList<>();
    for (String blob : blobs) {
      // "base@registry/name" is a blob that this repository is known to have.
      int at = blob.indexOf('@');
      list.add(
          new ComposedImage.Blob(
              BlobSource.of(
                  blob.substring(0, at < 0 ? blob.length() : at).getBytes(StandardCharsets.UTF_8)),
              at < 0 ? Optional.empty() : Optional.of(Repository.parse(blob.substring(at + 1)))));
    }
    PlannedImage plan =
        new PlannedImage(
            to, true, List.of(), Optional.empty(), Map.of(), List.of(), List.of(), false);
    return new ComposedImage(
        plan,
        List.of(),
        RawManifest.of(
            MediaType.OCI_MANIFEST, String.join(",", blobs).getBytes(StandardCharsets.UTF_8)),
        list,
        false);
  }

  /** {@code to <- blob}, with {@code (from)} where it is mounted; a list for each wave. */
  private static List<List<String>> waves(ComposedImage... images) {
    return TransferPlan.of(List.of(images), image -> Optional.empty()).waves().stream()
        .map(
            wave ->
                wave.transfers().stream()
                    .map(
                        transfer ->
                            transfer.to().name()
                                + " <- "
                                + text(transfer.blob())
                                + transfer
                                    .mountFrom()
                                    .map(from -> " (" + from.name() + ")")
                                    .orElse(""))
                    .toList())
        .toList();
  }

  private static String text(BlobSource blob) {
    try (var in = blob.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aBlobOfTwoImagesGoesUpOnceIntoTheirRepository() {
    assertThat(waves(image(A, "x", "1"), image(A, "x", "2")))
        .containsExactly(List.of("a <- x", "a <- 1", "a <- 2"));
  }

  @Test
  void anotherRepositoryOfTheRegistryMountsOnceTheFirstOnesManifestsAreThere() {
    assertThat(waves(image(A, "x", "1"), image(B, "x", "2")))
        .containsExactly(List.of("a <- x", "a <- 1"), List.of("b <- x (a)", "b <- 2"));
  }

  @Test
  void anotherRegistryGetsTheBlobOfItsOwnInTheSameWave() {
    assertThat(waves(image(A, "x"), image(ELSEWHERE, "x")))
        .containsExactly(List.of("a <- x", "team/a <- x"));
  }

  @Test
  void whatTheRepositoryIsKnownToHaveIsNotSent() {
    assertThat(waves(image(A, "base@ecr.example/a", "x"))).containsExactly(List.of("a <- x"));
    assertThat(waves(image(A, "base@ecr.example/bases", "x")))
        .containsExactly(List.of("a <- base (bases)", "a <- x"));
    assertThat(waves(image(A, "base@ghcr.io/bases/b"))).containsExactly(List.of("a <- base"));
  }

  @Test
  void whatAnotherRepositoryHasInAnImageOfTheSameInputsIsMountedAtOnce() {
    TransferPlan plan = TransferPlan.of(List.of(image(A, "x")), image -> Optional.of(B));
    assertThat(plan.waves())
        .singleElement()
        .satisfies(
            wave ->
                assertThat(wave.transfers())
                    .extracting(TransferPlan.Transfer::mountFrom)
                    .containsExactly(Optional.of(B)));
  }

  @Test
  void aChainOfRepositoriesComesInAsManyWaves() {
    Repository c = Repository.parse("ecr.example/c");
    assertThat(waves(image(A, "x"), image(B, "x", "y"), image(c, "y")))
        .containsExactly(List.of("a <- x"), List.of("b <- x (a)", "b <- y"), List.of("c <- y (b)"));
  }

  @Test
  void everyImageStandsInTheWaveOfItsBlobs() {
    List<ComposedImage> images = List.of(image(A, "x"), image(B, "x"), image(A, "y"));
    assertThat(TransferPlan.of(images, image -> Optional.empty()).waves())
        .satisfiesExactly(
            first -> assertThat(first.images()).containsExactly(images.get(0), images.get(2)),
            second -> assertThat(second.images()).containsExactly(images.get(1)));
    assertThat(TransferPlan.of(List.of(), image -> Optional.empty()).waves()).isEmpty();
  }
}
