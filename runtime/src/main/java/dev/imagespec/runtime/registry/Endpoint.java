package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import java.net.URI;

/** The address of a registry's API. */
public final class Endpoint {
  private static final String DOCKER_HUB_API = "registry-1.docker.io";

  private Endpoint() {}

  /** The root of a registry's API. Uses plain HTTP only for registries on this machine. */
  public static URI root(Registry registry) {
    String host = registry.equals(Registry.DOCKER_HUB) ? DOCKER_HUB_API : registry.toString();
    return URI.create((registry.isLoopback() ? "http://" : "https://") + host);
  }

  /** The address that tells whether a registry supports the API. */
  static URI base(Registry registry) {
    return root(registry).resolve("/v2/");
  }

  /** An address below a repository. */
  static URI of(Repository repository, String path) {
    return root(repository.registry()).resolve("/v2/" + repository.name() + "/" + path);
  }
}
