package dev.imagespec.runtime.record;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.resolve.ImageInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tasks were registered with last: by the record if it has the task, else by the history. No
 * registry is asked. What cannot be read is noted, and is then not known.
 */
public final class LastRegistrations {
  private final RegistrationListener listener;
  private final Map<String, RegistrationRecord.Image> recorded = new HashMap<>();
  private final Map<String, Optional<ImageInputs>> read = new HashMap<>();
  private final History history;
  private @Nullable RecordedInputs inputs;

  private LastRegistrations(RegistrationListener listener, History history) {
    this.listener = listener;
    this.history = history;
  }

  /** Those of the record that these settings name, and of a history. */
  public static LastRegistrations of(
      Settings settings, History history, RegistrationListener listener) {
    LastRegistrations last = new LastRegistrations(listener, history);
    settings.record().filter(Files::exists).ifPresent(last::read);
    return last;
  }

  private void read(Path file) {
    try {
      RegistrationRecord record = RegistrationRecord.read(file);
      record.images().forEach(image -> image.tasks().forEach(task -> recorded.put(task, image)));
      inputs = RecordedInputs.of(record.inputs());
    } catch (IOException e) {
      note(file, IoReason.of(e, file));
    } catch (IllegalArgumentException e) {
      note(file, String.valueOf(e.getMessage()));
    }
  }

  private void note(Path file, String why) {
    listener.on(
        new RegistrationEvent.Note(
            "record",
            Printable.line(file + " cannot be compared with: " + why)
                + ". What the history knows is taken instead."));
  }

  /**
   * What a task was registered with last.
   *
   * @param repository the repository that it would be registered in, with the registry
   */
  public Optional<LastRegistration> of(String repository, String task) {
    RegistrationRecord.Image image = recorded.get(task);
    if (image == null) {
      return history.read(repository, task);
    }
    // The record of an earlier release has no inputs. The history may know the image.
    ImageInputs known =
        inputs(image.fingerprint())
            .or(
                () ->
                    history
                        .read(repository, task)
                        .filter(last -> last.fingerprint().equals(image.fingerprint()))
                        .flatMap(LastRegistration::inputs))
            .orElse(null);
    return Optional.of(
        new LastRegistration(
            Comparison.Source.RECORD,
            image.reference(),
            image.repository(),
            image.fingerprint(),
            known));
  }

  private Optional<ImageInputs> inputs(String fingerprint) {
    RecordedInputs part = inputs;
    if (part == null) {
      return Optional.empty();
    }
    return read.computeIfAbsent(
        fingerprint,
        key -> {
          try {
            return part.get(key);
          } catch (IllegalArgumentException e) {
            listener.on(
                new RegistrationEvent.Note(
                    "record",
                    "what an image was made from cannot be read: "
                        + Printable.line(String.valueOf(e.getMessage()))));
            return Optional.empty();
          }
        });
  }
}
