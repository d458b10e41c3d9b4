package dev.imagespec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong. */
final class Problems {
  private final List<Problem> list = new ArrayList<>();

  void add(Message message, Located<?> where, @Nullable Object... arguments) {
    list.add(Problem.of(message, where, arguments));
  }

  /** Reads a value by a grammar; what the grammar says against it becomes the problem. */
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
