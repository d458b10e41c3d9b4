package dev.imagespec.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The harness's own way to a registry: it seeds the base and reads back what was pushed. */
final class Wire {
  private final HttpClient http;
  private final String root;

  private Wire(HttpClient http, String root) {
    this.http = http;
    this.root = root;
  }

  /** To a port of this machine, with TLS that only this key store knows. */
  static Wire to(int port, Path trustStore, String password) {
    try (InputStream in = Files.newInputStream(trustStore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return new Wire(
          HttpClient.newBuilder().sslContext(tls).build(), "https://127.0.0.1:" + port + "/v2/");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To a port of this machine, without TLS. */
  static Wire to(int port) {
    return new Wire(HttpClient.newHttpClient(), "http://127.0.0.1:" + port + "/v2/");
  }

  byte[] manifest(String repository, String reference) throws IOException, InterruptedException {
    return get(repository + "/manifests/" + reference);
  }

  byte[] blob(String repository, String digest) throws IOException, InterruptedException {
    byte[] bytes = get(repository + "/blobs/" + digest);
    if (!Digests.of(bytes).equals(digest)) {
      throw new IllegalStateException(repository + " has other bytes for " + digest);
    }
    return bytes;
  }

  /** The size of a blob. */
  long size(String repository, String digest) throws IOException, InterruptedException {
    HttpResponse<Void> response =
        http.send(
            request(repository + "/blobs/" + digest)
                .method("HEAD", BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(repository + " has no blob " + digest);
    }
    return response.headers().firstValueAsLong("Content-Length").orElseThrow();
  }

  void push(String repository, byte[] blob) throws IOException, InterruptedException {
    HttpResponse<Void> post =
        http.send(
            request(repository + "/blobs/uploads/").POST(BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    String location = post.headers().firstValue("Location").orElseThrow();
    created(
        HttpRequest.newBuilder(URI.create(location + "&digest=" + Digests.of(blob)))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(blob)));
  }

  void push(String repository, String tag, byte[] manifest)
      throws IOException, InterruptedException {
    created(
        request(repository + "/manifests/" + tag)
            .header("Content-Type", ImageParts.MANIFEST)
            .PUT(BodyPublishers.ofByteArray(manifest)));
  }

  private void created(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IllegalStateException(response + ": " + response.body());
    }
  }

  private byte[] get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request(path)
                .header("Accept", ImageParts.MANIFEST)
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .header("Accept", "application/vnd.oci.image.index.v1+json")
                .build(),
            BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response + " is not 200");
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path));
  }
}
