package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Printable;
import dev.imagespec.registrar.definition.Entry;
import dev.imagespec.registrar.definition.Images;
import dev.imagespec.registrar.definition.Outcome;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A task that Flyte is told of. */
final class FlyteEntry implements Entry {
  private static final int LONGEST_VERSION = 63;

  private final TaskDefinition task;
  private final FlyteService service;

  FlyteEntry(TaskDefinition task, FlyteService service) {
    this.task = task;
    this.service = service;
  }

  @Override
  public String definition() {
    return task.definition();
  }

  @Override
  public Set<String> tasks() {
    return task.tasks();
  }

  @Override
  public Outcome compare(Images images) {
    ObjectNode template = task.template(images);
    boolean isKnown =
        task.tasks().stream().noneMatch(name -> images.reference(name).equals(Images.NOT_KNOWN));
    Optional<String> version =
        task.version().or(() -> isKnown ? Optional.of(Versions.of(template)) : Optional.empty());
    if (version.isEmpty()) {
      return Outcome.registered("", sinceNewest(task.id(""), template));
    }
    TaskId id = task.id(version.get());
    Optional<ObjectNode> there = service.find(id);
    if (there.isEmpty()) {
      return Outcome.registered(id.toString(), sinceNewest(id, template));
    }
    List<String> changes = changes(there.get(), template);
    if (changes.isEmpty()) {
      return Outcome.unchanged(id.toString());
    }
    if (isKnown) {
      throw taken(id, changes);
    }
    List<String> lines = new ArrayList<>(changes);
    lines.add(
        "version "
            + id.version()
            + " has another task, so this fails unless the image turns out to be the same; "
            + otherVersion());
    return Outcome.registered(id.toString(), lines);
  }

  private List<String> sinceNewest(TaskId id, ObjectNode template) {
    Optional<FlyteService.Newest> newest = service.newest(id);
    if (newest.isEmpty()) {
      return List.of("Flyte has no version of " + id.name() + " yet");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "version: "
            + Printable.start(Printable.value(newest.get().version()), LONGEST_VERSION)
            + " → "
            + (id.version().isEmpty() ? Images.NOT_KNOWN : id.version()));
    lines.addAll(Changes.all(newest.get().template(), template));
    return lines;
  }

  @Override
  public Outcome register(Images images) {
    ObjectNode template = task.template(images);
    TaskId id = task.id(task.version().orElseGet(() -> Versions.of(template)));
    FlyteService.Put put = service.put(id, template, there -> changes(there, template).isEmpty());
    if (put instanceof FlyteService.Put.Other other) {
      throw taken(id, Changes.all(other.there(), template));
    }
    return put instanceof FlyteService.Put.Same
        ? Outcome.unchanged(id.toString())
        : Outcome.registered(id.toString(), List.of());
  }

  /**
   * A version that is derived from its content was registered with that content: what it has in
   * addition, Flyte added. Of a version that people chose, nobody knows.
   */
  private List<String> changes(ObjectNode there, ObjectNode template) {
    return task.version().isPresent()
        ? Changes.all(there, template)
        : Changes.missing(there, template);
  }

  private ImageSpecException taken(TaskId id, List<String> changes) {
    String lines = changes.isEmpty() ? "" : "\n  " + String.join("\n  ", changes);
    return new ImageSpecException(
        FailureCode.REGISTRAR,
        task.version().isPresent()
            ? "Flyte has another task as " + id + ", and it stays; " + otherVersion() + "." + lines
            : "Flyte has another task as "
                + id
                + ", a version that only this content should have: somebody replaced it. Set"
                + " imagespec.flyte.version to register it under another one."
                + lines);
  }

  private static String otherVersion() {
    return "give it a new version, or none, so that the version follows the content";
  }
}
