package dev.imagespec;

import dev.imagespec.json.Fields;
import dev.imagespec.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The result of a registration: which image each task class runs in.
 *
 * @param tasks the image of each task class, by binary name: {@code registry/name@sha256:<digest>}
 * @param images the registered images
 * @param registrations the tasks as the systems that run them know them; empty in the records of
 *     earlier releases
 * @param source the location of the tasks' source, or empty
 * @param revision the source's revision, or empty
 * @param inputs what the images were made from, for {@code imagespec plan}, as JSON: texts, whole
 *     numbers, lists and maps; empty in the records of earlier releases
 */
public record RegistrationRecord(
    Map<String, String> tasks,
    List<Image> images,
    List<RegisteredTask> registrations,
    String source,
    String revision,
    Map<String, Object> inputs) {

  /** The version of the JSON form. {@link #parse} refuses any other version. */
  public static final int SCHEMA = 1;

  /**
   * The environment variable that names the record file. If it is not set, {@link #lookUp} reads
   * {@link #RESOURCE} on the class path.
   */
  public static final String VARIABLE = "IMAGESPEC_REGISTRATION";

  /** The path of the record on a class path. */
  public static final String RESOURCE = "META-INF/imagespec/registration.json";

  /** How large a record may be: ten thousands of tasks. */
  private static final int MAX_BYTES = 32 << 20;

  public RegistrationRecord {
    tasks = Collections.unmodifiableMap(new TreeMap<>(tasks));
    images = List.copyOf(images);
    registrations = List.copyOf(registrations);
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
  }

  /** A record of images alone, which does not say what they were made from. */
  public RegistrationRecord(
      Map<String, String> tasks, List<Image> images, String source, String revision) {
    this(tasks, images, List.of(), source, revision, Map.of());
  }

  /**
   * One registered image.
   *
   * @param reference {@code registry/name@sha256:<digest>}
   * @param repository the repository, registry included
   * @param tag the tag, which is made from the fingerprint
   * @param fingerprint 64 hex digits
   * @param platforms the platforms, as {@code os/architecture}
   * @param tasks binary names of the task classes that run in the image
   */
  public record Image(
      String reference,
      String repository,
      String tag,
      String fingerprint,
      List<String> platforms,
      List<String> tasks) {
    public Image {
      platforms = List.copyOf(platforms);
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * A task as a system that runs it knows it.
   *
   * @param registrar what registered it there, such as {@code aws} or {@code flyte}
   * @param definition the file or class that defines it there
   * @param task the task class, by its binary name
   * @param id the system's id for it
   */
  public record RegisteredTask(String registrar, String definition, String task, String id) {}

  /** The image of a task class, or empty if the record does not have the class. */
  public Optional<String> reference(String task) {
    return Optional.ofNullable(tasks.get(task));
  }

  /**
   * Looks up the image that a task class was last registered with. Reads the file that the
   * environment variable {@code IMAGESPEC_REGISTRATION} names, or else {@code
   * META-INF/imagespec/registration.json} on the class path.
   *
   * @param task the task class's binary name
   * @param loader the loader that finds the resource; null for the system class loader
   * @return {@code registry/name@sha256:<digest>}
   * @throws IllegalStateException if there is no record, it cannot be read, or the task is not in
   *     it; the message says how to register
   */
  public static String lookUp(String task, @Nullable ClassLoader loader) {
    return lookUp(task, loader, System.getenv(VARIABLE));
  }

  static String lookUp(String task, @Nullable ClassLoader loader, @Nullable String file) {
    String where = file != null && !file.isEmpty() ? file : RESOURCE + " on the class path";
    try (InputStream in = open(loader, file)) {
      if (in == null) {
        throw new IllegalStateException(
            "No image is registered for "
                + task
                + ": there is no "
                + where
                + ". Register the tasks with `imagespec register --record FILE`, and name that FILE in "
                + VARIABLE
                + ".");
      }
      return parse(in)
          .reference(task)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "No image is registered for "
                          + task
                          + " in "
                          + where
                          + ". Register it with `imagespec register --record FILE`."));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "The registration record " + where + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static @Nullable InputStream open(@Nullable ClassLoader loader, @Nullable String file)
      throws IOException {
    if (file != null && !file.isEmpty()) {
      Path path = Path.of(file);
      return Files.exists(path) ? open(path) : null;
    }
    URL resource =
        loader == null ? ClassLoader.getSystemResource(RESOURCE) : loader.getResource(RESOURCE);
    return resource == null ? null : resource.openStream();
  }

  /** Opens a regular file: a pipe would let its reader wait, and a device may have no end. */
  private static InputStream open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file) ? "it is a folder" : "it is not a regular file");
    }
    if (Files.exists(file) && !Files.isReadable(file)) {
      throw new IOException("you have no permission");
    }
    return Files.newInputStream(file);
  }

  private static RegistrationRecord parse(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is larger than " + MAX_BYTES + " bytes");
    }
    return parse(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Reads a record's file.
   *
   * @throws IOException if it cannot be read, is no regular file, or is larger than records are
   * @throws IllegalArgumentException if it is not a record of this schema
   */
  public static RegistrationRecord read(Path file) throws IOException {
    try (InputStream in = open(file)) {
      return parse(in);
    }
  }

  /** The JSON form, with sorted keys. */
  public String toJson() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema", SCHEMA);
    document.put("tasks", tasks);
    document.put("images", images.stream().map(RegistrationRecord::toJson).toList());
    if (!registrations.isEmpty()) {
      document.put(
          "registrations", registrations.stream().map(RegistrationRecord::toJson).toList());
    }
    if (!source.isEmpty()) {
      document.put("source", source);
    }
    if (!revision.isEmpty()) {
      document.put("revision", revision);
    }
    if (!inputs.isEmpty()) {
      document.put("inputs", inputs);
    }
    return Json.pretty(document);
  }

  /**
   * Reads the JSON form. Members that a later release may have added are passed over.
   *
   * @throws IllegalArgumentException if the text is not a record of this schema
   */
  public static RegistrationRecord parse(String json) {
    Fields document = Fields.of(Json.parse(json), "the registration record");
    int schema = document.number("schema");
    if (schema != SCHEMA) {
      throw new IllegalArgumentException(
          "the registration record has schema "
              + schema
              + ", this release reads schema "
              + SCHEMA
              + "; register again with this release");
    }
    return new RegistrationRecord(
        document.map("tasks"),
        document.list("images", RegistrationRecord::imageOf),
        document.list("registrations", RegistrationRecord::registeredOf),
        document.text("source"),
        document.text("revision"),
        document.object("inputs").members());
  }

  private static Map<String, Object> toJson(Image image) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("reference", image.reference);
    document.put("repository", image.repository);
    document.put("tag", image.tag);
    document.put("fingerprint", image.fingerprint);
    document.put("platforms", image.platforms);
    document.put("tasks", image.tasks);
    return document;
  }

  private static Map<String, Object> toJson(RegisteredTask task) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("registrar", task.registrar);
    document.put("definition", task.definition);
    document.put("task", task.task);
    document.put("id", task.id);
    return document;
  }

  private static RegisteredTask registeredOf(Object value) {
    Fields task = Fields.of(value, "registrations");
    return new RegisteredTask(
        task.text("registrar"), task.text("definition"), task.text("task"), task.text("id"));
  }

  private static Image imageOf(Object value) {
    Fields image = Fields.of(value, "images");
    return new Image(
        image.text("reference"),
        image.text("repository"),
        image.text("tag"),
        image.text("fingerprint"),
        image.texts("platforms"),
        image.texts("tasks"));
  }
}
