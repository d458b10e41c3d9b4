package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.processor.DockerfileReader.Instruction;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import dev.imagespec.processor.check.Message;
import dev.imagespec.processor.check.Problem;
import dev.imagespec.processor.check.SpecChecks;
import dev.imagespec.processor.check.Surroundings;
import dev.imagespec.processor.read.RawSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever text stands in an attribute: it is refused with a code, or it comes back from the
 * manifest and from the Dockerfile as it was, and nothing else does.
 */
class HostileTextTest {
  private static final Surroundings AROUND =
      new Surroundings(true, true, List.of(), Optional.empty(), Set.of());
  private static final Pattern CODE = Pattern.compile("IMG[0-9]{3} .*", Pattern.DOTALL);

  /** The attributes of which some text was taken: a test that refuses all shows nothing. */
  private static final Set<SpecText> ACCEPTED = EnumSet.noneOf(SpecText.class);

  private static final Set<SpecText> REFUSED = EnumSet.noneOf(SpecText.class);

  @AfterContainer
  static void everyAttributeWasTakenAndRefused() {
    if (ACCEPTED.isEmpty() && REFUSED.isEmpty()) {
      // That property was not run.
      return;
    }
    assertThat(ACCEPTED).containsExactlyInAnyOrder(SpecText.values());
    assertThat(REFUSED).containsExactlyInAnyOrder(SpecText.values());
  }

  @Provide
  Arbitrary<Map<SpecText, String>> texts() {
    Arbitrary<String> any =
        Arbitraries.frequencyOf(
            Tuple.of(6, pieces()),
            Tuple.of(2, Arbitraries.strings().all().ofMaxLength(8)),
            Tuple.of(
                2,
                Arbitraries.strings().withChars("\"'\\$`#<>=&;[]{}()\n\r ab/.,-").ofMaxLength(8)));
    Arbitrary<Integer> forms = Arbitraries.integers().between(0, 4);
    return Combinators.combine(
            any.list().ofSize(SpecText.values().length),
            forms.list().ofSize(SpecText.values().length))
        .as(HostileTextTest::texts);
  }

  private static Map<SpecText, String> texts(List<String> texts, List<Integer> forms) {
    Map<SpecText, String> map = new EnumMap<>(SpecText.class);
    Iterator<String> nextText = texts.iterator();
    Iterator<Integer> nextForm = forms.iterator();
    for (SpecText attribute : SpecText.values()) {
      String text = nextText.next();
      String right = attribute.right();
      map.put(
          attribute,
          switch (nextForm.next()) {
            case 0 -> text;
            case 1 -> right + text;
            case 2 -> text + right;
            case 3 -> right.charAt(0) + text;
            default -> right;
          });
    }
    return map;
  }

  /** What means something to a builder, a shell, JSON, a line or a terminal; now and then long. */
  private static Arbitrary<String> pieces() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\u000b",
            "\f",
            "\u0000",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u2029",
            "\u00a0",
            "\u3000",
            "\ufeff",
            "\ud83d",
            "\udc00",
            "\ud83d\ude00",
            "\\",
            "\\\\",
            "\\\n",
            "\\\"",
            "\"",
            "'",
            "'\"'\"'",
            "`",
            "`id`",
            "$",
            "$$",
            "$PATH",
            "${X:-y}",
            "${X",
            "$(id)",
            "\\$",
            "%s%n",
            "<<EOF",
            "<<-'EOF'\n",
            "\nEOF\n",
            "#",
            "# syntax=evil/x",
            "\n# escape=`\n",
            "# ",
            "\nRUN evil",
            "\nUSER evil\n",
            " AS x",
            "--from=evil ",
            "--mount=type=bind ",
            "]",
            "[",
            "\", \"",
            "[\"a\"]",
            "{",
            "}",
            "=",
            " ",
            "  ",
            "a=b c=d",
            "*",
            "?",
            "..",
            "/",
            "//",
            "./",
            "/../b",
            ",",
            ";",
            "&&",
            "|",
            "!",
            "~",
            "@",
            ":",
            "-",
            "a",
            "b",
            "Z",
            "0",
            "9",
            "é",
            "漢",
            "\u202e",
            "<error>");
    Arbitrary<String> few =
        piece.list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("", list));
    return Arbitraries.frequencyOf(
        Tuple.of(60, few),
        Tuple.of(
            1,
            Combinators.combine(few, Arbitraries.integers().between(2_000, 9_000))
                .as(
                    (text, times) ->
                        text.repeat(times).substring(0, Math.min(20_000, text.length() * times)))));
  }

  @Property(tries = 400)
  void aTextIsRefusedOrStaysWhatItIs(@ForAll("texts") Map<SpecText, String> texts) {
    Map<SpecText, String> accepted = new EnumMap<>(SpecText.class);
    for (Map.Entry<SpecText, String> text : texts.entrySet()) {
      Map<SpecText, String> one = Map.of(text.getKey(), text.getValue());
      if (isRefused(SpecText.spec(one))) {
        REFUSED.add(text.getKey());
      } else {
        ACCEPTED.add(text.getKey());
        accepted.putAll(one);
        staysWhatItIs(one);
      }
    }
    // Two choices that exclude one another.
    accepted.remove(accepted.size() % 2 == 0 ? SpecText.ENTRYPOINT : SpecText.JVM_FLAG);
    if (!isRefused(SpecText.spec(accepted))) {
      staysWhatItIs(accepted);
    }
  }

  private static boolean isRefused(RawSpec spec) {
    boolean refused = false;
    for (Problem problem : SpecChecks.check(spec, AROUND)) {
      assertThat(problem.message()).isNotEqualTo(Message.INTERNAL);
      assertThat(problem.text()).matches(CODE);
      refused |= problem.message().kind() == Message.Kind.ERROR;
    }
    return refused;
  }

  private static void staysWhatItIs(Map<SpecText, String> texts) {
    Manifest manifest =
        SpecModel.of(
            SpecText.spec(texts), "", texts.containsKey(SpecText.JVM_FLAG) ? "t.Task" : "");
    assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
    staysWhatItIs(texts, manifest, Dockerfile.of(manifest));
  }

  @Provide
  Arbitrary<TestCompiler> compilers() {
    return Arbitraries.of(TestCompiler.JAVAC, TestCompiler.ECJ);
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void compilersDoTheSame(
      @ForAll("compilers") TestCompiler compiler, @ForAll("texts") Map<SpecText, String> texts)
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
        assertThat(said.text()).matches(CODE).doesNotStartWith(Message.INTERNAL.code());
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
      return has(SpecText.WORKING_DIRECTORY)
          ? one(SpecText.WORKING_DIRECTORY)
              .replaceAll("/+", "/")
              .replaceAll("(?:/\\.)+(?=/|$)", "")
              .replaceAll("(?<=.)/+$", "")
              .replaceAll("^$", "/")
          : "";
    }

    private List<Manifest.Copy> copy() {
      List<Manifest.Copy> copy = new ArrayList<>();
      list(SpecText.COPY_FROM).forEach(text -> copy.add(new Manifest.Copy(text, "/x", "")));
      list(SpecText.COPY_TO).forEach(text -> copy.add(new Manifest.Copy("f", text, "")));
      list(SpecText.COPY_MODE).forEach(text -> copy.add(new Manifest.Copy("f", "/x", text)));
      return copy;
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
              list(SpecText.PACKAGE),
              one(SpecText.REQUIREMENTS),
              one(SpecText.PIP_INDEX),
              list(SpecText.PIP_EXTRA_INDEX_URL),
              list(SpecText.COMMAND),
              list(SpecText.SECRET)),
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
              labels()),
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
      for (int n = 0; n < copy().size(); n++) {
        all.add(instruction("COPY", "copy/" + n + "/", "/"));
      }
      env().forEach((name, value) -> all.add(instruction("ENV", name, value)));
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
      }
      if (!list(SpecText.ARG).isEmpty()) {
        all.add(instruction("CMD", one(SpecText.ARG)));
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
                    + " 2>&1; then uv pip install --python python3 --break-system-packages"));
        words.addAll(pipOptions());
        words.addAll(
            ShellReader.words(
                "; elif python3 -m pip --version >/dev/null 2>&1; then python3 -m pip install"));
        words.addAll(pipOptions());
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
      return !list(SpecText.PACKAGE).isEmpty() || has(SpecText.REQUIREMENTS);
    }

    private List<String> pipOptions() {
      List<String> options = new ArrayList<>();
      if (has(SpecText.PIP_INDEX)) {
        options.addAll(List.of("--index-url", one(SpecText.PIP_INDEX)));
      }
      list(SpecText.PIP_EXTRA_INDEX_URL)
          .forEach(url -> options.addAll(List.of("--extra-index-url", url)));
      if (has(SpecText.REQUIREMENTS)) {
        options.addAll(List.of("-r", "/tmp/imagespec-requirements/requirements.txt"));
      }
      list(SpecText.PACKAGE).forEach(one -> options.addAll(List.of("--", one)));
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
