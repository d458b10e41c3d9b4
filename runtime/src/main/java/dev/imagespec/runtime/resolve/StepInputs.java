package dev.imagespec.runtime.resolve;

import static java.util.stream.Collectors.joining;

import dev.imagespec.check.MaskedText;
import dev.imagespec.json.Fields;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.PythonMarker;
import dev.imagespec.model.Step;
import dev.imagespec.runtime.python.LockTexts;
import dev.imagespec.runtime.python.PythonLock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
 * @param options how Python packages are installed: options of pip
 * @param copied the files that are there before the steps run; null if there are none
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
    List<String> options,
    @Nullable LayerInputs copied,
    String dockerfile,
    Map<String, String> images) {
  /** The member with the identity of {@link #copied}. */
  public static final String FILES = "files";

  private static final String HASH = " --hash";

  public StepInputs {
    apt = List.copyOf(apt);
    python = List.copyOf(python);
    requirements = List.copyOf(requirements);
    indexes = List.copyOf(indexes);
    commands = List.copyOf(commands);
    secrets = List.copyOf(secrets);
    options = List.copyOf(options);
    images = Collections.unmodifiableMap(new TreeMap<>(images));
  }

  /** The files that are there before the steps run. */
  public Optional<LayerInputs> files() {
    return Optional.ofNullable(copied);
  }

  static StepInputs of(ResolvedSpec spec, Function<Layer, LayerInputs> layers) {
    Manifest.Environment declared = spec.draft().manifest().environment();
    // Where nothing is installed with pip, its options say nothing.
    boolean usesPip = declared.steps().stream().anyMatch(Step.Pip.class::isInstance);
    List<String> indexes = new ArrayList<>();
    if (usesPip && !declared.pipIndex().isEmpty()) {
      indexes.add(declared.pipIndex());
    }
    if (usesPip) {
      indexes.addAll(declared.pipExtraIndexUrls());
    }
    Set<String> python = new TreeSet<>(declared.packages());
    for (Manifest.PipIndex index : declared.pip().indexes()) {
      Set<String> own = new TreeSet<>(index.packages());
      indexes.add(index.url() + " for " + String.join(", ", own));
      python.addAll(own);
    }
    Set<String> requirements = requirements(spec.draft(), indexes);
    return new StepInputs(
        kept(new TreeSet<>(declared.aptPackages())),
        kept(python),
        kept(requirements),
        kept(indexes),
        kept(declared.commands()),
        kept(new TreeSet<>(declared.secrets())),
        spec.environments().values().stream().mapToInt(Environment::rebuild).max().orElse(0),
        kept(usesPip ? options(declared.pip()) : List.of()),
        Optional.of(spec.draft().steps().files())
            .filter(files -> !files.isEmpty())
            .map(files -> layers.apply(files.layer()))
            .orElse(null),
        spec.draft().recipe().map(recipe -> recipe.textDigest().toString()).orElse(""),
        images(spec.base()));
  }

  /**
   * The lines of the requirements files.
   *
   * @param indexes gets the indexes that a lock names
   */
  private static Set<String> requirements(Draft draft, List<String> indexes) {
    Set<String> requirements = new TreeSet<>();
    boolean isLock = !draft.lock().isEmpty();
    draft
        .steps()
        .requirements()
        .forEach(
            (name, text) -> {
              if (!name.equals(Step.Pip.LOCK_CHECK)) {
                text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(
                        line -> {
                          if (!isLock || !line.startsWith("-")) {
                            requirements.add(shortened(line));
                          } else if (line.startsWith(LockTexts.INDEX)) {
                            indexes.add(line.substring(LockTexts.INDEX.length()));
                          }
                        });
              }
            });
    PythonLock lock = draft.lock();
    if (!lock.requiresPython().isEmpty()) {
      requirements.add("python" + lock.requiresPython().stream().sorted().collect(joining(",")));
    }
    if (!lock.environments().isEmpty()) {
      requirements.add(
          "environments "
              + lock.environments().stream()
                  .map(PythonMarker::toString)
                  .sorted()
                  .collect(joining("; ")));
    }
    return requirements;
  }

  /** A line with one hash of all its hashes, if it would be too long to keep. */
  private static String shortened(String line) {
    int hashes = line.indexOf(HASH);
    return hashes < 0 || line.length() <= ImageInputs.MOST
        ? line
        : line.substring(0, hashes)
            + HASH
            + "="
            + Digest.of(line.substring(hashes).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> options(Manifest.Pip pip) {
    List<String> options = new ArrayList<>();
    if (pip.pre()) {
      options.add("--pre");
    }
    if (pip.noBuildIsolation()) {
      options.add("--no-build-isolation");
    }
    pip.findLinks().forEach(url -> options.add("--find-links " + url));
    options.addAll(pip.args());
    return options;
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
    put(json, "options", options);
    if (!dockerfile.isEmpty()) {
      json.put("dockerfile", dockerfile);
    }
    if (!images.isEmpty()) {
      json.put("images", images);
    }
    if (rebuild > 0) {
      json.put("rebuild", (long) rebuild);
    }
    files().ifPresent(files -> json.put(FILES, files.digest().toString()));
    return json;
  }

  private static void put(Map<String, Object> json, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      json.put(key, texts);
    }
  }

  static StepInputs of(Fields json, ImageInputs.Lists layers) {
    String files = json.text(FILES);
    return new StepInputs(
        json.texts("apt"),
        json.texts("python"),
        json.texts("requirements"),
        json.texts("indexes"),
        json.texts("commands"),
        json.texts("secrets"),
        json.number("rebuild"),
        json.texts("options"),
        files.isEmpty() ? null : layers.get(Layer.STEPS, Digest.parse(files)),
        json.text("dockerfile"),
        json.map("images"));
  }
}
