package dev.imagespec.model;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The operating system and processor of an image, with the names of the OCI image index: {@code
 * linux/amd64}, {@code linux/arm64}, {@code linux/arm/v7}.
 *
 * @param os the operating system, for example {@code linux}
 * @param architecture the processor architecture by its name in Go, for example {@code amd64}
 * @param variant the architecture's variant, or empty
 */
public record Platform(String os, String architecture, String variant)
    implements Comparable<Platform> {

  private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9._-]*");
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "x86_64", "amd64", "x86-64", "amd64", "aarch64", "arm64", "armhf", "arm", "i386", "386");

  /** The default platform, the same on every machine. */
  public static final Platform DEFAULT = new Platform("linux", "amd64", "");

  public Platform {
    architecture = OTHER_NAMES.getOrDefault(architecture, architecture);
    if (architecture.equals("arm64") && variant.equals("v8")) {
      variant = "";
    }
    if (!WORD.matcher(os).matches()
        || !WORD.matcher(architecture).matches()
        || !(variant.isEmpty() || WORD.matcher(variant).matches())) {
      throw new IllegalArgumentException("not a platform: " + os + "/" + architecture);
    }
  }

  /**
   * Reads {@code os/architecture[/variant]}. Converts other names of an architecture ({@code
   * x86_64}, {@code aarch64}) to the usual one.
   *
   * @throws IllegalArgumentException if the text does not have that form
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length < 2
        || parts.length > 3
        || !text.equals(text.toLowerCase(Locale.ROOT))
        || !WORD.matcher(parts[0]).matches()
        || !WORD.matcher(parts[1]).matches()
        || (parts.length == 3 && !WORD.matcher(parts[2]).matches())) {
      throw new IllegalArgumentException(
          "a platform is os/architecture, such as linux/amd64 or linux/arm64; this is \""
              + text
              + "\"");
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
  }

  @Override
  public int compareTo(Platform other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
