package dev.imagespec.runtime.resolve;

import dev.imagespec.check.MaskedText;
import dev.imagespec.json.Fields;
import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the steps of an environment do, in the words of the annotation, without credentials.
 *
 * @param apt Debian packages, sorted
 * @param python Python packages, sorted
 * @param requirements the lines of the requirements file and of the files that it includes, sorted
 * @param indexes package indexes, in their order
 * @param commands commands, in their order
 * @param secrets ids of secrets, sorted
 * @param rebuild how often somebody asked for a rebuild
 * @param dockerfile the digest of the project's own Dockerfile, or empty
 * @param images what the images that it uses are, by reference and platform
 */
public record StepInputs(
    List<String> apt,
    List<String> python,
    List<String> requirements,
    List<String> indexes,
    List<String> commands,
    List<String> secrets,
    int rebuild,
    String dockerfile,
    Map<String, String> images) {
  public StepInputs {
    apt = List.copyOf(apt);
    python = List.copyOf(python);
    requirements = List.copyOf(requirements);
    indexes = List.copyOf(indexes);
    commands = List.copyOf(commands);
    secrets = List.copyOf(secrets);
    images = Collections.unmodifiableMap(new TreeMap<>(images));
  }

  static StepInputs of(ResolvedSpec spec) {
    Manifest.Environment declared = spec.draft().manifest().environment();
    List<String> indexes = new ArrayList<>();
    if (!declared.pipIndex().isEmpty()) {
      indexes.add(declared.pipIndex());
    }
    indexes.addAll(declared.pipExtraIndexUrls());
    List<String> requirements =
        spec.draft().steps().requirements().values().stream()
            .flatMap(String::lines)
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return new StepInputs(
        kept(new TreeSet<>(declared.aptPackages())),
        kept(new TreeSet<>(declared.packages())),
        kept(new TreeSet<>(requirements)),
        kept(indexes),
        kept(declared.commands()),
        kept(new TreeSet<>(declared.secrets())),
        spec.environments().values().stream().mapToInt(Environment::rebuild).max().orElse(0),
        spec.draft().recipe().map(recipe -> recipe.textDigest().toString()).orElse(""),
        images(spec.base()));
  }

  private static Map<String, String> images(Base base) {
    Map<String, String> images = new TreeMap<>();
    if (base instanceof Base.OfDockerfile own) {
      own.images()
          .forEach(
              (platform, all) ->
                  all.forEach(
                      used ->
                          images.put(
                              used.use().reference()
                                  + (own.images().size() == 1 ? "" : " for " + platform),
                              used.digest().toString())));
    }
    return images;
  }

  private static List<String> kept(Iterable<String> texts) {
    List<String> kept = new ArrayList<>();
    texts.forEach(text -> kept.add(ImageInputs.bounded(MaskedText.of(text))));
    return kept;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    put(json, "apt", apt);
    put(json, "python", python);
    put(json, "requirements", requirements);
    put(json, "indexes", indexes);
    put(json, "commands", commands);
    put(json, "secrets", secrets);
    if (!dockerfile.isEmpty()) {
      json.put("dockerfile", dockerfile);
    }
    if (!images.isEmpty()) {
      json.put("images", images);
    }
    if (rebuild > 0) {
      json.put("rebuild", (long) rebuild);
    }
    return json;
  }

  private static void put(Map<String, Object> json, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      json.put(key, texts);
    }
  }

  static StepInputs of(Fields json) {
    return new StepInputs(
        json.texts("apt"),
        json.texts("python"),
        json.texts("requirements"),
        json.texts("indexes"),
        json.texts("commands"),
        json.texts("secrets"),
        json.number("rebuild"),
        json.text("dockerfile"),
        json.map("images"));
  }
}
