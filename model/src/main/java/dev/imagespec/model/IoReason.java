package dev.imagespec.model;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a file cannot be read or written, for a message. Java's own texts are often nothing but the
 * path, or say how a decoder counts.
 */
public final class IoReason {
  /** The disk is full. */
  public static final String NO_SPACE = "no space is left on the disk";

  /** The user may not write more. */
  public static final String NO_QUOTA = "your disk quota is used up";

  private static final String MISSING = "it does not exist";
  private static final String DENIED = "you have no permission";
  private static final String NO_FOLDER = "it is not a folder";

  /** What the system says, in words that name the file. */
  private static final Map<String, String> SYSTEM =
      Map.ofEntries(
          Map.entry("No such file or directory", MISSING),
          Map.entry("Permission denied", DENIED),
          Map.entry("Operation not permitted", DENIED),
          Map.entry("Is a directory", "it is a folder"),
          Map.entry("Not a directory", "a part of its path is not a folder"),
          Map.entry("File name too long", "its name is too long"),
          Map.entry("Read-only file system", "its file system is read-only"),
          Map.entry("No space left on device", NO_SPACE),
          Map.entry("Disk quota exceeded", NO_QUOTA),
          Map.entry("Too many levels of symbolic links", "its links lead in a circle"),
          Map.entry("Exec format error", "it is not a program for this machine"));

  /** How classes older than {@link Path} say it. */
  private static final Pattern OLD = Pattern.compile("(?s)(.*) \\(([^()]+)\\)");

  /** How Java says that a program cannot be started. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?s)Cannot run program \"(.*?)\".*: error=\\d+, (.*)");

  private IoReason() {}

  /** The reason, with the path of the file if the exception knows it. */
  public static String of(Exception e) {
    return text(e, null);
  }

  /**
   * The reason.
   *
   * @param named the file that the message names already, so that the reason need not
   */
  public static String of(Exception e, Path named) {
    return text(e, named);
  }

  /** The reason without any path, for messages that must not show one. */
  public static String withoutPath(Exception e) {
    return inner(e) instanceof FileSystemException at ? reason(at) : text(e, null);
  }

  private static String text(Exception outer, @Nullable Path named) {
    Exception e = inner(outer);
    if (e instanceof FileSystemException at) {
      return about(at.getFile(), reason(at), named);
    }
    String message = e.getMessage();
    if (e instanceof FileNotFoundException && message != null) {
      Matcher old = OLD.matcher(message);
      return old.matches() ? about(old.group(1), said(old.group(2)), named) : message;
    }
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8";
    }
    if (message == null || message.isBlank()) {
      return e instanceof EOFException ? "it ends too early" : e.getClass().getSimpleName();
    }
    Matcher program = PROGRAM.matcher(message);
    return program.matches() ? ofProgram(program.group(1), said(program.group(2))) : said(message);
  }

  private static String ofProgram(String name, String reason) {
    return reason.equals(MISSING) && !name.contains("/")
        ? name + " is not on the PATH"
        : name + ": " + reason;
  }

  private static Exception inner(Exception e) {
    boolean isWrapped =
        e instanceof UncheckedIOException || e instanceof DirectoryIteratorException;
    return isWrapped && e.getCause() instanceof IOException cause ? cause : e;
  }

  private static String about(@Nullable String file, String reason, @Nullable Path named) {
    boolean isNamed =
        file == null || (named != null && absolute(Path.of(file)).equals(absolute(named)));
    return isNamed ? reason : file + ": " + reason;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return MISSING;
    }
    if (e instanceof AccessDeniedException) {
      return DENIED;
    }
    if (e instanceof NotDirectoryException) {
      return NO_FOLDER;
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "there is a file of this name already";
    }
    if (e instanceof FileSystemLoopException) {
      return "its links lead in a circle";
    }
    if (e instanceof NotLinkException) {
      return "it is not a link";
    }
    String reason = e.getReason();
    return reason == null || reason.isBlank() ? "the system says no reason" : said(reason);
  }

  private static String said(String reason) {
    return SYSTEM.getOrDefault(reason, reason);
  }
}
