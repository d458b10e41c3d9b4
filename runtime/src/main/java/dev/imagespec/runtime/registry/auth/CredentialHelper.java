package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.ProgramAnswer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A program {@code docker-credential-<name>}, which follows the docker-credential-helpers protocol.
 * Messages never quote its output, which may be a secret.
 */
final class CredentialHelper {
  /** What helpers print, and clients compare with, if there is no credential. */
  static final String NOT_FOUND = "credentials not found";

  /** Names the helper that started this process, so that it is not called again. */
  private static final String GUARD = "IMAGESPEC_HELPER";

  private static final int MAX_ANSWER = 1 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Map<String, String> environment;
  private final Duration patience;

  CredentialHelper(String name, Map<String, String> environment, Duration patience) {
    this.name = name;
    this.environment = environment;
    this.patience = patience;
  }

  /** Whether that helper started this process; calling it would start this process again. */
  boolean isCaller() {
    return name.equals(environment.get(GUARD));
  }

  /** The program, if it is on the PATH. */
  Optional<Path> program() {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty() && name.matches("[A-Za-z0-9._-]+"))
        .map(folder -> Path.of(folder, "docker-credential-" + name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Asks for a credential.
   *
   * @param program the program
   * @param serverUrl Docker's name for the registry
   * @return empty if the helper has none
   * @throws ImageSpecException with {@link FailureCode#UNAUTHORIZED} if it fails or does not answer
   */
  Optional<Credential> get(Path program, String serverUrl) {
    EnvironmentVariables.requirePrograms("start docker-credential-" + name);
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "get");
    builder.environment().put(GUARD, name);
    byte[] question = (serverUrl + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      ProgramAnswer answer = ProgramAnswer.of(builder, question, patience, MAX_ANSWER);
      return read(serverUrl, answer.exitCode(), answer.output());
    } catch (TimeoutException e) {
      throw failed(serverUrl, "does not answer within " + patience.toSeconds() + " s");
    } catch (IOException e) {
      throw failed(serverUrl, "cannot be started: " + IoReason.of(e));
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }

  private Optional<Credential> read(String serverUrl, int exitCode, String output) {
    if (exitCode != 0) {
      if (output.contains(NOT_FOUND)) {
        return Optional.empty();
      }
      throw failed(serverUrl, "ends with exit code " + exitCode);
    }
    try {
      JsonNode json = JSON.readTree(output);
      String user = JsonText.of(json, "Username");
      String secret = JsonText.of(json, "Secret");
      return user.isEmpty() && secret.isEmpty()
          ? Optional.empty()
          : Optional.of(new Credential(user, secret));
    } catch (IOException e) {
      // The exception's message may quote the answer.
      throw failed(serverUrl, "answers with what is no JSON");
    }
  }

  private ImageSpecException failed(String serverUrl, String what) {
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        "The credential helper docker-credential-"
            + name
            + " "
            + what
            + " when asked for "
            + serverUrl
            + ". Try it with `echo "
            + serverUrl
            + " | docker-credential-"
            + name
            + " get`, or log in again with `docker login`.");
  }
}
