package dev.imagespec.runtime.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.PayloadConfig;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Steps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private static final Repository A = Repository.parse("ecr.example/a");
  private static final Repository B = Repository.parse("ecr.example/b");
  private static final Repository C = Repository.parse("ecr.example/c");
  private static final Repository ELSEWHERE = Repository.parse("ghcr.io/team/a");
  private static final Twins NONE = new Twins(List.of());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PlannedImage image(Repository to, String content, boolean exists) {
    Manifest manifest =
        new Manifest(
            "a.Task",
            "",
            to.name().value(),
            "scratch",
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT);
    Draft draft =
        new Draft(
            new Task(manifest, new TaskSource("", Path.of(""), List.of(), List.of()), List.of()),
            to,
            new Steps(List.of()),
            List.of(),
            PayloadConfig.of(Manifest.Payload.NONE));
    ResolvedSpec spec =
        new ResolvedSpec(
            draft,
            new Base.Scratch(new TreeSet<>(List.of(Platform.DEFAULT))),
            Map.of(),
            new Fingerprint(Digest.of(bytes(content))));
    return new PlannedImage(
        to,
        true,
        List.of(spec),
        exists ? Optional.of(Digest.of(bytes(content))) : Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        false);
  }

  /**
   * An image with a configuration of its own.
   *
   * @param blobs {@code layer@registry/name} of what it stands on, or the inputs of a layer
   */
  private static Routes.Parts parts(Repository to, String configuration, String... blobs) {
    List<ComposedImage.Blob> below = new ArrayList<>();
    List<Digest> payload = new ArrayList<>();
    for (String blob : blobs) {
      int at = blob.indexOf('@');
      if (at < 0) {
        payload.add(Digest.of(bytes(blob)));
      } else {
        below.add(
            new ComposedImage.Blob(
                BlobSource.of(bytes(blob.substring(0, at))),
                Optional.of(Repository.parse(blob.substring(at + 1)))));
      }
    }
    return new Routes.Parts(image(to, configuration, false), below, payload);
  }

  private static Routes.Part payload(String inputs) {
    return new Routes.Part(Routes.Kind.PAYLOAD, Digest.of(bytes(inputs)));
  }

  private static Routes.Part below(String layer) {
    return new Routes.Part(Routes.Kind.BELOW, Digest.of(bytes(layer)));
  }

  private static Optional<Routes.Route> after(PlannedImage image) {
    return Optional.of(new Routes.Route(Optional.of(image.repository()), Optional.of(image)));
  }

  @Test
  void theFirstRepositoryGetsABlobAndTheNextMountsItAfterThatImagesManifest() {
    Routes.Parts first = parts(A, "1", "x");
    Routes.Parts second = parts(A, "2", "x");
    Routes.Parts other = parts(B, "3", "x");
    Routes routes = Routes.of(List.of(first, second, other), NONE);
    assertThat(routes.to(A, payload("x"))).contains(Routes.Route.SENT);
    assertThat(routes.to(B, payload("x"))).isEqualTo(after(first.image()));
    assertThat(routes.to(B, Routes.configuration(other.image()))).contains(Routes.Route.SENT);
  }

  @Test
  void anotherRegistryGetsTheBlobOfItsOwn() {
    Routes routes = Routes.of(List.of(parts(A, "1", "x"), parts(ELSEWHERE, "2", "x")), NONE);
    assertThat(routes.to(ELSEWHERE, payload("x"))).contains(Routes.Route.SENT);
  }

  @Test
  void whatTheOriginHasIsMountedFromThereAtOnceOrNotBroughtAtAll() {
    Routes routes =
        Routes.of(
            List.of(
                parts(A, "1", "own@ecr.example/a", "same@ecr.example/bases", "far@ghcr.io/b/c")),
            NONE);
    assertThat(routes.to(A, below("own"))).isEmpty();
    assertThat(routes.to(A, below("same")))
        .contains(Routes.Route.mounted(Repository.parse("ecr.example/bases")));
    assertThat(routes.to(A, below("far"))).contains(Routes.Route.SENT);
  }

  @Test
  void whatAnotherRepositoryHasInAnImageOfTheSameInputsIsMountedAtOnce() {
    Twins twins = new Twins(List.of(image(B, "1", true), image(C, "2", true)));
    Routes routes = Routes.of(List.of(parts(A, "1", "x")), twins);
    assertThat(routes.to(A, payload("x"))).contains(Routes.Route.mounted(B));
  }

  @Test
  void aRepositoryWaitsOnlyForThoseBeforeItSoNothingWaitsInACircle() {
    Routes.Parts a = parts(A, "1", "x");
    Routes.Parts b = parts(B, "2", "x", "y");
    Routes.Parts late = parts(A, "3", "y");
    Routes.Parts c = parts(C, "4", "y", "x");
    Routes routes = Routes.of(List.of(a, b, late, c), NONE);
    assertThat(routes.to(A, payload("y")))
        .as("its images come together")
        .contains(Routes.Route.SENT);
    assertThat(routes.to(B, payload("y"))).isEqualTo(after(late.image()));
    assertThat(routes.to(C, payload("x"))).isEqualTo(after(a.image()));
    assertThat(routes.to(C, payload("y"))).isEqualTo(after(late.image()));
  }
}
