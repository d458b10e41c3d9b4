package dev.imagespec.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what was probably meant by a text that is no image reference. */
final class ReferenceMistake {
  /** Longer than what anybody writes. */
  private static final int MAX_LENGTH = 1024;

  private static final Pattern INSTRUCTION =
      Pattern.compile(
          "(?:FROM|(?:docker|podman|buildah)\\s+(?:image\\s+)?(?:pull|run|from))\\s+(?:--?\\S+\\s+)*"
              + "([^\\s-]\\S*)(?:\\s+AS\\s+\\S+)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern STAGE =
      Pattern.compile("(\\S+)\\s+AS\\s+\\S+", Pattern.CASE_INSENSITIVE);
  private static final Pattern SPACED = Pattern.compile("([^\\s:@]+)\\s*(?:\\s|:)\\s*([^\\s:@/]+)");
  private static final Pattern TWO_TAGS =
      Pattern.compile("((?:[^/:@]+(?::[0-9]+)?/)?(?:[^:@]+)):([^:/@]+):([^:/@]+)");
  private static final Pattern AT_TAG = Pattern.compile("([^@]+)@([A-Za-z0-9_.-]+)");

  private ReferenceMistake() {}

  /** The reason why a text is no reference, if it is one of the usual mistakes. */
  static Optional<String> of(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = text.strip();
    Matcher instruction = INSTRUCTION.matcher(plain);
    Matcher stage = STAGE.matcher(plain);
    if (instruction.matches()) {
      return write("a reference is the image's name alone", instruction.group(1));
    }
    if (stage.matches()) {
      return write("a reference is the image's name alone", stage.group(1));
    }
    if (!plain.equals(text)) {
      return write("a reference has no spaces around it", plain);
    }
    Matcher spaced = SPACED.matcher(plain);
    if (plain.chars().anyMatch(Character::isWhitespace) && spaced.matches()) {
      return write(
          "a tag stands after a colon, without spaces", spaced.group(1) + ":" + spaced.group(2));
    }
    Matcher two = TWO_TAGS.matcher(plain);
    if (two.matches()) {
      return write(
          "a reference has one tag", two.group(1) + ":" + two.group(2) + "-" + two.group(3));
    }
    Matcher at = AT_TAG.matcher(plain);
    if (at.matches() && !at.group(1).contains(":")) {
      return write("a tag stands after a colon", at.group(1) + ":" + at.group(2));
    }
    int end = plain.indexOf('@') >= 0 ? plain.indexOf('@') : plain.length();
    int colon = plain.lastIndexOf(':', end);
    int nameEnd = colon > plain.lastIndexOf('/', end) && colon < end ? colon : end;
    String name = plain.substring(0, nameEnd);
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals(name)
        ? Optional.empty()
        : write("an image's name has no upper-case letters", lower + plain.substring(nameEnd));
  }

  /** The reason with what to write, if that is a reference. */
  private static Optional<String> write(String reason, String right) {
    try {
      ImageReference unused = ImageReference.read(right);
      return Optional.of(reason + "; write \"" + right + "\"");
    } catch (IllegalArgumentException e) {
      // It is wrong in another way, too, which is said instead.
      return Optional.empty();
    }
  }
}
