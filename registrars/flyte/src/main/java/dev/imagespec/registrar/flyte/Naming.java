package dev.imagespec.registrar.flyte;

import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What tasks are called in Flyte. A setting goes before what a class or file says, and that before
 * the defaults of Flyte's own configuration file.
 */
final class Naming {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._~-]{1,63}");
  private static final Pattern ORG = Pattern.compile("[\\w.-]{1,63}");

  /** A name of three parts at least, which is no address of IPv4. */
  private static final Pattern HOST_OF_ORG =
      Pattern.compile("[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]+)+\\.[A-Za-z][A-Za-z0-9-]*");

  private static final int LONGEST_NAME = 255;

  private final Map<String, String> settings;
  private final Map<String, String> defaults;

  /**
   * Names.
   *
   * @param settings the registrar's settings
   * @param defaults the same names, of Flyte's own configuration; empty values are none
   */
  Naming(Map<String, String> settings, Map<String, String> defaults) {
    this.settings = settings;
    this.defaults = defaults;
  }

  /** Says what is wrong with a part of a name: its field, and the problem. */
  interface Wrong {
    ImageSpecException of(String field, String problem);
  }

  /** What a class or a file says; empty parts are not said. */
  record Own(String org, String project, String domain, String name, String version) {}

  /** The organization that a host such as {@code acme.hosted.unionai.cloud} belongs to. */
  static Optional<String> orgOfHost(String host) {
    return HOST_OF_ORG.matcher(host).matches()
        ? Optional.of(host.substring(0, host.indexOf('.')))
        : Optional.empty();
  }

  /** The name of a task, without its version. */
  TaskId name(Own own, Wrong wrong) {
    if (own.name().isEmpty()) {
      throw wrong.of("", "the task has no name; write it there");
    }
    return new TaskId(
        part("org", own.org(), wrong).orElse(""),
        required("project", own.project(), wrong),
        required("domain", own.domain(), wrong),
        checked("name", own.name(), wrong),
        "");
  }

  /** The version that was chosen for a task. */
  Optional<String> version(Own own, Wrong wrong) {
    return part("version", own.version(), wrong);
  }

  private String required(String field, String own, Wrong wrong) {
    return part(field, own, wrong)
        .orElseThrow(
            () ->
                wrong.of(
                    "",
                    "the task has no "
                        + field
                        + "; write it there, or set imagespec.flyte."
                        + field));
  }

  private Optional<String> part(String field, String own, Wrong wrong) {
    String setting = settings.getOrDefault(field, "").strip();
    if (!setting.isEmpty()) {
      return Optional.of(checked(field, setting, Naming::wrongSetting));
    }
    if (!own.isEmpty()) {
      return Optional.of(checked(field, own, wrong));
    }
    return Optional.of(defaults.getOrDefault(field, ""))
        .filter(text -> !text.isEmpty())
        .map(
            text ->
                checked(
                    field,
                    text,
                    (name, problem) ->
                        new ImageSpecException(
                            FailureCode.INVALID_FILE,
                            "task." + name + " in Flyte's configuration: " + problem + ".")));
  }

  private static ImageSpecException wrongSetting(String field, String problem) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING, "imagespec.flyte." + field + ": " + problem + ".");
  }

  private static String checked(String field, String text, Wrong wrong) {
    Optional<String> rule =
        switch (field) {
          case "version" ->
              rule(
                  VERSION,
                  text,
                  "a version has at most 63 letters, digits, dots, '_', '~' and '-'");
          case "org" -> rule(ORG, text, "an organization has at most 63 letters, digits and '-'");
          case "name" ->
              isName(text)
                  ? Optional.empty()
                  : Optional.of("a name has 1 to 255 characters, and no '/' or blank");
          default ->
              rule(
                  LABEL, text, "a " + field + " has at most 63 lower-case letters, digits and '-'");
        };
    if (rule.isPresent()) {
      throw wrong.of(
          field,
          rule.get()
              + (text.isEmpty()
                  ? ""
                  : "; \"" + Printable.start(Printable.value(text), 100) + "\" is none"));
    }
    return text;
  }

  private static Optional<String> rule(Pattern pattern, String text, String rule) {
    return pattern.matcher(text).matches() ? Optional.empty() : Optional.of(rule);
  }

  /** A name is one part of a URL's path in Flyte 1. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.codePointCount(0, text.length()) <= LONGEST_NAME
        && text.codePoints()
            .allMatch(
                c ->
                    c != '/'
                        && c != '\\'
                        && Printable.isPrintable(c)
                        && !Character.isWhitespace(c)
                        && !Character.isSpaceChar(c));
  }
}
