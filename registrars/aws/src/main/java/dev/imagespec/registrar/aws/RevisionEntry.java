package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.DefinitionFile;
import dev.imagespec.registrar.definition.Difference;
import dev.imagespec.registrar.definition.Entry;
import dev.imagespec.registrar.definition.Identity;
import dev.imagespec.registrar.definition.ImagePlaces;
import dev.imagespec.registrar.definition.Images;
import dev.imagespec.registrar.definition.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A definition of which there are revisions: a new one is made only if it would differ. */
final class RevisionEntry implements Entry {
  private final DefinitionFile file;
  private final ImagePlaces places;
  private final String name;
  private final Revisions revisions;

  RevisionEntry(DefinitionFile file, ImagePlaces places, String name, Revisions revisions) {
    this.file = file;
    this.places = places;
    this.name = name;
    this.revisions = revisions;
  }

  @Override
  public String definition() {
    return file.name();
  }

  @Override
  public Set<String> tasks() {
    return places.tasks();
  }

  @Override
  public Outcome compare(Images images) {
    ObjectNode wanted = places.with(images::reference);
    return outcome(revisions.newest(name), wanted);
  }

  private static Outcome outcome(Optional<Revision> newest, ObjectNode wanted) {
    String identity = Identity.of(wanted);
    if (newest.isEmpty()) {
      return Outcome.registered("", Difference.between(wanted.objectNode(), wanted));
    }
    Revision there = newest.get();
    if (there.identity().equals(identity)) {
      return Outcome.unchanged(there.arn());
    }
    List<String> changes = Difference.between(there.tree(), wanted);
    return Outcome.registered(
        there.arn(),
        changes.isEmpty()
            ? List.of(
                there.identity().isEmpty()
                    ? there.arn() + " was not registered by imagespec"
                    : "something is taken away that " + there.arn() + " has")
            : changes);
  }

  @Override
  public Outcome register(Images images) throws InterruptedException {
    ObjectNode wanted = places.with(images::reference);
    Outcome outcome = outcome(revisions.newest(name), wanted);
    return switch (outcome.action()) {
      case UNCHANGED -> outcome;
      case REGISTERED ->
          Outcome.registered(revisions.register(wanted, Identity.of(wanted)), outcome.changes());
    };
  }
}
