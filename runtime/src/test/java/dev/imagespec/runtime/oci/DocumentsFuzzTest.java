package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A registry's document is invalid, or everything that it says can be used. */
class DocumentsFuzzTest {
  private static final String MANIFEST =
      new String(
          new ImageManifest(
                  Descriptor.of(MediaType.OCI_CONFIG, Digest.parse(Documents.ONE), 7),
                  List.of(
                      Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.parse(Documents.TWO), 9),
                      Descriptor.of(MediaType.DOCKER_LAYER_ZSTD, Digest.parse(Documents.ONE), 8)))
              .write()
              .bytes(),
          StandardCharsets.UTF_8);
  private static final RawManifest CHILD =
      RawManifest.of(MediaType.OCI_MANIFEST, MANIFEST.getBytes(StandardCharsets.UTF_8));
  private static final String INDEX =
      new String(
          new ImageIndex(
                  List.of(
                      Descriptor.of(CHILD, Platform.DEFAULT),
                      Descriptor.of(CHILD, Platform.parse("linux/arm/v7"))))
              .write()
              .bytes(),
          StandardCharsets.UTF_8);
  private static final String CONFIG =
      """
      {"architecture":"arm64","variant":"v8","os":"linux","created":"2026-11-01T00:00:00.5Z",
       "config":{"User":"7","Env":["PATH=/bin","A"],"Cmd":["sh"],"Labels":{"k":"v"},
        "ExposedPorts":{"80/tcp":{}},"Volumes":{"/data":{}},"OnBuild":null,"X":1.50},
       "rootfs":{"type":"layers","diff_ids":["%s","%s"]},
       "history":[{"created_by":"a"},{"empty_layer":true},{"created_by":"b"}]}
      """
          .formatted(Documents.ONE, Documents.TWO);

  @Test
  void aBrokenDocumentIsInvalidAndAnyOtherCanBeUsed() throws InterruptedException {
    Fuzz.run(
        List.of(MANIFEST, INDEX, CONFIG),
        document -> {
          for (String type : MediaType.ofImages()) {
            image(type, document);
          }
          config(document);
        });
  }

  private static void image(String type, byte[] document) {
    try {
      RawManifest raw = RawManifest.read(type, document);
      raw.digests(List.of(Platform.DEFAULT));
      RawManifest written =
          raw.parse() instanceof ImageIndex index
              ? index.write()
              : ((ImageManifest) raw.parse()).write();
      assertThat(written.parse().getClass()).isEqualTo(raw.parse().getClass());
    } catch (InvalidDocumentException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
    }
  }

  private static void config(byte[] document) {
    try {
      ImageConfig config = ImageConfig.parse(document);
      config.created();
      assertThat(ImageConfig.parse(config.bytes())).isEqualTo(config);
      assertThat(ImageConfig.parse(config.toBuilder().build().bytes())).isNotNull();
      config.platform();
    } catch (InvalidDocumentException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
    }
  }
}
