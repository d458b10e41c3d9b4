package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is known of the blobs in one repository, without asking for each. Thread-safe. */
final class Content {
  /** Manifests name them, or an earlier registration saw them; nobody has asked for them now. */
  private final Set<Digest> believed = ConcurrentHashMap.newKeySet();

  private final Set<Digest> confirmed = ConcurrentHashMap.newKeySet();
  private final Set<Digest> missing = ConcurrentHashMap.newKeySet();
  private final Queue<ImageSpecException> unknown = new ConcurrentLinkedQueue<>();

  void believe(Collection<Digest> digests) {
    believed.addAll(digests);
  }

  /** Records the registry's answer to a question for many blobs. */
  void answered(Collection<Digest> asked, Set<Digest> there) {
    for (Digest digest : asked) {
      (there.contains(digest) ? confirmed : missing).add(digest);
    }
  }

  /** Records why nobody can know what the repository has. */
  void unknown(ImageSpecException cause) {
    unknown.add(cause);
  }

  /** Forgets what was only believed: the registry has refused a manifest for it. */
  void doubt() {
    believed.clear();
  }

  boolean isBelieved(Digest digest) {
    return believed.contains(digest);
  }

  boolean isConfirmed(Digest digest) {
    return confirmed.contains(digest);
  }

  boolean isMissing(Digest digest) {
    return missing.contains(digest);
  }

  /**
   * Checks that it can be known what the repository has.
   *
   * @throws ImageSpecException why not
   */
  void require() {
    ImageSpecException cause = unknown.peek();
    if (cause != null) {
      throw cause;
    }
  }
}
