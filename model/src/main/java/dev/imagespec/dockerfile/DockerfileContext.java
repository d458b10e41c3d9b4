package dev.imagespec.dockerfile;

import dev.imagespec.dockerfile.ContextSources.Source;
import dev.imagespec.dockerfile.DockerfileMistake.Kind;
import dev.imagespec.dockerfile.Instruction.Flag;
import dev.imagespec.dockerfile.Instruction.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Collects what the instructions of a Dockerfile read: files of the context, and secrets. */
final class DockerfileContext {
  private static final Pattern REMOTE =
      Pattern.compile(
          "(?i)(?:https?|ftp|git|ssh)://.*|[\\w.-]+@[\\w.-]+:.*|github\\.com/.*", Pattern.DOTALL);

  private final char escape;
  private final List<DockerfileMistake> mistakes;
  private final List<Source> sources = new ArrayList<>();
  private final Map<String, Integer> secrets = new TreeMap<>();

  DockerfileContext(char escape, List<DockerfileMistake> mistakes) {
    this.escape = escape;
    this.mistakes = mistakes;
  }

  ContextSources sources() {
    return new ContextSources(sources);
  }

  Map<String, Integer> secrets() {
    return Collections.unmodifiableMap(secrets);
  }

  void add(Instruction one) {
    switch (one.keyword()) {
      case "ADD" -> copied(one);
      case "COPY" -> {
        if (one.flag("from").isEmpty()) {
          copied(one);
        }
      }
      default ->
          one.flags().stream()
              .filter(flag -> flag.name().equals("mount"))
              .map(Flag::value)
              .forEach(value -> mounted(one, value));
    }
  }

  private void copied(Instruction one) {
    List<String> all = one.arguments();
    for (String source : all.subList(0, Math.max(0, all.size() - 1))) {
      if (Instruction.heredoc(source).isPresent()) {
        continue;
      }
      if (one.keyword().equals("ADD") && REMOTE.matcher(source).matches()) {
        if (one.flag("checksum").isEmpty()) {
          mistakes.add(
              new DockerfileMistake(
                  one.line(),
                  Kind.DOWNLOAD,
                  "what ADD downloads may change, and is not in the environment's identity; say"
                      + " --checksum=sha256:<digest>"));
        }
      } else {
        source(one.line(), source);
      }
    }
  }

  private void mounted(Instruction one, Word value) {
    Mount mount = Mount.of(value.text());
    switch (mount.type()) {
      case "bind" -> {
        if (mount.option("from").isEmpty()) {
          source(one.line(), mount.option("source", "src").orElse(""));
        }
      }
      case "secret" -> {
        String target = mount.option("target", "dst", "destination").orElse("");
        String id =
            mount
                .option("id")
                .or(() -> mount.option("source", "src"))
                .orElse(target.substring(target.lastIndexOf('/') + 1));
        secrets.putIfAbsent(id, one.line());
      }
      case "ssh" ->
          mistakes.add(
              new DockerfileMistake(
                  one.line(),
                  Kind.WRONG,
                  "no SSH agent is there in a build; read a key with --mount=type=secret, and name it in"
                      + " secrets"));
      default -> {}
    }
  }

  /** Adds a source. What it stands for may be known in the build alone: then it is everything. */
  private void source(int line, String written) {
    boolean isKnown =
        written.chars().noneMatch(c -> c == '$' || c == '"' || c == '\'' || c == escape)
            && !written.contains("**");
    sources.add(isKnown ? named(line, inside(written)) : Source.of(line, ""));
  }

  private static Source named(int line, String path) {
    try {
      return Source.of(line, path);
    } catch (IllegalArgumentException e) {
      // No pattern: what a builder makes of it is its own.
      return Source.of(line, "");
    }
  }

  /** The path in the context. Builders take {@code ..} above the context for the context. */
  private static String inside(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        Optional<String> unused = Optional.ofNullable(parts.pollLast());
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
