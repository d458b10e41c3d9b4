package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImagePath;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A jar or WAR whose entries go into an image as files. It may come from anywhere: names, numbers
 * and sizes are checked before anything of it is used, and its entries are read piece by piece.
 */
final class ApplicationArchive implements AutoCloseable {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final int MOST_ENTRIES = 100_000;
  private static final long MOST_BYTES = 16L << 30;

  /** The largest manifest or index. */
  private static final int MOST_TEXT = 1 << 20;

  private static final int MOST_NAME = 255;
  private static final int MOST_PATH = 3_000;

  private final Path file;
  private final ZipFile zip;
  private final SortedMap<String, ZipEntry> files = new TreeMap<>();
  private final Set<String> folders = new TreeSet<>();

  private ApplicationArchive(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
  }

  /**
   * Opens an archive and checks its directory.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is none, or has
   *     something that no image can get
   */
  static ApplicationArchive open(Path file) {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    ApplicationArchive archive = new ApplicationArchive(file, zip);
    try {
      archive.list();
      return archive;
    } catch (ImageSpecException e) {
      archive.close();
      throw e;
    }
  }

  private void list() {
    if (zip.size() > MOST_ENTRIES) {
      throw refused("has more than " + MOST_ENTRIES + " entries");
    }
    long bytes = 0;
    for (ZipEntry entry : zip.stream().<ZipEntry>map(one -> one).toList()) {
      String name = entry.getName();
      boolean isFolder = name.endsWith("/");
      String path = isFolder ? name.substring(0, name.length() - 1) : name;
      if (!isPath(path)) {
        throw refused(
            "has the entry \""
                + Printable.value(Printable.start(name, 300))
                + "\", which is no path");
      }
      if (ImagePath.deletesFiles(path)) {
        throw refused("has the entry " + path + ", which would delete files of the base");
      }
      if (isFolder) {
        folders.add(path);
        continue;
      }
      if (files.put(path, entry) != null) {
        throw refused("has the entry " + path + " twice");
      }
      bytes += Math.max(0, entry.getSize());
      if (entry.getSize() < 0 || bytes > MOST_BYTES) {
        throw refused("unpacks to more than " + (MOST_BYTES >> 30) + " GiB");
      }
    }
    requireNoFileAbove();
    folders.removeIf(folder -> !isEmpty(folder));
  }

  private static boolean isPath(String path) {
    List<String> parts = Arrays.asList(path.split("/", -1));
    return path.codePoints().allMatch(Printable::isPrintable)
        && !path.contains("\\")
        && bytes(path) <= MOST_PATH
        && parts.stream()
            .noneMatch(
                part ->
                    part.isEmpty()
                        || part.equals(".")
                        || part.equals("..")
                        || bytes(part) > MOST_NAME);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A file that is a folder, too, would be one or the other by chance. */
  private void requireNoFileAbove() {
    List<String> paths = new ArrayList<>(files.keySet());
    paths.addAll(folders);
    for (String path : paths) {
      for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        if (files.containsKey(path.substring(0, end))) {
          throw refused("has " + path.substring(0, end) + " as a file and as a folder");
        }
      }
      if (folders.contains(path) && files.containsKey(path)) {
        throw refused("has " + path + " as a file and as a folder");
      }
    }
  }

  /** Whether nothing is below a folder. */
  private boolean isEmpty(String folder) {
    Iterator<String> below = files.tailMap(folder + "/").keySet().iterator();
    return !below.hasNext() || !below.next().startsWith(folder + "/");
  }

  /** The paths of its files, sorted. */
  Set<String> files() {
    return files.keySet();
  }

  /** The paths of folders without files in them. */
  Set<String> emptyFolders() {
    return folders;
  }

  /** Whether it has a file below a folder. */
  boolean hasFolder(String folder) {
    return !isEmpty(folder);
  }

  /** The main attributes of its manifest; none if it has no manifest. */
  Attributes attributes() {
    Optional<byte[]> manifest = small(MANIFEST);
    try {
      return manifest.isEmpty()
          ? new Attributes()
          : new Manifest(new ByteArrayInputStream(manifest.get())).getMainAttributes();
    } catch (IOException e) {
      throw refused("has a manifest that cannot be read: " + IoReason.of(e, file));
    }
  }

  /** The text of a small file; empty if there is none. */
  Optional<String> text(String path) {
    return small(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private Optional<byte[]> small(String path) {
    ZipEntry entry = files.get(path);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MOST_TEXT + 1);
      if (bytes.length > MOST_TEXT) {
        throw refused("has a " + path + " of more than " + MOST_TEXT + " bytes");
      }
      return Optional.of(bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  Path file() {
    return file;
  }

  /**
   * What is to know of a file's content.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} also if it is a jar that holds
   *     a registration's record: an image cannot contain its own digest
   */
  Sum sum(String path) {
    ZipEntry entry = zip.getEntry(path);
    MessageDigest sha256 = Digest.sha256();
    RecordSearch search = new RecordSearch();
    long bytes = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        search.add(buffer, n);
        bytes += n;
        if (bytes > entry.getSize()) {
          throw refused("has " + path + " larger than its directory says");
        }
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (path.endsWith(".jar") && search.isFound()) {
      throw ClassPathLayers.recordIn(file + " has " + path + ", which");
    }
    return new Sum(Digest.ofHash(sha256.digest()), bytes);
  }

  private ImageSpecException refused(String what) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE, file + " " + what + "; no image can get it. Build it again.");
  }

  private static ImageSpecException unreadable(Path file, IOException e) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE,
        file + " is no jar or WAR that can be read: " + IoReason.of(e, file) + ". Build it again.",
        e);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
