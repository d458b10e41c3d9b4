package dev.imagespec.dockerfile;

import dev.imagespec.model.FilePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which files of its context a Dockerfile reads: those that COPY, ADD and mounts of RUN name.
 *
 * @param list the sources, in their order
 */
public record ContextSources(List<Source> list) {
  /** All of the context. */
  public static final ContextSources ALL = new ContextSources(List.of(Source.of(0, "")));

  public ContextSources {
    list = List.copyOf(list);
  }

  /**
   * A source of an instruction.
   *
   * @param line the line on which the instruction starts
   * @param path its path in the context, or a pattern; empty for all of the context
   * @param names the path's names as patterns
   */
  public record Source(int line, String path, List<FilePattern> names) {
    public Source {
      names = List.copyOf(names);
    }

    /** A source, by its path without {@code .} and {@code ..}; empty for all of the context. */
    static Source of(int line, String path) {
      List<FilePattern> names = new ArrayList<>();
      if (!path.isEmpty()) {
        for (String name : path.split("/", -1)) {
          names.add(FilePattern.ofName(name));
        }
      }
      return new Source(line, path, names);
    }

    /** Whether the path is one file's or folder's, as it is written. */
    boolean isLiteral() {
      return path.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
    }

    private boolean fits(String[] at, boolean partly) {
      if (!partly && at.length < names.size()) {
        return false;
      }
      for (int i = 0; i < names.size() && i < at.length; i++) {
        if (!names.get(i).matches(at[i])) {
          return false;
        }
      }
      return true;
    }
  }

  /** Whether a file or folder is read: it is a source, or in one. */
  public boolean reads(String path) {
    String[] at = path.split("/", -1);
    return list.stream().anyMatch(source -> source.fits(at, false));
  }

  /** Whether anything in a folder may be read. */
  public boolean mayReadIn(String folder) {
    String[] at = folder.split("/", -1);
    return list.stream().anyMatch(source -> source.fits(at, true));
  }

  /** Whether a source is this path, or leads through it. */
  public boolean readsThrough(String path) {
    String[] at = path.split("/", -1);
    return list.stream()
        .anyMatch(source -> source.names().size() >= at.length && source.fits(at, true));
  }

  /** The paths of files and folders that instructions name, so that they are meant. */
  public List<String> literals() {
    return list.stream().filter(Source::isLiteral).map(Source::path).toList();
  }

  /**
   * The first file or folder that an instruction names, and that is none of these.
   *
   * @param paths the files and folders that there are, those in folders included
   */
  public Optional<Source> missing(Set<String> paths) {
    return list.stream()
        .filter(source -> source.isLiteral() && !source.path().isEmpty())
        .filter(source -> !paths.contains(source.path()) && !hasBelow(paths, source.path()))
        .findFirst();
  }

  private static boolean hasBelow(Set<String> paths, String folder) {
    return paths.stream().anyMatch(path -> path.startsWith(folder + "/"));
  }
}
