package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's files: {@code copy}, {@code requirements}. */
final class CopyCheck {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final Pattern SENSITIVE =
      Pattern.compile(
          "\\.git|\\.env(?:\\..+)?|\\.netrc|\\.pypirc|\\.npmrc|\\.ssh|\\.aws|\\.kube|\\.gnupg"
              + "|id_(?:rsa|dsa|ecdsa|ed25519)|.+\\.(?:pem|key|p12|pfx|jks|keystore)");

  private CopyCheck() {}

  static void check(RawSpec spec, Surroundings around, Problems problems) {
    Optional<Path> projectDir = around.projectDir();
    Set<Path> named = new HashSet<>();
    for (RawSpec.Copy copy : spec.copy()) {
      if (isInside(copy.from())) {
        named.add(Path.of(copy.from().value()).normalize());
      }
    }
    for (RawSpec.Copy copy : spec.copy()) {
      String mode = copy.mode().value();
      if (!mode.isEmpty() && !MODE.matcher(mode).matches()) {
        problems.add(Message.MODE, copy.mode());
      }
      if (named(copy.from(), projectDir, problems)) {
        projectDir.ifPresent(dir -> content(dir, copy.from(), named, problems));
      }
    }
    boolean anyFile = !spec.copy().isEmpty();
    if (!spec.requirements().value().isEmpty()) {
      anyFile = true;
      if (named(spec.requirements(), projectDir, problems)) {
        projectDir.ifPresent(
            dir ->
                leadsOut(
                    dir, dir.resolve(spec.requirements().value()), spec.requirements(), problems));
      }
    }
    if (anyFile && projectDir.isEmpty()) {
      problems.add(
          Message.FILES_NOT_CHECKED,
          spec.copy().isEmpty() ? spec.requirements() : spec.copy().get(0).from());
    }
  }

  /**
   * Checks how a file is named, and that it exists.
   *
   * @return whether it is there to be looked at
   */
  private static boolean named(Located<String> file, Optional<Path> projectDir, Problems problems) {
    if (!isInside(file)) {
      problems.add(Message.COPY_FROM, file);
      return false;
    }
    boolean missing =
        projectDir.filter(dir -> !Files.exists(dir.resolve(file.value()))).isPresent();
    if (missing) {
      problems.add(Message.MISSING_FILE, file);
    }
    return projectDir.isPresent() && !missing;
  }

  private static void content(Path dir, Located<String> from, Set<Path> named, Problems problems) {
    Path top = dir.resolve(from.value()).normalize();
    try (Stream<Path> tree = Files.walk(top)) {
      for (Path file : (Iterable<Path>) tree::iterator) {
        Path path = dir.normalize().relativize(file);
        if (leadsOut(dir, file, from, problems)) {
          return;
        }
        boolean isNamed =
            named.stream().anyMatch(name -> path.startsWith(name) && isSensitive(name));
        if (isSensitive(path) && !isNamed) {
          problems.add(Message.SENSITIVE_FILE, from, path);
          return;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      problems.add(Message.OUTSIDE, from, "a file that cannot be read (" + e.getMessage() + ")");
    }
  }

  private static boolean isSensitive(Path path) {
    for (Path part : path) {
      if (SENSITIVE.matcher(part.toString()).matches()) {
        return true;
      }
    }
    return false;
  }

  private static boolean leadsOut(Path dir, Path file, Located<String> where, Problems problems) {
    try {
      if (Files.isSymbolicLink(file) && !Files.exists(file)) {
        return false;
      }
      if (file.toRealPath().startsWith(dir.toRealPath())) {
        return false;
      }
    } catch (IOException e) {
      problems.add(Message.OUTSIDE, where, file + " cannot be read, or");
      return true;
    }
    problems.add(Message.OUTSIDE, where, dir.normalize().relativize(file.normalize()));
    return true;
  }

  /** Whether a file is named as lying in the project. */
  static boolean isInside(Located<String> file) {
    String path = file.value();
    return !path.isEmpty()
        && !path.startsWith("/")
        && !path.contains("\\")
        && !DRIVE.matcher(path).matches()
        && !escapes(List.of(path.split("/", -1)))
        && isPath(path);
  }

  private static boolean isPath(String text) {
    try {
      Path unused = Path.of(text);
      return true;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean escapes(List<String> parts) {
    int depth = 0;
    for (String part : parts) {
      if (part.equals("..")) {
        depth--;
      } else if (!part.isEmpty() && !part.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }
}
