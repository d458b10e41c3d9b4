package dev.imagespec.runtime.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The requirements files that say what a lock says, for every release of pip and uv: a file for
 * each index, with the hash of each file that may be installed.
 *
 * <p>Wheels are installed first, and then what may have to be built, so that what builds it is
 * there.
 */
public final class LockTexts {
  /** The start of the line that names the index of a file. */
  public static final String INDEX = "--index-url ";

  private static final String WHEELS_ALONE = "--only-binary :all:";

  private LockTexts() {}

  /**
   * What one command installs.
   *
   * @param builds whether packages may be built
   * @param index the URL of the index, or empty
   */
  private record Group(boolean builds, String index) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int order = Boolean.compare(builds, other.builds);
      return order == 0 ? index.compareTo(other.index) : order;
    }
  }

  /**
   * The texts by the names of the files, whose order is that of the commands.
   *
   * @param builds whether source distributions are built with what is installed
   * @param keepsIndexes whether packages come from the indexes that the lock names; else from those
   *     of the annotation
   */
  public static Map<String, String> of(PythonLock lock, boolean builds, boolean keepsIndexes) {
    Map<Group, TreeSet<String>> groups = new TreeMap<>();
    for (LockedPackage one : lock.packages()) {
      boolean isBuilt = builds && one.hasSource() && !one.hasUniversalWheel();
      Group group = new Group(isBuilt, keepsIndexes ? one.index() : "");
      groups.computeIfAbsent(group, key -> new TreeSet<>()).add(line(one, isBuilt));
    }
    Map<String, String> texts = new TreeMap<>();
    groups.forEach(
        (group, lines) -> {
          List<String> all = new ArrayList<>();
          if (!group.index.isEmpty()) {
            all.add(INDEX + group.index);
          }
          if (!group.builds) {
            all.add(WHEELS_ALONE);
          }
          all.addAll(lines);
          String name = String.format(Locale.ROOT, "%05d.txt", texts.size() + 1);
          texts.put(name, String.join("\n", all) + "\n");
        });
    return texts;
  }

  private static String line(LockedPackage one, boolean isBuilt) {
    String what =
        one.archive().isEmpty()
            ? one.name() + "==" + one.version()
            : one.name() + " @ " + one.archive();
    String marker = one.marker().toString();
    String hashes =
        hashes(one, isBuilt).stream()
            .sorted()
            .distinct()
            .map(hash -> " --hash=" + hash)
            .collect(Collectors.joining());
    return what + (marker.isEmpty() ? "" : " ; " + marker) + hashes;
  }

  /** Of files that cannot be installed, the hashes stay out, unless there are no others. */
  private static List<String> hashes(LockedPackage one, boolean isBuilt) {
    List<String> usable =
        one.files().stream()
            .filter(file -> file.isWheel() ? WheelName.parse(file.name()).isForLinux() : isBuilt)
            .map(LockedFile::hash)
            .toList();
    return usable.isEmpty() ? one.files().stream().map(LockedFile::hash).toList() : usable;
  }
}
