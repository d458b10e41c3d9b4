package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * One step that turns a base into an environment. The Dockerfile, the environment's identity and
 * the message of a failed step are all made from it.
 */
public sealed interface Step {
  /**
   * The script that {@code /bin/sh -c} runs as root. Sets are sorted, so that equal sets have equal
   * scripts.
   */
  String script();

  /** The mounts of the step: values for the option {@code --mount} of RUN. */
  List<String> mounts();

  /**
   * The part of the annotation that the step comes from: {@code aptPackages}, {@code packages and
   * requirements}, {@code commands[1] "make"}.
   */
  String attribute();

  /**
   * The steps of an environment, in the order in which they run: system packages, Python packages,
   * commands.
   */
  static List<Step> of(Manifest.Environment environment) {
    List<String> secrets = environment.secrets();
    List<Step> steps = new ArrayList<>();
    if (!environment.aptPackages().isEmpty()) {
      steps.add(new Apt(environment.aptPackages(), secrets));
    }
    if (!environment.packages().isEmpty() || !environment.requirements().isEmpty()) {
      steps.add(
          new Pip(
              environment.packages(),
              environment.requirements(),
              environment.pipIndex(),
              environment.pipExtraIndexUrls(),
              secrets));
    }
    for (int i = 0; i < environment.commands().size(); i++) {
      steps.add(new Command(i, environment.commands().get(i), secrets));
    }
    return List.copyOf(steps);
  }

  /**
   * One text of a list attribute.
   *
   * @param attribute the attribute
   * @param index its index in the list, from 0
   * @param text the whole text
   */
  record Element(String attribute, int index, String text) {
    private static final int SHORT = 60;

    static List<Element> of(String attribute, List<String> texts) {
      List<Element> elements = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        elements.add(new Element(attribute, i, texts.get(i)));
      }
      return List.copyOf(elements);
    }

    /** For messages: {@code packages[1] "six"}, with the start of the text's first line. */
    @Override
    public String toString() {
      String line = text.lines().findFirst().orElse("");
      String shown = line.length() > SHORT ? line.substring(0, SHORT) + "…" : line;
      return String.format(Locale.ROOT, "%s[%d] \"%s\"", attribute, index, shown);
    }
  }

  /**
   * Installs Debian packages.
   *
   * @param packages packages as the annotation lists them
   * @param secrets ids of the secrets that the step may read
   */
  record Apt(List<String> packages, List<String> secrets) implements Step {
    public Apt {
      packages = List.copyOf(packages);
      secrets = List.copyOf(secrets);
    }

    @Override
    public String script() {
      return "set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update; apt-get install -y"
          + " --no-install-recommends -- "
          + words(packages)
          + "; rm -rf /var/lib/apt/lists/*";
    }

    @Override
    public List<String> mounts() {
      return withSecrets(List.of("type=cache,target=/var/cache/apt,sharing=locked"), secrets);
    }

    @Override
    public String attribute() {
      return "aptPackages";
    }

    /** The packages, each with its index in the annotation. */
    public List<Element> elements() {
      return Element.of(attribute(), packages);
    }
  }

  /**
   * Installs Python packages with uv, which is faster, or with pip if the base has no uv. The step
   * fails if the base has neither.
   *
   * @param packages requirements as the annotation lists them
   * @param requirements a requirements file's path in the project directory, or empty
   * @param index the URL of a package index, or empty
   * @param extraIndexes URLs of additional package indexes, in order
   * @param secrets ids of the secrets that the step may read
   */
  record Pip(
      List<String> packages,
      String requirements,
      String index,
      List<String> extraIndexes,
      List<String> secrets)
      implements Step {
    /** The folder of a build context with the requirements file and the files that it includes. */
    public static final String CONTEXT_FOLDER = "requirements";

    private static final String MOUNTED = "/tmp/imagespec-requirements";

    public Pip {
      packages = List.copyOf(packages);
      extraIndexes = List.copyOf(extraIndexes);
      secrets = List.copyOf(secrets);
    }

    @Override
    public String script() {
      String options = options();
      // Installs into the first Python on the PATH, for example that of a virtual environment.
      // Some, such as Debian's, refuse to install packages without these options (PEP 668).
      return "set -e; export HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1"
          + " PIP_DISABLE_PIP_VERSION_CHECK=1; if command -v uv >/dev/null 2>&1; then uv pip install --python"
          + " python3 --break-system-packages"
          + options
          + "; elif python3 -m pip --version >/dev/null 2>&1; then python3 -m pip install"
          + options
          + "; else echo 'The base image lacks what installs Python packages: it needs python3, and uv or pip."
          + " Use a base image that has them, or name python3-pip in aptPackages.' >&2; exit 1; fi";
    }

    private String options() {
      StringBuilder options = new StringBuilder();
      if (!index.isEmpty()) {
        options.append(" --index-url ").append(word(index));
      }
      extraIndexes.forEach(url -> options.append(" --extra-index-url ").append(word(url)));
      if (!requirements.isEmpty()) {
        options.append(" -r ").append(MOUNTED).append('/').append(RequirementsFile.FIRST);
      }
      if (!packages.isEmpty()) {
        options.append(" -- ").append(words(packages));
      }
      return options.toString();
    }

    @Override
    public List<String> mounts() {
      List<String> own = new ArrayList<>(List.of("type=cache,target=/root/.cache"));
      if (!requirements.isEmpty()) {
        own.add("type=bind,source=" + CONTEXT_FOLDER + ",target=" + MOUNTED);
      }
      return withSecrets(own, secrets);
    }

    @Override
    public String attribute() {
      if (packages.isEmpty()) {
        return "requirements";
      }
      return requirements.isEmpty() ? "packages" : "packages and requirements";
    }

    /** The packages, each with its index in the annotation. */
    public List<Element> elements() {
      return Element.of("packages", packages);
    }
  }

  /**
   * Runs a command of the user.
   *
   * @param index its index in {@code commands}, from 0
   * @param script the command
   * @param secrets ids of the secrets that the step may read
   */
  record Command(int index, String script, List<String> secrets) implements Step {
    public Command {
      secrets = List.copyOf(secrets);
    }

    @Override
    public List<String> mounts() {
      return withSecrets(List.of(), secrets);
    }

    @Override
    public String attribute() {
      return new Element("commands", index, script).toString();
    }
  }

  private static List<String> withSecrets(List<String> mounts, List<String> secrets) {
    List<String> all = new ArrayList<>(mounts);
    for (String id : new TreeSet<>(secrets)) {
      // Without "required", a builder that does not get the secret would run the step without it.
      all.add("type=secret,id=" + id + ",target=/run/secrets/" + id + ",required=true");
    }
    return List.copyOf(all);
  }

  /** The texts of a set as sorted, quoted words of a shell. */
  private static String words(List<String> set) {
    return String.join(" ", new TreeSet<>(set).stream().map(Step::word).toList());
  }

  /** The text quoted for a shell, so that nothing in it is expanded. */
  private static String word(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
