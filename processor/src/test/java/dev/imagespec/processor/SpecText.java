package dev.imagespec.processor;

import dev.imagespec.check.ClassName;
import dev.imagespec.check.Located;
import dev.imagespec.check.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every text of {@code @ImageSpec}: its name, a right value, and how a source writes it. */
enum SpecText {
  REGISTRY("ghcr.io", "registry = %s"),
  NAME("team/app", "name = %s"),
  BASE_IMAGE("a/b:1", "baseImage = %s"),
  PLATFORM("linux/arm64", "platforms = %s"),
  APT_PACKAGE("git=1", "aptPackages = %s"),
  PACKAGE("numpy==2.1.0", "packages = %s"),
  REQUIREMENTS("req.txt", "requirements = %s"),
  PIP_INDEX("https://a.example/b", "pipIndex = %s"),
  PIP_EXTRA_INDEX_URL("https://c.example/d", "pipExtraIndexUrls = %s"),
  COMMAND("id -u", "commands = %s"),
  SECRET("token", "secrets = %s"),
  JVM_FLAG("-Xmx1g", "jvmFlags = %s"),
  ENTRYPOINT("/bin/x", "entrypoint = %s"),
  ARG("a", "args = %s"),
  PORT("80-81/udp", "ports = %s"),
  VOLUME("/data", "volumes = %s"),
  WORKING_DIRECTORY("/work", "workingDirectory = %s"),
  USER("app:1", "user = %s"),
  STOP_SIGNAL("SIGRTMIN+3", "stopSignal = %s"),
  COPY_FROM("file", "copy = @Copy(from = %s, to = \"/x\")"),
  COPY_TO("/x/y", "copy = @Copy(from = \"f\", to = %s)"),
  COPY_MODE("0755", "copy = @Copy(from = \"f\", to = \"/x\", mode = %s)"),
  COPY_INCLUDE("*.yml", "copy = @Copy(from = \"f\", to = \"/x\", include = %s)"),
  COPY_EXCLUDE("*.yml", "copy = @Copy(from = \"f\", to = \"/x\", exclude = %s)"),
  COPY_PATTERN(
      "bin/*",
      "copy = @Copy(from = \"f\", to = \"/x\", modes = @Mode(pattern = %s, mode = \"0755\"))"),
  COPY_PATTERN_MODE(
      "0755", "copy = @Copy(from = \"f\", to = \"/x\", modes = @Mode(pattern = \"a\", mode = %s))"),
  COPY_IGNORE_FILE("file", "copy = @Copy(from = \"f\", to = \"/x\", ignoreFile = %s)"),
  COPY_OWNER("1000:1000", "copy = @Copy(from = \"f\", to = \"/x\", owner = %s)"),
  ENV_NAME("A", "env = @Env(name = %s, value = \"b\")"),
  ENV_VALUE("v", "env = @Env(name = \"VALUE\", value = %s)"),
  ENV_PREPEND("/opt/x/bin", "env = @Env(name = \"PYTHONPATH\", prepend = %s)"),
  LABEL_NAME("k", "labels = @Label(name = %s, value = \"b\")"),
  LABEL_VALUE("v", "labels = @Label(name = \"value\", value = %s)"),
  ANNOTATION_NAME("k", "annotations = @Label(name = %s, value = \"b\")"),
  ANNOTATION_VALUE("v", "annotations = @Label(name = \"value\", value = %s)"),
  APPLICATION_FROM("target/app.jar", "application = @Application(from = %s)"),
  APPLICATION_TO("/opt/x/y", "application = @Application(from = \"f.jar\", to = %s)"),
  KMS_KEY("arn:aws:kms:a-b:123456789012:key/a", "repository = @Repository(kmsKey = %s)"),
  PULL_PRINCIPAL("123456789012", "repository = @Repository(pullPrincipals = %s)"),
  PIP_FIND_LINKS("https://e.example/f.html", "pipFindLinks = %s"),
  PIP_INDEX_OWN_URL(
      "https://g.example/h", "pipIndexes = @PipIndex(url = %s, packages = \"six==1\")"),
  PIP_INDEX_PACKAGE(
      "torch==2.5.1", "pipIndexes = @PipIndex(url = \"https://i.example\", packages = %s)"),
  PIP_ARG("--no-compile", "pipArgs = %s");

  private final String right;
  private final String source;

  SpecText(String right, String source) {
    this.right = right;
    this.source = source;
  }

  /** A value that no check refuses. */
  String right() {
    return right;
  }

  /** The attribute in a source. */
  String source(String text) {
    return String.format(source, literal(text));
  }

  /**
   * A literal of ASCII letters and escapes alone. What Java reads as {@code \}{@code u000a} is a
   * line break in the source, so characters of ASCII are octal escapes.
   */
  private static String literal(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 && Character.isLetterOrDigit(c)) {
        out.append(c);
      } else {
        out.append(String.format(c < 0x80 ? "\\%03o" : "\\u%04x", (int) c));
      }
    }
    return out.append('"').toString();
  }

  /** A spec with these texts, as the reader would read it. */
  static Spec spec(Map<SpecText, String> texts) {
    return new SpecOf(texts).spec();
  }

  private record SpecOf(Map<SpecText, String> texts) {
    private static <T> Located<T> at(T value) {
      return new Located<>(value, () -> "attribute");
    }

    private Located<String> one(SpecText text) {
      return at(texts.getOrDefault(text, ""));
    }

    private List<Located<String>> list(SpecText text) {
      return texts.containsKey(text) ? List.of(one(text)) : List.of();
    }

    private List<Spec.Pair> pairs(SpecText name, SpecText value, String ownName) {
      List<Spec.Pair> pairs = new ArrayList<>();
      if (texts.containsKey(name)) {
        pairs.add(new Spec.Pair(one(name), at("b")));
      }
      if (texts.containsKey(value)) {
        pairs.add(new Spec.Pair(at(ownName), one(value)));
      }
      return pairs;
    }

    private List<Spec.Env> env() {
      List<Spec.Env> env = new ArrayList<>();
      for (Spec.Pair pair : pairs(ENV_NAME, ENV_VALUE, "VALUE")) {
        env.add(new Spec.Env(pair.name(), pair.value(), Spec.Env.Form.VALUE));
      }
      list(ENV_PREPEND)
          .forEach(text -> env.add(new Spec.Env(at("PYTHONPATH"), text, Spec.Env.Form.PREPEND)));
      return env;
    }

    private List<Spec.Copy> copy() {
      List<Spec.Copy> copy = new ArrayList<>();
      if (texts.containsKey(COPY_FROM)) {
        copy.add(copy(one(COPY_FROM), at("/x"), at("")));
      }
      if (texts.containsKey(COPY_TO)) {
        copy.add(copy(at("f"), one(COPY_TO), at("")));
      }
      if (texts.containsKey(COPY_MODE)) {
        copy.add(copy(at("f"), at("/x"), one(COPY_MODE)));
      }
      for (SpecText text :
          List.of(
              COPY_INCLUDE,
              COPY_EXCLUDE,
              COPY_PATTERN,
              COPY_PATTERN_MODE,
              COPY_IGNORE_FILE,
              COPY_OWNER)) {
        if (texts.containsKey(text)) {
          copy.add(copyWith(text));
        }
      }
      return copy;
    }

    private Spec.Application application() {
      boolean hasFolder = texts.containsKey(APPLICATION_TO);
      return new Spec.Application(
          hasFolder && !texts.containsKey(APPLICATION_FROM) ? at("f.jar") : one(APPLICATION_FROM),
          one(APPLICATION_TO));
    }

    private static Spec.Copy copy(Located<String> from, Located<String> to, Located<String> mode) {
      return new Spec.Copy(from, to, mode, false, List.of(), List.of(), List.of(), at(""), at(""));
    }

    private Spec.Copy copyWith(SpecText text) {
      List<Spec.Mode> modes =
          switch (text) {
            case COPY_PATTERN -> List.of(new Spec.Mode(one(text), at("0755")));
            case COPY_PATTERN_MODE -> List.of(new Spec.Mode(at("a"), one(text)));
            default -> List.of();
          };
      return new Spec.Copy(
          at("f"),
          at("/x"),
          at(""),
          false,
          text == COPY_INCLUDE ? list(text) : List.of(),
          text == COPY_EXCLUDE ? list(text) : List.of(),
          modes,
          at(text == COPY_IGNORE_FILE ? texts.getOrDefault(text, "") : ""),
          at(text == COPY_OWNER ? texts.getOrDefault(text, "") : ""));
    }

    Spec spec() {
      return new Spec(
          "t.Task",
          false,
          List.of(new Spec.Carrier(at("dev.imagespec.ImageSpec"), true)),
          at("Task"),
          one(REGISTRY),
          one(NAME),
          texts.containsKey(BASE_IMAGE) ? one(BASE_IMAGE) : at("b:1"),
          at(ClassName.NONE),
          new Spec.OwnDockerfile(at(""), at("")),
          texts.containsKey(PLATFORM) ? list(PLATFORM) : List.of(at("linux/amd64")),
          list(APT_PACKAGE),
          list(PACKAGE),
          one(REQUIREMENTS),
          one(PIP_INDEX),
          list(PIP_EXTRA_INDEX_URL),
          list(COMMAND),
          list(SECRET),
          at(false),
          at(texts.containsKey(JVM_FLAG) ? ClassName.ofBinary("t.Task") : ClassName.NONE),
          at(ClassName.NONE),
          list(JVM_FLAG),
          list(ENTRYPOINT),
          list(ARG),
          list(PORT),
          list(VOLUME),
          one(WORKING_DIRECTORY),
          one(USER),
          one(STOP_SIGNAL),
          copy(),
          env(),
          pairs(LABEL_NAME, LABEL_VALUE, "value"),
          pairs(ANNOTATION_NAME, ANNOTATION_VALUE, "value"),
          new Spec.Repository(at(false), at(false), one(KMS_KEY), list(PULL_PRINCIPAL), at(0)),
          List.of(),
          List.of(),
          application(),
          new Spec.Pip(at(false), at(false), list(PIP_FIND_LINKS), pipIndexes(), list(PIP_ARG)),
          Spec.Flyte.NONE);
    }

    private List<Spec.PipIndex> pipIndexes() {
      List<Spec.PipIndex> indexes = new ArrayList<>();
      list(PIP_INDEX_OWN_URL)
          .forEach(url -> indexes.add(new Spec.PipIndex(url, List.of(at("six==1")))));
      list(PIP_INDEX_PACKAGE)
          .forEach(text -> indexes.add(new Spec.PipIndex(at("https://i.example"), List.of(text))));
      return indexes;
    }
  }
}
