package dev.imagespec.registrar.render;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Finds the values of YAML, and of JSON, which is a part of it: not keys, and not comments. */
final class YamlValues {
  /** What is around a node: a sequence, or a mapping that waits for a key or for a value. */
  private enum Around {
    SEQUENCE,
    KEY,
    VALUE
  }

  private final String text;
  private final Deque<Around> around = new ArrayDeque<>();
  private final List<Value> values = new ArrayList<>();

  /** The index in the text that the code point with the number {@link #point} has. */
  private int index;

  private int point;

  private YamlValues(String text) {
    this.text = text;
  }

  /** The values; empty if the text is no YAML, such as a template for one. */
  static Optional<List<Value>> of(String text) {
    YamlValues found = new YamlValues(text);
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).build();
    try {
      new ParserImpl(settings, new StreamReader(settings, text)).forEachRemaining(found::take);
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
    return Optional.of(List.copyOf(found.values));
  }

  private void take(Event event) {
    switch (event.getEventId()) {
      case Scalar -> {
        boolean isKey = around.peek() == Around.KEY;
        next();
        if (!isKey) {
          value((ScalarEvent) event).ifPresent(values::add);
        }
      }
      case Alias -> next();
      case SequenceStart -> {
        next();
        around.push(Around.SEQUENCE);
      }
      case MappingStart -> {
        next();
        around.push(Around.KEY);
      }
      case SequenceEnd, MappingEnd -> around.pop();
      default -> {}
    }
  }

  /** A node has come: after a key follows a value, after a value a key. */
  private void next() {
    if (around.peek() == Around.KEY) {
      around.pop();
      around.push(Around.VALUE);
    } else if (around.peek() == Around.VALUE) {
      around.pop();
      around.push(Around.KEY);
    }
  }

  /** A value that stands in the text as it is, so that it can be replaced there. */
  private Optional<Value> value(ScalarEvent event) {
    Optional<Integer> from = event.getStartMark().map(this::indexOf);
    Optional<Integer> to = event.getEndMark().map(this::indexOf);
    String value = event.getValue().strip();
    if (from.isEmpty() || to.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    // A tag or an anchor may stand before it, quotes around it.
    String written = text.substring(from.get(), to.get());
    int start = written.lastIndexOf(value);
    return start < 0 ? Optional.empty() : Optional.of(new Value(value, from.get() + start));
  }

  /** Marks count code points, and come in order, nearly. */
  private int indexOf(Mark mark) {
    int wanted = mark.getIndex();
    index = text.offsetByCodePoints(index, wanted - point);
    point = wanted;
    return index;
  }
}
