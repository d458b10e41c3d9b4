package dev.imagespec.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A project directory in the machine's file system. */
final class DiskDirectory implements ProjectDirectory {
  private final Path folder;

  DiskDirectory(Path folder) {
    this.folder = folder.normalize();
  }

  @Override
  public boolean exists(String path) {
    return is(path, Files::exists);
  }

  @Override
  public boolean isFile(String path) {
    return is(path, Files::isRegularFile);
  }

  private boolean is(String path, Predicate<Path> fact) {
    try {
      return fact.test(folder.resolve(path));
    } catch (InvalidPathException e) {
      // This file system cannot have a file with such a name.
      return false;
    }
  }

  @Override
  public boolean isInside(String path) throws IOException {
    Path file = folder.resolve(path);
    return (Files.isSymbolicLink(file) && !Files.exists(file))
        || file.toRealPath().startsWith(folder.toRealPath());
  }

  @Override
  public byte[] read(String path, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(path))) {
      return in.readNBytes(limit);
    }
  }

  @Override
  public void walk(String path, Predicate<String> visit) throws IOException {
    try (Stream<Path> tree = Files.walk(folder.resolve(path).normalize())) {
      boolean unused = tree.map(this::relative).allMatch(visit);
    }
  }

  private String relative(Path file) {
    return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }
}
