package dev.imagespec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the problems of a spec. */
final class Problems {
  private final List<Problem> list = new ArrayList<>();

  void add(Message message, Located<?> where, @Nullable Object... arguments) {
    list.add(Problem.of(message, where, arguments));
  }

  /** Parses a value. If the parser throws, its message becomes the reason of the problem. */
  void parse(Message message, Located<String> where, Function<String, Object> grammar) {
    try {
      Object unused = grammar.apply(where.value());
    } catch (IllegalArgumentException e) {
      add(message, where, e.getMessage());
    }
  }

  List<Problem> list() {
    return List.copyOf(list);
  }
}
