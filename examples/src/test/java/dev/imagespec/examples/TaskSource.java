package dev.imagespec.examples;

import java.util.ArrayList;
import java.util.List;

/** The source of a task class, with any texts in its annotation. */
final class TaskSource {
  private final String name;
  private final List<String> attributes = new ArrayList<>();
  private boolean main;

  private TaskSource(String name) {
    this.name = name;
  }

  static TaskSource of(String name, String baseImage) {
    return new TaskSource(name).text("baseImage", baseImage).text("name", "hostile/tasks");
  }

  /** A task whose image stands on what a Dockerfile of the project builds. */
  static TaskSource ofDockerfile(String name, String path) {
    return new TaskSource(name).text("dockerfile", path);
  }

  String name() {
    return name;
  }

  TaskSource text(String attribute, String value) {
    attributes.add(attribute + " = " + literal(value));
    return this;
  }

  TaskSource texts(String attribute, List<String> values) {
    return elements(attribute, values.stream().map(TaskSource::literal).toList());
  }

  /** Elements that are annotations themselves. */
  TaskSource elements(String attribute, List<String> values) {
    attributes.add(attribute + " = {" + String.join(",\n", values) + "}");
    return this;
  }

  TaskSource flag(String attribute) {
    attributes.add(attribute + " = true");
    return this;
  }

  /** Gives the class a main method, and names it. */
  TaskSource main() {
    main = true;
    attributes.add("mainClass = " + name + ".class");
    return this;
  }

  /** Gives the image a built application. */
  TaskSource application(String from, String to) {
    attributes.add(
        "application = @Application(from = " + literal(from) + ", to = " + literal(to) + ")");
    return this;
  }

  static String env(String name, String value) {
    return "@Env(name = " + literal(name) + ", value = " + literal(value) + ")";
  }

  static String prepend(String name, String folders) {
    return "@Env(name = " + literal(name) + ", prepend = " + literal(folders) + ")";
  }

  static String label(String name, String value) {
    return "@Label(name = " + literal(name) + ", value = " + literal(value) + ")";
  }

  static String copy(String from, String to) {
    return "@Copy(from = " + literal(from) + ", to = " + literal(to) + ")";
  }

  /** A copy with more attributes, which are source text. */
  static String copy(String from, String to, String more) {
    return "@Copy(from = " + literal(from) + ", to = " + literal(to) + ", " + more + ")";
  }

  String source() {
    return "import dev.imagespec.*;\n@SuppressWarnings(\"imagespec:missing-file\") @ImageSpec("
        + String.join(",\n", attributes)
        + ")\npublic final class "
        + name
        + " {"
        + (main ? " public static void main(String[] args) {} " : "")
        + "}\n";
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
}
