package dev.imagespec.dockerfile;

import dev.imagespec.dockerfile.DockerfileMistake.Kind;
import dev.imagespec.dockerfile.Instruction.Flag;
import dev.imagespec.dockerfile.Instruction.Word;
import dev.imagespec.dockerfile.OwnDockerfile.Use;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Spelling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the stages of a Dockerfile use, for one platform. */
final class DockerfileStages {
  private static final Set<String> KEYWORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");
  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?", Pattern.DOTALL);
  private static final Pattern BUILDER =
      Pattern.compile("\\$(?:BUILDPLATFORM|\\{BUILDPLATFORM\\})");
  private static final String ONE_LINE = "the name of an image stands on one line, without quotes";

  private final Platform target;
  private final List<Use> uses = new ArrayList<>();
  private final List<DockerfileMistake> mistakes = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<Word> names = new ArrayList<>();
  private final List<OwnDockerfile.Instruction> steps = new ArrayList<>();
  private final ArgValues arguments;
  private final DockerfileContext context;

  /** A stage, with what it starts from: an image, a stage before it, or nothing. */
  private static final class Stage {
    final String name;
    final String written;
    final @Nullable Use image;
    final int parent;
    final Set<String> variables = new TreeSet<>();
    int counted;
    int all = 1;

    Stage(String written, @Nullable Use image, int parent) {
      this.name = written.toLowerCase(Locale.ROOT);
      this.written = written;
      this.image = image;
      this.parent = parent;
      // BuildKit counts a FROM that is an image.
      this.counted = image == null ? 0 : 1;
    }
  }

  private DockerfileStages(Platform target, char escape) {
    this.target = target;
    this.arguments = new ArgValues(target);
    this.context = new DockerfileContext(escape, mistakes);
  }

  static DockerfileStages of(DockerfileReader.Result read, Platform target) {
    DockerfileStages found = new DockerfileStages(target, read.escape());
    Set<String> later = new TreeSet<>();
    for (Instruction one : read.instructions()) {
      if (one.keyword().equals("FROM") && one.words().size() == 3) {
        later.add(one.words().get(2).text().toLowerCase(Locale.ROOT));
      }
    }
    boolean hasNames = read.instructions().stream().filter(DockerfileStages::isFrom).count() > 1;
    read.instructions().forEach(one -> found.add(one, later, hasNames));
    if (found.stages.isEmpty() && found.mistakes.isEmpty()) {
      found.mistake(0, Kind.WRONG, "it has no FROM; a Dockerfile starts from an image, or scratch");
    }
    return found;
  }

  private static boolean isFrom(Instruction one) {
    return one.keyword().equals("FROM");
  }

  List<DockerfileMistake> mistakes() {
    return List.copyOf(mistakes);
  }

  List<Use> uses() {
    return List.copyOf(uses);
  }

  /** The names of stages as these write them, for the places that write them otherwise. */
  List<Word> names() {
    return List.copyOf(names);
  }

  ContextSources sources() {
    return context.sources();
  }

  Map<String, Integer> secrets() {
    return context.secrets();
  }

  List<OwnDockerfile.Instruction> steps() {
    return List.copyOf(steps);
  }

  @Nullable Use base() {
    int at = stages.size() - 1;
    while (stages.get(at).parent >= 0) {
      at = stages.get(at).parent;
    }
    return stages.get(at).image;
  }

  Set<String> variables() {
    Set<String> all = new TreeSet<>();
    for (int at = stages.size() - 1; at >= 0; at = stages.get(at).parent) {
      all.addAll(stages.get(at).variables);
    }
    return Collections.unmodifiableSet(all);
  }

  private void mistake(int line, Kind kind, String text) {
    mistakes.add(new DockerfileMistake(line, kind, text));
  }

  private void add(Instruction one, Set<String> later, boolean hasNames) {
    String keyword = one.keyword();
    if (!KEYWORDS.contains(keyword)) {
      mistake(
          one.line(),
          Kind.WRONG,
          "there is no such instruction"
              + Spelling.meant(keyword, KEYWORDS.stream())
                  .map(meant -> "; did you mean " + meant + "?")
                  .orElse(""));
    } else if (isFrom(one)) {
      from(one);
    } else if (stages.isEmpty()) {
      if (keyword.equals("ARG")) {
        argument(one);
      } else {
        mistake(one.line(), Kind.WRONG, "a Dockerfile starts with FROM, or with ARG and then FROM");
      }
    } else {
      inStage(one, later, hasNames);
    }
  }

  private void inStage(Instruction one, Set<String> later, boolean hasNames) {
    Stage stage = stages.get(stages.size() - 1);
    stage.all++;
    switch (one.keyword()) {
      case "RUN", "COPY", "ADD", "WORKDIR" -> {
        stage.counted++;
        if (!one.keyword().equals("WORKDIR")) {
          String name =
              stage.name.isEmpty() && hasNames ? "stage-" + (stages.size() - 1) : stage.name;
          steps.add(
              new OwnDockerfile.Instruction(
                  one.line(), stages.size() - 1, name, stage.counted, stage.all, one.toString()));
          context.add(one);
          images(one, later);
        }
      }
      case "ENV" -> variables(one, stage.variables);
      case "ONBUILD" ->
          mistake(
              one.line(),
              Kind.WRONG,
              "ONBUILD is for images based on this one, and images of OCI do not keep it; write the"
                  + " instruction itself");
      case "HEALTHCHECK" -> {
        if (!one.text().equalsIgnoreCase("NONE")) {
          mistake(
              one.line(),
              Kind.NO_EFFECT,
              "images of OCI have no HEALTHCHECK, so it is left out; say it where the task runs");
        }
      }
      default -> {}
    }
  }

  private static void variables(Instruction one, Set<String> names) {
    List<String> words = one.words().stream().map(Word::text).toList();
    if (!words.isEmpty() && !words.get(0).contains("=")) {
      names.add(words.get(0));
      return;
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        names.add(word.substring(0, equals));
      }
    }
  }

  private void argument(Instruction one) {
    for (Word word : one.words()) {
      var assignment = ASSIGNMENT.matcher(word.text());
      if (!assignment.matches()) {
        mistake(one.line(), Kind.WRONG, "an argument is NAME or NAME=default, without white space");
        return;
      }
      String value = assignment.group(2);
      if (value == null) {
        continue;
      }
      boolean isQuoted =
          value.length() > 1
              && "'\"".indexOf(value.charAt(0)) >= 0
              && value.charAt(value.length() - 1) == value.charAt(0);
      try {
        arguments.put(
            assignment.group(1),
            isQuoted && value.charAt(0) == '\''
                ? value.substring(1, value.length() - 1)
                : arguments.expand(isQuoted ? value.substring(1, value.length() - 1) : value));
      } catch (IllegalArgumentException e) {
        // It is a mistake only if a FROM needs it; then that says so.
      }
    }
  }

  private void from(Instruction one) {
    List<Word> words = one.words();
    boolean hasName = words.size() == 3 && words.get(1).text().equalsIgnoreCase("AS");
    if (words.size() != 1 && !hasName) {
      mistake(
          one.line(), Kind.WRONG, "FROM is followed by an image, or by an image, AS and a name");
    }
    String as = hasName ? words.get(2).text() : "";
    String name = as.toLowerCase(Locale.ROOT);
    if (hasName && (!STAGE.matcher(name).matches() || name.equals(Manifest.SCRATCH))) {
      mistake(
          one.line(),
          Kind.WRONG,
          "the name of a stage has letters, digits, -, _ and ., and starts with a letter");
    } else if (hasName && index(name) >= 0) {
      mistake(one.line(), Kind.WRONG, "there is a stage of this name before it; name it otherwise");
    }
    Use image = null;
    int parent = -1;
    if (!words.isEmpty()) {
      Word written = words.get(0);
      try {
        String text = arguments.expand(written.text());
        parent = index(text.toLowerCase(Locale.ROOT));
        if (parent >= 0) {
          named(written, text, stages.get(parent));
        } else if (!text.equals(Manifest.SCRATCH)) {
          image = use(one, written, text, platform(one));
        }
      } catch (IllegalArgumentException e) {
        unknown(one, e);
      }
    }
    stages.add(new Stage(as, image, parent));
  }

  private void unknown(Instruction one, IllegalArgumentException e) {
    mistake(
        one.line(),
        Kind.UNKNOWN_IMAGE,
        "which image this is cannot be known before the build: " + e.getMessage());
  }

  /** The platform of a FROM; null for that of the machine that builds. */
  private @Nullable Platform platform(Instruction one) {
    String written = one.flag("platform").map(Word::text).orElse("");
    if (written.isEmpty()) {
      return target;
    }
    return BUILDER.matcher(written).matches() ? null : Platform.parse(arguments.expand(written));
  }

  /** Keeps where a stage is named in another case than its own: some builders mind the case. */
  private void named(Word place, String text, Stage stage) {
    if (!text.equals(stage.written) && place.end() - place.start() == place.text().length()) {
      names.add(new Word(stage.written, place.start(), place.end()));
    }
  }

  /** The latest stage of a name, or -1. */
  private int index(String name) {
    for (int i = stages.size() - 1; i >= 0; i--) {
      if (stages.get(i).name.equals(name) && !name.isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable Use use(
      Instruction one, Word written, String text, @Nullable Platform platform) {
    if (written.end() - written.start() != written.text().length() || text.isEmpty()) {
      mistake(one.line(), Kind.UNKNOWN_IMAGE, ONE_LINE);
      return null;
    }
    ImageReference reference = ImageReference.parse(text);
    if (!reference.isPinned() && reference.tag().orElse("").equals("latest")) {
      mistake(
          one.line(),
          Kind.UNPINNED,
          "the image "
              + reference
              + " has no fixed version, so the lock alone keeps it from changing; name a version or a"
              + " digest");
    }
    Use use = new Use(one.line(), written.start(), written.end(), reference, platform, isFrom(one));
    uses.add(use);
    return use;
  }

  /** The images that an instruction of a stage reads from. */
  private void images(Instruction one, Set<String> later) {
    if (one.keyword().equals("COPY")) {
      one.flag("from").ifPresent(from -> image(one, from, later));
    }
    if (one.keyword().equals("RUN")) {
      one.flags().stream()
          .filter(flag -> flag.name().equals("mount"))
          .map(Flag::value)
          .forEach(value -> Mount.from(value).ifPresent(from -> image(one, from, later)));
    }
  }

  private void image(Instruction one, Word from, Set<String> later) {
    String name = from.text();
    if (name.matches("[0-9]{1,4}")) {
      if (Integer.parseInt(name) >= stages.size() - 1) {
        mistake(one.line(), Kind.WRONG, "there is no stage " + name + " before this one");
      }
      return;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    int index = index(lower);
    if (index == stages.size() - 1 || (index < 0 && later.contains(lower))) {
      mistake(one.line(), Kind.WRONG, "the stage that it reads from has to come before this one");
    } else if (index >= 0) {
      named(from, name, stages.get(index));
    } else if (!lower.equals(Manifest.SCRATCH)) {
      try {
        if (name.contains("$")) {
          throw new IllegalArgumentException(
              "no argument is known here; name a stage whose FROM has the argument");
        }
        Use unused = use(one, from, name, target);
      } catch (IllegalArgumentException e) {
        unknown(one, e);
      }
    }
  }
}
