package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Images for several platforms (OCI image specification, "Image Index"; Docker's manifest list).
 *
 * @param manifests its manifests, attestations included
 */
public record ImageIndex(List<Descriptor> manifests) implements ImageDocument {
  public ImageIndex {
    manifests = List.copyOf(manifests);
  }

  /**
   * Parses an index.
   *
   * @throws InvalidDocumentException if the document is not an index, or is a manifest as well
   */
  public static ImageIndex parse(byte[] document) throws InvalidDocumentException {
    Fields fields = Fields.parse(document);
    if (fields.has("config") || fields.has("layers")) {
      throw new InvalidDocumentException("it is an index that has a manifest's config or layers");
    }
    if (!fields.has("manifests")) {
      throw fields.missing("manifests");
    }
    List<Descriptor> manifests = new ArrayList<>();
    for (Fields entry : fields.objects("manifests")) {
      manifests.add(Descriptor.parse(entry));
    }
    return new ImageIndex(manifests);
  }

  /** The manifest for each platform; if a platform has several, the first. */
  public SortedMap<Platform, Digest> platforms() {
    SortedMap<Platform, Digest> platforms = new TreeMap<>();
    for (Descriptor entry : manifests) {
      entry.platform().ifPresent(platform -> platforms.putIfAbsent(platform, entry.digest()));
    }
    return Collections.unmodifiableSortedMap(platforms);
  }

  /** Writes it as an OCI index. */
  public RawManifest write() {
    return write(Map.of());
  }

  /** Writes it as an OCI index with annotations. */
  public RawManifest write(Map<String, String> annotations) {
    ObjectNode index = Fields.newObject();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaType.OCI_INDEX.toString());
    ArrayNode list = index.putArray("manifests");
    manifests.forEach(entry -> list.add(entry.toJson()));
    Fields.annotate(index, annotations);
    return RawManifest.of(MediaType.OCI_INDEX, Fields.bytes(index));
  }
}
