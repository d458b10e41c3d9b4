package dev.imagespec.runtime.compose;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.Digest;
import dev.imagespec.model.IgnoreFile;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.resolve.OpenArchives;
import dev.imagespec.runtime.resolve.PayloadFiles;
import dev.imagespec.runtime.resolve.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a task's build context: the Dockerfile from its manifest, its build arguments, and the
 * files that it copies, with the modes that they get in the image.
 */
public final class BuildContext {
  /** The file with the build arguments, one {@code NAME=value} per line. */
  public static final String ARGUMENTS = "build-args";

  /** The folder with the context of a Dockerfile of the project. */
  static final String CONTEXT = "context";

  private BuildContext() {}

  /**
   * Checks that a context can be written to a folder: it is missing or empty.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is not
   */
  public static void requireRoom(Path folder) {
    NewFolder.require(folder);
  }

  /**
   * Writes the context into a folder, which must be missing or empty, and is so again if that
   * fails.
   *
   * @param manifest the task's manifest
   * @param base the base by digest; empty for {@code scratch}
   * @param baseUser the base's user, possibly an empty text; absent if the Dockerfile does not use
   *     it
   * @param steps what the environment's steps execute, with the files that they read
   */
  public static void write(
      Path folder,
      Manifest manifest,
      Optional<ImageReference> base,
      Optional<String> baseUser,
      PayloadFiles files,
      Steps steps) {
    try {
      NewFolder.fill(folder, () -> fill(folder, manifest, base, baseUser, files, steps));
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /**
   * Writes the context of a task whose image stands on what a Dockerfile of the project builds: the
   * folder {@code environment} has that Dockerfile, with the digests of its images, and its
   * context.
   *
   * @param folder the folder to write to, which must be missing or empty
   */
  public static void write(
      Path folder, Manifest manifest, Base.OfDockerfile own, PayloadFiles files) {
    OwnBuild build = new OwnBuild(own);
    try {
      NewFolder.fill(
          folder,
          () -> {
            fill(folder, manifest, Optional.of(build.name()), Optional.empty(), files, Steps.NONE);
            writeOwn(
                folder.resolve(Dockerfile.ENVIRONMENT), build.exported(), own.recipe().context());
          });
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private static void fill(
      Path folder,
      Manifest manifest,
      Optional<ImageReference> base,
      Optional<String> baseUser,
      PayloadFiles files,
      Steps steps)
      throws IOException {
    write(folder.resolve(Dockerfile.FILE), Dockerfile.of(manifest));
    StringBuilder arguments = new StringBuilder();
    base.ifPresent(reference -> append(arguments, Dockerfile.BASE_IMAGE, reference));
    baseUser.ifPresent(user -> append(arguments, Dockerfile.BASE_USER, user));
    write(folder.resolve(ARGUMENTS), arguments);
    for (ClassPathFolder top : ClassPathFolder.values()) {
      folder(folder.resolve(top.folderName()));
    }
    steps(folder, steps);
    for (Layer layer : files.classPath()) {
      layer.entries().forEach(entry -> putClassPath(folder, layer, entry));
    }
    application(folder.resolve(Dockerfile.APPLICATION), files.application());
    if (Dockerfile.packsCopies(manifest)) {
      ContextArchive.write(
          folder.resolve(Dockerfile.COPIES_ARCHIVE),
          LayerEntry.withFoldersAbove(files.copied()).values());
      return;
    }
    Path copies = folder.resolve(Dockerfile.COPIES);
    for (int n = 0; n < files.copies().size(); n++) {
      Path root = copies.resolve(Integer.toString(n));
      folder(copies);
      folder(root);
      files.copies().get(n).values().forEach(entry -> put(root, entry.path(), entry));
    }
  }

  private static void application(Path root, List<Layer> layers) throws IOException {
    if (!layers.isEmpty()) {
      folder(root);
    }
    try (OpenArchives archives = new OpenArchives()) {
      for (Layer layer : layers) {
        layer.entries().forEach(entry -> put(root, entry.path(), entry, archives));
      }
    }
  }

  /**
   * Writes only what the stage of the environment reads, and nothing of the payload.
   *
   * @param folder the folder to write to; created if it is missing
   * @param manifest the task's manifest
   * @param steps what the steps execute, with the files that they read
   */
  static void writeEnvironment(Path folder, Manifest manifest, Steps steps) throws IOException {
    folder(folder);
    write(folder.resolve(Dockerfile.FILE), Dockerfile.of(manifest));
    steps(folder, steps);
  }

  private static void steps(Path folder, Steps steps) throws IOException {
    requirements(folder, steps.requirements());
    if (!steps.files().isEmpty()) {
      ContextArchive.write(folder.resolve(Dockerfile.STEP_FILES_ARCHIVE), steps.files().entries());
    }
  }

  /**
   * Writes what is built from a Dockerfile of the project: {@code Dockerfile}, and beside it its
   * context, which has the files that the Dockerfile reads and nothing else.
   *
   * @param folder the folder to write to; created if it is missing
   * @param text the Dockerfile's text
   * @param context the files
   */
  static void writeOwn(Path folder, String text, Layer context) throws IOException {
    folder(folder);
    write(folder.resolve(Dockerfile.FILE), text);
    // Nothing is kept out twice.
    write(folder.resolve(Dockerfile.FILE + IgnoreFile.NAME), "");
    Path own = folder.resolve(CONTEXT);
    folder(own);
    context.entries().forEach(entry -> put(own, entry.path(), entry));
  }

  private static void requirements(Path folder, Map<String, String> requirements)
      throws IOException {
    Path own = folder.resolve(Step.Pip.CONTEXT_FOLDER);
    folder(own);
    for (Map.Entry<String, String> file : requirements.entrySet()) {
      Path path = child(own, file.getKey());
      write(path, file.getValue());
      setMode(path, "644");
    }
  }

  private static void append(StringBuilder arguments, String name, Object value) {
    arguments.append(name).append('=').append(value).append('\n');
  }

  /**
   * Puts an entry of the class path into its layer's folder, under its whole path, so that a layer
   * without entries adds no folder to the image.
   */
  private static void putClassPath(Path context, Layer layer, LayerEntry entry) {
    if (entry.path().equals(ClassPathFolder.ARGUMENT_FILE)) {
      put(context, ClassPathFolder.ARGUMENT_FILE_NAME, entry);
    } else {
      put(context.resolve(layer.contextFolder().folderName()), entry.path(), entry);
    }
  }

  private static void put(Path root, String path, LayerEntry entry) {
    try (OpenArchives archives = new OpenArchives()) {
      put(root, path, entry, archives);
    }
  }

  private static void put(Path root, String path, LayerEntry entry, OpenArchives archives) {
    Path file = root;
    try {
      for (String part : path.split("/", -1)) {
        if (!part.isEmpty()) {
          folder(file);
          file = child(file, part);
        }
      }
      if (entry.content() instanceof Content.Folder) {
        folder(file);
        return;
      }
      if (entry.content() instanceof Content.Link link) {
        Files.createSymbolicLink(file, file.getFileSystem().getPath(link.target()));
        return;
      }
      if (entry.content() instanceof Content.OfFile content) {
        copy(content, file);
      } else if (entry.content() instanceof Content.OfEntry packed) {
        archives.copy(packed, file);
      } else if (entry.content() instanceof Content.OfText text) {
        write(file, text.text());
      }
      setMode(file, entry.mode());
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Copies a file.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it has changed since its
   *     digest was computed
   */
  private static void copy(Content.OfFile content, Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(content.path()), sha256)) {
      Files.copy(in, file);
    }
    if (!Digest.ofHash(sha256.digest()).equals(content.digest())) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE, content.path() + " changed while it was read. Try again.");
    }
  }

  /**
   * What is in a folder under a name.
   *
   * @throws IOException if the name leads anywhere else
   */
  private static Path child(Path folder, String name) throws IOException {
    Path child = folder.resolve(name);
    if (name.equals("..") || name.equals(".") || !folder.equals(child.getParent())) {
      throw new IOException("\"" + Printable.value(name) + "\" is no name of a file in it");
    }
    return child;
  }

  /** Writes a new file, so that none is replaced and no link followed. */
  private static void write(Path file, CharSequence text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Creates a folder with the mode that folders have in images, whatever the process's umask is. A
   * link to one is none.
   */
  private static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder);
      setMode(folder, "755");
    }
  }

  private static void setMode(Path file, String mode) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(symbolic(Integer.parseInt(mode, 8))));
    }
  }

  /** Converts {@code 0644} to {@code rw-r--r--}. */
  private static String symbolic(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
    }
    return text.toString();
  }

  private static ImageSpecException unwritable(Path file, IOException e) {
    return new ImageSpecException(
        FailureCode.LOCAL_IO, file + " cannot be written: " + IoReason.of(e, file) + ".", e);
  }
}
