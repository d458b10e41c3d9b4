package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorTest {
  private static Descriptor parse(String rest) throws InvalidDocumentException {
    return Descriptor.parse(Fields.parse(Documents.json("{" + rest + "'size':3,'digest':'$1'}")));
  }

  @Test
  void anotherTypeChangesNothingElse() throws InvalidDocumentException {
    Descriptor docker =
        parse(
            "'annotations':{'a':'b'},'x-unknown':[1.10],"
                + "'mediaType':'application/vnd.docker.image.rootfs.diff.tar.gzip',");
    Descriptor oci = docker.withMediaType(MediaType.OCI_LAYER_GZIP);
    assertThat(oci.mediaType()).contains(MediaType.OCI_LAYER_GZIP);
    assertThat(oci.toJson())
        .hasToString(
            "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
                + Documents.ONE
                + "\",\"size\":3,\"annotations\":{\"a\":\"b\"},\"x-unknown\":[1.10]}");
    assertThat(docker.mediaType()).contains(MediaType.DOCKER_LAYER_GZIP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'urls':null,", "'urls':[],"})
  void noAddressesMeanThatTheBytesAreInTheRegistry(String urls) throws InvalidDocumentException {
    Descriptor descriptor = parse(urls + "'annotations':null,");
    assertThat(descriptor.isElsewhere()).isFalse();
    assertThat(descriptor.mediaTypeName()).isEmpty();
    assertThat(descriptor.toJson().has("annotations")).isFalse();
  }

  @Test
  void addressesMeanThatTheyAreElsewhere() throws InvalidDocumentException {
    assertThat(parse("'urls':['https://elsewhere.example/'],").isElsewhere()).isTrue();
  }

  @Test
  void aPlatformIsReadInItsUsualName() throws InvalidDocumentException {
    assertThat(
            parse("'platform':{'os':'linux','architecture':'aarch64','variant':'v8'},").platform())
        .contains(Platform.parse("linux/arm64"));
  }

  @Test
  void theTreeThatIsHandedOutIsACopy() throws InvalidDocumentException {
    Descriptor descriptor = parse("");
    descriptor.toJson().put("size", 99);
    assertThat(descriptor.toJson().path("size").asInt()).isEqualTo(3);
  }
}
