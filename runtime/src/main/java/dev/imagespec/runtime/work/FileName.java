package dev.imagespec.runtime.work;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of files in UTF-8, as images have them. Java decodes them in the charset of the machine's
 * language, and in that of {@code LC_ALL=C} it loses all but ASCII.
 */
public final class FileName {
  private static final Charset OWN =
      Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

  private FileName() {}

  /**
   * A file's name.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is not UTF-8, or Java
   *     cannot name it in this language
   */
  public static String of(Path file) {
    String name = String.valueOf(file.getFileName());
    if (isAscii(name)) {
      return name;
    }
    // A URI has the bytes of a path.
    String path = file.toUri().getRawPath();
    int end = path.endsWith("/") ? path.length() - 1 : path.length();
    byte[] bytes = decoded(path.substring(path.lastIndexOf('/', end - 1) + 1, end));
    try {
      return checked(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          file + " has a name that is not UTF-8, and images have no others. Rename it.",
          e);
    }
  }

  /**
   * A name or path, unless Java cannot name such a file in this language.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it cannot
   */
  public static String checked(String path) {
    if (!isAscii(path) && !OWN.newEncoder().canEncode(path)) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "Java cannot name the file "
              + path
              + " in the language of this machine, whose charset is "
              + OWN
              + ". Set the environment variable LC_ALL=C.UTF-8.");
    }
    return path;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static byte[] decoded(String rawPath) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < rawPath.length(); i++) {
      if (rawPath.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(rawPath, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(rawPath.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
