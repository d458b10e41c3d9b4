package dev.imagespec.runtime.record;

import dev.imagespec.json.Fields;
import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this machine registered last, in the user's cache: a file for each repository and task, and
 * a file for each distinct list of files. It may be deleted at any time. Nothing depends on it:
 * what cannot be read or written is noted once.
 */
public final class History {
  static final int SCHEMA = 1;

  /** How large a task's file may be, in bytes. */
  private static final int MOST_TASK = 1 << 20;

  /** How large a list of files may be, in bytes: about 50,000 files. */
  private static final int MOST_LAYER = 8 << 20;

  private final @Nullable HistoryFolder folder;
  private final RegistrationListener listener;
  private final Map<Digest, LayerInputs> layers = new HashMap<>();
  private final Set<Digest> broken = new HashSet<>();
  private boolean noted;

  private History(@Nullable HistoryFolder folder, RegistrationListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /** The history in a folder. */
  static History in(Path folder, RegistrationListener listener) {
    return new History(new HistoryFolder(folder), listener);
  }

  /** The history that the settings name; it remembers nothing if there is no folder for it. */
  public static History of(Settings settings, RegistrationListener listener) {
    return new History(settings.history().map(HistoryFolder::new).orElse(null), listener);
  }

  /**
   * What a task was registered with last.
   *
   * @param repository its repository, with the registry
   */
  Optional<LastRegistration> read(String repository, String task) {
    return folder == null ? Optional.empty() : read(folder, repository, task);
  }

  private Optional<LastRegistration> read(HistoryFolder from, String repository, String task) {
    Path file = from.task(repository, task);
    try {
      return Optional.of(last(from, repository, task, text(file, MOST_TASK)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      note(unreadable(file, e));
      return Optional.empty();
    }
  }

  private LastRegistration last(HistoryFolder from, String repository, String task, String text) {
    Fields json = Fields.of(Json.parse(text), "the history");
    String fingerprint = json.text("fingerprint");
    String reference = json.text("reference");
    if (json.number("schema") != SCHEMA
        || !json.text("repository").equals(repository)
        || !json.text("task").equals(task)
        || !fingerprint.matches("[0-9a-f]{64}")
        || !reference.matches(Pattern.quote(repository) + "@sha256:[0-9a-f]{64}")) {
      throw new IllegalArgumentException("it is not what this release writes");
    }
    return new LastRegistration(
        Comparison.Source.HISTORY,
        reference,
        repository,
        fingerprint,
        ImageInputs.parse(
            json.object("inputs").members(), (name, digest) -> layer(from, name, digest)));
  }

  private LayerInputs layer(HistoryFolder from, String name, Digest digest) {
    return layers.computeIfAbsent(digest, key -> readLayer(from, name, digest));
  }

  private LayerInputs readLayer(HistoryFolder from, String name, Digest digest) {
    Path file = from.layer(digest);
    try {
      Object json = Json.parse(text(file, MOST_LAYER));
      return LayerInputs.parse(name, digest, Fields.of(Map.of("files", json), "list").map("files"));
    } catch (NoSuchFileException e) {
      return new LayerInputs(name, digest, null);
    } catch (IOException | IllegalArgumentException e) {
      broken.add(digest);
      note(unreadable(file, e));
      return new LayerInputs(name, digest, null);
    }
  }

  private static String text(Path file, int most) throws IOException {
    return new String(BoundedFile.read(file, most), StandardCharsets.UTF_8);
  }

  /**
   * An image that a task is registered with now.
   *
   * @param repository its repository, with the registry
   * @param reference {@code registry/name@sha256:<digest>}
   */
  public record Entry(
      String repository, String task, String reference, String fingerprint, ImageInputs inputs) {}

  /** Remembers what tasks are registered with now. */
  public void write(Iterable<Entry> entries) {
    if (folder == null) {
      return;
    }
    try {
      write(folder, entries);
    } catch (IOException | DirectoryIteratorException e) {
      note(
          folder
              + " cannot be written: "
              + reason(e, folder.path())
              + ". Plans will say less about what changed. Name another folder with imagespec.history");
    }
  }

  private void write(HistoryFolder to, Iterable<Entry> entries) throws IOException {
    Set<Digest> done = new HashSet<>();
    to.create();
    for (Entry entry : entries) {
      for (LayerInputs layer : entry.inputs().lists()) {
        if (done.add(layer.digest()) && layer.length() <= MOST_LAYER) {
          to.write(layer, broken.contains(layer.digest()));
        }
      }
      to.write(to.task(entry.repository(), entry.task()), Json.canonical(toJson(entry)), MOST_TASK);
    }
    to.prune();
  }

  private static Map<String, Object> toJson(Entry entry) {
    Map<String, Object> json = new TreeMap<>();
    json.put("schema", SCHEMA);
    json.put("repository", entry.repository());
    json.put("task", entry.task());
    json.put("reference", entry.reference());
    json.put("fingerprint", entry.fingerprint());
    json.put("inputs", entry.inputs().toJson());
    return json;
  }

  private static String reason(Exception e, Path file) {
    return e instanceof IOException io
        ? IoReason.of(io, file)
        : Printable.line(String.valueOf(e.getMessage()));
  }

  /** Names the file alone: the folder may have other things, if somebody named it. */
  private static String unreadable(Path file, Exception e) {
    return file
        + " cannot be read: "
        + reason(e, file)
        + ". So less is known of what changed. Delete it, or name another folder with"
        + " imagespec.history";
  }

  /** Once: a broken folder has the same to say of every task. */
  private void note(String text) {
    if (!noted) {
      noted = true;
      listener.on(new RegistrationEvent.Note("history", Printable.line(text) + "."));
    }
  }
}
