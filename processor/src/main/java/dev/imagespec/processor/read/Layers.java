package dev.imagespec.processor.read;

import dev.imagespec.check.Ambiguity;
import dev.imagespec.check.Located;
import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * All annotations of one type, {@code @ImageSpec} or {@code @FlyteTask}, that apply to one class,
 * nearest first: its own, those of its composed annotations, those of its package. An attribute
 * that replaces has the value of the nearest annotation that sets it. Attributes that add up start
 * with the farthest, or with the nearest that replaces them.
 */
final class Layers {
  private static final String REPLACE = "replace";

  private final List<Layer> layers = new ArrayList<>();
  private final List<Ambiguity> ambiguities;
  private final Elements elements;

  /** The name of the annotation type. */
  private final String annotation;

  /** The annotations that may replace arrays, which are these or those around these. */
  private final Layers replacing;

  /** What stands before the name of an attribute where an annotation replaces it. */
  private final String path;

  private record Layer(AnnotationReader reader, int distance) {
    boolean replaces(String name) {
      return reader.texts(REPLACE).stream().anyMatch(text -> text.value().equals(name));
    }
  }

  private Layers(String annotation, Elements elements) {
    this.elements = elements;
    this.annotation = annotation;
    this.ambiguities = new ArrayList<>();
    this.replacing = this;
    this.path = "";
  }

  private Layers(Layers around, String name) {
    this.elements = around.elements;
    this.annotation = around.annotation;
    this.ambiguities = around.ambiguities;
    this.replacing = around;
    this.path = name + ".";
  }

  /**
   * The specs of a class, an annotation type or a package; empty if no annotation applies to it.
   */
  static Layers of(Element element, Elements elements) {
    Layers layers = ofType(element, Manifest.ANNOTATION, elements);
    if (!layers.layers.isEmpty()
        && element instanceof TypeElement
        && element.getKind() != ElementKind.ANNOTATION_TYPE) {
      Element around = elements.getPackageOf(element);
      int far = layers.layers.stream().mapToInt(Layer::distance).max().orElse(0) + 1;
      layers.collect(around, "package " + around + " ", far, new LinkedHashSet<>());
    }
    return layers;
  }

  /**
   * The layers of an element, without those of its package.
   *
   * @param annotation the name of the annotation type
   */
  static Layers ofType(Element element, String annotation, Elements elements) {
    Layers layers = new Layers(annotation, elements);
    layers.collect(element, "", 0, new LinkedHashSet<>());
    return layers;
  }

  private void collect(Element element, String origin, int distance, Set<String> seen) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      if (named(mirror).equals(annotation)) {
        layers.add(new Layer(new AnnotationReader(element, mirror, origin, elements), distance));
      }
    }
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      Element type = mirror.getAnnotationType().asElement();
      String name = named(mirror);
      // The JDK's annotations have no specs, and some of them carry themselves.
      if (!name.equals(annotation) && !name.startsWith("java.") && seen.add(name)) {
        collect(type, "@" + type.getSimpleName() + " ", distance + 1, seen);
      }
    }
  }

  static String named(AnnotationMirror mirror) {
    return ((TypeElement) mirror.getAnnotationType().asElement()).getQualifiedName().toString();
  }

  boolean isEmpty() {
    return layers.isEmpty();
  }

  /** The attributes read so far that equally near annotations set to different values. */
  List<Ambiguity> ambiguities() {
    return List.copyOf(ambiguities);
  }

  /**
   * The distance of the nearest annotation that sets an attribute; {@link Integer#MAX_VALUE} if
   * none does.
   */
  int distance(String name) {
    return layers.stream()
        .filter(layer -> layer.reader.isWritten(name))
        .mapToInt(Layer::distance)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  AnnotationReader nearest() {
    return layers.get(0).reader;
  }

  /** The value of an attribute that replaces. */
  <T> Located<T> one(String name, Function<AnnotationReader, Located<T>> read) {
    List<AnnotationReader> writers = nearestWriters(name);
    Located<T> first = read.apply(writers.get(0));
    for (AnnotationReader other : writers) {
      compare(first, read.apply(other));
    }
    return first;
  }

  /** The annotation in an attribute that replaces as a whole; empty if nobody sets it. */
  Optional<AnnotationReader> one(String name) {
    List<AnnotationReader> writers = nearestWriters(name);
    writers.forEach(other -> compare(writers.get(0).source(name), other.source(name)));
    return Optional.of(writers.get(0))
        .filter(writer -> writer.isWritten(name))
        .map(writer -> writer.nested(name).get(0));
  }

  /** The value of a list attribute that replaces as a whole. */
  List<Located<String>> list(String name) {
    List<AnnotationReader> writers = nearestWriters(name);
    List<Located<String>> first = writers.get(0).texts(name);
    for (AnnotationReader other : writers) {
      compare(joined(name, writers.get(0), first), joined(name, other, other.texts(name)));
    }
    return first;
  }

  private static Located<String> joined(
      String name, AnnotationReader reader, List<Located<String>> texts) {
    return reader.unset(name, String.join(" ", texts.stream().map(Located::value).toList()));
  }

  private void compare(Located<?> first, Located<?> second) {
    if (!first.value().toString().equals(second.value().toString())) {
      ambiguities.add(new Ambiguity(first, second));
    }
  }

  /**
   * The nearest annotations that set an attribute; if none does, the nearest one, which has the
   * default.
   */
  private List<AnnotationReader> nearestWriters(String name) {
    int distance = distance(name);
    List<AnnotationReader> writers =
        layers.stream()
            .filter(layer -> layer.distance == distance && layer.reader.isWritten(name))
            .map(Layer::reader)
            .toList();
    return writers.isEmpty() ? List.of(nearest()) : writers;
  }

  /** The layers of an attribute whose value is an annotation. */
  Layers inside(String name) {
    Layers inside = new Layers(this, name);
    for (Layer layer : layers) {
      if (layer.reader.isWritten(name)) {
        inside.layers.add(new Layer(layer.reader.nested(name).get(0), layer.distance));
      }
    }
    return inside;
  }

  /**
   * The values of an attribute that adds up. Leaves out a value that an earlier layer already has.
   */
  List<Located<String>> all(String name) {
    Map<String, List<Located<String>>> groups = new LinkedHashMap<>();
    List<Located<String>> all = new ArrayList<>();
    for (AnnotationReader reader : farthestFirst(name)) {
      List<Located<String>> own = reader.texts(name);
      own.stream().filter(text -> !groups.containsKey(text.value())).forEach(all::add);
      own.forEach(text -> groups.putIfAbsent(text.value(), own));
    }
    return all;
  }

  /**
   * The annotations in an attribute that adds up. With a key attribute, the nearest annotation of
   * each key replaces the others.
   */
  List<AnnotationReader> nested(String name, Optional<String> key) {
    List<AnnotationReader> all = new ArrayList<>();
    Map<String, AnnotationReader> owners = new HashMap<>();
    Map<String, Integer> places = new HashMap<>();
    for (AnnotationReader reader : farthestFirst(name)) {
      for (AnnotationReader entry : reader.nested(name)) {
        String id = key.map(attribute -> entry.text(attribute).value()).orElse("");
        AnnotationReader owner = owners.get(id);
        Integer place = places.get(id);
        if (key.isEmpty() || owner == null || place == null || owner.equals(reader)) {
          all.add(entry);
          place = all.size() - 1;
        } else {
          all.set(place, entry);
        }
        owners.put(id, reader);
        places.put(id, place);
      }
    }
    return all;
  }

  /** The annotations in an attribute, for each annotation that sets it, the farthest first. */
  List<List<AnnotationReader>> eachNested(String name) {
    return farthestFirst(name).stream().map(reader -> reader.nested(name)).toList();
  }

  /**
   * The annotations that set an attribute which adds up. If none does, one with the default, if
   * there is one.
   */
  private List<AnnotationReader> farthestFirst(String name) {
    int start = replacing.startOf(path + name);
    List<AnnotationReader> writers =
        layers.stream()
            .filter(layer -> layer.distance <= start && layer.reader.isWritten(name))
            .sorted((a, b) -> Integer.compare(b.distance, a.distance))
            .map(Layer::reader)
            .toList();
    return writers.isEmpty()
        ? layers.stream()
            .map(Layer::reader)
            .filter(reader -> !reader.isWritten(name))
            .limit(1)
            .toList()
        : writers;
  }

  /**
   * The distance of the nearest annotation that replaces an attribute; {@link Integer#MAX_VALUE} if
   * none does. Another one that is as near and says something else makes it ambiguous.
   */
  private int startOf(String name) {
    if (!annotation.equals(Manifest.ANNOTATION)) {
      return Integer.MAX_VALUE;
    }
    int start =
        layers.stream()
            .filter(layer -> layer.replaces(name))
            .mapToInt(Layer::distance)
            .min()
            .orElse(Integer.MAX_VALUE);
    List<Located<String>> said =
        layers.stream()
            .filter(layer -> layer.distance == start)
            .filter(layer -> layer.replaces(name) || layer.reader.isWritten(name))
            .map(layer -> layer.reader.source(name))
            .toList();
    said.forEach(other -> compare(said.get(0), other));
    return start;
  }
}
