package dev.imagespec.model;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A requirements file of pip with all files that it includes. Follows {@code -r} and {@code -c}
 * lines inside the project directory. Lines that would make an image depend on anything but its
 * inputs (other indexes, editable installs, environment variables) are mistakes.
 *
 * @param requirements the requirements in order, with those of an included file where it is
 *     included
 * @param texts every file as pip reads it in the image, by its name there: {@code
 *     requirements.txt}, then {@code 1.txt} and so on for the included files. The texts refer to
 *     each other by these names, and have no comments and no continued lines. So the project's
 *     names for the files do not matter
 * @param mistakes what is wrong
 */
public record RequirementsFile(
    List<Line> requirements, Map<String, String> texts, List<Mistake> mistakes) {

  /** The name of the first file in {@link #texts}. */
  public static final String FIRST = "requirements.txt";

  private static final int MAX_BYTES = 1 << 20;

  /** How often files are read, and how much is read of them: a file may be included repeatedly. */
  private static final int MAX_READS = 100;

  private static final int MAX_TOTAL = 8 << 20;
  private static final int MAX_LINE = 1 << 16;
  private static final int SHOWN = 10;

  /** Without the line's text: the file may be another than somebody meant, one of passwords. */
  private static final String NO_REQUIREMENT =
      "this line is not a requirement; a requirement is as numpy[extra]>=2,<3, or as name @"
          + " https://host/file.whl, with a marker as in numpy; python_version < \"3.12\"";

  private static final String FILE_OF_PROJECT =
      "this line is a file of the project; the steps of an image read it where a"
          + " @Copy(in = Copy.In.STEPS) puts it, by that path, as in /opt/wheels/x-1.0-py3-none-any.whl;"
          + " or name the package and its version; another requirements file is included with -r";

  private static final Pattern COMMENT = Pattern.compile("(?<!\\S)#.*$");
  private static final Pattern COMMENT_LINE = Pattern.compile("\\s*#.*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z0-9_]+\\}");
  private static final Pattern OPTION = Pattern.compile("(?:^|\\s)(--?[A-Za-z].*)$");
  private static final Pattern HASHES =
      Pattern.compile(
          "(?:--hash[=\\s]\\s*(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})(?![0-9a-f])\\s*)++");
  private static final Set<String> FLAGS =
      Set.of("--pre", "--prefer-binary", "--require-hashes", "--no-index");
  private static final Set<String> INCLUDES = Set.of("-r", "--requirement", "-c", "--constraint");
  private static final Set<String> VALUED = Set.of("--no-binary", "--only-binary");
  private static final Set<String> LINKS = Set.of("-f", "--find-links");
  private static final Pattern WEB = Pattern.compile("https?://[^\\s@/]+(?:/\\S*)?");

  /** A wheel or a source archive by its path in the image, optionally with extras. */
  private static final Pattern DISTRIBUTION =
      Pattern.compile("(/[^\\s\\[\\]]*\\.(?:whl|tar\\.gz|zip))(?:\\[[A-Za-z0-9._,-]*\\])?");

  public RequirementsFile {
    requirements = List.copyOf(requirements);
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    mistakes = List.copyOf(mistakes);
  }

  /**
   * A requirement and its position.
   *
   * @param file the file's path in the project
   * @param number the line on which it starts, from 1
   * @param requirement the requirement
   * @param constraint whether it only limits versions ({@code -c})
   * @param hashed whether it lists the hashes of its files
   */
  public record Line(
      String file, int number, PythonRequirement requirement, boolean constraint, boolean hashed) {
    /** The position, for example {@code requirements.txt:3}. */
    public String place() {
      return file + ":" + number;
    }
  }

  /**
   * Whether it is locked: a requirement names the hashes of its files, and then pip wants them for
   * all.
   */
  public boolean isLocked() {
    return installed().stream().anyMatch(Line::hashed);
  }

  /** The requirements without hashes. */
  public List<Line> withoutHashes() {
    return installed().stream().filter(line -> !line.hashed()).toList();
  }

  /** The requirements with hashes that do not name one version or a URL. */
  public List<Line> notExact() {
    return installed().stream()
        .filter(Line::hashed)
        .filter(line -> line.requirement().url().isEmpty() && !line.requirement().isPinned())
        .toList();
  }

  private List<Line> installed() {
    return requirements.stream().filter(line -> !line.constraint()).toList();
  }

  /** The positions of some lines, for a message. */
  public static String places(List<Line> lines) {
    String first = lines.stream().limit(SHOWN).map(Line::place).collect(Collectors.joining(", "));
    return lines.size() <= SHOWN ? first : first + " and " + (lines.size() - SHOWN) + " more";
  }

  /**
   * A mistake in a file.
   *
   * @param file the file's path in the project
   * @param number the line, from 1; 0 if the mistake concerns the whole file
   * @param text what is wrong and what to do
   */
  public record Mistake(String file, int number, String text) {
    /** The position, for example {@code requirements.txt:3}. */
    public String place() {
      return file + (number == 0 ? "" : ":" + number);
    }

    @Override
    public String toString() {
      return place() + ": " + text;
    }
  }

  /**
   * Reads a file and the files that it includes. What is wrong, including a missing file, is in
   * {@link #mistakes}.
   *
   * @param project where the files are
   * @param path the file's path
   */
  public static RequirementsFile read(ProjectDirectory project, String path) {
    return read(project, path, inImage -> false);
  }

  /**
   * Reads a file that may name files in the image.
   *
   * @param provided whether a file may be at a path in the image when the step runs
   */
  public static RequirementsFile read(
      ProjectDirectory project, String path, Predicate<String> provided) {
    Reader reader = new Reader(project, provided);
    reader.file(path, false, "", 0);
    Map<String, String> texts = new LinkedHashMap<>();
    reader.names.forEach(
        (file, name) ->
            texts.put(name, String.valueOf(reader.texts.getOrDefault(file, new StringBuilder()))));
    return new RequirementsFile(reader.requirements, texts, reader.mistakes);
  }

  /** Whether a requirement is the path in an image of a wheel or a source archive. */
  public static boolean isDistribution(String requirement) {
    return DISTRIBUTION.matcher(requirement.strip()).matches();
  }

  /** The path of such a requirement, without extras. */
  public static String pathOf(String requirement) {
    return DISTRIBUTION.matcher(requirement.strip()).replaceFirst("$1");
  }

  private static final class Reader {
    private final ProjectDirectory project;
    private final Predicate<String> provided;
    private final List<Line> requirements = new ArrayList<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, StringBuilder> texts = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Deque<String> including = new ArrayDeque<>();
    private int reads;
    private int total;
    private boolean full;

    Reader(ProjectDirectory project, Predicate<String> provided) {
      this.project = project;
      this.provided = provided;
    }

    /** Reads a file that is included by a line of another file, whose text no message may show. */
    void file(String path, boolean constraint, String from, int line) {
      String place = from.isEmpty() ? path : from;
      if (full) {
        return;
      }
      String what = from.isEmpty() ? "it" : "the file that this line includes";
      if (including.contains(path)) {
        mistakes.add(new Mistake(place, line, what + " includes itself"));
        return;
      }
      try {
        if (!project.isFile(path)) {
          mistakes.add(new Mistake(place, line, what + " is not in the project"));
          return;
        }
        if (!project.isInside(path)) {
          mistakes.add(new Mistake(place, line, what + " leads out of the project"));
          return;
        }
        byte[] bytes = project.read(path, MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          mistakes.add(new Mistake(place, line, what + " is larger than 1 MiB"));
          return;
        }
        reads++;
        total += bytes.length;
        if (reads > MAX_READS || total > MAX_TOTAL) {
          tooMuch(place, line);
          return;
        }
        nameOf(path);
        boolean first = files.putIfAbsent(path, bytes) == null;
        including.push(path);
        lines(path, text(path, bytes), constraint, first);
        including.pop();
      } catch (IOException e) {
        mistakes.add(
            new Mistake(place, line, what + " cannot be read: " + IoReason.withoutPath(e)));
      }
    }

    /** Says once that there is too much to read, and has nothing more read. */
    private void tooMuch(String place, int line) {
      if (!full) {
        full = true;
        mistakes.add(
            new Mistake(
                place,
                line,
                "too much is included: at most "
                    + MAX_READS
                    + " files with 8 MiB, a file as often as it is included"));
      }
    }

    private String nameOf(String path) {
      return names.computeIfAbsent(path, key -> names.isEmpty() ? FIRST : names.size() + ".txt");
    }

    private String text(String path, byte[] bytes) {
      try {
        return RequirementsText.decode(bytes);
      } catch (IllegalArgumentException e) {
        mistakes.add(new Mistake(path, 0, String.valueOf(e.getMessage())));
        return "";
      }
    }

    /**
     * Reads lines.
     *
     * @param first whether this file is read for the first time
     */
    private void lines(String path, String text, boolean constraint, boolean first) {
      String[] lines = text.split("\r\n|\r|\n", -1);
      for (int n = 0; n < lines.length; n++) {
        int start = n + 1;
        StringBuilder logical = new StringBuilder(lines[n]);
        while (!logical.isEmpty()
            && logical.charAt(logical.length() - 1) == '\\'
            && !COMMENT_LINE.matcher(logical).matches()
            && n + 1 < lines.length) {
          logical.setLength(logical.length() - 1);
          n++;
          // A comment line ends a continued line.
          logical.append(COMMENT_LINE.matcher(lines[n]).matches() ? " " : "").append(lines[n]);
        }
        String line = COMMENT.matcher(logical).replaceAll("").strip();
        if (!line.isEmpty()) {
          try {
            String said = line(path, start, line, constraint);
            if (first) {
              texts.computeIfAbsent(path, key -> new StringBuilder()).append(said).append('\n');
            }
          } catch (IllegalArgumentException e) {
            if (first) {
              mistakes.add(new Mistake(path, start, String.valueOf(e.getMessage())));
            }
          }
        }
      }
    }

    /** Reads a line. Returns it as pip reads it in the image. */
    private String line(String path, int number, String line, boolean constraint) {
      if (line.length() > MAX_LINE) {
        throw new IllegalArgumentException(
            "a line with those that continue it has at most " + MAX_LINE + " characters");
      }
      if (VARIABLE.matcher(line).find()) {
        throw new IllegalArgumentException(
            "${NAME} would make the image depend on who builds it; write the value, and give secrets with"
                + " the attribute secrets");
      }
      Matcher option = OPTION.matcher(line);
      String options = option.find() ? option.group(1).strip() : "";
      String requirement = options.isEmpty() ? line : line.substring(0, option.start()).strip();
      if (requirement.isEmpty()) {
        return options(path, number, options, constraint);
      }
      boolean hashed = HASHES.matcher(options).matches();
      if (!options.isEmpty() && !hashed) {
        throw new IllegalArgumentException(refusal(options, false));
      }
      if (isDistribution(requirement) && provided.test(pathOf(requirement))) {
        return line;
      }
      PythonRequirement parsed = requirement(requirement);
      requirements.add(new Line(path, number, parsed, constraint, hashed));
      String tidy = PythonRequirement.tidy(requirement);
      return tidy.equals(requirement) ? line : (tidy + " " + options).strip();
    }

    /** Reads a line of options alone. Returns it as pip reads it in the image. */
    private String options(String path, int number, String options, boolean constraint) {
      List<String> words = RequirementsText.words(options);
      for (int i = 0; i < words.size(); i++) {
        Option option = Option.of(words, i);
        if (INCLUDES.contains(option.name)) {
          if (option.words < words.size()) {
            throw new IllegalArgumentException("an option that includes a file has its own line");
          }
          boolean isConstraint = option.name.startsWith("-c") || option.name.startsWith("--c");
          return (isConstraint ? "-c " : "-r ")
              + include(path, number, option.value, constraint || isConstraint);
        }
        boolean isRight =
            FLAGS.contains(option.name)
                || (VALUED.contains(option.name) && !option.value.isEmpty())
                || (LINKS.contains(option.name) && isLinks(option.value));
        if (!isRight) {
          throw new IllegalArgumentException(refusal(option.name, false));
        }
        i += option.words - 1;
      }
      return options;
    }

    /** Whether packages are found in a page of the web, or in a folder that a copy puts there. */
    private boolean isLinks(String value) {
      return WEB.matcher(value).matches()
          || (value.startsWith("/")
              && provided.test(value.length() > 1 ? value.replaceFirst("/$", "") : value));
    }

    /**
     * An option of a line.
     *
     * @param name its name, with the dashes
     * @param value its value, or empty
     * @param words how many words of the line it takes
     */
    private record Option(String name, String value, int words) {
      static Option of(List<String> words, int at) {
        String word = words.get(at);
        int sign = word.indexOf('=');
        String name = sign < 0 ? word : word.substring(0, sign);
        if (!word.startsWith("--") && word.length() > 2) {
          String value = word.substring(2);
          return new Option(
              word.substring(0, 2), value.startsWith("=") ? value.substring(1) : value, 1);
        }
        boolean isValued = INCLUDES.contains(name) || VALUED.contains(name) || LINKS.contains(name);
        if (sign >= 0 || !isValued || at + 1 == words.size()) {
          return new Option(name, sign < 0 ? "" : word.substring(sign + 1), 1);
        }
        return new Option(name, words.get(at + 1), 2);
      }
    }

    /** A parser's message would quote the line. */
    private static PythonRequirement requirement(String text) {
      try {
        return PythonRequirement.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            RequirementMistake.isFile(text) ? FILE_OF_PROJECT : NO_REQUIREMENT);
      }
    }

    /** Reads an included file. Returns its name in {@link #texts}. */
    private String include(String from, int line, String target, boolean constraint) {
      if (target.isEmpty()
          || target.contains("://")
          || target.startsWith("/")
          || target.contains("\\")) {
        throw new IllegalArgumentException(
            "a file to include is named relative to this one, and lies in the project");
      }
      int slash = from.lastIndexOf('/');
      String path =
          ProjectPath.normal(slash < 0 ? target : from.substring(0, slash) + "/" + target)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the file that this line includes leads out of the project"));
      String name = nameOf(path);
      file(path, constraint, from, line);
      return name;
    }
  }

  /** Says why an option of pip is not allowed here, and what to use instead. */
  public static String refusal(String option) {
    return refusal(option, true);
  }

  /**
   * Says the same of an option.
   *
   * @param quoting whether the message may quote what is no option that is known
   */
  private static String refusal(String option, boolean quoting) {
    String name = option.split("[\\s=]", 2)[0];
    name = name.startsWith("--") || name.length() < 2 ? name : name.substring(0, 2);
    return switch (name) {
      case "-i", "--index-url", "--pypi-url" ->
          "the option " + name + " has no place here; set the attribute pipIndex";
      case "--extra-index-url" ->
          "the option " + name + " has no place here; set the attribute pipExtraIndexUrls";
      case "-f", "--find-links" ->
          "the option "
              + name
              + " has no place here, except in a requirements file with a https URL, or with a folder of"
              + " the image that a @Copy(in = Copy.In.STEPS) fills, as in --find-links /opt/wheels; or name"
              + " a page with pipFindLinks, or an index with pipIndex or pipExtraIndexUrls";
      case "--pre", "--prerelease" ->
          "the option " + name + " has no place here; set the attribute pipPre";
      case "--no-build-isolation" ->
          "the option " + name + " has no place here; set the attribute pipNoBuildIsolation";
      case "-e", "--editable" ->
          "an editable install (" + name + ") has no place in an image; name the package itself";
      case "-r", "--requirement", "-c", "--constraint" ->
          "the option " + name + " has no place here; set the attribute requirements";
      case "--hash" -> "a hash is written --hash=sha256:<64 hex digits>, after a requirement";
      default ->
          (quoting ? "the option " + name : "this option")
              + " has no place here; give it to pip with pipArgs";
    };
  }
}
