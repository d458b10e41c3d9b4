package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.AtExit;
import dev.imagespec.runtime.work.BoundedFile;
import dev.imagespec.runtime.work.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Docker's configuration for one build, in a temporary folder. Contains credentials for exactly the
 * registries that the build uses, and the user's own settings for proxies, contexts and plugins.
 * The user's own configuration is read, never written.
 */
public final class BuildDockerConfig implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "config.json";
  private static final String PLUGIN_FOLDERS = "cliPluginsExtraDirs";

  /** What Docker looks for beside its configuration: contexts, and a daemon's certificates. */
  private static final List<String> LINKED = List.of("contexts", "ca.pem", "cert.pem", "key.pem");

  private final Path folder;
  private final AtExit atExit;

  private BuildDockerConfig(Path folder) {
    this.folder = folder;
    // If a signal ends the registration, no credential may stay behind.
    this.atExit = AtExit.of("imagespec-credentials-end", () -> delete(folder));
  }

  /**
   * Writes a configuration that no other user can read.
   *
   * @param folder the folder to write to; it must not exist
   * @param credentials the credentials by registry
   * @param environment environment variables, which say where the user's own configuration is
   * @return the configuration; closing it deletes it
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
    for (String name : LINKED) {
      Path linked = user.resolve(name);
      if (Files.exists(linked)) {
        Files.createSymbolicLink(folder.resolve(name), linked.toAbsolutePath());
      }
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
    atExit.close();
  }

  /** Deletes the folder, with what Docker's programs wrote into it. Follows no symbolic links. */
  private static void delete(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The credentials in "
              + folder
              + " cannot be deleted: "
              + IoReason.of(e)
              + ". Delete them yourself.",
          e);
    }
  }

  private static JsonNode read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(BoundedFile.read(file, DockerConfig.MOST));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      // The parser's message quotes the file, which may contain credentials.
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
