package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.check.Code;
import dev.imagespec.check.Problem;
import dev.imagespec.check.Spec;
import dev.imagespec.check.SpecChecks;
import dev.imagespec.check.SpecManifest;
import dev.imagespec.check.Surroundings;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.PythonRequirement;
import dev.imagespec.processor.DockerfileReader.Instruction;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/**
 * Whatever text stands in an attribute: it is refused with a code, or it comes back from the
 * manifest and from the Dockerfile as it was, and nothing else does.
 */
class HostileTextTest {
  private static final Surroundings AROUND =
      new Surroundings() {
        @Override
        public boolean admitsRegion(String region) {
          return false;
        }
      };

  private static final Pattern CODE = Pattern.compile("IMG[0-9]{3} .*", Pattern.DOTALL);

  /** A fixed beginning, so that every run tries the same; change it to look elsewhere. */
  private static final long FIRST_SEED = 20_261_101;

  /** Tries a property with generated texts; what fails is said with its seed and its input. */
  private static void tries(int tries, Property property) throws IOException {
    for (int n = 0; n < tries; n++) {
      long seed = FIRST_SEED + n;
      HostileTexts hostile = new HostileTexts(seed);
      Map<SpecText, String> texts = hostile.texts();
      try {
        property.holdsFor(hostile, texts);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("with the seed " + seed + ": " + HostileTexts.shown(texts), e);
      }
    }
  }

  private interface Property {
    void holdsFor(HostileTexts hostile, Map<SpecText, String> texts) throws IOException;
  }

  @Test
  void aTextIsRefusedOrStaysWhatItIs() throws IOException {
    Set<SpecText> accepted = EnumSet.noneOf(SpecText.class);
    Set<SpecText> refused = EnumSet.noneOf(SpecText.class);
    tries(400, (hostile, texts) -> isRefusedOrStays(texts, accepted, refused));
    // A test that refuses all shows nothing, and neither does one that takes all.
    assertThat(accepted).containsExactlyInAnyOrder(SpecText.values());
    assertThat(refused).containsExactlyInAnyOrder(SpecText.values());
  }

  private static void isRefusedOrStays(
      Map<SpecText, String> texts, Set<SpecText> everAccepted, Set<SpecText> everRefused) {
    Map<SpecText, String> accepted = new EnumMap<>(SpecText.class);
    for (Map.Entry<SpecText, String> text : texts.entrySet()) {
      Map<SpecText, String> one = Map.of(text.getKey(), text.getValue());
      if (isRefused(SpecText.spec(one))) {
        everRefused.add(text.getKey());
      } else {
        everAccepted.add(text.getKey());
        accepted.putAll(one);
        staysWhatItIs(one);
      }
    }
    // Two choices that exclude one another.
    accepted.remove(accepted.size() % 2 == 0 ? SpecText.ENTRYPOINT : SpecText.JVM_FLAG);
    if (accepted.containsKey(SpecText.JVM_FLAG)) {
      accepted.remove(SpecText.APPLICATION_FROM);
      accepted.remove(SpecText.APPLICATION_TO);
    }
    if (!isRefused(SpecText.spec(accepted))) {
      staysWhatItIs(accepted);
    }
  }

  private static boolean isRefused(Spec spec) {
    boolean refused = false;
    for (Problem problem : SpecChecks.check(spec, AROUND)) {
      assertThat(problem.code()).isNotEqualTo(Code.INTERNAL);
      assertThat(problem.text()).matches(CODE);
      refused |= problem.isError();
    }
    return refused;
  }

  private static void staysWhatItIs(Map<SpecText, String> texts) {
    Manifest manifest = SpecManifest.of(SpecText.spec(texts));
    assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
    staysWhatItIs(texts, manifest, Dockerfile.of(manifest));
  }

  @Test
  void compilersDoTheSame() throws IOException {
    List<TestCompiler> compilers = List.of(TestCompiler.JAVAC, TestCompiler.ECJ);
    tries(12, (hostile, texts) -> doesWhatTheChecksSay(hostile.oneOf(compilers), texts));
  }

  private static void doesWhatTheChecksSay(TestCompiler compiler, Map<SpecText, String> texts)
      throws IOException {
    Map<String, String> sources = new TreeMap<>();
    texts.forEach(
        (attribute, text) -> sources.put("t/" + attribute + ".java", source(attribute, text)));
    Path dir = Files.createTempDirectory("hostile");
    Compiled compiled;
    try {
      compiled = compiler.compile(dir, sources, List.of(ImageSpecProcessor.class), "-proc:only");
    } finally {
      delete(dir);
    }
    Set<String> refused = new TreeSet<>();
    for (Said said : compiled.said()) {
      if (said.kind() == Diagnostic.Kind.ERROR) {
        assertThat(said.text()).matches(CODE).doesNotStartWith(Code.INTERNAL.toString());
        refused.add(said.file().substring(said.file().lastIndexOf('/') + 1));
      }
    }
    texts.forEach(
        (attribute, text) -> {
          boolean isRefused = refused.contains(attribute + ".java");
          assertThat(isRefused)
              .as("%s %s", attribute, text)
              .isEqualTo(isRefused(SpecText.spec(Map.of(attribute, text))));
          if (!isRefused) {
            String folder = Manifest.resourceFolder("t." + attribute);
            staysWhatItIs(
                Map.of(attribute, text),
                Manifest.parse(compiled.output(folder + Manifest.FILE)),
                compiled.output(folder + Dockerfile.FILE));
          }
        });
  }

  private static String source(SpecText attribute, String text) {
    String base = attribute == SpecText.BASE_IMAGE ? "" : "baseImage = \"b:1\", ";
    String main = attribute == SpecText.JVM_FLAG ? "mainClass = JVM_FLAG.class, " : "";
    return "package t; import dev.imagespec.*; @ImageSpec("
        + base
        + main
        + attribute.source(text)
        + ") class "
        + attribute
        + " { public static void main(String[] a) {} }";
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> tree = Files.walk(dir)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Holds a manifest and a Dockerfile against the texts: all of them, and nothing besides. */
  private static void staysWhatItIs(
      Map<SpecText, String> texts, Manifest manifest, String dockerfile) {
    Expected expected = new Expected(texts);
    assertThat(manifest).isEqualTo(expected.manifest(manifest.task()));
    List<Instruction> instructions = new ArrayList<>();
    int scripts = (expected.hasAptStep() ? 1 : 0) + (expected.hasPipStep() ? 1 : 0);
    for (Instruction instruction : DockerfileReader.read(dockerfile)) {
      // The processor's own scripts quote texts once more; a command is a text as a whole.
      boolean isScript = instruction.name().equals("RUN") && scripts-- > 0;
      instructions.add(isScript ? split(instruction) : instruction);
    }
    assertThat(instructions).as("%s", dockerfile).isEqualTo(expected.instructions(manifest.task()));
  }

  private static Instruction split(Instruction run) {
    List<String> words = new ArrayList<>(run.words().subList(0, 2));
    words.addAll(ShellReader.words(run.words().get(2)));
    return new Instruction(run.name(), run.flags(), words);
  }

  /** What is to come out, written down without the code that makes it. */
  private record Expected(Map<SpecText, String> texts) {
    private String one(SpecText attribute) {
      return texts.getOrDefault(attribute, "");
    }

    private List<String> list(SpecText attribute) {
      return texts.containsKey(attribute) ? List.of(one(attribute)) : List.of();
    }

    private boolean has(SpecText attribute) {
      return !one(attribute).isEmpty();
    }

    private Map<String, String> pairs(SpecText name, SpecText value, String ownName) {
      Map<String, String> pairs = new TreeMap<>();
      list(name).forEach(text -> pairs.put(text, "b"));
      list(value).forEach(text -> pairs.put(ownName, text));
      return pairs;
    }

    private Map<String, String> env() {
      return pairs(SpecText.ENV_NAME, SpecText.ENV_VALUE, "VALUE");
    }

    private Map<String, String> envPrepend() {
      Map<String, String> prepend = new TreeMap<>();
      list(SpecText.ENV_PREPEND).forEach(text -> prepend.put("PYTHONPATH", text));
      return prepend;
    }

    private Map<String, String> labels() {
      return pairs(SpecText.LABEL_NAME, SpecText.LABEL_VALUE, "value");
    }

    private String baseImage() {
      return texts.getOrDefault(SpecText.BASE_IMAGE, "b:1");
    }

    private String mainClass(String task) {
      return texts.containsKey(SpecText.JVM_FLAG) ? task : "";
    }

    private String workingDirectory() {
      return path(SpecText.WORKING_DIRECTORY);
    }

    private String path(SpecText attribute) {
      return has(attribute)
          ? one(attribute)
              .replaceAll("/+", "/")
              .replaceAll("(?:/\\.)+(?=/|$)", "")
              .replaceAll("(?<=.)/+$", "")
              .replaceAll("^$", "/")
          : "";
    }

    private Manifest.Application application() {
      boolean hasFolder = texts.containsKey(SpecText.APPLICATION_TO);
      String from =
          hasFolder
              ? texts.getOrDefault(SpecText.APPLICATION_FROM, "f.jar")
              : one(SpecText.APPLICATION_FROM);
      return new Manifest.Application(from, from.isEmpty() ? "" : path(SpecText.APPLICATION_TO));
    }

    private List<Manifest.Copy> copy() {
      List<Manifest.Copy> copy = new ArrayList<>();
      list(SpecText.COPY_FROM).forEach(text -> copy.add(new Manifest.Copy(text, "/x", "")));
      list(SpecText.COPY_TO).forEach(text -> copy.add(new Manifest.Copy("f", text, "")));
      list(SpecText.COPY_MODE).forEach(text -> copy.add(new Manifest.Copy("f", "/x", text)));
      list(SpecText.COPY_INCLUDE).forEach(text -> copy.add(copy(List.of(text), List.of())));
      list(SpecText.COPY_EXCLUDE).forEach(text -> copy.add(copy(List.of(), List.of(text))));
      list(SpecText.COPY_PATTERN).forEach(text -> copy.add(copyWith(text, "0755", "", "")));
      list(SpecText.COPY_PATTERN_MODE).forEach(text -> copy.add(copyWith("a", text, "", "")));
      list(SpecText.COPY_IGNORE_FILE).forEach(text -> copy.add(copyWith("", "", text, "")));
      list(SpecText.COPY_OWNER).forEach(text -> copy.add(copyWith("", "", "", text)));
      return copy;
    }

    private List<Manifest.PipIndex> pipIndexes() {
      List<Manifest.PipIndex> indexes = new ArrayList<>();
      list(SpecText.PIP_INDEX_OWN_URL)
          .forEach(url -> indexes.add(new Manifest.PipIndex(url, List.of("six==1"))));
      list(SpecText.PIP_INDEX_PACKAGE)
          .forEach(
              text ->
                  indexes.add(
                      new Manifest.PipIndex(
                          "https://i.example", List.of(PythonRequirement.tidy(text)))));
      return indexes;
    }

    private static Manifest.Copy copy(List<String> include, List<String> exclude) {
      return new Manifest.Copy("f", "/x", "", include, exclude, List.of(), "", "");
    }

    private static Manifest.Copy copyWith(
        String pattern, String mode, String ignoreFile, String owner) {
      List<Manifest.Mode> modes =
          pattern.isEmpty() ? List.of() : List.of(new Manifest.Mode(pattern, mode));
      return new Manifest.Copy("f", "/x", "", List.of(), List.of(), modes, ignoreFile, owner);
    }

    private boolean hasOwner() {
      return has(SpecText.COPY_OWNER) && !one(SpecText.COPY_OWNER).matches("0+(?::0+)?");
    }

    Manifest manifest(String task) {
      return new Manifest(
          task,
          one(SpecText.REGISTRY),
          one(SpecText.NAME),
          baseImage(),
          "",
          List.of(Platform.parse(texts.getOrDefault(SpecText.PLATFORM, "linux/amd64"))),
          new Manifest.Environment(
              list(SpecText.APT_PACKAGE),
              list(SpecText.PACKAGE).stream().map(PythonRequirement::tidy).toList(),
              one(SpecText.REQUIREMENTS),
              one(SpecText.PIP_INDEX),
              list(SpecText.PIP_EXTRA_INDEX_URL),
              list(SpecText.COMMAND),
              list(SpecText.SECRET),
              new Manifest.Pip(
                  false,
                  false,
                  list(SpecText.PIP_FIND_LINKS),
                  pipIndexes(),
                  list(SpecText.PIP_ARG)),
              List.of()),
          new Manifest.Payload(
              false,
              mainClass(task),
              list(SpecText.JVM_FLAG),
              list(SpecText.ENTRYPOINT),
              list(SpecText.ARG),
              list(SpecText.PORT),
              list(SpecText.VOLUME),
              workingDirectory(),
              one(SpecText.USER),
              copy(),
              env(),
              labels(),
              envPrepend(),
              one(SpecText.STOP_SIGNAL),
              pairs(SpecText.ANNOTATION_NAME, SpecText.ANNOTATION_VALUE, "value"),
              application()),
          new Manifest.Repository(
              false, false, one(SpecText.KMS_KEY), list(SpecText.PULL_PRINCIPAL), 0));
    }

    private static Instruction instruction(String name, String... words) {
      return new Instruction(name, List.of(), List.of(words));
    }

    List<Instruction> instructions(String task) {
      List<Instruction> all = new ArrayList<>();
      if (baseImage().equals("scratch")) {
        all.add(instruction("FROM", "scratch", "AS", "environment"));
      } else {
        all.add(instruction("ARG", "BASE_IMAGE=" + baseImage()));
        all.add(instruction("FROM", "${BASE_IMAGE}", "AS", "environment"));
      }
      List<Instruction> steps = steps();
      if (!steps.isEmpty()) {
        all.add(instruction("USER", "0"));
        all.addAll(steps);
        if (!has(SpecText.USER)) {
          all.add(instruction("ARG", "BASE_USER=0"));
          all.add(instruction("USER", "${BASE_USER}"));
        }
      }
      all.add(instruction("FROM", "environment"));
      if (!mainClass(task).isEmpty()) {
        all.add(instruction("COPY", "classpath", "/app/classpath"));
        for (String folder : List.of("libs/", "resources/", "classes/")) {
          all.add(instruction("COPY", folder, "/"));
        }
      }
      if (!application().from().isEmpty()) {
        all.add(instruction("COPY", "application/", "/"));
      }
      if (hasOwner()) {
        all.add(instruction("ADD", "copy.tar", "/"));
      }
      for (int n = 0; n < copy().size() && !hasOwner(); n++) {
        all.add(instruction("COPY", "copy/" + n + "/", "/"));
      }
      env().forEach((name, value) -> all.add(instruction("ENV", name, value)));
      envPrepend()
          .forEach(
              (name, text) ->
                  all.add(instruction("ENV", name, text, DockerfileReader.OWN_VALUE_FOLLOWS)));
      labels().forEach((name, value) -> all.add(instruction("LABEL", name, value)));
      ports(all);
      if (!list(SpecText.VOLUME).isEmpty()) {
        all.add(instruction("VOLUME", one(SpecText.VOLUME)));
      }
      if (has(SpecText.WORKING_DIRECTORY)) {
        all.add(instruction("WORKDIR", workingDirectory()));
      }
      if (!mainClass(task).isEmpty()) {
        all.add(
            instruction(
                "ENTRYPOINT", "java", one(SpecText.JVM_FLAG), "-cp", "@/app/classpath", task));
      } else if (!list(SpecText.ENTRYPOINT).isEmpty()) {
        all.add(instruction("ENTRYPOINT", one(SpecText.ENTRYPOINT)));
      } else if (!application().from().isEmpty()
          && (!application().from().endsWith(".war") || application().to().isEmpty())) {
        String folder = application().to().isEmpty() ? "/app" : application().to();
        all.add(instruction("ENTRYPOINT", "java", "@" + folder + "/launch"));
      }
      if (!list(SpecText.ARG).isEmpty()) {
        all.add(instruction("CMD", one(SpecText.ARG)));
      }
      if (has(SpecText.STOP_SIGNAL)) {
        all.add(instruction("STOPSIGNAL", one(SpecText.STOP_SIGNAL)));
      }
      if (has(SpecText.USER)) {
        all.add(instruction("USER", one(SpecText.USER)));
      }
      return all;
    }

    private void ports(List<Instruction> all) {
      for (String port : list(SpecText.PORT)) {
        String[] parts = port.split("/", -1);
        String[] range = parts[0].split("-", -1);
        String protocol = parts.length == 1 ? "" : "/" + parts[1];
        int last = Integer.parseInt(range[range.length - 1]);
        List<String> words = new ArrayList<>();
        for (int number = Integer.parseInt(range[0]); number <= last; number++) {
          words.add(number + protocol);
        }
        // In lines of 500.
        for (int start = 0; start < words.size(); start += 500) {
          List<String> some = words.subList(start, Math.min(words.size(), start + 500));
          all.add(new Instruction("EXPOSE", List.of(), List.copyOf(some)));
        }
      }
    }

    private List<Instruction> steps() {
      List<Instruction> steps = new ArrayList<>();
      if (hasAptStep()) {
        List<String> words = new ArrayList<>();
        words.addAll(
            ShellReader.words(
                "set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update; apt-get install -y"
                    + " --no-install-recommends --"));
        words.addAll(list(SpecText.APT_PACKAGE).stream().sorted().toList());
        words.addAll(ShellReader.words("; rm -rf /var/lib/apt/lists/*"));
        steps.add(run(words, "--mount=type=cache,target=/var/cache/apt,sharing=locked"));
      }
      if (hasPipStep()) {
        List<String> words = new ArrayList<>();
        words.addAll(
            ShellReader.words(
                "set -e; export HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore"
                    + " PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1; if command -v uv >/dev/null"
                    + " 2>&1; then"));
        words.addAll(pipCommands("uv pip install --python python3 --break-system-packages"));
        words.addAll(ShellReader.words("; elif python3 -m pip --version >/dev/null 2>&1; then"));
        words.addAll(pipCommands("python3 -m pip install"));
        words.addAll(
            ShellReader.words(
                "; else echo 'The base image lacks what installs Python packages: it needs python3,"
                    + " and uv or pip. Use a base image that has them, or name python3-pip in"
                    + " aptPackages.' >&2; exit 1; fi"));
        steps.add(
            has(SpecText.REQUIREMENTS)
                ? run(
                    words,
                    "--mount=type=cache,target=/root/.cache",
                    "--mount=type=bind,source=requirements,target=/tmp/imagespec-requirements")
                : run(words, "--mount=type=cache,target=/root/.cache"));
      }
      list(SpecText.COMMAND).forEach(command -> steps.add(run(List.of(command))));
      return steps;
    }

    boolean hasAptStep() {
      return !list(SpecText.APT_PACKAGE).isEmpty();
    }

    boolean hasPipStep() {
      return !list(SpecText.PACKAGE).isEmpty()
          || has(SpecText.REQUIREMENTS)
          || !pipIndexes().isEmpty();
    }

    private List<String> pipCommands(String program) {
      List<String> words = new ArrayList<>();
      List<String> all = new ArrayList<>();
      list(SpecText.PIP_FIND_LINKS).forEach(url -> all.addAll(List.of("--find-links", url)));
      all.addAll(list(SpecText.PIP_ARG));
      for (Manifest.PipIndex index : pipIndexes()) {
        words.addAll(words.isEmpty() ? List.of() : ShellReader.words(";"));
        words.addAll(ShellReader.words(program));
        words.addAll(List.of("--index-url", index.url()));
        words.addAll(all);
        words.add("--");
        words.addAll(index.packages());
      }
      if (!list(SpecText.PACKAGE).isEmpty() || has(SpecText.REQUIREMENTS)) {
        words.addAll(words.isEmpty() ? List.of() : ShellReader.words(";"));
        words.addAll(ShellReader.words(program));
        words.addAll(pipOptions(all));
      }
      return words;
    }

    private List<String> pipOptions(List<String> all) {
      List<String> options = new ArrayList<>();
      if (has(SpecText.PIP_INDEX)) {
        options.addAll(List.of("--index-url", one(SpecText.PIP_INDEX)));
      }
      list(SpecText.PIP_EXTRA_INDEX_URL)
          .forEach(url -> options.addAll(List.of("--extra-index-url", url)));
      options.addAll(all);
      if (has(SpecText.REQUIREMENTS)) {
        options.addAll(List.of("-r", "/tmp/imagespec-requirements/requirements.txt"));
      }
      list(SpecText.PACKAGE)
          .forEach(one -> options.addAll(List.of("--", PythonRequirement.tidy(one))));
      return options;
    }

    private Instruction run(List<String> script, String... mounts) {
      List<String> flags = new ArrayList<>(List.of(mounts));
      for (String id : list(SpecText.SECRET)) {
        flags.add("--mount=type=secret,id=" + id + ",target=/run/secrets/" + id + ",required=true");
      }
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c"));
      words.addAll(script);
      return new Instruction("RUN", flags, words);
    }
  }
}
