package dev.imagespec.runtime;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables of this process. Java 17 reads them, and starts programs, in the
 * default charset, which makes nothing of either if it is set to one like UTF-16.
 */
public final class EnvironmentVariables {
  private static final String ASCII = "AZaz09_=/";
  private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

  private EnvironmentVariables() {}

  /**
   * The variables by name.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if they cannot be read
   *     because of the default charset
   */
  public static Map<String, String> ofThisProcess() {
    return isUsual(Charset.defaultCharset()) ? System.getenv() : read();
  }

  /**
   * Checks that Java can start programs.
   *
   * @param why what needs a program, for the message
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if the default charset
   *     prevents it
   */
  public static void requirePrograms(String why) {
    if (!isUsual(Charset.defaultCharset())) {
      throw unusual(why);
    }
  }

  /** Whether it writes ASCII as ASCII. */
  private static boolean isUsual(Charset charset) {
    return ASCII.equals(new String(ASCII.getBytes(StandardCharsets.US_ASCII), charset));
  }

  private static Map<String, String> read() {
    try {
      Charset own = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      Map<String, String> variables = new TreeMap<>();
      for (String variable : new String(Files.readAllBytes(ENVIRONMENT), own).split("\0", -1)) {
        int sign = variable.indexOf('=');
        if (sign > 0) {
          variables.putIfAbsent(variable.substring(0, sign), variable.substring(sign + 1));
        }
      }
      return Collections.unmodifiableMap(variables);
    } catch (IOException e) {
      throw unusual("to read environment variables");
    }
  }

  private static ImageSpecException unusual(String why) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "Java's default charset "
            + Charset.defaultCharset()
            + " does not let it "
            + why
            + ". Leave out -Dfile.encoding, or set it to UTF-8.");
  }
}
