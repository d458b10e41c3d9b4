package dev.imagespec.runtime.registry;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.http.Body;
import dev.imagespec.runtime.registry.auth.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to a registry.
 *
 * @param operation what it does
 * @param repository the repository that it concerns
 * @param method the HTTP method
 * @param uri the address
 * @param scopes the permissions that it needs
 * @param headers the headers, without the credential
 * @param body the body, or null
 */
record Request(
    Operation operation,
    Repository repository,
    String method,
    URI uri,
    List<Scope> scopes,
    Map<String, String> headers,
    @Nullable Body body) {

  /** A request that reads. */
  static Request pull(Operation operation, Repository repository, String method, String path) {
    return pull(operation, repository, method, Endpoint.of(repository, path));
  }

  static Request pull(Operation operation, Repository repository, String method, URI uri) {
    return new Request(
        operation, repository, method, uri, List.of(Scope.pull(repository)), Map.of(), null);
  }

  /** A request that writes. */
  static Request push(Operation operation, Repository repository, String method, String path) {
    return push(operation, repository, method, Endpoint.of(repository, path));
  }

  static Request push(Operation operation, Repository repository, String method, URI uri) {
    return new Request(
        operation, repository, method, uri, List.of(Scope.push(repository)), Map.of(), null);
  }

  /** The same request, which also reads from another repository. */
  Request pulling(Repository other) {
    List<Scope> more = new ArrayList<>(scopes);
    more.add(Scope.pull(other));
    return new Request(operation, repository, method, uri, List.copyOf(more), headers, body);
  }

  Request header(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Request(operation, repository, method, uri, scopes, more, body);
  }

  Request body(Body source) {
    return new Request(operation, repository, method, uri, scopes, headers, source);
  }

  /** The same request to another address. */
  Request at(URI address) {
    return new Request(operation, repository, method, address, scopes, headers, body);
  }
}
