package dev.imagespec.check;

import java.util.function.Function;

/**
 * A value and the place where it was written.
 *
 * @param value the value
 * @param place its place
 */
public record Located<T>(T value, Place place) {

  /** The path of the attribute that holds the value, for messages. */
  public String path() {
    return place.path();
  }

  /** The result of a function, at the same place. */
  public <R> Located<R> map(Function<T, R> f) {
    return new Located<>(f.apply(value), place);
  }
}
