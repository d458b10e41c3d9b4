package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An image that is on this machine alone: composed here, or built by an engine and not pushed. */
final class LocalImage implements ImageSource {
  private static final int MAX_DOCUMENT = 8 << 20;

  private final Repository repository;
  private final RawManifest top;
  private final Map<Digest, RawManifest> manifests = new HashMap<>();
  private final Map<Digest, BlobSource> blobs = new HashMap<>();

  private LocalImage(Repository repository, RawManifest top) {
    this.repository = repository;
    this.top = top;
    manifests.put(top.digest(), top);
  }

  /** An image that was composed. */
  static LocalImage of(ComposedImage image) {
    LocalImage local = new LocalImage(image.plan().repository(), image.top());
    image.children().forEach(child -> local.manifests.put(child.digest(), child));
    image.blobs().forEach(blob -> local.blobs.put(blob.source().digest(), blob.source()));
    return local;
  }

  /**
   * The image in an OCI image layout. Checks that all blobs have the digests of their names.
   *
   * @param repository where it would be pushed to
   * @throws ImageSpecException with {@link FailureCode#ENGINE} if the layout cannot be read
   */
  static LocalImage read(Path layout, Repository repository) {
    try {
      ImageIndex index =
          ImageIndex.parse(BoundedFile.read(layout.resolve("index.json"), MAX_DOCUMENT));
      if (index.manifests().size() != 1) {
        throw new IOException("it has " + index.manifests().size() + " images, not one");
      }
      RawManifest top = manifest(layout, index.manifests().get(0));
      LocalImage image = new LocalImage(repository, top);
      ImageDocument document = top.parse();
      if (document instanceof ImageIndex platforms) {
        for (Descriptor entry : platforms.manifests()) {
          image.manifests.put(entry.digest(), manifest(layout, entry));
        }
      }
      image.addBlobs(layout.resolve("blobs/sha256"));
      return image;
    } catch (IOException | InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "What the engine built cannot be read: " + IoReason.of(e) + ".", e);
    }
  }

  private static RawManifest manifest(Path layout, Descriptor entry)
      throws IOException, InvalidDocumentException {
    Path file = layout.resolve("blobs/sha256").resolve(entry.digest().hex());
    RawManifest manifest =
        RawManifest.read(entry.mediaTypeName(), BoundedFile.read(file, MAX_DOCUMENT));
    if (!manifest.digest().equals(entry.digest())) {
      throw new IOException("a manifest does not have its digest " + entry.digest());
    }
    return manifest;
  }

  private void addBlobs(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Digest digest = Digest.parse("sha256:" + file.getFileName());
        if (!digest.equals(digestOf(file))) {
          throw new IOException("the blob " + digest + " has other bytes");
        }
        blobs.put(digest, new FileBlob(file, digest, Files.size(file)));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("a blob has no digest for a name", e);
    }
  }

  private static Digest digestOf(Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.ofHash(sha256.digest());
  }

  /** What its tag would name. */
  RawManifest top() {
    return top;
  }

  /** The digests of its index and its manifests. */
  Set<Digest> digests() {
    return Set.copyOf(manifests.keySet());
  }

  @Override
  public Repository repository() {
    return repository;
  }

  @Override
  public Optional<RawManifest> manifest(Digest digest, String tag) {
    return Optional.ofNullable(manifests.get(digest));
  }

  @Override
  public BlobSource layer(Digest digest, long size) {
    BlobSource blob = blobs.get(digest);
    if (blob == null || blob.size() != size) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "The engine built an image without its blob " + digest + ".");
    }
    return blob;
  }

  @Override
  public byte[] config(Digest digest, long size) {
    BlobSource blob = layer(digest, size);
    if (size > MAX_DOCUMENT) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "The configuration " + digest + " is larger than one can be.");
    }
    try (InputStream in = blob.open()) {
      return in.readNBytes((int) size);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The blob " + digest + " cannot be read: " + IoReason.of(e) + ".",
          e);
    }
  }
}
