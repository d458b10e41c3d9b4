package dev.imagespec.model;

import dev.imagespec.json.Fields;
import dev.imagespec.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON form of a manifest, whose schema is {@code docs/manifest.schema.json}. */
final class ManifestJson {
  private ManifestJson() {}

  static String of(Manifest manifest) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema", Manifest.SCHEMA);
    document.put("task", manifest.task());
    if (!manifest.annotations().equals(List.of(Manifest.ANNOTATION))) {
      document.put("annotations", manifest.annotations());
    }
    put(document, "registry", manifest.registry());
    put(document, "name", manifest.name());
    put(document, "baseImage", manifest.baseImage());
    put(document, "baseSpec", manifest.baseSpec());
    Map<String, Object> own = new LinkedHashMap<>();
    put(own, "path", manifest.dockerfile().path());
    put(own, "context", manifest.dockerfile().context());
    put(document, "dockerfile", own);
    document.put("platforms", manifest.platforms().stream().map(Platform::toString).toList());
    put(document, "environment", of(manifest.environment()));
    put(document, "payload", of(manifest.payload()));
    put(document, "repository", of(manifest.repository()));
    if (manifest.flyte().isSet()) {
      document.put("flyte", FlyteTaskJson.of(manifest.flyte()));
    }
    return Json.pretty(document);
  }

  private static Map<String, Object> of(Manifest.Environment environment) {
    Map<String, Object> steps = new LinkedHashMap<>();
    put(steps, "aptPackages", environment.aptPackages());
    put(steps, "packages", environment.packages());
    put(steps, "requirements", environment.requirements());
    put(steps, "pipIndex", environment.pipIndex());
    put(steps, "pipExtraIndexUrls", environment.pipExtraIndexUrls());
    put(steps, "commands", environment.commands());
    put(steps, "secrets", environment.secrets());
    put(steps, "pipPre", environment.pip().pre());
    put(steps, "pipNoBuildIsolation", environment.pip().noBuildIsolation());
    put(steps, "pipFindLinks", environment.pip().findLinks());
    put(steps, "pipIndexes", environment.pip().indexes().stream().map(ManifestJson::of).toList());
    put(steps, "pipArgs", environment.pip().args());
    put(steps, "copy", environment.copy().stream().map(ManifestJson::of).toList());
    return steps;
  }

  private static Map<String, Object> of(Manifest.Payload payload) {
    Map<String, Object> top = new LinkedHashMap<>();
    put(top, "classpath", payload.classpath());
    put(top, "mainClass", payload.mainClass());
    put(top, "jvmFlags", payload.jvmFlags());
    put(top, "entrypoint", payload.entrypoint());
    put(top, "args", payload.args());
    put(top, "ports", payload.ports());
    put(top, "volumes", payload.volumes());
    put(top, "workingDirectory", payload.workingDirectory());
    put(top, "user", payload.user());
    put(top, "copy", payload.copy().stream().map(ManifestJson::of).toList());
    put(top, "env", payload.env());
    put(top, "annotations", payload.annotations());
    if (payload.application().isSet()) {
      Map<String, Object> application = new LinkedHashMap<>();
      application.put("from", payload.application().from());
      put(application, "to", payload.application().to());
      top.put("application", application);
    }
    put(top, "envPrepend", payload.envPrepend());
    put(top, "stopSignal", payload.stopSignal());
    put(top, "labels", payload.labels());
    return top;
  }

  private static Map<String, Object> of(Manifest.Repository repository) {
    Map<String, Object> creation = new LinkedHashMap<>();
    put(creation, "mutableTags", repository.mutableTags());
    put(creation, "scanOnPush", repository.scanOnPush());
    put(creation, "kmsKey", repository.kmsKey());
    put(creation, "pullPrincipals", repository.pullPrincipals());
    put(creation, "expireAfterDays", repository.expireAfterDays());
    return creation;
  }

  static Manifest parse(String json) {
    Fields document = Fields.of(Json.parse(json), "the manifest");
    int schema = document.number("schema");
    if (schema != Manifest.SCHEMA) {
      throw new IllegalArgumentException(
          "the manifest has schema "
              + schema
              + ", this release reads schema "
              + Manifest.SCHEMA
              + "; use one release for compilation and registration");
    }
    Fields own = document.object("dockerfile");
    Manifest.OwnDockerfile dockerfile =
        new Manifest.OwnDockerfile(own.text("path"), own.text("context"));
    own.end();
    List<String> annotations = document.texts("annotations");
    Manifest manifest =
        new Manifest(
            document.text("task"),
            annotations.isEmpty() ? List.of(Manifest.ANNOTATION) : annotations,
            document.text("registry"),
            document.text("name"),
            document.text("baseImage"),
            document.text("baseSpec"),
            dockerfile,
            document.list("platforms", value -> Platform.parse((String) value)),
            environmentOf(document.object("environment")),
            payloadOf(document.object("payload")),
            repositoryOf(document.object("repository")),
            document.members().containsKey("flyte")
                ? FlyteTaskJson.parse(document.object("flyte"))
                : FlyteTask.NONE);
    document.end();
    if (manifest.task().isEmpty() || manifest.platforms().isEmpty()) {
      throw new IllegalArgumentException("the manifest names no task or no platform");
    }
    return manifest;
  }

  private static Manifest.Environment environmentOf(Fields steps) {
    Manifest.Environment environment =
        new Manifest.Environment(
            steps.texts("aptPackages"),
            steps.texts("packages"),
            steps.text("requirements"),
            steps.text("pipIndex"),
            steps.texts("pipExtraIndexUrls"),
            steps.texts("commands"),
            steps.texts("secrets"),
            new Manifest.Pip(
                steps.flag("pipPre"),
                steps.flag("pipNoBuildIsolation"),
                steps.texts("pipFindLinks"),
                steps.list("pipIndexes", ManifestJson::pipIndexOf),
                steps.texts("pipArgs")),
            steps.list("copy", ManifestJson::copyOf));
    steps.end();
    if (environment.isEmpty() && !environment.copy().isEmpty()) {
      throw new IllegalArgumentException(
          "the manifest's environment has files and no steps; without steps, they are in"
              + " payload.copy");
    }
    return environment;
  }

  private static Manifest.Payload payloadOf(Fields top) {
    Manifest.Payload payload =
        new Manifest.Payload(
            top.flag("classpath"),
            top.text("mainClass"),
            top.texts("jvmFlags"),
            top.texts("entrypoint"),
            top.texts("args"),
            top.texts("ports"),
            top.texts("volumes"),
            top.text("workingDirectory"),
            top.text("user"),
            top.list("copy", ManifestJson::copyOf),
            top.map("env"),
            top.map("labels"),
            top.map("envPrepend"),
            top.text("stopSignal"),
            top.map("annotations"),
            applicationOf(top.object("application")));
    top.end();
    return payload;
  }

  private static Manifest.Repository repositoryOf(Fields creation) {
    Manifest.Repository repository =
        new Manifest.Repository(
            creation.flag("mutableTags"),
            creation.flag("scanOnPush"),
            creation.text("kmsKey"),
            creation.texts("pullPrincipals"),
            creation.number("expireAfterDays"));
    creation.end();
    return repository;
  }

  private static Map<String, Object> of(Manifest.Copy copy) {
    Map<String, Object> document = new TreeMap<>();
    document.put("from", copy.from());
    document.put("to", copy.to());
    put(document, "mode", copy.mode());
    put(document, "include", copy.include());
    put(document, "exclude", copy.exclude());
    put(
        document,
        "modes",
        copy.modes().stream()
            .map(mode -> new TreeMap<>(Map.of("pattern", mode.pattern(), "mode", mode.mode())))
            .toList());
    put(document, "ignoreFile", copy.ignoreFile());
    put(document, "owner", copy.owner());
    return document;
  }

  private static Manifest.Application applicationOf(Fields fields) {
    Manifest.Application result = new Manifest.Application(fields.text("from"), fields.text("to"));
    fields.end();
    if (!result.isSet() && !result.to().isEmpty()) {
      throw new IllegalArgumentException("an application has no from");
    }
    return result;
  }

  private static Map<String, Object> of(Manifest.PipIndex index) {
    Map<String, Object> document = new TreeMap<>();
    document.put("url", index.url());
    document.put("packages", index.packages());
    return document;
  }

  private static Manifest.PipIndex pipIndexOf(Object value) {
    Fields index = Fields.of(value, "pipIndexes");
    Manifest.PipIndex result = new Manifest.PipIndex(index.text("url"), index.texts("packages"));
    index.end();
    return result;
  }

  private static Manifest.Copy copyOf(Object value) {
    Fields copy = Fields.of(value, "copy");
    Manifest.Copy result =
        new Manifest.Copy(
            copy.text("from"),
            copy.text("to"),
            copy.text("mode"),
            copy.texts("include"),
            copy.texts("exclude"),
            copy.list("modes", ManifestJson::modeOf),
            copy.text("ignoreFile"),
            copy.text("owner"));
    copy.end();
    return result;
  }

  private static Manifest.Mode modeOf(Object value) {
    Fields mode = Fields.of(value, "modes");
    Manifest.Mode result = new Manifest.Mode(mode.text("pattern"), mode.text("mode"));
    mode.end();
    return result;
  }

  static void put(Map<String, Object> document, String key, Object value) {
    boolean unset =
        value.equals("")
            || value.equals(false)
            || value.equals(0)
            || (value instanceof List<?> list && list.isEmpty())
            || (value instanceof Map<?, ?> map && map.isEmpty());
    if (!unset) {
      document.put(key, value);
    }
  }
}
