package dev.imagespec.check;

import dev.imagespec.model.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a spec, as data. {@link #text} makes the message to print.
 *
 * @param message the message for it
 * @param where the value that is wrong
 * @param arguments the values of the message's placeholders, by name
 */
public record Problem(Message message, Located<?> where, Map<String, String> arguments) {
  /** The place of a problem that concerns no value. */
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
   * @param arguments a value for each placeholder of the message, in order
   * @throws IllegalArgumentException if the numbers of arguments and placeholders differ
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

  /** Whether it is an error, so that the spec cannot work. */
  public boolean isError() {
    return code().kind() == Code.Kind.ERROR;
  }

  /**
   * The text to print: code, attribute, value, and what to write instead. Credentials in the values
   * are masked. Control characters, which would break the output, are escaped, and long texts are
   * cut.
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
    return text.length() > 2 * MAX_SHOWN
        ? Printable.value(text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN))) + "…"
        : Printable.value(text);
  }
}
