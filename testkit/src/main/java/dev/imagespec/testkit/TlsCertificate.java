package dev.imagespec.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that only the test trusts, for host names that the test chooses, such as {@code
 * 123456789012.dkr.ecr.us-east-1.amazonaws.com}. A Java virtual machine reaches the server by these
 * names if it has {@code -Djdk.net.hosts.file}, {@code -Djavax.net.ssl.trustStore} and {@code
 * -Djavax.net.ssl.trustStorePassword}.
 */
public final class TlsCertificate {
  /** The password of {@link #trustStore}. It protects nothing. */
  public static final String PASSWORD = "for-tests";

  private static final String ALIAS = "server";

  private final Path keyStore;
  private final Path hostsFile;

  private TlsCertificate(Path keyStore, Path hostsFile) {
    this.keyStore = keyStore;
    this.hostsFile = hostsFile;
  }

  /**
   * Makes a certificate with the JDK's own {@code keytool}.
   *
   * @param folder the folder for its files
   */
  public static TlsCertificate of(Path folder, String... hosts) {
    Path keyStore = folder.resolve("tls.p12");
    Path hostsFile = folder.resolve("hosts");
    List<String> names = new ArrayList<>(List.of("ip:127.0.0.1", "dns:localhost"));
    StringBuilder lines = new StringBuilder("127.0.0.1 localhost\n");
    for (String host : hosts) {
      names.add("dns:" + host);
      lines.append("127.0.0.1 ").append(host).append('\n');
    }
    try {
      Files.writeString(hostsFile, lines);
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  ALIAS,
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=imagespec-testkit",
                  "-ext",
                  "san=" + String.join(",", names),
                  "-validity",
                  "2",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  keyStore.toString(),
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .start();
      String output =
          new String(
              keytool.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed: " + output);
      }
      return new TlsCertificate(keyStore, hostsFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A file for {@code -Djavax.net.ssl.trustStore}. */
  public Path trustStore() {
    return keyStore;
  }

  /** A file for {@code -Djdk.net.hosts.file}. */
  public Path hostsFile() {
    return hostsFile;
  }

  /** The certificate as PEM, for servers and clients not written in Java. */
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", keyStore().getCertificate(ALIAS).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The private key as PEM (PKCS #8). */
  public String privateKeyPem() {
    try {
      Key key = keyStore().getKey(ALIAS, PASSWORD.toCharArray());
      return pem("PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private KeyStore keyStore() throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SSLContext serverContext() {
    return context();
  }

  private SSLContext context() {
    try {
      KeyStore store = keyStore();
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      try {
        trusted.load(null, null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
