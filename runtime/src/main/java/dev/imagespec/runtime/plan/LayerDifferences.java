package dev.imagespec.runtime.plan;

import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Change.Effect;
import dev.imagespec.runtime.Change.Kind;
import dev.imagespec.runtime.resolve.ApplicationLayout;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.resolve.LayerInputs.FileInputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds which files changed between the layers of two images. */
final class LayerDifferences {
  private static final String LIBS = ClassPathFolder.jar("");
  private static final String CLASSES = ClassPathFolder.root(0);

  private final List<Change> changes = new ArrayList<>();

  private LayerDifferences() {}

  /** A file with its layer. */
  private record Place(String layer, FileInputs file) {}

  static List<Change> between(List<LayerInputs> before, List<LayerInputs> now) {
    LayerDifferences differences = new LayerDifferences();
    Map<String, LayerInputs> old = byName(before);
    Map<String, LayerInputs> current = byName(now);
    Set<String> unlisted = new HashSet<>();
    for (String name : Differences.union(old, current)) {
      Optional<LayerInputs> was = Optional.ofNullable(old.get(name));
      Optional<LayerInputs> is = Optional.ofNullable(current.get(name));
      if (was.map(LayerInputs::digest).equals(is.map(LayerInputs::digest))) {
        unlisted.add(name);
      } else if (was.filter(layer -> layer.list().isEmpty()).isPresent()
          || is.filter(layer -> layer.list().isEmpty()).isPresent()) {
        unlisted.add(name);
        differences.changes.add(whole(name, was, is));
      }
    }
    differences.files(files(before, unlisted), files(now, unlisted));
    differences.changes.sort(Comparator.comparing(Change::kind));
    return differences.changes;
  }

  private static Map<String, LayerInputs> byName(List<LayerInputs> layers) {
    Map<String, LayerInputs> byName = new TreeMap<>();
    layers.forEach(layer -> byName.put(layer.name(), layer));
    return byName;
  }

  /** The change of a layer of which nobody knows any more which files it had. */
  private static Change whole(
      String name, Optional<LayerInputs> before, Optional<LayerInputs> now) {
    String was = before.map(layer -> layer.digest().toString()).orElse("");
    String is = now.map(layer -> layer.digest().toString()).orElse("");
    Effect effect = was.isEmpty() ? Effect.ADDED : is.isEmpty() ? Effect.REMOVED : Effect.CHANGED;
    return new Change(kind(name, ""), effect, "", was, is, "which files is not recorded");
  }

  private static Map<String, Place> files(List<LayerInputs> layers, Set<String> unlisted) {
    Map<String, Place> files = new HashMap<>();
    for (LayerInputs layer : layers) {
      if (!unlisted.contains(layer.name())) {
        layer
            .list()
            .ifPresent(
                list ->
                    list.forEach((path, file) -> files.put(path, new Place(layer.name(), file))));
      }
    }
    return files;
  }

  private void files(Map<String, Place> before, Map<String, Place> now) {
    boolean ordered =
        !Objects.equals(
            before.get(ClassPathFolder.ARGUMENT_FILE), now.get(ClassPathFolder.ARGUMENT_FILE));
    for (String path : Differences.union(before, now)) {
      Optional<Place> was = Optional.ofNullable(before.get(path));
      Optional<Place> is = Optional.ofNullable(now.get(path));
      if (!was.equals(is) && !path.equals(ClassPathFolder.ARGUMENT_FILE)) {
        file(path, was, is);
      }
    }
    // A jar more or less changes the order, too: that says nothing new.
    boolean isExplained =
        changes.stream()
            .anyMatch(
                change ->
                    (change.kind() == Kind.DEPENDENCY || change.kind() == Kind.SNAPSHOT)
                        && change.effect() != Effect.CHANGED);
    if (ordered && !isExplained) {
      changes.add(new Change(Kind.CLASS_PATH, Effect.CHANGED, "order", "", ""));
    }
  }

  private void file(String path, Optional<Place> was, Optional<Place> is) {
    Place place = is.or(() -> was).orElseThrow();
    Kind kind = kind(place.layer(), path);
    String subject = kind == Kind.CONTEXT ? path.substring(1) : subject(place.layer(), path);
    String before = was.map(Place::file).map(FileInputs::digest).orElse("");
    String after = is.map(Place::file).map(FileInputs::digest).orElse("");
    if (was.isEmpty() || is.isEmpty()) {
      changes.add(
          new Change(kind, was.isEmpty() ? Effect.ADDED : Effect.REMOVED, subject, before, after));
      return;
    }
    Place old = was.get();
    Place current = is.get();
    if (!before.equals(after)) {
      changes.add(new Change(kind, Effect.CHANGED, subject, before, after));
    }
    if (!old.file().mode().equals(current.file().mode())) {
      changes.add(new Change(kind, Effect.MODE, subject, old.file().mode(), current.file().mode()));
    }
    if (!old.file().owner().equals(current.file().owner())) {
      changes.add(
          new Change(
              kind,
              Effect.OWNER,
              subject,
              old.file().owner().toString(),
              current.file().owner().toString()));
    }
    if (!old.layer().equals(current.layer())) {
      changes.add(new Change(kind, Effect.MOVED, subject, old.layer(), current.layer()));
    }
  }

  private static Kind kind(String layer, String path) {
    return switch (layer) {
      case "dependencies" -> Kind.DEPENDENCY;
      case "snapshots" -> Kind.SNAPSHOT;
      case "classes" -> Kind.CLASS;
      case "resources" -> Kind.RESOURCE;
      case Layer.CONTEXT -> Kind.CONTEXT;
      case Layer.STEPS -> Kind.STEP_FILE;
      default ->
          layer.startsWith(Layer.APPLICATION)
              ? ofApplication(path)
              : path.startsWith(LIBS) ? Kind.DEPENDENCY : Kind.FILE;
    };
  }

  private static Kind ofApplication(String path) {
    if (path.endsWith(".jar")) {
      return path.endsWith("-SNAPSHOT.jar") ? Kind.SNAPSHOT : Kind.DEPENDENCY;
    }
    return ApplicationLayout.inClasses(path).isEmpty()
        ? Kind.FILE
        : path.endsWith(".class") ? Kind.CLASS : Kind.RESOURCE;
  }

  /** The path as the project has it: without the place that images have for it. */
  private static String subject(String layer, String path) {
    if (layer.startsWith(Layer.APPLICATION)) {
      return path.endsWith(".jar")
          ? path.substring(path.lastIndexOf('/') + 1)
          : ApplicationLayout.inClasses(path).orElse(path);
    }
    if (path.startsWith(LIBS)) {
      return path.substring(LIBS.length());
    }
    return path.startsWith(CLASSES + "/") ? path.substring(CLASSES.length() + 1) : path;
  }
}
