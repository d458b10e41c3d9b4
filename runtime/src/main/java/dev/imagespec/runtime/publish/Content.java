package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is known of the blobs in one repository, without asking for each. Thread-safe. */
final class Content {
  /** Manifests name them, or an earlier registration saw them; nobody has asked for them now. */
  private final Set<Digest> believed = ConcurrentHashMap.newKeySet();

  private final Set<Digest> confirmed = ConcurrentHashMap.newKeySet();

  /** How many bytes they have, as far as that was said. */
  private final Map<Digest, Long> sizes = new ConcurrentHashMap<>();

  private final Set<Digest> missing = ConcurrentHashMap.newKeySet();
  private final Queue<ImageSpecException> unknown = new ConcurrentLinkedQueue<>();

  void believe(Collection<Digest> digests) {
    believed.addAll(digests);
  }

  /**
   * Believes what a manifest names.
   *
   * @param blobs sizes by digest
   */
  void believe(Map<Digest, Long> blobs) {
    believe(blobs.keySet());
    sizes.putAll(blobs);
  }

  /**
   * Records the registry's answer to a question for many blobs.
   *
   * @param there sizes by digest
   */
  void answered(Collection<Digest> asked, Map<Digest, Long> there) {
    for (Digest digest : asked) {
      (there.containsKey(digest) ? confirmed : missing).add(digest);
    }
    sizes.putAll(there);
  }

  /**
   * Checks that the repository does not have a blob in another length: equal digests mean equal
   * bytes.
   *
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if it has
   */
  void requireSize(Repository repository, BlobSource blob) {
    Long size = sizes.get(blob.digest());
    if (size != null && size >= 0 && size != blob.size()) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          repository
              + " has the blob "
              + blob.digest()
              + " with "
              + size
              + " bytes, not "
              + blob.size()
              + ". One of the manifests that name it is wrong: push its image anew.");
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
