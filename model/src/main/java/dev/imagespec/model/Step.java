package dev.imagespec.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    if (!environment.packages().isEmpty()
        || !environment.requirements().isEmpty()
        || !environment.pip().indexes().isEmpty()) {
      steps.add(
          new Pip(
              environment.packages(),
              environment.requirements(),
              environment.pipIndex(),
              environment.pipExtraIndexUrls(),
              secrets,
              environment.pip()));
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
   * @param how how they are installed
   */
  record Pip(
      List<String> packages,
      String requirements,
      String index,
      List<String> extraIndexes,
      List<String> secrets,
      Manifest.Pip how)
      implements Step {
    /** The folder of a build context with the requirements file and the files that it includes. */
    public static final String CONTEXT_FOLDER = "requirements";

    /**
     * The program in that folder which checks, before a lock is installed, that it is for the
     * Python of the image.
     */
    public static final String LOCK_CHECK = "check.py";

    private static final String MOUNTED = "/tmp/imagespec-requirements";
    private static final String UV = "uv pip install --python python3 --break-system-packages";
    private static final String PIP = "python3 -m pip install";

    /** The files with these hashes, and nothing that they may need besides. */
    private static final String EXACTLY = " --require-hashes --no-deps";

    public Pip {
      packages = List.copyOf(packages);
      extraIndexes = List.copyOf(extraIndexes);
      secrets = List.copyOf(secrets);
    }

    /** A step that sets none of the attributes that few need. */
    public Pip(
        List<String> packages,
        String requirements,
        String index,
        List<String> extraIndexes,
        List<String> secrets) {
      this(packages, requirements, index, extraIndexes, secrets, Manifest.Pip.DEFAULT);
    }

    @Override
    public String script() {
      // Installs into the first Python on the PATH, for example that of a virtual environment.
      // Some, such as Debian's, refuse to install packages without these options (PEP 668).
      return "set -e; export HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1"
          + " PIP_DISABLE_PIP_VERSION_CHECK=1; if command -v uv >/dev/null 2>&1; then "
          + commands(UV, "--prerelease allow")
          + "; elif python3 -m pip --version >/dev/null 2>&1; then "
          + commands(PIP, "--pre")
          + "; else echo 'The base image lacks what installs Python packages: it needs python3, and uv or pip."
          + " Use a base image that has them, or name python3-pip in aptPackages.' >&2; exit 1; fi";
    }

    /**
     * What one of the two programs executes. Packages that have an index of their own come first:
     * what is installed stays if it is what others need.
     *
     * @param program the program with the options that it always gets
     * @param pre its option for pre-releases
     */
    private String commands(String program, String pre) {
      String options = options(pre);
      List<String> commands = new ArrayList<>();
      ownIndexes()
          .forEach(
              (url, own) ->
                  commands.add(
                      program + " --index-url " + word(url) + options + " -- " + words(own)));
      StringBuilder rest = new StringBuilder(program);
      if (!index.isEmpty()) {
        rest.append(" --index-url ").append(word(index));
      }
      extraIndexes.forEach(url -> rest.append(" --extra-index-url ").append(word(url)));
      rest.append(options);
      if (LockFileName.isPylock(requirements)) {
        commands.add("python3 " + MOUNTED + "/" + LOCK_CHECK);
        commands.add(
            "for file in " + MOUNTED + "/*.txt; do " + rest + EXACTLY + " -r \"$file\"; done");
        return String.join("; ", commands);
      }
      if (!requirements.isEmpty()) {
        rest.append(how.isLocked() ? EXACTLY : "")
            .append(" -r ")
            .append(MOUNTED)
            .append('/')
            .append(RequirementsFile.FIRST);
      }
      if (!packages.isEmpty()) {
        rest.append(" -- ").append(words(packages));
      }
      if (!requirements.isEmpty() || !packages.isEmpty()) {
        commands.add(rest.toString());
      }
      return String.join("; ", commands);
    }

    private Map<String, List<String>> ownIndexes() {
      Map<String, List<String>> own = new LinkedHashMap<>();
      how.indexes()
          .forEach(
              one ->
                  own.computeIfAbsent(one.url(), url -> new ArrayList<>()).addAll(one.packages()));
      return own;
    }

    /** The options of every command. */
    private String options(String pre) {
      StringBuilder options = new StringBuilder();
      how.findLinks().forEach(url -> options.append(" --find-links ").append(word(url)));
      if (how.pre()) {
        options.append(' ').append(pre);
      }
      if (how.noBuildIsolation()) {
        options.append(" --no-build-isolation");
      }
      how.args().forEach(arg -> options.append(' ').append(word(arg)));
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
      List<String> set = new ArrayList<>();
      if (!packages.isEmpty()) {
        set.add("packages");
      }
      if (!requirements.isEmpty()) {
        set.add("requirements");
      }
      return set.isEmpty() ? "pipIndexes" : String.join(" and ", set);
    }

    /** The packages, each with its index in the annotation. */
    public List<Element> elements() {
      List<Element> elements = new ArrayList<>(Element.of("packages", packages));
      for (int i = 0; i < how.indexes().size(); i++) {
        elements.addAll(
            Element.of("pipIndexes[" + i + "].packages", how.indexes().get(i).packages()));
      }
      return List.copyOf(elements);
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
