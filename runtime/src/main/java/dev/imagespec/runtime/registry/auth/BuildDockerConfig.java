package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Docker's configuration for one build, in a folder that goes with it: the credentials of exactly
 * the registries that are used, and what else a user's own configuration says of proxies, contexts
 * and plugins. The user's own is read, never written.
 */
public final class BuildDockerConfig implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "config.json";
  private static final String PLUGIN_FOLDERS = "cliPluginsExtraDirs";

  private final Path folder;
  private final Thread hook;

  private BuildDockerConfig(Path folder) {
    this.folder = folder;
    // A registration that is ended by a signal leaves no credential behind.
    this.hook = new Thread(() -> delete(folder), "imagespec-credentials-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Writes a configuration that nobody else may read.
   *
   * @param folder where to; it has to be missing
   * @param credentials the credentials by registry
   * @param environment the environment variables, which say where the user's own configuration is
   * @return the configuration, which is deleted when it is closed
   */
  public static BuildDockerConfig write(
      Path folder, Map<Registry, Credential> credentials, Map<String, String> environment)
      throws IOException {
    Path user = DockerConfig.folder(environment);
    ObjectNode config = JSON.createObjectNode();
    JsonNode own = read(user.resolve(FILE));
    for (String kept : new String[] {"proxies", "currentContext"}) {
      if (own.has(kept)) {
        config.set(kept, own.get(kept));
      }
    }
    ArrayNode plugins = config.putArray(PLUGIN_FOLDERS);
    own.path(PLUGIN_FOLDERS).forEach(plugins::add);
    plugins.add(user.resolve("cli-plugins").toAbsolutePath().toString());
    ObjectNode auths = config.putObject("auths");
    new TreeMap<>(credentials)
        .forEach(
            (registry, credential) ->
                auths.putObject(DockerConfig.serverUrl(registry)).put("auth", encoded(credential)));
    Files.createDirectory(folder, privately(folder, "rwx------"));
    BuildDockerConfig written = new BuildDockerConfig(folder);
    Path file = Files.createFile(folder.resolve(FILE), privately(folder, "rw-------"));
    Files.write(file, JSON.writeValueAsBytes(config));
    Path contexts = user.resolve("contexts");
    if (Files.isDirectory(contexts)) {
      Files.createSymbolicLink(folder.resolve("contexts"), contexts.toAbsolutePath());
    }
    return written;
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    delete(folder);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: then the hook runs, too, and finds nothing to delete.
      Thread.onSpinWait();
    }
  }

  /** Deletes what is there, and what Docker's programs put beside it; follows no link. */
  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The credentials in " + folder + " cannot be deleted", e);
    }
  }

  private static JsonNode read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      // The parser's own message quotes the file, which may hold credentials.
      throw new FileSystemException(file.toString(), null, "it is not JSON; correct it");
    }
  }

  private static String encoded(Credential credential) {
    String text = credential.user() + ":" + credential.password();
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static FileAttribute<?>[] privately(Path folder, String mode) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    boolean posix = parent != null && Files.getFileStore(parent).supportsFileAttributeView("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
