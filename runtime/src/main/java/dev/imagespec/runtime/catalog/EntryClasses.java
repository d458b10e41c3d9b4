package dev.imagespec.runtime.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The class files of entries of a class path, each entry read once. */
final class EntryClasses {
  private final Map<Path, List<ClassFile>> known = new HashMap<>();

  /**
   * What the class files of a folder or jar say, sorted by name; those that cannot be parsed are
   * left out.
   *
   * @throws dev.imagespec.runtime.ImageSpecException if the entry cannot be read
   */
  List<ClassFile> of(Path entry) {
    return known.computeIfAbsent(entry, EntryClasses::read);
  }

  private static List<ClassFile> read(Path entry) {
    List<ClassFile> all = new ArrayList<>();
    try (EntryFiles files = EntryFiles.open(entry)) {
      for (String name : files.classes()) {
        String binary = name.substring(0, name.length() - EntryFiles.CLASS.length());
        Optional<byte[]> bytes = files.readClass(binary);
        bytes.flatMap(ClassFile::parse).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw ManifestFinder.unreadable(entry, e);
    }
    return List.copyOf(all);
  }
}
