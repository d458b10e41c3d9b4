package dev.imagespec.cli;

import dev.imagespec.model.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files that {@code @FILE} on the command line names. The parser reads them to their end, also
 * those that they name: it must not meet a pipe, which it would wait for, or what has no end.
 */
final class ArgumentFiles {
  private static final int MOST = 1 << 20;
  private static final int MOST_FILES = 100;

  private final Set<Path> seen = new HashSet<>();

  private ArgumentFiles() {}

  /** What is wrong with one of the files, or nothing. */
  static Optional<String> problem(String[] arguments) {
    return new ArgumentFiles().problem(List.of(arguments));
  }

  private Optional<String> problem(List<String> arguments) {
    for (String argument : arguments) {
      if (argument.startsWith("@") && !argument.startsWith("@@")) {
        Optional<String> problem = ofFile(argument.substring(1));
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> ofFile(String name) {
    try {
      Path file = Path.of(name);
      if (!Files.exists(file) || !seen.add(file)) {
        return Optional.empty();
      }
      Optional<String> why = why(file);
      if (why.isPresent()) {
        return Optional.of(cannotBeRead(name, why.get()));
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return problem(List.of(text.split("[\\s\"']+", -1)));
    } catch (IOException | InvalidPathException e) {
      return Optional.of(cannotBeRead(name, IoReason.of(e)));
    }
  }

  /** Why a file is not read, if it is not. */
  private Optional<String> why(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return Optional.of("it is a folder");
    }
    if (!Files.isRegularFile(file)) {
      return Optional.of("it is not a regular file");
    }
    if (Files.size(file) > MOST) {
      return Optional.of("it is larger than " + MOST + " bytes");
    }
    return seen.size() > MOST_FILES
        ? Optional.of("there are more than " + MOST_FILES + " of them")
        : Optional.empty();
  }

  private static String cannotBeRead(String name, String why) {
    return "The file of arguments "
        + name
        + " cannot be read: "
        + why
        + ". Name another with @FILE.";
  }
}
