package dev.imagespec.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong. It stays data until somebody prints its {@link #text}.
 *
 * @param message what is wrong
 * @param where the value that it is about
 * @param arguments what stands in the message's places, by their names
 */
public record Problem(Message message, Located<?> where, Map<String, String> arguments) {
  /** For what concerns no value. */
  private static final Located<String> NOWHERE = new Located<>("", () -> "");

  private static final int MAX_SHOWN = 200;

  public Problem {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    if (!List.copyOf(arguments.keySet()).equals(message.places())) {
      throw new IllegalArgumentException(
          message + " has the places " + message.places() + ", not " + arguments.keySet());
    }
  }

  /**
   * A problem with a value.
   *
   * @param arguments a value for each of the message's places, in their order
   * @throws IllegalArgumentException if there are more or fewer arguments than places
   */
  public static Problem of(Message message, Located<?> where, @Nullable Object... arguments) {
    List<String> places = message.places();
    if (places.size() != arguments.length) {
      throw new IllegalArgumentException(
          message + " has the places " + places + ", not " + arguments.length);
    }
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      named.put(places.get(i), String.valueOf(arguments[i]));
    }
    return new Problem(message, where, named);
  }

  /** A problem that concerns no value, such as an option of the compiler. */
  public static Problem ofNothing(Message message, @Nullable Object... arguments) {
    return of(message, NOWHERE, arguments);
  }

  public Code code() {
    return message.code();
  }

  /** Whether it cannot work. */
  public boolean isError() {
    return code().kind() == Code.Kind.ERROR;
  }

  /**
   * What to tell: code, attribute, the value itself, and what to write instead; without credentials
   * that stand in a value, and without control characters, which would break the output.
   */
  public String text() {
    Map<String, String> shown = new LinkedHashMap<>();
    arguments.forEach((place, value) -> shown.put(place, Credentials.masked(value)));
    String value = printable(Credentials.masked(String.valueOf(where.value())));
    return code()
        + " "
        + (where.path().isEmpty() ? "" : where.path() + " \"" + value + "\": ")
        + printable(message.with(shown))
        + ". See "
        + code().anchor();
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(text.length() > 2 * MAX_SHOWN ? MAX_SHOWN : text.length())
        .forEach(
            c -> {
              if (TextCheck.breaksLine(c) || TextCheck.isHalf(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return text.length() > 2 * MAX_SHOWN ? out + "…" : out.toString();
  }
}
