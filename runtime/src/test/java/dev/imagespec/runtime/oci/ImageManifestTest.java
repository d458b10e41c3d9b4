package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageManifestTest {
  private static final String CONFIG = "'config':{'digest':'$1','size':2}";

  @ParameterizedTest
  @ValueSource(strings = {"", ",'layers':null", ",'layers':[]", ",'layers':[],'manifests':null"})
  void anImageMayHaveNoLayers(String rest) throws InvalidDocumentException {
    ImageManifest manifest = ImageManifest.parse(Documents.json("{" + CONFIG + rest + "}"));
    assertThat(manifest.layers()).isEmpty();
    assertThat(manifest.config().digest()).hasToString(Documents.ONE);
    assertThat(manifest.config().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | it is no JSON object",
        "[] | it is no JSON object",
        "`` | it is no JSON object",
        "{ | it is no JSON",
        "{} | config is missing",
        "{'config':null} | config is missing",
        "{'config':7} | config is no object",
        "{'config':{}} | config.digest is missing",
        "{'config':{'digest':7}} | config.digest is no text",
        "{'config':{'digest':'sha512:ab'}} | config.digest is no SHA-256 digest: sha512:ab",
        "{'config':{'digest':'$1'}} | config.size is missing",
        "{'config':{'digest':'$1','size':null}} | config.size is missing",
        "{'config':{'digest':'$1','size':-1}} | config.size is no number of bytes: -1",
        "{'config':{'digest':'$1','size':1.5}} | config.size is no number of bytes: 1.5",
        "{'config':{'digest':'$1','size':1e30}} | config.size is no number of bytes",
        "{'config':{'digest':'$1','size':9223372036854775808}} | config.size is no number of bytes",
        "{'config':{'digest':'$1','size':'2'}} | config.size is no number of bytes",
        "{'config':{'digest':'$1','size':2},'layers':{}} | layers is no list",
        "{'config':{'digest':'$1','size':2},'layers':[null]} | layers[0] is no object",
        "{'config':{'digest':'$1','size':2},'layers':['$1']} | layers[0] is no object",
        "{'config':{'digest':'$1','size':2},'layers':[{'digest':'$1'}]} | layers[0].size is missing",
        "{'config':{'digest':'$1','size':2},'layers':[{'digest':'$1','size':2,'urls':7}]}"
            + " | layers[0].urls is no list",
        "{'config':{'digest':'$1','size':2},'layers':[{'mediaType':7,'digest':'$1','size':2}]}"
            + " | layers[0].mediaType is no text",
        "{'config':{'digest':'$1','size':2},'manifests':[]} | it is a manifest that has manifests"
      })
  void whatIsWrongIsSaid(String document, String reason) {
    assertThatThrownBy(() -> ImageManifest.parse(Documents.json(document)))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void aHostileTextIsQuotedShortAndOnOneLine() {
    String text = "x\\n".repeat(10_000);
    assertThatThrownBy(
            () -> ImageManifest.parse(Documents.json("{'config':{'digest':'" + text + "'}}")))
        .isInstanceOf(InvalidDocumentException.class)
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(200);
  }

  @Test
  void whatIsWrittenIsAnOciManifestThatReadsTheSame() throws InvalidDocumentException {
    ImageManifest manifest =
        new ImageManifest(
            Descriptor.of(MediaType.OCI_CONFIG, Digest.parse(Documents.ONE), 7),
            List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.parse(Documents.TWO), 9)));
    RawManifest written = manifest.write();
    assertThat(new String(written.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                + "\"digest\":\""
                + Documents.ONE
                + "\",\"size\":7},\"layers\":["
                + "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
                + Documents.TWO
                + "\",\"size\":9}]}");
    assertThat(written.parse()).isEqualTo(manifest);
  }

  @Test
  void aManifestThatIsCalledAnIndexIsNone() {
    RawManifest lie = RawManifest.of(MediaType.OCI_INDEX, Documents.json("{" + CONFIG + "}"));
    assertThatThrownBy(lie::parse)
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("a manifest's config");
  }

  @Test
  void aManifestIsWhatItSaysIfItSaysSo() throws InvalidDocumentException {
    String oci = MediaType.OCI_MANIFEST.toString();
    assertThat(RawManifest.read(oci, Documents.json("{}")).mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(RawManifest.read(oci, Documents.json("{'mediaType':'" + oci + "'}")).mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
    byte[] docker = Documents.json("{'mediaType':'" + MediaType.DOCKER_MANIFEST + "'}");
    assertThatThrownBy(() -> RawManifest.read(oci, docker))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("but says that it is \"" + MediaType.DOCKER_MANIFEST + "\"");
  }

  @Test
  void aConfigurationIsNoManifest() {
    assertThatThrownBy(() -> RawManifest.of(MediaType.OCI_CONFIG, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RawManifest.read("application/json", Documents.json("{}")))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessage("it is of the type \"application/json\", which is no image's");
  }
}
