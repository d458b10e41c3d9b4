package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.JsonTree;
import dev.imagespec.runtime.work.BoundedFile;
import dev.imagespec.runtime.work.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The credentials in Docker's configuration file. */
public final class DockerConfig {
  /** Docker Hub's key in the file and in credential helpers. */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  /** Paths of keys that stand for the whole registry. */
  private static final Set<String> API = Set.of("", "v1", "v2");

  private final Path file;
  private final JsonNode json;

  private DockerConfig(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /** How large a configuration may be, in bytes. */
  static final int MOST = 4 << 20;

  /**
   * Reads the file; a missing file counts as empty.
   *
   * @throws ImageSpecException with {@link FailureCode#UNAUTHORIZED} if it cannot be read
   */
  static DockerConfig read(Path file) {
    if (!Files.exists(file)) {
      return new DockerConfig(file, JsonTree.newObject());
    }
    try {
      return new DockerConfig(file, JsonTree.read(BoundedFile.read(file, MOST)));
    } catch (JsonProcessingException e) {
      // The exception's message and cause may quote the file. A text that is nested too deeply has
      // no place.
      JsonLocation at = e.getLocation();
      String line = at == null ? "" : " at line " + at.getLineNr();
      throw unreadable(file, "it is no JSON" + line + ". Correct it", null);
    } catch (IOException e) {
      throw unreadable(file, IoReason.of(e, file) + ". Make it readable", e);
    }
  }

  /**
   * The folder of the user's own configuration.
   *
   * @param environment the environment variables of this process
   */
  public static Path folder(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    return folder.isEmpty()
        ? Home.of(environment).orElse(Path.of("/")).resolve(".docker")
        : Path.of(folder);
  }

  /**
   * The files that hold the user's logins, in the order in which they are asked: the one that
   * {@code REGISTRY_AUTH_FILE} names, Docker's, and the one of podman, buildah and skopeo.
   *
   * @param environment the environment variables of this process
   */
  static List<Path> files(Map<String, String> environment) {
    List<Path> files = new ArrayList<>();
    String named = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
    if (!named.isEmpty()) {
      files.add(Path.of(named));
    }
    files.add(folder(environment).resolve("config.json"));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      files.add(Path.of(runtime, "containers", "auth.json"));
    }
    return List.copyOf(files);
  }

  /**
   * The name that a credential helper knows a registry by: its host, or Docker Hub's special
   * address.
   */
  static String serverUrl(Registry registry) {
    return registry.equals(Registry.DOCKER_HUB) ? DOCKER_HUB : registry.toString();
  }

  /**
   * The registry that an address in Docker's configuration stands for.
   *
   * @param serverUrl a host, or an address with scheme and path
   * @throws IllegalArgumentException if it names no registry
   */
  static Registry registry(String serverUrl) {
    return Registry.parse(
        serverUrl.strip().replaceFirst("^https?://", "").replaceFirst("/.*$", ""));
  }

  /**
   * The values of the entries that are for a registry or a repository of it, the most specific
   * first. A key is a host, with or without a scheme, or as podman writes them a host with the path
   * of a repository or of a folder of some: that one is for nothing outside of it. Keys that name
   * no registry are ignored.
   *
   * @param path the repository's name; empty for the registry itself
   */
  private static List<JsonNode> about(Registry registry, String path, JsonNode entries) {
    TreeMap<Integer, List<JsonNode>> found = new TreeMap<>(Comparator.reverseOrder());
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      String folder = folder(entry.getKey().strip());
      boolean isAbove = folder.isEmpty() || path.equals(folder) || path.startsWith(folder + "/");
      if (isAbove && isAbout(registry, entry.getKey())) {
        found.computeIfAbsent(folder.length(), length -> new ArrayList<>()).add(entry.getValue());
      }
    }
    return found.values().stream().flatMap(List::stream).toList();
  }

  /** Whether a key is for a registry. Those that name none are somebody else's. */
  private static boolean isAbout(Registry registry, String key) {
    try {
      return registry(key).equals(registry);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The path of a key; empty for one with a scheme, whose path is that of the registry's API. */
  private static String folder(String key) {
    int slash = key.indexOf('/');
    if (slash < 0 || key.contains("://")) {
      return "";
    }
    String path = key.substring(slash + 1).replaceFirst("/+$", "");
    return API.contains(path) ? "" : path;
  }

  /** The name of the helper for a registry or a repository: its own, else the general one. */
  Optional<String> helper(Registry registry, String path) {
    return about(registry, path, json.path("credHelpers")).stream()
        .findFirst()
        .or(() -> Optional.of(json.path("credsStore")))
        .map(JsonText::of)
        .filter(name -> !name.isEmpty());
  }

  /** The credential that the file itself contains. */
  Optional<Credential> stored(Registry registry, String path) {
    return about(registry, path, json.path("auths")).stream()
        .flatMap(entry -> stored(registry, entry).stream())
        .findFirst();
  }

  private Optional<Credential> stored(Registry registry, JsonNode entry) {
    String identityToken = JsonText.of(entry, "identitytoken");
    if (!identityToken.isEmpty()) {
      return Optional.of(Credential.identityToken(identityToken));
    }
    // Docker takes line breaks, which base64 puts after its output and into long ones.
    String auth = JsonText.of(entry, "auth").replaceAll("\\s", "");
    if (!auth.isEmpty()) {
      try {
        String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon > 0) {
          return Optional.of(new Credential(pair.substring(0, colon), pair.substring(colon + 1)));
        }
      } catch (IllegalArgumentException e) {
        // Reported below: an exception that quotes the text must not get out.
      }
      throw unreadable(
          file,
          "the entry of "
              + registry
              + " is none. Log in again with `docker login "
              + registry
              + "`",
          null);
    }
    String user = JsonText.of(entry, "username");
    String password = JsonText.of(entry, "password");
    return user.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(new Credential(user, password));
  }

  private static ImageSpecException unreadable(
      Path file, String why, @org.jspecify.annotations.Nullable IOException cause) {
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        "Docker's configuration " + file + " cannot be used: " + why + ".",
        cause);
  }
}
