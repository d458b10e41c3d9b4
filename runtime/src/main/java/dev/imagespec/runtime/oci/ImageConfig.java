package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an image (OCI image specification, "Image Configuration"). Keeps the whole
 * document, including unknown fields.
 */
public final class ImageConfig {
  static final String CONFIG = "config";
  static final String CREATED = "created";
  static final String HISTORY = "history";
  static final String ROOTFS = "rootfs";
  static final String DIFF_IDS = "diff_ids";
  static final String EMPTY_LAYER = "empty_layer";
  static final String ENV = "Env";
  static final String LABELS = "Labels";
  static final String PORTS = "ExposedPorts";
  static final String VOLUMES = "Volumes";
  static final String USER = "User";
  private static final String ON_BUILD = "OnBuild";

  private final ObjectNode document;
  private final String os;
  private final String architecture;
  private final String variant;
  private final List<Digest> diffIds;
  private final boolean hasFullHistory;
  private final String created;
  private final String user;
  private final Map<String, String> env;
  private final boolean hasBuildTriggers;

  /** Reads the fields of a document, which nobody else may change. */
  private ImageConfig(ObjectNode document) throws InvalidDocumentException {
    this.document = document;
    Fields fields = new Fields(document, "");
    os = fields.text("os").orElse("");
    architecture = fields.text("architecture").orElse("");
    variant = fields.text("variant").orElse("");
    Optional<Fields> rootfs = fields.object(ROOTFS);
    diffIds = rootfs.isPresent() ? rootfs.get().digests(DIFF_IDS) : List.of();
    hasFullHistory = withLayer(fields.objects(HISTORY)) == diffIds.size() && fields.has(HISTORY);
    created = fields.text(CREATED).orElse("");
    Fields config = fields.object(CONFIG).orElse(new Fields(Fields.newObject(), CONFIG));
    user = config.text(USER).orElse("");
    env = byName(config.texts(ENV));
    hasBuildTriggers = !config.texts(ON_BUILD).isEmpty();
    config.requireTexts(LABELS);
    config.object(PORTS);
    config.object(VOLUMES);
  }

  /**
   * Parses a configuration.
   *
   * @throws InvalidDocumentException if the document is not a configuration
   */
  public static ImageConfig parse(byte[] document) throws InvalidDocumentException {
    return new ImageConfig(Fields.parse(document).node());
  }

  /** The configuration of an image without layers. */
  public static ImageConfig empty(Platform platform) {
    ObjectNode document = Fields.newObject();
    PlatformFields.write(platform, document);
    document.putObject(CONFIG);
    document.putObject(ROOTFS).put("type", "layers").putArray(DIFF_IDS);
    document.putArray(HISTORY);
    return of(document);
  }

  /** A configuration built in this package. */
  static ImageConfig of(ObjectNode document) {
    try {
      return new ImageConfig(document);
    } catch (InvalidDocumentException e) {
      throw new IllegalStateException("a configuration was made wrong", e);
    }
  }

  private static int withLayer(List<Fields> history) throws InvalidDocumentException {
    int withLayer = 0;
    for (Fields entry : history) {
      withLayer += entry.flag(EMPTY_LAYER) ? 0 : 1;
    }
    return withLayer;
  }

  private static Map<String, String> byName(List<String> entries) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      byName.put(equals < 0 ? entry : entry.substring(0, equals), entry);
    }
    return Collections.unmodifiableMap(byName);
  }

  /** A builder that starts with a copy of this configuration. */
  public ImageConfigBuilder toBuilder() {
    return new ImageConfigBuilder(this);
  }

  /**
   * The platform that the image is for.
   *
   * @throws InvalidDocumentException if a required field is missing
   */
  public Platform platform() throws InvalidDocumentException {
    if (os.isEmpty() || architecture.isEmpty()) {
      throw new InvalidDocumentException((os.isEmpty() ? "os" : "architecture") + " is missing");
    }
    return PlatformFields.of(os, architecture, variant);
  }

  /** The platform's fields as they are written, for the image's entry in an index. */
  Map<String, JsonNode> platformFields() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (String name : List.of("architecture", "os", "os.version", "os.features", "variant")) {
      if (document.hasNonNull(name)) {
        fields.put(name, document.get(name).deepCopy());
      }
    }
    return fields;
  }

  /** The architecture as it is written; empty if it is absent. */
  public String architecture() {
    return architecture;
  }

  /** The digests of the layers' uncompressed tars, lowest layer first. */
  public List<Digest> diffIds() {
    return diffIds;
  }

  /**
   * Whether the history has an entry for every layer. The history is optional, and may be
   * incomplete.
   */
  public boolean hasFullHistory() {
    return hasFullHistory;
  }

  /** When the image was built; empty if the field is absent or not a time. */
  public Optional<Instant> created() {
    try {
      return Optional.of(Instant.parse(created));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The user that runs its programs; empty for root. */
  public String user() {
    return user;
  }

  /** Its environment variables by name, in their order. */
  public Map<String, String> env() {
    return env;
  }

  /** The value of an environment variable; empty if it is not set. */
  public Optional<String> variable(String name) {
    String entry = env.get(name);
    return Optional.ofNullable(entry)
        .map(text -> text.length() > name.length() ? text.substring(name.length() + 1) : "");
  }

  /** Whether it has {@code ONBUILD} steps, which only a Dockerfile build runs. */
  public boolean hasBuildTriggers() {
    return hasBuildTriggers;
  }

  /**
   * The paths of the fields that differ from another configuration, such as {@code config.User}.
   */
  public List<String> differences(ImageConfig other) {
    List<String> paths = new ArrayList<>();
    compare("", document, other.document, paths);
    return paths;
  }

  private static void compare(String path, JsonNode a, JsonNode b, List<String> paths) {
    if (a.equals(b)) {
      return;
    }
    if (a.isObject() && b.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      a.fieldNames().forEachRemaining(names::add);
      b.fieldNames().forEachRemaining(names::add);
      String prefix = path.isEmpty() ? "" : path + ".";
      names.forEach(name -> compare(prefix + name, a.path(name), b.path(name), paths));
    } else {
      paths.add(path);
    }
  }

  /** The document's bytes. */
  public byte[] bytes() {
    return Fields.bytes(document);
  }

  ObjectNode toJson() {
    return document.deepCopy();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImageConfig that && document.equals(that.document);
  }

  @Override
  public int hashCode() {
    return document.hashCode();
  }

  @Override
  public String toString() {
    return document.toString();
  }
}
