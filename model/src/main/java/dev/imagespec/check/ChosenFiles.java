package dev.imagespec.check;

import dev.imagespec.model.FilePattern;
import dev.imagespec.model.FileSelection;
import dev.imagespec.model.IgnoreFile;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.ProjectPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files that a copy takes, by its patterns, while they are looked at. */
final class ChosenFiles {
  /** How many files and folders are looked at to find out which pattern was meant. */
  private static final int MOST_LOOKED_AT = 10_000;

  private final Spec.Copy copy;
  private final String folder;
  private final IgnoreFile ignoreFile;
  private final FileSelection selection;
  private boolean isAnyLeft;

  /** Patterns that choose a file or its mode, and that no taken file has matched so far. */
  private final Map<Located<String>, FilePattern> unused = new LinkedHashMap<>();

  private ChosenFiles(Spec.Copy copy, String folder, IgnoreFile ignoreFile) {
    this.copy = copy;
    this.folder = folder;
    this.ignoreFile = ignoreFile;
    this.selection =
        FileSelection.of(folder, values(copy.include()), values(copy.exclude()), ignoreFile);
    Stream.concat(copy.include().stream(), copy.modes().stream().map(Spec.Mode::pattern))
        .forEach(pattern -> unused.put(pattern, FilePattern.parse(pattern.value())));
  }

  /**
   * Checks the patterns of a copy.
   *
   * @return what they choose; empty if they are wrong, or choose nothing that is known here
   */
  static Optional<ChosenFiles> of(
      Spec.Copy copy, Optional<ProjectDirectory> project, Problems problems) {
    List<Located<String>> patterns = new ArrayList<>(copy.include());
    patterns.addAll(copy.exclude());
    copy.modes().forEach(mode -> patterns.add(mode.pattern()));
    int before = problems.list().size();
    patterns.forEach(pattern -> problems.parse(Message.PATTERN, pattern, FilePattern::parse));
    Optional<IgnoreFile> ignoreFile = ignoreFile(copy.ignoreFile(), project, problems);
    boolean isRight = problems.list().size() == before;
    if (project.filter(dir -> dir.isFile(copy.from().value())).isPresent()) {
      choosing(copy)
          .findFirst()
          .ifPresent(at -> problems.add(Message.PATTERN_OF_FILE, at, copy.from().value()));
      isRight &= !copy.hasPatterns();
    }
    return isRight && CopyCheck.isInside(copy.from())
        ? Optional.of(
            new ChosenFiles(
                copy,
                ProjectPath.normal(copy.from().value()).orElse(""),
                ignoreFile.orElse(IgnoreFile.NONE)))
        : Optional.empty();
  }

  private static Stream<Located<String>> choosing(Spec.Copy copy) {
    return Stream.of(
            copy.include().stream(),
            copy.exclude().stream(),
            copy.modes().stream().map(Spec.Mode::pattern),
            Stream.of(copy.ignoreFile()).filter(file -> !file.value().isEmpty()))
        .flatMap(texts -> texts);
  }

  private static Optional<IgnoreFile> ignoreFile(
      Located<String> file, Optional<ProjectDirectory> project, Problems problems) {
    if (file.value().isEmpty()) {
      return Optional.empty();
    }
    if (!CopyCheck.isInside(file)) {
      problems.add(Message.IGNORE_FILE_PATH, file);
      return Optional.empty();
    }
    try {
      return project.map(dir -> IgnoreFile.read(dir, file.value()));
    } catch (IllegalArgumentException e) {
      problems.add(Message.IGNORE_FILE, file, e.getMessage());
      return Optional.empty();
    }
  }

  private static List<String> values(List<Located<String>> texts) {
    return texts.stream().map(Located::value).toList();
  }

  /** The place of what is copied. */
  Located<String> from() {
    return copy.from();
  }

  /** Whether a folder of the project may have a file that is taken. */
  boolean mayHave(String path) {
    return selection.isAll() || selection.mayTakeBelow(name(path));
  }

  /** Whether a file or folder of the project is taken, or may be: a link is not followed here. */
  boolean takes(ProjectDirectory dir, String path) {
    if (path.equals(folder) || (selection.isAll() && unused.isEmpty())) {
      return true;
    }
    boolean isFile = dir.isFile(path);
    boolean isTaken =
        isFile
            ? selection.takes(name(path))
            : dir.isLink(path) && selection.mayTakeBelow(name(path));
    if (isTaken) {
      isAnyLeft = true;
      unused
          .values()
          .removeIf(
              pattern -> isFile ? pattern.matches(name(path)) : pattern.mayMatchBelow(name(path)));
    }
    return isTaken || selection.isAll();
  }

  private String name(String path) {
    return folder.isEmpty() || path.length() <= folder.length()
        ? path
        : path.substring(folder.length() + 1);
  }

  /** Reports that no file was taken, or none by a pattern that chooses. */
  void unused(ProjectDirectory dir, Problems problems) {
    if (isAnyLeft || selection.isAll()) {
      unused
          .keySet()
          .forEach(pattern -> problems.add(Message.UNUSED_PATTERN, pattern, copy.from().value()));
      return;
    }
    Located<String> where = choosing(copy).findFirst().orElse(copy.from());
    Optional<String> meant = meant(dir);
    if (meant.isPresent()) {
      problems.add(Message.NOTHING_COPIED_MEANT, where, copy.from().value(), meant.get());
    } else {
      problems.add(Message.NOTHING_COPIED, where, copy.from().value());
    }
  }

  /** The pattern that was probably meant by the first one: one that takes something. */
  private Optional<String> meant(ProjectDirectory dir) {
    if (copy.include().isEmpty()) {
      return Optional.empty();
    }
    List<String> names = names(dir);
    String pattern = copy.include().get(0).value();
    String last = folder.substring(folder.lastIndexOf('/') + 1);
    List<String> candidates = new ArrayList<>();
    for (String above : List.of(folder + "/", last + "/")) {
      if (pattern.startsWith(above)) {
        candidates.add(pattern.substring(above.length()));
      }
    }
    candidates.add("**/" + pattern);
    candidates.add("**/*" + pattern);
    return candidates.stream()
        .filter(one -> !one.isEmpty() && names.stream().anyMatch(taking(one)::takes))
        .findFirst();
  }

  private List<String> names(ProjectDirectory dir) {
    List<String> names = new ArrayList<>();
    int[] seen = {0};
    try {
      dir.walk(
          copy.from().value(),
          path -> true,
          path -> {
            if (dir.isFile(path)) {
              names.add(name(path));
            }
            return ++seen[0] < MOST_LOOKED_AT;
          });
      return names;
    } catch (IOException | UncheckedIOException e) {
      // What was seen so far is enough to guess from; no file of it is read.
      return names;
    }
  }

  private FileSelection taking(String pattern) {
    return FileSelection.of(folder, List.of(pattern), values(copy.exclude()), ignoreFile);
  }
}
