package dev.imagespec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class PackageIndexTest {
  private static final Wheel ONE = new Wheel("tiny-one", "1.2.0", List.of("tiny-two>=0.3"));
  private static final Wheel TWO = new Wheel("tiny-two", "0.3.1");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void aProjectsPageLeadsToItsWheelByDigest() throws IOException, InterruptedException {
    try (PackageIndex index = PackageIndex.anonymous(ONE, TWO)) {
      assertThat(text(index.url())).contains("href=\"tiny-one/\"", "href=\"tiny-two/\"");
      Matcher link =
          Pattern.compile("<a href=\"([^#\"]+)#sha256=([0-9a-f]{64})\">(.*)</a>")
              .matcher(text(index.url() + "tiny-one/"));
      assertThat(link.find()).isTrue();
      assertThat(link.group(3)).isEqualTo("tiny_one-1.2.0-py3-none-any.whl");
      assertThat(index.downloads()).isZero();
      byte[] wheel = get(URI.create(index.url()).resolve(link.group(1)).toString(), "").body();
      assertThat(Digest.of(wheel)).hasToString("sha256:" + link.group(2));
      assertThat(index.downloads()).isEqualTo(1);
    }
  }

  @Test
  void aWheelSaysWhatItNeedsAndHoldsTheDigestsOfItsFiles() throws IOException {
    Map<String, String> files = unzip(ONE.bytes());
    assertThat(files.get("tiny_one-1.2.0.dist-info/METADATA"))
        .contains("Name: tiny-one", "Version: 1.2.0", "Requires-Dist: tiny-two>=0.3");
    String digest =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                Digest.sha256()
                    .digest(
                        files.getOrDefault("tiny_one.py", "").getBytes(StandardCharsets.UTF_8)));
    assertThat(files.get("tiny_one-1.2.0.dist-info/RECORD"))
        .contains("tiny_one.py,sha256=" + digest + ",", "tiny_one-1.2.0.dist-info/RECORD,,");
    assertThat(ONE.bytes()).isEqualTo(ONE.bytes());
  }

  @Test
  void aPrivateIndexWantsItsPassword() throws IOException, InterruptedException {
    try (PackageIndex index = PackageIndex.basic("me", "canary", TWO)) {
      assertThat(get(index.url(), "").statusCode()).isEqualTo(401);
      assertThat(get(index.url(), "me:wrong").statusCode()).isEqualTo(401);
      assertThat(get(index.url(), "me:canary").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPackageThatIsNotThereIsNotFound() throws IOException, InterruptedException {
    try (PackageIndex index = PackageIndex.anonymous(TWO)) {
      assertThat(get(index.url() + "tiny-one/", "").statusCode()).isEqualTo(404);
      assertThat(index.journal().count("GET project")).isEqualTo(1);
    }
  }

  private String text(String address) throws IOException, InterruptedException {
    return new String(get(address, "").body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> get(String address, String credentials)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    if (!credentials.isEmpty()) {
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static Map<String, String> unzip(byte[] bytes) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
