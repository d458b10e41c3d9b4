package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIndexTest {
  private static String entry(String digest, String platform) {
    return "{'digest':'" + digest + "','size':5" + platform + "}";
  }

  private static ImageIndex index(String... entries) throws InvalidDocumentException {
    return ImageIndex.parse(Documents.json("{'manifests':[" + String.join(",", entries) + "]}"));
  }

  @Test
  void attestationsAndEntriesWithoutAPlatformAreForNone() throws InvalidDocumentException {
    ImageIndex index =
        index(
            entry(Documents.TWO, ",'platform':{'os':'unknown','architecture':'unknown'}"),
            entry(Documents.TWO, ""),
            entry(Documents.TWO, ",'platform':null"),
            entry(Documents.TWO, ",'platform':{'architecture':'amd64'}"),
            entry(Documents.ONE, ",'platform':{'os':'linux','architecture':'amd64'}"));
    assertThat(index.platforms())
        .containsExactly(
            org.assertj.core.api.Assertions.entry(
                Platform.parse("linux/amd64"), Digest.parse(Documents.ONE)));
    assertThat(index.manifests()).hasSize(5);
  }

  @Test
  void theFirstEntryOfAPlatformWins() throws InvalidDocumentException {
    String windows = ",'platform':{'os':'windows','architecture':'amd64','os.version':'%s'}";
    assertThat(
            index(
                    entry(Documents.ONE, windows.formatted("10.0.1")),
                    entry(Documents.TWO, windows.formatted("10.0.2")))
                .platforms())
        .containsOnlyKeys(Platform.parse("windows/amd64"))
        .containsValue(Digest.parse(Documents.ONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'linux'",
        "7",
        "[]",
        "{'os':7,'architecture':'amd64'}",
        "{'os':'linux','architecture':{}}",
        "{'os':'Linux','architecture':'x'}",
        "{'os':'linux','architecture':'amd64','variant':'V 1'}",
        "{'os':'linux','architecture':'\\u001b[2J'}"
      })
  void anOddPlatformBesideOthersIsPassedOver(String odd) throws InvalidDocumentException {
    ImageIndex index =
        index(
            entry(Documents.TWO, ",'platform':" + odd),
            entry(Documents.ONE, ",'platform':{'os':'linux','architecture':'amd64'}"));
    assertThat(index.platforms())
        .containsOnlyKeys(Platform.DEFAULT)
        .containsValue(Digest.parse(Documents.ONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | manifests is missing",
        "{'manifests':null} | manifests is missing",
        "{'manifests':{}} | manifests is no list",
        "{'manifests':['$1']} | manifests[0] is no object",
        "{'manifests':[{'size':1}]} | manifests[0].digest is missing",
        "{'manifests':[{'digest':'sha512:ab','size':1}]} | manifests[0].digest is no SHA-256 digest",
        "{'manifests':[{'digest':'$1','size':-7}]} | manifests[0].size is no number of bytes: -7",
        "{'manifests':[],'config':{}} | it is an index that has a manifest's config or layers",
        "{'manifests':[],'layers':[]} | it is an index that has a manifest's config or layers"
      })
  void whatIsWrongIsSaid(String document, String reason) {
    assertThatThrownBy(() -> ImageIndex.parse(Documents.json(document)))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void whatIsWrittenIsAnOciIndexThatReadsTheSame() throws InvalidDocumentException {
    RawManifest child = RawManifest.of(MediaType.OCI_MANIFEST, Documents.json("{}"));
    ImageIndex index =
        new ImageIndex(List.of(Descriptor.of(child, Platform.parse("linux/arm/v7"))));
    RawManifest written = index.write();
    assertThat(new String(written.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                + "\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"digest\":\""
                + child.digest()
                + "\",\"size\":2,\"platform\":"
                + "{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}}]}");
    assertThat(written.parse()).isEqualTo(index);
  }
}
