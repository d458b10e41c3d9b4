package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Realm;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Body;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.Transport;
import dev.imagespec.runtime.oci.JsonTree;
import dev.imagespec.runtime.registry.Answer;
import dev.imagespec.runtime.registry.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requests bearer tokens from the token servers of registries, with the distribution project's
 * protocol; with an identity token, it uses OAuth 2 (RFC 6749, section 6). Sends a credential only
 * to a token server on the registry's own host, to a known partner of the registry, or to one that
 * a {@link Realm} names.
 */
public final class TokenServer {
  private static final int MAX_ANSWER = 1 << 20;
  private static final int MAX_TOKEN = 1 << 16;

  /** RFC 6750, section 2.1. Any other character could inject a line into the header. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** Token servers that are known to run on another host than their registry. */
  private static final Map<String, Set<String>> PARTNERS =
      Map.of(
          "registry-1.docker.io", Set.of("auth.docker.io"),
          "registry.gitlab.com", Set.of("gitlab.com"));

  private final Transport transport;
  private final List<Realm> realms;
  private final Predicate<Registry> allowsBearer;

  /**
   * A client of token servers.
   *
   * @param realms other hosts of token servers that may receive credentials
   * @param allowsBearer whether a registry may ask for a bearer token
   */
  public TokenServer(Transport transport, List<Realm> realms, Predicate<Registry> allowsBearer) {
    this.transport = transport;
    this.realms = List.copyOf(realms);
    this.allowsBearer = allowsBearer;
  }

  /**
   * Requests a new token.
   *
   * @param scopes the scopes of the token, with spaces between them
   * @throws ImageSpecException if no token is given, or the credential would have to be sent to
   *     another host
   */
  String token(
      Registry registry, String scopes, Challenge challenge, Optional<Credential> credential)
      throws IOException, InterruptedException {
    URI realm = realm(registry, challenge.parameter("realm"), credential);
    try (Reply reply = ask(realm, scopes, challenge.parameter("service"), credential)) {
      if (RetryPolicy.isRetryable(reply.status())) {
        throw Answer.retryable(reply, registry + " (token server)");
      }
      if (reply.status() != 200) {
        throw refused(registry, scopes, reply, credential.isPresent());
      }
      JsonNode json =
          JsonTree.read(reply.bytes(MAX_ANSWER, "The answer of the token server of " + registry));
      String token = JsonText.of(json, "token");
      token = token.isEmpty() ? JsonText.of(json, "access_token") : token;
      if (token.length() > MAX_TOKEN || !TOKEN.matcher(token).matches()) {
        throw protocol("The token server of " + registry + " answers without a token.");
      }
      return token;
    } catch (JsonProcessingException e) {
      // The exception's message may quote the answer, which may contain a token.
      throw protocol("The token server of " + registry + " answers with what is no JSON.");
    }
  }

  private Reply ask(URI realm, String scopes, String service, Optional<Credential> credential)
      throws IOException, InterruptedException {
    if (credential.isPresent() && credential.get().isIdentityToken()) {
      transport.redaction().add(credential.get().password());
      String form =
          "grant_type=refresh_token&client_id=imagespec&service="
              + encode(service)
              + "&scope="
              + encode(scopes)
              + "&refresh_token="
              + encode(credential.get().password());
      return transport.send(
          "POST",
          realm,
          Map.of("Content-Type", "application/x-www-form-urlencoded"),
          Body.of(form.getBytes(StandardCharsets.UTF_8)));
    }
    String query =
        Arrays.stream(scopes.split(" ", -1))
            .map(scope -> "scope=" + encode(scope))
            .collect(Collectors.joining("&"));
    if (!service.isEmpty()) {
      query = "service=" + encode(service) + "&" + query;
    }
    Map<String, String> headers = new TreeMap<>();
    credential.ifPresent(found -> headers.put("Authorization", Authentication.basic(found)));
    String separator = realm.getRawQuery() == null ? "?" : "&";
    return transport.send("GET", URI.create(realm + separator + query), headers, null);
  }

  private static ImageSpecException refused(
      Registry registry, String scopes, Reply reply, boolean credential) throws IOException {
    Answer answer = Answer.read(reply);
    if (answer.status() != 400 && answer.status() != 401 && answer.status() != 403) {
      return protocol(
          "The token server of " + registry + " answers with status " + answer.status() + ".");
    }
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        registry
            + " gives no token for "
            + scopes
            + (credential
                ? ": the credential is wrong or lacks the permission. Log in again"
                : ". Log in")
            + " with `docker login "
            + registry
            + "`.");
  }

  /** Checks that the credential may be sent to the token server that the registry names. */
  private URI realm(Registry registry, String text, Optional<Credential> credential) {
    URI own = Endpoint.root(registry);
    URI realm =
        Addresses.resolve(own, text)
            .filter(uri -> !text.isEmpty() && uri.getHost() != null && uri.getFragment() == null)
            .orElseThrow(
                () -> refused(registry, "a token from a server whose address cannot be read"));
    if (!Addresses.isSafe(own, realm) || realm.getUserInfo() != null) {
      throw refused(registry, "a token from a server without HTTPS");
    }
    if (!allowsBearer.test(registry)) {
      throw refused(
          registry,
          "a Bearer token from "
              + transport.redaction().apply(realm.getHost())
              + ", which registries of its kind never do");
    }
    if (credential.isPresent() && !isTrusted(own, realm)) {
      String host = transport.redaction().apply(Addresses.authority(realm));
      String allowed = registry + "=" + host;
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          registry
              + " asks for its credential to be sent to the other host "
              + host
              + ". Nothing was sent there. If that is the registry's own token server, say so with the"
              + " setting imagespec.realms="
              + allowed
              + " (--realm "
              + allowed
              + "); otherwise somebody stands between.");
    }
    return realm;
  }

  private boolean isTrusted(URI own, URI realm) {
    String host = realm.getHost().toLowerCase(Locale.ROOT);
    return host.equals(own.getHost())
        || (PARTNERS.getOrDefault(own.getHost(), Set.of()).contains(host) && realm.getPort() < 0)
        || realms.stream()
            .anyMatch(
                allowed ->
                    Endpoint.root(allowed.registry()).equals(own)
                        && allowed.host().toString().equals(Addresses.authority(realm)));
  }

  private static ImageSpecException refused(Registry registry, String what) {
    return protocol(
        registry
            + " asks for "
            + what
            + ". No credential was sent there; somebody stands between.");
  }

  private static ImageSpecException protocol(String message) {
    return new ImageSpecException(FailureCode.PROTOCOL, message);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
