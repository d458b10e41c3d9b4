package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IoReasonTest {
  private static final Path FILE = Path.of("/a/f");

  static List<Arguments> reasons() {
    return List.of(
        arguments(new NoSuchFileException("/a/f"), "it does not exist"),
        arguments(new AccessDeniedException("/a/f"), "you have no permission"),
        arguments(new NotDirectoryException("/a/f"), "it is not a folder"),
        arguments(new DirectoryNotEmptyException("/a/f"), "the folder is not empty"),
        arguments(new FileAlreadyExistsException("/a/f"), "there is a file of this name already"),
        arguments(new FileSystemLoopException("/a/f"), "its links lead in a circle"),
        arguments(new NotLinkException("/a/f"), "it is not a link"),
        arguments(new FileSystemException("/a/f"), "the system says no reason"),
        arguments(
            new FileSystemException("/a/f", null, "Not a directory"),
            "a part of its path is not a folder"),
        arguments(
            new FileSystemException("/a/f", null, "it is larger than 5 bytes"),
            "it is larger than 5 bytes"),
        arguments(new NoSuchFileException("/a/./g/../f"), "it does not exist"),
        arguments(new AccessDeniedException("/a"), "/a: you have no permission"),
        arguments(new FileNotFoundException("/a/f (Permission denied)"), "you have no permission"),
        arguments(
            new FileNotFoundException("/b (1) (No such file or directory)"),
            "/b (1): it does not exist"),
        arguments(new FileNotFoundException("nowhere"), "nowhere"),
        arguments(new IOException("Is a directory"), "it is a folder"),
        arguments(new IOException("No space left on device"), "no space is left on the disk"),
        arguments(new IOException("zip END header not found"), "zip END header not found"),
        arguments(
            new IOException("Cannot run program \"buildah\": error=2, No such file or directory"),
            "buildah is not on the PATH"),
        arguments(
            new IOException("Cannot run program \"/a/b\": error=13, Permission denied"),
            "/a/b: you have no permission"),
        arguments(new IOException(), "IOException"),
        arguments(new EOFException(), "it ends too early"),
        arguments(new MalformedInputException(1), "it is not UTF-8"),
        arguments(new UncheckedIOException(new NoSuchFileException("/a/f")), "it does not exist"),
        arguments(
            new DirectoryIteratorException(new AccessDeniedException("/a/f")),
            "you have no permission"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void saysTheReasonAndNoPathTwice(Exception e, String reason) {
    assertThat(IoReason.of(e, FILE)).isEqualTo(reason);
  }

  @Test
  void namesTheFileIfTheMessageDoesNot() {
    assertThat(IoReason.of(new NoSuchFileException("/a/f"))).isEqualTo("/a/f: it does not exist");
  }

  /** What this machine's Java throws, not what a test makes of it. */
  @Test
  void knowsWhatTheSystemSays(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThat(reasonOf(dir.resolve("nothing"))).isEqualTo("it does not exist");
    assertThat(reasonOf(dir)).isEqualTo("it is a folder");
    assertThat(reasonOf(file.resolve("below"))).isEqualTo("a part of its path is not a folder");
    assertThat(reasonOf(dir.resolve("x".repeat(300)))).isEqualTo("its name is too long");
  }

  private static String reasonOf(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      throw new IllegalStateException("it has " + bytes.length + " bytes");
    } catch (IOException e) {
      return IoReason.of(e, file);
    }
  }
}
