package dev.imagespec.registrar.definition;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names of task classes, as they stand in files where an image belongs. */
public final class TaskNames {
  /** A name whose last part starts with a capital letter, which no image's name has. */
  private static final Pattern CLASS =
      Pattern.compile(
          "(?:\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*\\.)*\\p{Lu}\\w*");

  private static final Pattern DOTTED = Pattern.compile("[\\p{javaJavaIdentifierPart}.]+");

  /** A longer text is no name, and too long for the matcher's recursion. */
  private static final int LONGEST = 1000;

  private static final int MOST_SHOWN = 200;

  /** The binary name, by the binary and the canonical name. */
  private final Map<String, String> names = new TreeMap<>();

  /** What the names of tasks have before their last dot: packages, and classes around tasks. */
  private final Set<String> packages = new TreeSet<>();

  private final Set<String> leftOut;

  private TaskNames(Collection<String> tasks, Set<String> leftOut) {
    this.leftOut = leftOut;
    for (String task : tasks) {
      String canonical = task.replace('$', '.');
      names.put(canonical, task);
      packageOf(task).ifPresent(packages::add);
      packageOf(canonical).ifPresent(packages::add);
    }
    tasks.forEach(task -> names.put(task, task));
  }

  /** The names of the tasks of a registration, and of those that it leaves out. */
  public static TaskNames of(TaskRegistrar.Context context) {
    return of(context.manifests().stream().map(Manifest::task).toList(), context.leftOut());
  }

  /**
   * The names of tasks, given by their binary names.
   *
   * @param tasks those of the registration
   * @param leftOut those that it was asked to leave out
   */
  public static TaskNames of(Collection<String> tasks, Set<String> leftOut) {
    Set<String> all = new TreeSet<>(tasks);
    all.addAll(leftOut);
    return new TaskNames(all, leftOut);
  }

  /**
   * Whether a file that names these tasks is passed over, because the registration leaves one of
   * them out. If it has others, a note says so.
   *
   * @param file the file, for people
   * @param named the binary names of the tasks that it names
   */
  public boolean passesOver(String file, Collection<String> named, RegistrationListener listener) {
    Set<String> missing = new TreeSet<>(named);
    missing.retainAll(leftOut);
    if (!missing.isEmpty() && !leftOut.containsAll(named)) {
      listener.on(
          new RegistrationEvent.Note(
              file,
              "is passed over, because this registration leaves out "
                  + String.join(", ", missing)
                  + ", which it names, too."));
    }
    return !missing.isEmpty();
  }

  /** The binary name of the task that a text names; empty if it names none. */
  public Optional<String> task(String text) {
    return Optional.ofNullable(names.get(text));
  }

  /** Whether a text has the package of a task, as if it named one. */
  public boolean isBeside(String text) {
    return packageOf(text).filter(packages::contains).isPresent();
  }

  /** Whether a text that stands where an image belongs can only be meant for a class. */
  public boolean isMeant(String text) {
    return isBeside(text) || (text.length() <= LONGEST && CLASS.matcher(text).matches());
  }

  /** What is wrong with a text that is meant for a task and names none, and the next step. */
  public String unknown(String text) {
    return unknown(text, "; annotate that class with @ImageSpec, or name one of " + listed());
  }

  /**
   * The same, for texts that may be something else.
   *
   * @param otherwise what follows if no task has nearly that name
   */
  public String unknown(String text, String otherwise) {
    return Printable.value(Printable.start(text, MOST_SHOWN))
        + " is no task"
        + Spelling.meant(text, names.keySet().stream())
            .map(meant -> "; did you mean " + meant + "?")
            .orElse(otherwise);
  }

  /** How a file names a task. */
  public String advice() {
    return "where an image belongs, write a task class's name as the whole value, such as "
        + names.values().stream().findFirst().orElse("com.acme.Report");
  }

  private String listed() {
    Set<String> tasks = new TreeSet<>(names.values());
    return String.join(", ", tasks.stream().limit(5).toList()) + (tasks.size() > 5 ? " …" : "");
  }

  /** The package of a class's name; empty if a text has none, or is no such name. */
  private static Optional<String> packageOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= 0 || name.length() > LONGEST || !DOTTED.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(name.substring(0, dot));
  }
}
