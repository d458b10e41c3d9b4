package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.memory.KnownLayer;
import dev.imagespec.runtime.registry.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * A layer that an earlier registration built from the same inputs. It is built again if its bytes
 * are asked for; those must be the same.
 */
final class RememberedBlob implements BlobSource {
  private final String name;
  private final KnownLayer known;
  private final Supplier<BuiltLayer> building;
  private volatile boolean confirmed;

  RememberedBlob(String name, KnownLayer known, Supplier<BuiltLayer> building) {
    this.name = name;
    this.known = known;
    this.building = building;
  }

  @Override
  public Digest digest() {
    return known.digest();
  }

  @Override
  public long size() {
    return known.size();
  }

  /** Whether it was built again, and is what was remembered. */
  @Override
  public boolean isCertain() {
    return confirmed;
  }

  /**
   * Builds it again.
   *
   * @throws ImageSpecException with {@link FailureCode#DIGEST_MISMATCH} if it is another layer than
   *     was remembered
   */
  @Override
  public void prepare() {
    BlobSource unused = built();
  }

  private BlobSource built() {
    BuiltLayer now = building.get();
    BlobSource blob = now.blob();
    if (!now.diffId().equals(known.diffId())
        || !blob.digest().equals(known.digest())
        || blob.size() != known.size()) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          "The layer \""
              + name
              + "\" is another one than this machine remembers, which may be so with another version"
              + " of Java. Register again.");
    }
    confirmed = true;
    return blob;
  }

  @Override
  public InputStream open() throws IOException {
    return built().open();
  }
}
