package dev.imagespec.model;

import java.util.List;

/** Which files of a folder a copy takes. */
public final class FileSelection {
  /** Everything. */
  public static final FileSelection ALL = of("", List.of(), List.of(), IgnoreFile.NONE);

  private final String start;
  private final List<FilePattern> include;
  private final List<FilePattern> exclude;
  private final IgnoreFile ignoreFile;

  private FileSelection(
      String start, List<FilePattern> include, List<FilePattern> exclude, IgnoreFile ignoreFile) {
    this.start = start;
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    this.ignoreFile = ignoreFile;
  }

  /**
   * What patterns leave of a folder.
   *
   * @param folder the folder's normal path in the project directory
   * @param include patterns of what to take; empty for everything
   * @param exclude patterns of what to leave out
   * @throws IllegalArgumentException if a pattern is wrong
   */
  public static FileSelection of(
      String folder, List<String> include, List<String> exclude, IgnoreFile ignoreFile) {
    return new FileSelection(folder, parsed(include), parsed(exclude), ignoreFile);
  }

  private static List<FilePattern> parsed(List<String> patterns) {
    return patterns.stream().map(FilePattern::parse).toList();
  }

  /** Whether it takes everything, folders without a file, too. */
  public boolean isAll() {
    return include.isEmpty() && exclude.isEmpty() && ignoreFile.isEmpty();
  }

  /**
   * Whether it takes a file.
   *
   * @param name the file's path below the folder
   */
  public boolean takes(String name) {
    return (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matches(name)))
        && exclude.stream().noneMatch(pattern -> pattern.matches(name))
        && !ignoreFile.leavesOut(inProject(name));
  }

  /**
   * Whether it could take a file in a folder. If not, nobody needs to look into that folder.
   *
   * @param name the folder's path below the folder
   */
  public boolean mayTakeBelow(String name) {
    return (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.mayMatchBelow(name)))
        && exclude.stream().noneMatch(pattern -> pattern.matches(name))
        && !ignoreFile.leavesOutAllOf(inProject(name));
  }

  private String inProject(String name) {
    return start.isEmpty() ? name : start + "/" + name;
  }
}
