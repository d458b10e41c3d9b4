package dev.imagespec.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who owns a file in an image. By number: what a name stands for is in files of the image's base.
 *
 * @param user the user's number
 * @param group the group's number
 */
public record FileOwner(long user, long group) {
  /** The owner of everything that names none. */
  public static final FileOwner ROOT = new FileOwner(0, 0);

  /** The largest number that a kernel has for a user; the next one stands for none. */
  private static final long LARGEST = 0xFFFF_FFFEL;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,10})(?::([0-9]{1,10}))?");

  public FileOwner {
    if (user < 0 || user > LARGEST || group < 0 || group > LARGEST) {
      throw new IllegalArgumentException("numbers of users and groups go up to " + LARGEST);
    }
  }

  /**
   * Reads {@code 1000:100}, or {@code 1000} for {@code 1000:1000}, as the {@code --chown} of a
   * Dockerfile does; the empty text is root.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static FileOwner parse(String text) {
    if (text.isEmpty()) {
      return ROOT;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an owner is written in numbers, as in 1000:1000: what a name stands for only the base"
              + " image knows");
    }
    long user = Long.parseLong(matcher.group(1));
    String group = matcher.group(2);
    return new FileOwner(user, group == null ? user : Long.parseLong(group));
  }

  /** Whether this is root, with root's group. */
  public boolean isRoot() {
    return user == 0 && group == 0;
  }

  @Override
  public String toString() {
    return user + ":" + group;
  }
}
