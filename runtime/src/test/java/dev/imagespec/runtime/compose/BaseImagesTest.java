package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaseImagesTest {
  private static final Digest DIGEST = Digest.of(new byte[0]);

  private final RegistryServer server = RegistryServer.anonymous();
  private final RegistryClient client = new FastClient().builder().build();
  private final Repository repository =
      new Repository(Registry.parse(server.registry()), new RepositoryName("team/base"));
  private final BaseImages bases = new BaseImages(client);

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Base base(Digest digest) {
    return new Base.Registered(
        ImageReference.parse("registry.example/base:1"),
        repository,
        digest,
        new TreeMap<>(Map.of(Platform.DEFAULT, digest)));
  }

  private BaseManifest read(TestImage image) {
    server.push("team/base", "1", image);
    return bases.get(base(image.digest()), Platform.DEFAULT);
  }

  private static Map<String, Object> descriptor(String type, Map<String, Object> more) {
    Map<String, Object> descriptor =
        new TreeMap<>(Map.of("mediaType", type, "digest", DIGEST.toString(), "size", 0));
    descriptor.putAll(more);
    return descriptor;
  }

  private void refused(TestImage image, String why) {
    assertThatThrownBy(() -> read(image))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.BASE_UNUSABLE))
        .hasMessageContaining("registry.example/base:1")
        .hasMessageContaining(why);
  }

  @Test
  void manyImagesOnOneBaseReadItOnce() throws Exception {
    TestImage image = TestImage.small();
    server.push("team/base", "1", image);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<BaseManifest> read = () -> bases.get(base(image.digest()), Platform.DEFAULT);
      for (Future<BaseManifest> found : threads.invokeAll(Collections.nCopies(32, read))) {
        assertThat(found.get().layers()).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.journal().count("GET manifest")).isEqualTo(1);
    assertThat(server.journal().count("GET blob")).isEqualTo(1);
  }

  @Test
  void aFailureIsNotRemembered() {
    TestImage image = TestImage.small();
    assertThatThrownBy(() -> bases.get(base(image.digest()), Platform.DEFAULT))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.BASE_NOT_FOUND));
    assertThat(read(image).layers()).hasSize(1);
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNotAskedAgainForTheNextImage() {
    server.inject(Fault.serverError("GET manifest", 99));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> read(TestImage.small()))
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.UNREACHABLE));
    }
    assertThat(server.journal().count("GET manifest")).as("the tries for one image").isEqualTo(5);
  }

  @Test
  void itsLayersBecomeOciAndItsLabelsNameIt() {
    TestImage image = TestImage.builder().layer("a", "a").docker().build();
    BaseManifest base = read(image);
    assertThat(base.labels())
        .containsOnly(
            Map.entry("org.opencontainers.image.base.name", "registry.example/base:1"),
            Map.entry("org.opencontainers.image.base.digest", image.digest().toString()));
    assertThat(base.layers())
        .singleElement()
        .satisfies(
            layer -> {
              assertThat(layer.descriptor().mediaType()).contains(MediaType.OCI_LAYER_GZIP);
              assertThat(layer.origin()).isEqualTo(repository);
            });
  }

  @Test
  void scratchHasNoLayersAndNoLabels() {
    Platform arm = Platform.parse("linux/arm/v7");
    BaseManifest scratch = bases.get(new Base.Scratch(new TreeSet<>(List.of(arm))), arm);
    assertThat(scratch.layers()).isEmpty();
    assertThat(scratch.labels()).isEmpty();
    assertThat(scratch.config().architecture()).isEqualTo("arm");
  }

  @Test
  void aLayerOfAnUnknownTypeIsRefused() {
    refused(
        TestImage.builder()
            .describedLayer(descriptor("application/vnd.example.layer", Map.of()))
            .build(),
        "a layer of the unknown type \"application/vnd.example.layer\"");
    refused(
        TestImage.builder()
            .describedLayer(descriptor("application/vnd.oci.image.config.v1+json", Map.of()))
            .build(),
        "a layer of the unknown type");
  }

  @Test
  void aLayerWithAddressesIsRefused() {
    refused(
        TestImage.builder()
            .describedLayer(
                descriptor(
                    "application/vnd.oci.image.layer.v1.tar",
                    Map.of("urls", List.of("https://elsewhere.example/layer"))))
            .build(),
        "whose bytes stand outside its registry");
  }

  @Test
  void moreLayersThanLinuxStacksAreRefused() {
    TestImage.Builder image = TestImage.builder();
    for (int i = 0; i < 501; i++) {
      image.describedLayer(descriptor("application/vnd.oci.image.layer.v1.tar", Map.of()));
    }
    refused(image.build(), "has 501 layers; overlayfs takes 500");
  }

  @Test
  void anIndexInsideAnIndexIsRefused() {
    RawManifest inner =
        new ImageIndex(
                List.of(
                    Descriptor.of(
                        RawManifest.of(MediaType.OCI_MANIFEST, new byte[0]), Platform.DEFAULT)))
            .write();
    server.inject(
        Fault.respond(
            "GET manifest",
            1,
            200,
            new String(inner.bytes(), StandardCharsets.UTF_8),
            Map.of("Content-Type", inner.mediaType().toString())));
    server.push("team/base", "1", TestImage.small());
    assertThatThrownBy(() -> bases.get(base(inner.digest()), Platform.DEFAULT))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining("is an index inside an index");
  }
}
