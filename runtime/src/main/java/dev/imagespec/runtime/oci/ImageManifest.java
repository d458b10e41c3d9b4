package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An image for one platform (OCI image specification, "Image Manifest").
 *
 * @param config its configuration
 * @param layers its layers, lowest first
 */
public record ImageManifest(Descriptor config, List<Descriptor> layers) implements ImageDocument {
  public ImageManifest {
    layers = List.copyOf(layers);
  }

  /**
   * Parses a manifest.
   *
   * @throws InvalidDocumentException if the document is not a manifest, or is an index as well
   */
  public static ImageManifest parse(byte[] document) throws InvalidDocumentException {
    Fields fields = Fields.parse(document);
    if (fields.has("manifests")) {
      throw new InvalidDocumentException("it is a manifest that has manifests");
    }
    List<Descriptor> layers = new ArrayList<>();
    for (Fields layer : fields.objects("layers")) {
      layers.add(Descriptor.parse(layer));
    }
    return new ImageManifest(Descriptor.parse(fields.requiredObject("config")), layers);
  }

  /**
   * Checks that this is a container image: a registry stores charts, signatures and other artefacts
   * in manifests, too.
   *
   * @throws InvalidDocumentException if its configuration is not that of an image
   */
  public void requireImage() throws InvalidDocumentException {
    String type = config.mediaTypeName();
    // Docker's first manifests of this schema called everything a stream of bytes.
    boolean unsaid = type.isEmpty() || type.equals("application/octet-stream");
    if (!unsaid
        && config.mediaType().filter(known -> known.kind() == MediaType.Kind.CONFIG).isEmpty()) {
      throw new InvalidDocumentException(
          "it is no container image: its configuration is of the type \""
              + Fields.quoted(type)
              + "\"");
    }
  }

  /** Writes it as an OCI manifest. */
  public RawManifest write() {
    return write(Map.of());
  }

  /** Writes it as an OCI manifest with annotations. */
  public RawManifest write(Map<String, String> annotations) {
    ObjectNode manifest = Fields.newObject();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MediaType.OCI_MANIFEST.toString());
    manifest.set("config", config.toJson());
    ArrayNode list = manifest.putArray("layers");
    layers.forEach(layer -> list.add(layer.toJson()));
    Fields.annotate(manifest, annotations);
    return RawManifest.of(MediaType.OCI_MANIFEST, Fields.bytes(manifest));
  }
}
