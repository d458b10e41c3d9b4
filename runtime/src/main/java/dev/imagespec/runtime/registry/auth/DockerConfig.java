package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.BoundedFile;
import dev.imagespec.runtime.work.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The credentials in Docker's configuration file. */
public final class DockerConfig {
  /** Docker Hub's key in the file and in credential helpers. */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  private static final ObjectMapper JSON = new ObjectMapper();

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
      return new DockerConfig(file, JSON.createObjectNode());
    }
    try {
      return new DockerConfig(file, JSON.readTree(BoundedFile.read(file, MOST)));
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

  /** Whether an entry of the file is for a registry. Entries that name no registry are ignored. */
  private static boolean isAbout(Registry registry, String serverUrl) {
    try {
      return registry(serverUrl).equals(registry);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The name of the helper for a registry: its own, else the general one. */
  Optional<String> helper(Registry registry) {
    for (Map.Entry<String, JsonNode> entry : json.path("credHelpers").properties()) {
      if (isAbout(registry, entry.getKey())) {
        return Optional.of(entry.getValue().asText()).filter(name -> !name.isEmpty());
      }
    }
    return Optional.of(json.path("credsStore").asText()).filter(name -> !name.isEmpty());
  }

  /** The credential that the file itself contains. */
  Optional<Credential> stored(Registry registry) {
    for (Map.Entry<String, JsonNode> entry : json.path("auths").properties()) {
      if (isAbout(registry, entry.getKey())) {
        Optional<Credential> credential = stored(registry, entry.getValue());
        if (credential.isPresent()) {
          return credential;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Credential> stored(Registry registry, JsonNode entry) {
    String identityToken = entry.path("identitytoken").asText();
    if (!identityToken.isEmpty()) {
      return Optional.of(Credential.identityToken(identityToken));
    }
    String auth = entry.path("auth").asText();
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
    String user = entry.path("username").asText();
    String password = entry.path("password").asText();
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
