package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.Difference;
import dev.imagespec.registrar.definition.Entry;
import dev.imagespec.registrar.definition.Identity;
import dev.imagespec.registrar.definition.Images;
import dev.imagespec.registrar.definition.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;

/** A function: created, or changed where it differs. */
final class FunctionEntry implements Entry {
  private final FunctionFile file;
  private final Functions functions;

  FunctionEntry(FunctionFile file, Functions functions) {
    this.file = file;
    this.functions = functions;
  }

  @Override
  public String definition() {
    return file.file().name();
  }

  @Override
  public Set<String> tasks() {
    return file.places().tasks();
  }

  private ObjectNode wanted(Images images) {
    return file.wanted(task -> images.reference(task, file.platform()));
  }

  /** The file's own tags, and that of ours. */
  private static Map<String, String> tags(ObjectNode wanted) {
    Map<String, String> tags = new TreeMap<>();
    for (Map.Entry<String, JsonNode> tag : wanted.path(FunctionFile.TAGS).properties()) {
      tags.put(tag.getKey(), tag.getValue().asText());
    }
    tags.put(Revisions.TAG, Identity.of(wanted));
    return tags;
  }

  @Override
  public Outcome compare(Images images) {
    ObjectNode wanted = wanted(images);
    Optional<GetFunctionResponse> there = functions.get();
    if (there.isEmpty()) {
      return Outcome.registered("", Difference.between(wanted.objectNode(), wanted));
    }
    FunctionState state = new FunctionState(file, there.get(), wanted);
    List<String> changes = new ArrayList<>(state.changes(tags(wanted)));
    boolean isNew = state.isOtherCode() || !state.configuration().isEmpty();
    Optional<String> version =
        file.publishes() && !isNew ? functions.newestVersion() : Optional.empty();
    if (file.publishes() && version.isEmpty() && !isNew) {
      changes.add("no version of it is published yet");
    }
    file.alias()
        .ifPresent(
            alias -> {
              String now = functions.alias(alias).map(GetAliasResponse::functionVersion).orElse("");
              if (version.isEmpty() || !version.get().equals(now)) {
                changes.add(
                    "the alias "
                        + alias
                        + ": "
                        + (now.isEmpty() ? "is added" : "version " + now + " → the new version"));
              }
            });
    return changes.isEmpty()
        ? Outcome.unchanged(id(state.arn(), version))
        : Outcome.registered(id(state.arn(), version), changes);
  }

  @Override
  public Outcome register(Images images) throws InterruptedException {
    ObjectNode wanted = wanted(images);
    Map<String, String> tags = tags(wanted);
    Optional<GetFunctionResponse> there = functions.get();
    if (there.isEmpty()) {
      String version = functions.create(wanted, tags);
      String arn = functions.changed().configuration().functionArn();
      Optional<String> published = Optional.of(version).filter(any -> file.publishes());
      moveAlias(published);
      return Outcome.registered(
          id(arn, published), Difference.between(wanted.objectNode(), wanted));
    }
    FunctionState found = new FunctionState(file, functions.idle(there.get()), wanted);
    List<String> changes = new ArrayList<>(found.changes(tags));
    boolean isConfigured = configure(found);
    FunctionState configured =
        isConfigured ? new FunctionState(file, functions.changed(), wanted) : found;
    Optional<String> version = version(configured, isConfigured, changes);
    if (moveAlias(version)) {
      changes.add("the alias " + file.alias().orElse(""));
    }
    Map<String, String> missing = found.tags(tags);
    if (!missing.isEmpty()) {
      functions.tag(found.arn(), missing);
    }
    String id = id(found.arn(), version);
    return changes.isEmpty() ? Outcome.unchanged(id) : Outcome.registered(id, changes);
  }

  private boolean configure(FunctionState found) throws InterruptedException {
    ObjectNode configuration = found.configuration();
    if (configuration.isEmpty()) {
      return false;
    }
    functions.configure(configuration, found.revision());
    return true;
  }

  /** The version that is published of it, after its image was changed if need be. */
  private Optional<String> version(FunctionState state, boolean isConfigured, List<String> changes)
      throws InterruptedException {
    Optional<String> version = Optional.empty();
    if (state.isOtherCode()) {
      version =
          Optional.of(functions.update(state.image(), state.architecture(), state.revision()));
      functions.changed();
    } else if (file.publishes() && !isConfigured) {
      version = functions.newestVersion();
    }
    if (file.publishes() && version.isEmpty()) {
      version = Optional.of(functions.publish(state.revision()));
      changes.add("version " + version.get() + " is published");
    }
    return version.filter(any -> file.publishes());
  }

  /** Returns whether the alias was somewhere else. */
  private boolean moveAlias(Optional<String> version) throws InterruptedException {
    if (file.alias().isEmpty() || version.isEmpty()) {
      return false;
    }
    Optional<GetAliasResponse> alias = functions.alias(file.alias().get());
    if (alias.isEmpty()) {
      functions.createAlias(file.alias().get(), version.get());
      return true;
    }
    if (alias.get().functionVersion().equals(version.get())) {
      return false;
    }
    functions.moveAlias(alias.get(), version.get());
    return true;
  }

  private static String id(String arn, Optional<String> version) {
    return arn + version.map(known -> ":" + known).orElse("");
  }
}
