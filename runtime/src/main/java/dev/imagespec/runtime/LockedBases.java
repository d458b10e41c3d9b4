package dev.imagespec.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code lock} found: what every base image of the tasks stands for now, and stood for before.
 *
 * @param file the lock
 * @param written whether it changed
 * @param bases the base images, in the order of the tasks
 * @param others references in the lock that no task has as its base; they stay as they are
 */
public record LockedBases(Path file, boolean written, List<Base> bases, List<String> others) {
  public LockedBases {
    bases = List.copyOf(bases);
    others = List.copyOf(others);
  }

  /**
   * A base image. Its text is one line for people.
   *
   * @param reference the reference in its normal form
   * @param digest the digest that it stands for now
   * @param before the digest that the lock had; empty if it had none
   * @param since the day on which the lock got the digest that it had, such as {@code 2026-11-02};
   *     empty if that is not known
   */
  public record Base(String reference, String digest, String before, String since) {
    /** Whether the lock had another digest, or none. */
    public boolean isChanged() {
      return !digest.equals(before);
    }

    @Override
    public String toString() {
      String locked = since.isEmpty() ? "" : " (locked " + since + ")";
      String what =
          !isChanged()
              ? "unchanged" + locked
              : before.isEmpty() ? "new" : "changed, was " + before + locked;
      return reference + "  " + digest + "  " + what;
    }
  }

  /** The digest of each base, by its reference in its normal form. */
  public Map<String, String> digests() {
    Map<String, String> digests = new LinkedHashMap<>();
    bases.forEach(base -> digests.put(base.reference(), base.digest()));
    return Collections.unmodifiableMap(digests);
  }

  /** What changed and what stayed, a line each, for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(bases.stream().map(Base::toString).toList());
    if (!others.isEmpty()) {
      lines.add(
          others.size()
              + (others.size() == 1
                  ? " other base stays as it is: "
                  : " other bases stay as they are: ")
              + String.join(", ", others.stream().limit(10).toList())
              + (others.size() > 10 ? " and " + (others.size() - 10) + " more" : ""));
    }
    return List.copyOf(lines);
  }
}
