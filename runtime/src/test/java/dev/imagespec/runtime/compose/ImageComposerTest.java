package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.resolve.PayloadConfig;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Steps;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageComposerTest {
  private static final Layer FILES =
      new Layer(
          "files",
          List.of(
              new LayerEntry("/etc", "755", new Content.Folder()),
              new LayerEntry("/etc/motd", "644", new Content.OfText("hello"))));

  @TempDir Path dir;
  private final RegistryServer server = RegistryServer.anonymous();
  private final RegistryClient client = RegistryClient.builder().build();
  private final Repository repository =
      new Repository(Registry.parse(server.registry()), new RepositoryName("team/base"));
  private LayerBuilder layers;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(dir);
    layers = new LayerBuilder(workspace, MachineMemory.none());
  }

  @AfterEach
  void close() {
    workspace.close();
    client.close();
    server.close();
  }

  private ComposedImage compose(Base base, Layer... payload) {
    return compose(Manifest.Payload.NONE, base, payload);
  }

  private ComposedImage compose(Manifest.Payload attributes, Base base, Layer... payload) {
    Manifest manifest =
        new Manifest(
            "a.Main",
            "",
            "team/app",
            "",
            "",
            List.copyOf(base.platforms()),
            Manifest.Environment.NONE,
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT);
    Draft draft =
        new Draft(
            new Task(manifest, new TaskSource("", Path.of(""), List.of(), List.of()), List.of()),
            new Repository(Registry.parse(server.registry()), new RepositoryName("team/app")),
            new Steps(List.of()),
            List.of(payload),
            PayloadConfig.of(attributes));
    ResolvedSpec spec =
        new ResolvedSpec(draft, base, Map.of(), new Fingerprint(Digest.of(new byte[0])));
    PlannedImage plan =
        new PlannedImage(
            draft.target(),
            true,
            List.of(spec),
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            false);
    return new ImageComposer(new BaseImages(client), layers).compose(plan, new Environments());
  }

  private static Base scratch(String... platforms) {
    return new Base.Scratch(new TreeSet<>(Arrays.stream(platforms).map(Platform::parse).toList()));
  }

  private Base pushed(TestImage image) {
    server.push("team/base", "1", image);
    return new Base.Registered(
        ImageReference.parse("registry.example/base:1"),
        repository,
        image.digest(),
        new TreeMap<>(Map.of(Platform.DEFAULT, image.digest())));
  }

  @Test
  void onePlatformIsAManifestAlone() throws InvalidDocumentException {
    ComposedImage image = compose(scratch("linux/amd64"), FILES);
    assertThat(image.children()).isEmpty();
    assertThat(image.top().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    ImageManifest manifest = (ImageManifest) image.top().parse();
    assertThat(Stream.concat(manifest.layers().stream(), Stream.of(manifest.config())))
        .extracting(Descriptor::digest, Descriptor::size)
        .as("every blob, the configuration last")
        .containsExactlyElementsOf(
            image.blobs().stream()
                .map(
                    blob ->
                        org.assertj.core.groups.Tuple.tuple(
                            blob.source().digest(), blob.source().size()))
                .toList());
    assertThat(image.blobs()).allSatisfy(blob -> assertThat(blob.origin()).isEmpty());
  }

  @Test
  void severalPlatformsShareTheirLayersInAnIndex() throws InvalidDocumentException {
    ComposedImage image = compose(scratch("linux/arm64", "linux/amd64"), FILES);
    ImageIndex index = (ImageIndex) image.top().parse();
    assertThat(index.manifests())
        .extracting(entry -> entry.platform().orElseThrow().toString())
        .containsExactly("linux/amd64", "linux/arm64");
    assertThat(index.platforms().values())
        .containsExactly(image.children().get(0).digest(), image.children().get(1).digest());
    assertThat(image.blobs()).as("one layer, two configurations").hasSize(3);
  }

  @Test
  void annotationsAreOnEachManifestAndOnTheIndex() {
    Manifest.Payload annotated =
        Manifest.parse(
                "{\"schema\":1,\"task\":\"a.Main\",\"platforms\":[\"linux/amd64\"],"
                    + "\"payload\":{\"annotations\":{\"b.c\":\"2\",\"a\":\"\\\"1\\\"\"}}}")
            .payload();
    String written = "\"annotations\":{\"a\":\"\\\"1\\\"\",\"b.c\":\"2\"}";
    ComposedImage several = compose(annotated, scratch("linux/arm64", "linux/amd64"), FILES);
    assertThat(several.children()).hasSize(2);
    assertThat(Stream.concat(several.children().stream(), Stream.of(several.top())))
        .allSatisfy(
            manifest ->
                assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8)).contains(written));
    assertThat(
            new String(
                compose(annotated, scratch("linux/amd64"), FILES).top().bytes(),
                StandardCharsets.UTF_8))
        .contains(written);
    assertThat(
            new String(
                compose(scratch("linux/amd64"), FILES).top().bytes(), StandardCharsets.UTF_8))
        .doesNotContain("annotations");
  }

  @Test
  void theBasesLayersAreBelowAndComeFromItsRepository() throws InvalidDocumentException {
    TestImage base = TestImage.builder().layer("a", "a").layer("b", "b").docker().build();
    ComposedImage image = compose(pushed(base), FILES);
    ImageManifest manifest = (ImageManifest) image.top().parse();
    assertThat(manifest.layers())
        .extracting(layer -> layer.mediaType().orElseThrow())
        .hasSize(3)
        .containsOnly(MediaType.OCI_LAYER_GZIP);
    assertThat(manifest.layers().subList(0, 2))
        .extracting(Descriptor::digest)
        .containsExactlyElementsOf(base.blobDigests().subList(0, 2));
    assertThat(image.blobs().stream().map(ComposedImage.Blob::origin).toList())
        .containsExactly(
            Optional.of(repository), Optional.of(repository), Optional.empty(), Optional.empty());
  }

  @Test
  void theSameInputsAreTheSameBytes() {
    assertThat(compose(scratch("linux/amd64"), FILES).top())
        .isEqualTo(compose(scratch("linux/amd64"), FILES).top());
  }

  @Test
  void moreLayersThanRuntimesTakeAreRefused() {
    TestImage.Builder base = TestImage.builder();
    for (int i = 0; i < 126; i++) {
      base.layer("file" + i, "x");
    }
    Base almost = pushed(base.build());
    assertThat(compose(almost, FILES).blobs()).hasSize(128);
    Layer other = new Layer("other", List.of(new LayerEntry("/x", "755", new Content.Folder())));
    assertThatThrownBy(() -> compose(almost, FILES, other))
        .hasMessageContaining("has 126 layers")
        .hasMessageContaining("more than the 127");
    Base most = pushed(base.layer("file126", "x").build());
    assertThat(compose(most).blobs()).hasSize(128);
    assertThatThrownBy(() -> compose(most, FILES))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.BASE_UNUSABLE))
        .hasMessageContaining("has 127 layers");
  }
}
