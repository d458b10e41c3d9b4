package dev.imagespec.runtime.compose;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.SecretProvider;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.Secret;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the values of secrets: where the settings say, else from the providers. */
public final class SecretSource {
  private static final String VARIABLE = "env:";
  private static final String FILE = "file:";

  /** The limit for one environment variable of a program. */
  private static final int MAX = 100_000;

  /** How large a secret's file may be, in bytes: BuildKit takes half of it. */
  private static final int MAX_FILE = 1 << 20;

  private final Settings settings;
  private final Map<String, String> environment;
  private final Iterable<SecretProvider> providers;

  /**
   * A source of secrets.
   *
   * @param environment the environment variables of this process
   */
  public SecretSource(
      Settings settings, Map<String, String> environment, Iterable<SecretProvider> providers) {
    this.settings = settings;
    this.environment = Map.copyOf(environment);
    this.providers = providers;
  }

  /**
   * A secret.
   *
   * @throws ImageSpecException with {@link FailureCode#SECRET} if it has no value; the message
   *     names the setting for it
   */
  Secret get(String id) {
    Optional<String> setting = settings.secret(id);
    if (setting.isPresent()) {
      return ofSetting(id, setting.get());
    }
    for (SecretProvider provider : providers) {
      Optional<String> value;
      try {
        value = provider.secret(id);
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        // Without the cause: a stack trace would show what the provider put into its message.
        throw missing(id, "cannot be read from " + provider.name() + ": " + e.getMessage());
      }
      if (value.isPresent()) {
        return ofValue(id, value.get());
      }
    }
    throw missing(
        id,
        "has no value. Say where it is with the setting imagespec.secret."
            + id
            + ": env:NAME for an environment variable, file:PATH for a file");
  }

  /**
   * The value of a secret, read from its file if it is one, so that it can be removed from output.
   */
  String value(String id, Secret secret) {
    if (secret instanceof Secret.OfValue value) {
      return value.value();
    }
    try {
      return new String(
          BoundedFile.read(((Secret.OfFile) secret).path(), MAX_FILE), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw missing(id, "cannot be read: " + IoReason.of(e));
    }
  }

  private Secret ofSetting(String id, String setting) {
    if (setting.startsWith(VARIABLE)) {
      String name = setting.substring(VARIABLE.length());
      String value = environment.get(name);
      if (value == null) {
        throw missing(
            id,
            "should be in the environment variable "
                + name
                + ", which is not set. Set it, or correct the setting imagespec.secret."
                + id);
      }
      return ofValue(id, value);
    }
    Path file = settings.projectDir().resolve(setting.substring(FILE.length()));
    try {
      // Not by opening it: a pipe would let its reader wait.
      file.getFileSystem().provider().checkAccess(file, AccessMode.READ);
      if (!Files.isRegularFile(file)) {
        throw new IOException("it is not a regular file");
      }
    } catch (IOException e) {
      throw missing(
          id,
          "should be in the file "
              + file
              + ", which cannot be read: "
              + IoReason.of(e, file)
              + ". Correct the setting imagespec.secret."
              + id);
    }
    if (file.toString().matches(".*[,\"\n].*")) {
      throw missing(
          id, "is in " + file + ": engines take no path with commas or quotes. Rename the file");
    }
    return new Secret.OfFile(file);
  }

  private static Secret ofValue(String id, String value) {
    if (value.indexOf('\0') >= 0 || value.length() > MAX) {
      throw missing(
          id,
          String.format(
              Locale.ROOT,
              "has a NUL or more than %,d characters; put it into a file and say file:PATH",
              MAX));
    }
    return new Secret.OfValue(value);
  }

  private static ImageSpecException missing(String id, String why) {
    return new ImageSpecException(FailureCode.SECRET, "The secret \"" + id + "\" " + why + ".");
  }
}
