package dev.imagespec.runtime.python;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.model.ProjectDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The file of a lock ({@code pylock.toml}).
 *
 * @param lock what it says; {@link PythonLock#NONE} if there are mistakes
 * @param mistakes what is wrong, one sentence each, without the file's name
 */
public record PythonLockFile(PythonLock lock, List<String> mistakes) {
  private static final int MAX_BYTES = 16 << 20;
  private static final int MOST_MISTAKES = 20;
  private static final TomlMapper TOML = new TomlMapper();

  public PythonLockFile {
    mistakes = List.copyOf(mistakes);
  }

  /**
   * Reads a lock.
   *
   * @param project where it is
   * @param path its path
   */
  public static PythonLockFile read(ProjectDirectory project, String path) {
    try {
      if (!project.isFile(path)) {
        return wrong("it is not in the project");
      }
      if (!project.isInside(path)) {
        return wrong("it leads out of the project");
      }
      byte[] bytes = project.read(path, MAX_BYTES + 1);
      return bytes.length > MAX_BYTES ? wrong("it is larger than 16 MiB") : parse(bytes);
    } catch (IOException e) {
      return wrong("it cannot be read: " + IoReason.withoutPath(e));
    }
  }

  static PythonLockFile parse(byte[] bytes) {
    JsonNode document;
    try {
      document = TOML.readTree(text(bytes));
    } catch (CharacterCodingException e) {
      return wrong("it is not UTF-8, as TOML is");
    } catch (JsonProcessingException e) {
      // The message quotes the file, which may be another than somebody meant.
      String line = e.getLocation() == null ? "" : "; see line " + e.getLocation().getLineNr();
      return wrong("it is no TOML" + line);
    } catch (StackOverflowError | RuntimeException e) {
      return wrong("it is no TOML that can be read");
    }
    PythonLockReader reader = new PythonLockReader();
    PythonLock lock = reader.read(document);
    List<String> mistakes = reader.mistakes();
    if (mistakes.isEmpty()) {
      return new PythonLockFile(lock, List.of());
    }
    return new PythonLockFile(
        PythonLock.NONE,
        mistakes.stream()
            .distinct()
            .limit(MOST_MISTAKES)
            .map(mistake -> Printable.start(Printable.value(mistake), 1000))
            .toList());
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    // Editors and shells of Windows write this mark.
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static PythonLockFile wrong(String mistake) {
    return new PythonLockFile(PythonLock.NONE, List.of(mistake));
  }
}
