package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Printable;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A class path with the jars that its jars name in the {@code Class-Path} of their manifests, each
 * once and right after the jar that names it first, as {@code java} searches them.
 *
 * <p>Whoever made a jar decides what it names, and images contain what is found. So a jar reaches
 * jars below its own folder and entries of the class path, and nothing else: what else it names is
 * not even looked at.
 *
 * @param entries folders and jars, in order
 * @param passedOver what jars name beyond that
 */
record FollowedClassPath(List<Path> entries, List<PassedOver> passedOver) {
  private static final int MOST_SHOWN = 3;
  private static final int MOST_CHARACTERS = 80;
  private static final String SCHEME = "file:";

  /**
   * An entry of a manifest that is not followed.
   *
   * @param jar the jar
   * @param entry the entry, as it is written
   */
  record PassedOver(Path jar, String entry) {
    private String shown() {
      return Printable.value(Printable.start(entry, MOST_CHARACTERS)) + " in " + jar;
    }
  }

  FollowedClassPath {
    entries = List.copyOf(entries);
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Follows the manifests of a class path's jars.
   *
   * @param given the class path; absolute and normalized
   * @param attributes what manifests say
   * @throws ImageSpecException if one of these entries cannot be read, or a manifest is too large
   */
  static FollowedClassPath of(List<Path> given, ClassPathAttributes attributes) {
    Set<Path> named = Set.copyOf(given);
    Set<Path> all = new LinkedHashSet<>();
    Set<PassedOver> passedOver = new LinkedHashSet<>();
    Deque<Path> next = new ArrayDeque<>(given);
    while (!next.isEmpty()) {
      Path entry = next.pop();
      if (all.contains(entry)) {
        continue;
      }
      List<Path> found = new ArrayList<>();
      try {
        if (!Files.isDirectory(entry)) {
          for (String text : new LinkedHashSet<>(attributes.of(entry))) {
            Optional<Path> target = target(entry, text);
            if (target.isEmpty() || !isReachable(entry, target.get(), named)) {
              passedOver.add(new PassedOver(entry, text));
            } else if (isThere(target.get(), named)) {
              found.add(0, target.get());
            }
          }
        }
      } catch (IOException e) {
        if (named.contains(entry)) {
          throw ManifestFinder.unreadable(entry, e);
        }
        // java ignores what a manifest names, too, if it is no jar.
        continue;
      }
      all.add(entry);
      found.forEach(next::push);
    }
    return new FollowedClassPath(List.copyOf(all), List.copyOf(passedOver));
  }

  /**
   * The file that {@code java} would look for: the entry is a URL, relative to the jar's. Empty if
   * it is none of this machine's.
   */
  private static Optional<Path> target(Path jar, String entry) {
    boolean isFile = entry.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String path = isFile ? entry.substring(SCHEME.length()) : entry;
    if (!isFile && path.indexOf(':') >= 0) {
      return Optional.empty();
    }
    if (path.startsWith("//")) {
      if (!path.startsWith("///")) {
        return Optional.empty();
      }
      path = path.substring(2);
    }
    int fragment = path.indexOf('#');
    try {
      // A plus sign stands for itself in a path, not for a space as in a form.
      String decoded =
          URLDecoder.decode(
              (fragment < 0 ? path : path.substring(0, fragment)).replace("+", "%2B"),
              StandardCharsets.UTF_8);
      return Optional.of(jar.resolveSibling(decoded).normalize());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether it is an entry of the class path, or a jar below the jar's own folder. Documents are
   * zip files, too, so the name decides.
   */
  private static boolean isReachable(Path jar, Path target, Set<Path> named) throws IOException {
    if (named.contains(target)) {
      return true;
    }
    Path folder = jar.resolveSibling("");
    if (target.equals(folder) || !target.startsWith(folder)) {
      return false;
    }
    return !Files.exists(target)
        || (ClassPath.isNamedJar(target)
            && !Files.isDirectory(target)
            && target.toRealPath().startsWith(folder.toRealPath()));
  }

  private static boolean isThere(Path target, Set<Path> named) {
    return named.contains(target) || Files.isRegularFile(target);
  }

  /** A note about all entries that were passed over, one sentence; empty if there are none. */
  static Optional<String> note(Collection<PassedOver> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    String more = all.size() > MOST_SHOWN ? " and " + (all.size() - MOST_SHOWN) + " more" : "";
    return Optional.of(
        "passed over in the Class-Path of jars, and not read, since a jar reaches only jars below its"
            + " own folder: "
            + String.join(", ", all.stream().limit(MOST_SHOWN).map(PassedOver::shown).toList())
            + more
            + "; if programs need them, add them with --classpath");
  }
}
