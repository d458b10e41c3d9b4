package dev.imagespec.benchmarks;

import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What all trials share: the relay, the certificate, and a base image of five layers of 8 MB that
 * do not compress. One port is the registry's for the whole run, whichever registry stands behind.
 */
final class Bench implements AutoCloseable {
  private static final String HOST = "registry.test";
  private static final List<String> NOT_OF_CLIENTS =
      List.of("awssdk", "imagespec-runtime", "imagespec-processor", "imagespec-testkit", "jmh");
  private static final int BASE_LAYERS = 5;
  private static final int BASE_LAYER = 8 << 20;

  private final Path folder;
  private final Relay relay = Relay.start();
  private final Optional<TlsCertificate> certificate;
  private final Path seed;
  private final List<ImageParts.Layer> baseLayers = new ArrayList<>();
  private final ImageParts.Documents base;
  private final Path clients;

  private Bench(Path folder, boolean tls) throws IOException, InterruptedException {
    this.folder = folder;
    certificate =
        tls
            ? Optional.of(TlsCertificate.of(Files.createDirectory(folder.resolve("tls")), HOST))
            : Optional.empty();
    Random random = new Random(1);
    for (int i = 0; i < BASE_LAYERS; i++) {
      byte[] content = new byte[BASE_LAYER];
      random.nextBytes(content);
      Path file = Files.write(folder.resolve("base.bin"), content);
      baseLayers.add(ImageParts.layer(java.util.Map.of("opt/base" + i + ".bin", file)));
    }
    base = ImageParts.base(baseLayers);
    clients =
        OneJar.write(
            folder.resolve("clients.jar"),
            path -> NOT_OF_CLIENTS.stream().noneMatch(path::contains));
    seed = Files.createDirectory(folder.resolve("seed"));
    try (DockerRegistry registry = start(seed, true)) {
      Wire wire = wire(registry, true);
      for (ImageParts.Layer layer : baseLayers) {
        wire.push("base", layer.bytes());
      }
      wire.push("base", base.config());
      wire.push("base", "1", base.manifest());
    }
  }

  /**
   * Makes all of it.
   *
   * @param folder an empty folder for everything that is written
   */
  static Bench in(Path folder, boolean tls) throws IOException, InterruptedException {
    return new Bench(folder, tls);
  }

  Path folder() {
    return folder;
  }

  Relay relay() {
    return relay;
  }

  Optional<TlsCertificate> certificate() {
    return certificate;
  }

  List<ImageParts.Layer> baseLayers() {
    return baseLayers;
  }

  ImageParts.Documents base() {
    return base;
  }

  /** The registry's name for clients written in Java, which trust its certificate. */
  String host() {
    return (certificate.isPresent() ? HOST : "127.0.0.1") + ":" + relay.port();
  }

  /** The registry's name for other clients, which do not look at its certificate. */
  String toolHost() {
    return "127.0.0.1:" + relay.port();
  }

  /** Java's flags for {@link #host}. */
  List<String> flags() {
    return certificate.map(Bench::flags).orElse(List.of());
  }

  static List<String> flags(TlsCertificate of) {
    return List.of(
        "-Djdk.net.hosts.file=" + of.hostsFile(),
        "-Djavax.net.ssl.trustStore=" + of.trustStore(),
        "-Djavax.net.ssl.trustStorePassword=" + TlsCertificate.PASSWORD);
  }

  /** A jar with {@link JibBuilds}, {@link IdealClient} and what they need. */
  Path clients() {
    return clients;
  }

  /**
   * A registry that has only the base.
   *
   * @param mayHaveTls whether it has TLS if the others have it
   */
  DockerRegistry registry(Path in, boolean mayHaveTls) throws IOException {
    Files.createDirectory(in);
    Trees.copy(seed.resolve("data"), in.resolve("data"));
    return start(in, mayHaveTls);
  }

  private DockerRegistry start(Path in, boolean mayHaveTls) {
    DockerRegistry.Builder builder = DockerRegistry.builder(in);
    certificate.filter(tls -> mayHaveTls).ifPresent(builder::tls);
    return builder.start();
  }

  /** The harness's way to a registry, past the relay. */
  Wire wire(DockerRegistry registry, boolean mayHaveTls) {
    return certificate
        .filter(tls -> mayHaveTls)
        .map(tls -> Wire.to(registry.port(), tls.trustStore(), TlsCertificate.PASSWORD))
        .orElseGet(() -> Wire.to(registry.port()));
  }

  @Override
  public void close() {
    relay.close();
  }
}
