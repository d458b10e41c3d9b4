package dev.imagespec.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
  public boolean isLink(String path) {
    return is(path, Files::isSymbolicLink);
  }

  @Override
  public void walk(String path, Predicate<String> enters, Predicate<String> visit)
      throws IOException {
    Path start = folder.resolve(path).normalize();
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
            if (!below.equals(start) && !enters.test(relative(below))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(below, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return visit.test(relative(file))
                ? FileVisitResult.CONTINUE
                : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(start)) {
              throw e;
            }
            if (isFolder(file) && !enters.test(relative(file))) {
              return FileVisitResult.CONTINUE;
            }
            throw new UncheckedIOException(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path below, @Nullable IOException e) {
            if (e != null) {
              throw new UncheckedIOException(e);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean isFolder(Path file) {
    return Files.isDirectory(file);
  }

  private String relative(Path file) {
    return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }
}
