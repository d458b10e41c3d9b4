package dev.imagespec.check;

import dev.imagespec.model.ImagePath;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.PythonRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Converts a checked spec to a manifest, and a manifest back to a spec. */
public final class SpecManifest {
  private SpecManifest() {}

  /**
   * The manifest of a spec without errors. Sets are sorted, so that equal specs give equal
   * manifests.
   */
  public static Manifest of(Spec spec) {
    return new Manifest(
        spec.task(),
        List.copyOf(
            new TreeSet<>(
                spec.carriers().stream().map(carrier -> carrier.annotation().value()).toList())),
        spec.registry().value(),
        spec.name().value(),
        spec.baseImage().value(),
        spec.baseSpec().value().binary(),
        new Manifest.OwnDockerfile(
            spec.dockerfile().path().value(), spec.dockerfile().context().value()),
        List.copyOf(
            new TreeSet<>(
                spec.platforms().stream().map(text -> Platform.parse(text.value())).toList())),
        new Manifest.Environment(
            // In the order as written, although these are sets: a failing step names the element.
            list(spec.aptPackages()),
            list(spec.packages()).stream().map(PythonRequirement::tidy).toList(),
            spec.requirements().value(),
            spec.pipIndex().value(),
            list(spec.pipExtraIndexUrls()),
            list(spec.commands()),
            set(spec.secrets()),
            pip(spec.pip()),
            spec.copiesInSteps().stream().map(SpecManifest::copy).toList()),
        new Manifest.Payload(
            spec.classpath().value(),
            spec.main().value().binary(),
            list(spec.jvmFlags()),
            list(spec.entrypoint()),
            list(spec.args()),
            set(spec.ports()),
            set(spec.volumes()),
            normal(spec.workingDirectory().value()),
            spec.user().value(),
            payload(spec).stream().map(SpecManifest::copy).toList(),
            variables(spec.env(), Spec.Env.Form.VALUE),
            map(spec.labels()),
            variables(spec.env(), Spec.Env.Form.PREPEND),
            spec.stopSignal().value(),
            map(spec.annotations()),
            new Manifest.Application(
                spec.application().from().value(), normal(application(spec.application())))),
        new Manifest.Repository(
            spec.repository().mutableTags().value(),
            spec.repository().scanOnPush().value(),
            spec.repository().kmsKey().value(),
            set(spec.repository().pullPrincipals()),
            spec.repository().expireAfterDays().value()),
        FlyteManifest.of(spec.flyte(), spec.task()));
  }

  /** Where an application is to be; empty without one. */
  private static String application(Spec.Application application) {
    return application.isSet() ? application.to().value() : "";
  }

  private static Manifest.Pip pip(Spec.Pip pip) {
    return new Manifest.Pip(
        pip.pre().value(),
        pip.noBuildIsolation().value(),
        list(pip.findLinks()),
        pip.indexes().stream()
            .map(
                index ->
                    new Manifest.PipIndex(
                        index.url().value(),
                        list(index.packages()).stream().map(PythonRequirement::tidy).toList()))
            .toList(),
        list(pip.args()));
  }

  /** In the order in which they are written; what steps would need is there first. */
  private static List<Spec.Copy> payload(Spec spec) {
    List<Spec.Copy> first = new ArrayList<>(spec.copy());
    first.removeIf(copy -> !copy.inSteps());
    List<Spec.Copy> payload = new ArrayList<>(spec.copy());
    payload.removeIf(Spec.Copy::inSteps);
    if (!spec.hasSteps()) {
      payload.addAll(0, first);
    }
    return payload;
  }

  private static Manifest.Copy copy(Spec.Copy copy) {
    return new Manifest.Copy(
        copy.from().value(),
        copy.to().value(),
        copy.mode().value(),
        list(copy.include()),
        list(copy.exclude()),
        copy.modes().stream()
            .map(mode -> new Manifest.Mode(mode.pattern().value(), mode.mode().value()))
            .toList(),
        copy.ignoreFile().value(),
        copy.owner().value());
  }

  private static String normal(String path) {
    return path.isEmpty() ? path : ImagePath.normal(path);
  }

  private static List<String> list(List<Located<String>> texts) {
    return texts.stream().map(Located::value).toList();
  }

  private static List<String> set(List<Located<String>> texts) {
    return List.copyOf(new TreeSet<>(list(texts)));
  }

  private static Map<String, String> variables(List<Spec.Env> env, Spec.Env.Form form) {
    Map<String, String> map = new TreeMap<>();
    env.stream()
        .filter(one -> one.form() == form)
        .forEach(one -> map.put(one.name().value(), one.text().value()));
    return map;
  }

  private static Map<String, String> map(List<Spec.Pair> pairs) {
    Map<String, String> map = new TreeMap<>();
    pairs.forEach(pair -> map.put(pair.name().value(), pair.value().value()));
    return map;
  }

  /** The spec of a manifest. Its places have only paths. */
  public static Spec read(Manifest manifest) {
    Manifest.Environment steps = manifest.environment();
    Manifest.Payload payload = manifest.payload();
    Manifest.Repository repository = manifest.repository();
    return new Spec(
        manifest.task(),
        false,
        at("annotations", manifest.annotations()).stream()
            .map(annotation -> new Spec.Carrier(annotation, true))
            .toList(),
        at("@ImageSpec", manifest.task()),
        at("registry", manifest.registry()),
        at("name", manifest.name()),
        at("baseImage", manifest.baseImage()),
        at("baseSpec", ClassName.ofBinary(manifest.baseSpec())),
        new Spec.OwnDockerfile(
            at("dockerfile", manifest.dockerfile().path()),
            at("dockerfileContext", manifest.dockerfile().context())),
        at("platforms", manifest.platforms().stream().map(Platform::toString).toList()),
        at("aptPackages", steps.aptPackages()),
        at("packages", steps.packages()),
        at("requirements", steps.requirements()),
        at("pipIndex", steps.pipIndex()),
        at("pipExtraIndexUrls", steps.pipExtraIndexUrls()),
        at("commands", steps.commands()),
        at("secrets", steps.secrets()),
        at("classpath", payload.classpath()),
        at("mainClass", ClassName.ofBinary(payload.mainClass())),
        at("mainClassName", ClassName.NONE),
        at("jvmFlags", payload.jvmFlags()),
        at("entrypoint", payload.entrypoint()),
        at("args", payload.args()),
        at("ports", payload.ports()),
        at("volumes", payload.volumes()),
        at("workingDirectory", payload.workingDirectory()),
        at("user", payload.user()),
        at("stopSignal", payload.stopSignal()),
        Stream.concat(
                copies("environment.copy", true, steps.copy()).stream(),
                copies("copy", false, payload.copy()).stream())
            .toList(),
        env(payload),
        pairs("labels", payload.labels()),
        pairs("annotations", payload.annotations()),
        new Spec.Repository(
            at("repository.mutableTags", repository.mutableTags()),
            at("repository.scanOnPush", repository.scanOnPush()),
            at("repository.kmsKey", repository.kmsKey()),
            at("repository.pullPrincipals", repository.pullPrincipals()),
            at("repository.expireAfterDays", repository.expireAfterDays())),
        List.of(),
        List.of(),
        new Spec.Application(
            at("application.from", payload.application().from()),
            at("application.to", payload.application().to())),
        pip(steps.pip()),
        FlyteManifest.read(manifest.flyte()));
  }

  private static Spec.Pip pip(Manifest.Pip pip) {
    List<Spec.PipIndex> indexes = new ArrayList<>();
    for (Manifest.PipIndex index : pip.indexes()) {
      String path = "pipIndexes[" + indexes.size() + "].";
      indexes.add(
          new Spec.PipIndex(
              at(path + "url", index.url()), at(path + "packages", index.packages())));
    }
    return new Spec.Pip(
        at("pipPre", pip.pre()),
        at("pipNoBuildIsolation", pip.noBuildIsolation()),
        at("pipFindLinks", pip.findLinks()),
        indexes,
        at("pipArgs", pip.args()));
  }

  static <T> Located<T> at(String path, T value) {
    return new Located<>(value, () -> path);
  }

  static List<Located<String>> at(String path, List<String> values) {
    List<Located<String>> located = new ArrayList<>();
    values.forEach(value -> located.add(at(path + "[" + located.size() + "]", value)));
    return located;
  }

  private static List<Spec.Copy> copies(
      String attribute, boolean inSteps, List<Manifest.Copy> copies) {
    List<Spec.Copy> located = new ArrayList<>();
    for (Manifest.Copy copy : copies) {
      String path = attribute + "[" + located.size() + "].";
      located.add(
          new Spec.Copy(
              at(path + "from", copy.from()),
              at(path + "to", copy.to()),
              at(path + "mode", copy.mode()),
              inSteps,
              at(path + "include", copy.include()),
              at(path + "exclude", copy.exclude()),
              modes(path + "modes", copy.modes()),
              at(path + "ignoreFile", copy.ignoreFile()),
              at(path + "owner", copy.owner())));
    }
    return located;
  }

  private static List<Spec.Mode> modes(String attribute, List<Manifest.Mode> modes) {
    List<Spec.Mode> located = new ArrayList<>();
    for (Manifest.Mode mode : modes) {
      String path = attribute + "[" + located.size() + "].";
      located.add(
          new Spec.Mode(at(path + "pattern", mode.pattern()), at(path + "mode", mode.mode())));
    }
    return located;
  }

  private static List<Spec.Env> env(Manifest.Payload payload) {
    List<Spec.Env> env = new ArrayList<>();
    for (Spec.Pair pair : pairs("env", payload.env())) {
      env.add(new Spec.Env(pair.name(), pair.value(), Spec.Env.Form.VALUE));
    }
    for (Spec.Pair pair : pairs("envPrepend", payload.envPrepend())) {
      env.add(new Spec.Env(pair.name(), pair.value(), Spec.Env.Form.PREPEND));
    }
    return env;
  }

  private static List<Spec.Pair> pairs(String attribute, Map<String, String> map) {
    List<Spec.Pair> located = new ArrayList<>();
    map.forEach(
        (name, value) -> {
          String path = attribute + "[" + located.size() + "].";
          located.add(new Spec.Pair(at(path + "name", name), at(path + "value", value)));
        });
    return located;
  }
}
