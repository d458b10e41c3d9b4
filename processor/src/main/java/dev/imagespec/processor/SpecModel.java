package dev.imagespec.processor;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the model of a spec that was found right. Sets are sorted, so that equal specs are equal.
 */
final class SpecModel {
  private SpecModel() {}

  /**
   * The manifest.
   *
   * @param baseSpec the binary name of the base's task class, or empty
   * @param mainClass the main class's binary name, or empty
   */
  static Manifest of(RawSpec spec, String baseSpec, String mainClass) {
    return new Manifest(
        spec.binaryName(),
        List.copyOf(
            new TreeSet<>(
                spec.carriers().stream().map(carrier -> carrier.annotation().value()).toList())),
        spec.registry().value(),
        spec.name().value(),
        spec.baseImage().value(),
        baseSpec,
        List.copyOf(
            new TreeSet<>(
                spec.platforms().stream().map(text -> Platform.parse(text.value())).toList())),
        new Manifest.Environment(
            // As they are written, though they are sets: a failing step names the element.
            list(spec.aptPackages()),
            list(spec.packages()),
            spec.requirements().value(),
            spec.pipIndex().value(),
            list(spec.pipExtraIndexUrls()),
            list(spec.commands()),
            set(spec.secrets())),
        new Manifest.Payload(
            spec.classpath().value(),
            mainClass,
            list(spec.jvmFlags()),
            list(spec.entrypoint()),
            list(spec.args()),
            set(spec.ports()),
            set(spec.volumes()),
            normal(spec.workingDirectory().value()),
            spec.user().value(),
            spec.copy().stream()
                .map(
                    copy ->
                        new Manifest.Copy(
                            copy.from().value(), copy.to().value(), copy.mode().value()))
                .toList(),
            map(spec.env()),
            map(spec.labels())),
        new Manifest.Repository(
            spec.repository().mutableTags().value(),
            spec.repository().scanOnPush().value(),
            spec.repository().kmsKey().value(),
            set(spec.repository().pullPrincipals()),
            spec.repository().expireAfterDays().value()));
  }

  /** Builders disagree about what to do with {@code //}, {@code .} and {@code ..}. */
  private static String normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return path.isEmpty() ? path : "/" + String.join("/", parts);
  }

  private static List<String> list(List<Located<String>> texts) {
    return texts.stream().map(Located::value).toList();
  }

  private static List<String> set(List<Located<String>> texts) {
    return List.copyOf(new TreeSet<>(list(texts)));
  }

  private static Map<String, String> map(List<RawSpec.Pair> pairs) {
    Map<String, String> map = new TreeMap<>();
    pairs.forEach(pair -> map.put(pair.name().value(), pair.value().value()));
    return map;
  }
}
