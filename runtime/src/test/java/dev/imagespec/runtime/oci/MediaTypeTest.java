package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @EnumSource
  void aTypeIsFoundByItsNameAndStaysItsKindInOci(MediaType type) {
    assertThat(MediaType.of(type.toString())).contains(type);
    assertThat(type.oci().kind()).isEqualTo(type.kind());
    assertThat(type.oci().toString()).startsWith("application/vnd.oci.image.");
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.docker.image.rootfs.diff.tar, application/vnd.oci.image.layer.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip,"
        + " application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.docker.image.rootfs.diff.tar.zstd,"
        + " application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.v1.tar+zstd, application/vnd.oci.image.layer.v1.tar+zstd"
  })
  void aLayerKeepsItsCompression(String type, String oci) {
    assertThat(MediaType.of(type).orElseThrow().oci()).hasToString(oci);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
      })
  void aForeignLayerIsNoLayerOfItsRegistry(String type) {
    assertThat(MediaType.of(type).orElseThrow().kind()).isEqualTo(MediaType.Kind.FOREIGN_LAYER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/vnd.oci",
        "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
        "application/vnd.docker.distribution.manifest.v1+prettyjws"
      })
  void anotherNameIsNone(String name) {
    assertThat(MediaType.of(name)).isEmpty();
  }

  @Test
  void registriesAreAskedForManifestsAndIndexesOfBothKinds() {
    assertThat(MediaType.ofImages())
        .containsExactlyInAnyOrder(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");
    assertThat(MediaType.ofImages())
        .allSatisfy(name -> assertThat(MediaType.of(name).orElseThrow().isImage()).isTrue());
  }
}
