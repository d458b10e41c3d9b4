package dev.imagespec.runtime.registry;

import dev.imagespec.model.Repository;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to a registry, and what it needs to be allowed to.
 *
 * @param repository the repository that it is about
 * @param method the HTTP method
 * @param uri where it goes
 * @param scope what a Bearer token is asked for, by the distribution project's grammar
 * @param headers the headers, but for the proof of who asks
 * @param body what is sent, or null
 */
record Request(
    Repository repository,
    String method,
    URI uri,
    String scope,
    Map<String, String> headers,
    @Nullable BlobSource body) {

  /** A request that reads. */
  static Request pull(Repository repository, String method, String path) {
    return pull(repository, method, Endpoint.of(repository, path));
  }

  static Request pull(Repository repository, String method, URI uri) {
    return new Request(repository, method, uri, scope(repository, "pull"), Map.of(), null);
  }

  /** A request that writes. */
  static Request push(Repository repository, String method, String path) {
    return push(repository, method, Endpoint.of(repository, path));
  }

  static Request push(Repository repository, String method, URI uri) {
    return new Request(repository, method, uri, scope(repository, "pull,push"), Map.of(), null);
  }

  private static String scope(Repository repository, String actions) {
    return "repository:" + repository.name() + ":" + actions;
  }

  /** The same, which reads from another repository as well. */
  Request pulling(Repository other) {
    return new Request(repository, method, uri, scope + " " + scope(other, "pull"), headers, body);
  }

  Request header(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Request(repository, method, uri, scope, more, body);
  }

  Request body(BlobSource source) {
    return new Request(repository, method, uri, scope, headers, source);
  }

  /** The same at another address. */
  Request at(URI address) {
    return new Request(repository, method, address, scope, headers, body);
  }

  Errors.Asked asked() {
    return new Errors.Asked(repository, method, uri.getPath());
  }
}
