package dev.imagespec.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final int MAX_LINE = 1 << 16;

  /** Without the line's text: the file may be another than somebody meant, one of passwords. */
  private static final String NO_REQUIREMENT =
      "this line is not a requirement; a requirement is as numpy[extra]>=2,<3, or as name @"
          + " https://host/file.whl, with a marker as in numpy; python_version < \"3.12\"";

  private static final Pattern COMMENT = Pattern.compile("(?<!\\S)#.*$");
  private static final Pattern COMMENT_LINE = Pattern.compile("\\s*#.*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z0-9_]+\\}");
  private static final Pattern INCLUDE =
      Pattern.compile("(-r|-c|--requirement|--constraint)(?:\\s*=\\s*|\\s+|(?<=-[rc]))(.*)");
  private static final Pattern OPTION = Pattern.compile("(?:^|\\s)(--?[A-Za-z].*)$");
  private static final Pattern HASHES =
      Pattern.compile("(?:--hash[=\\s]\\s*sha(?:256|384|512):[0-9a-f]{64,128}\\s*)++");
  private static final Pattern HARMLESS =
      Pattern.compile(
          "--pre|--prefer-binary|--require-hashes|--(?:no-binary|only-binary)(?:\\s+|=)\\S+");

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
    Reader reader = new Reader(project);
    reader.file(path, false, "", 0);
    Map<String, String> texts = new LinkedHashMap<>();
    reader.names.forEach(
        (file, name) ->
            texts.put(name, String.valueOf(reader.texts.getOrDefault(file, new StringBuilder()))));
    return new RequirementsFile(reader.requirements, texts, reader.mistakes);
  }

  private static final class Reader {
    private final ProjectDirectory project;
    private final List<Line> requirements = new ArrayList<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, StringBuilder> texts = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Deque<String> including = new ArrayDeque<>();

    Reader(ProjectDirectory project) {
      this.project = project;
    }

    /** Reads a file that is included by a line of another file, whose text no message may show. */
    void file(String path, boolean constraint, String from, int line) {
      String place = from.isEmpty() ? path : from;
      String what = from.isEmpty() ? path : "the file that this line includes";
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
        nameOf(path);
        boolean first = files.putIfAbsent(path, bytes) == null;
        including.push(path);
        lines(path, text(path, bytes), constraint, first);
        including.pop();
      } catch (IOException e) {
        mistakes.add(new Mistake(place, line, what + " cannot be read"));
      }
    }

    private String nameOf(String path) {
      return names.computeIfAbsent(path, key -> names.isEmpty() ? FIRST : names.size() + ".txt");
    }

    private String text(String path, byte[] bytes) {
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
      } catch (CharacterCodingException e) {
        mistakes.add(new Mistake(path, 0, "the file is not UTF-8; save it as UTF-8"));
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
            mistakes.add(new Mistake(path, start, String.valueOf(e.getMessage())));
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
      Matcher include = INCLUDE.matcher(line);
      if (include.matches()) {
        return (isConstraint(include) ? "-c " : "-r ")
            + include(path, number, include.group(2).strip(), constraint || isConstraint(include));
      }
      Matcher option = OPTION.matcher(line);
      String options = option.find() ? option.group(1).strip() : "";
      String requirement = options.isEmpty() ? line : line.substring(0, option.start()).strip();
      boolean hashed = HASHES.matcher(options).matches();
      if (requirement.isEmpty() && HARMLESS.matcher(options).matches()) {
        return line;
      }
      if (!options.isEmpty() && (requirement.isEmpty() || !hashed)) {
        throw new IllegalArgumentException(refusal(options, false));
      }
      PythonRequirement parsed = requirement(requirement);
      requirements.add(new Line(path, number, parsed, constraint, hashed));
      return line;
    }

    /** A parser's message would quote the line. */
    private static PythonRequirement requirement(String text) {
      try {
        return PythonRequirement.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(NO_REQUIREMENT);
      }
    }

    private static boolean isConstraint(Matcher include) {
      return include.group(1).equals("-c") || include.group(1).equals("--constraint");
    }

    /** Reads an included file. Returns its name in {@link #texts}. */
    private String include(String from, int line, String target, boolean constraint) {
      if (target.contains("://") || target.startsWith("/") || target.contains("\\")) {
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
    return switch (name) {
      case "-i", "--index-url", "--pypi-url" ->
          "the option " + name + " has no place here; set the attribute pipIndex";
      case "--extra-index-url" ->
          "the option " + name + " has no place here; set the attribute pipExtraIndexUrls";
      case "-e", "--editable" ->
          "an editable install (" + name + ") has no place in an image; name the package itself";
      case "-r", "--requirement", "-c", "--constraint" ->
          "the option " + name + " has no place here; set the attribute requirements";
      case "--hash" -> "a hash is written --hash=sha256:<64 hex digits>, after a requirement";
      default ->
          (quoting ? "the option " + name : "this option")
              + " has no place here; give it to pip with commands";
    };
  }
}
