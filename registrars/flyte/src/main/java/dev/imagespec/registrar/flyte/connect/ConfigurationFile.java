package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A configuration file of flytectl or of Union. It may have keys that nobody here knows. */
final class ConfigurationFile {
  private static final int MAX_SIZE = 1 << 20;

  /** The composer calls itself for each level. */
  private static final int MAX_DEPTH = 50;

  private final Path file;
  private final Optional<MappingNode> root;

  private ConfigurationFile(Path file, Optional<MappingNode> root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it cannot be read, or is no
   *     YAML mapping; an empty file is an empty mapping
   */
  static ConfigurationFile read(Path file) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MAX_SIZE).setUseMarks(true).build();
    try {
      String text = new String(BoundedFile.read(file, MAX_SIZE), StandardCharsets.UTF_8);
      limitDepth(file, settings, text);
      Optional<Node> node = new Composer(settings, parser(settings, text)).getSingleNode();
      if (node.isPresent() && !isNull(node.get()) && !(node.get() instanceof MappingNode)) {
        throw wrong(file, "is no mapping of keys to values.");
      }
      return new ConfigurationFile(
          file, node.filter(MappingNode.class::isInstance).map(MappingNode.class::cast));
    } catch (IOException e) {
      throw wrong(file, "cannot be read: " + IoReason.withoutPath(e) + ".");
    } catch (MarkedYamlEngineException e) {
      // Not with its whole message, which quotes lines of the file.
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      throw wrong(file, line, "is no YAML: " + Printable.value(e.getProblem()) + ".");
    } catch (YamlEngineException e) {
      throw wrong(file, "is no YAML.");
    }
  }

  private static void limitDepth(Path file, LoadSettings settings, String text) {
    ParserImpl events = parser(settings, text);
    int depth = 0;
    while (events.hasNext()) {
      Event.ID kind = events.next().getEventId();
      if (kind == Event.ID.MappingStart || kind == Event.ID.SequenceStart) {
        depth++;
      } else if (kind == Event.ID.MappingEnd || kind == Event.ID.SequenceEnd) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw wrong(file, "nests more than " + MAX_DEPTH + " levels.");
      }
    }
  }

  private static ParserImpl parser(LoadSettings settings, String text) {
    return new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** The file. */
  Path path() {
    return file;
  }

  /** Whether it says anything of an endpoint: some files are of another program. */
  boolean isFlytes() {
    return find("admin", Key.ENDPOINT.inFile()).isPresent();
  }

  /** The value of a key below {@code admin}. */
  Optional<Value> get(Key key) {
    return value("admin", key.inFile());
  }

  /**
   * A value.
   *
   * @param section the key at the top
   * @param name the key in that one's mapping
   * @return empty if it is not there, or has no value
   * @throws ImageSpecException if it is neither a text nor a list of texts
   */
  Optional<Value> value(String section, String name) {
    return find(section, name).map(node -> value(section + "." + name, node));
  }

  private Optional<Node> find(String section, String name) {
    return root.flatMap(top -> child(top, section))
        .map(
            node -> {
              if (node instanceof MappingNode mapping) {
                return mapping;
              }
              throw wrong(file, line(node), section + " must be a mapping of keys to values.");
            })
        .flatMap(mapping -> child(mapping, name));
  }

  private Value value(String key, Node node) {
    String where = Printable.value(file.toString()) + line(node) + ", " + key;
    if (node instanceof ScalarNode scalar) {
      return new Value(where, FailureCode.INVALID_FILE, List.of(scalar.getValue().strip()), false);
    }
    if (node instanceof SequenceNode sequence) {
      List<String> texts =
          sequence.getValue().stream()
              .map(
                  item -> {
                    if (item instanceof ScalarNode scalar && !isNull(item)) {
                      return scalar.getValue();
                    }
                    throw wrong(file, line(item), key + " must be a list of texts.");
                  })
              .toList();
      return new Value(where, FailureCode.INVALID_FILE, texts, true);
    }
    throw wrong(file, line(node), key + " must be a text or a list of texts.");
  }

  /** A value by its key, whose letters flytectl takes in any case. */
  private static Optional<Node> child(MappingNode mapping, String name) {
    return mapping.getValue().stream()
        .filter(
            tuple ->
                tuple.getKeyNode() instanceof ScalarNode key
                    && key.getValue().equalsIgnoreCase(name))
        .map(NodeTuple::getValueNode)
        .filter(node -> !isNull(node) && !isEmpty(node))
        .findFirst();
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** Whether it says nothing, as in {@code scopes: []}. */
  private static boolean isEmpty(Node node) {
    return (node instanceof ScalarNode scalar && scalar.getValue().isBlank())
        || (node instanceof SequenceNode sequence && sequence.getValue().isEmpty());
  }

  private static String line(Node node) {
    return node.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
  }

  private static ImageSpecException wrong(Path file, String message) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE, Printable.value(file.toString()) + " " + message);
  }

  private static ImageSpecException wrong(Path file, String line, String message) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE, Printable.value(file.toString()) + line + ": " + message);
  }
}
