package dev.imagespec.runtime;

import dev.imagespec.model.Printable;
import java.util.Locale;

/**
 * One difference between what an image is made from now, and what the image was made from that its
 * tasks were registered with last. Its text is one line for people.
 *
 * @param kind what kind of thing changed
 * @param effect what happened to it
 * @param subject which thing: the path of a file, the name of a jar, a package, a variable; empty
 *     where the kind says it all
 * @param before what it was, or empty: a digest, a mode, a version, a value
 * @param after what it is now, or empty
 * @param remark more about it for people, or empty
 */
public record Change(
    Kind kind, Effect effect, String subject, String before, String after, String remark) {
  private static final int SHOWN_DIGITS = 4;
  private static final int SHOWN_VALUE = 100;
  private static final String DIGEST = "sha256:";

  /** What kind of thing changed, in the order in which changes are listed. */
  public enum Kind {
    /** The repository that the tasks' image is in. */
    REPOSITORY(""),
    /** The base image, or what its reference stands for. */
    BASE(""),
    /** A platform that the image is for. */
    PLATFORM(""),
    /** A Debian package. */
    APT("environment"),
    /** A Python package, of the annotation or of a requirements file. */
    PYTHON("environment"),
    /** A Python package index. */
    PACKAGE_INDEX("environment"),
    /** How Python packages are installed. */
    PIP_OPTION("environment"),
    /** A command of the environment. */
    COMMAND("environment"),
    /** A secret that the steps may read, by its id. */
    SECRET("environment"),
    /** A file of the project that is there before the steps run. */
    STEP_FILE("environment"),
    /** The project's own Dockerfile. */
    DOCKERFILE("environment"),
    /** A file that the project's own Dockerfile reads. */
    CONTEXT("context"),
    /** The environment for another reason, such as a rebuild that somebody asked for. */
    ENVIRONMENT("environment"),
    /** A jar of the class path. */
    DEPENDENCY(""),
    /** A jar of the class path that is a snapshot. */
    SNAPSHOT(""),
    /** A class file in a folder of the class path. */
    CLASS("classes"),
    /** Another file in a folder of the class path. */
    RESOURCE("resources"),
    /** The order of the class path. */
    CLASS_PATH(""),
    /** A file that is copied from the project directory. */
    FILE("files"),
    /** The program and its fixed arguments. */
    ENTRYPOINT(""),
    /** The default arguments. */
    ARGS(""),
    /** An environment variable. */
    ENV(""),
    /** What stands in front of the base's own value of an environment variable. */
    ENV_PREPEND(""),
    /** A label. */
    LABEL(""),
    /** An annotation of the manifest. */
    ANNOTATION(""),
    /** A port. */
    PORT(""),
    /** A mount point. */
    VOLUME(""),
    /** The working directory. */
    WORKING_DIRECTORY(""),
    /** The user. */
    USER(""),
    /** The signal that asks the program to end. */
    STOP_SIGNAL(""),
    /** When the image says that it was made. */
    CREATION_TIME(""),
    /** Something that neither the record nor the history shows. */
    OTHER("");

    private final String group;

    Kind(String group) {
      this.group = group;
    }

    /** What changes of this kind are listed under on one line; empty if each has its own line. */
    String group() {
      return group;
    }

    /** Its name for people, which JSON documents use, too. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** What happened to a thing. */
  public enum Effect {
    /** It is new. */
    ADDED,
    /** It is gone. */
    REMOVED,
    /** Its content or value changed. */
    CHANGED,
    /** Only its file mode changed. */
    MODE,
    /** Only who owns it changed. */
    OWNER,
    /** It moved to another layer. */
    MOVED;

    /** Its name for people, which JSON documents use, too. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A change without a remark. */
  public Change(Kind kind, Effect effect, String subject, String before, String after) {
    this(kind, effect, subject, before, after, "");
  }

  /** The same change with a remark. */
  public Change withRemark(String other) {
    return new Change(kind, effect, subject, before, after, other);
  }

  @Override
  public String toString() {
    String line = kind.group().isEmpty() ? line() : member();
    return remark.isEmpty() ? line : line + " (" + Printable.value(remark) + ")";
  }

  /** As one of several on a line of its group. */
  private String member() {
    String thing = thing();
    String text =
        switch (effect) {
          case ADDED -> thing + after(" ", after) + " new";
          case REMOVED -> thing + after(" ", before) + " gone";
          case MODE, OWNER -> thing + " " + effect + " " + before + " → " + after;
          case MOVED -> thing + " moved from " + shown(before) + " to " + shown(after);
          case CHANGED -> thing + (isShown() ? " " + transition() : " changed");
        };
    return text.strip();
  }

  /** A file's new digest says nothing to people. */
  private boolean isShown() {
    return !(before.isEmpty() && after.isEmpty())
        && !(before.startsWith(DIGEST) || after.startsWith(DIGEST));
  }

  private String thing() {
    String word =
        switch (kind) {
          case CLASS, RESOURCE, FILE, ENVIRONMENT, CONTEXT -> "";
          case DOCKERFILE -> "Dockerfile";
          default -> kind.toString();
        };
    return (word + (word.isEmpty() || subject.isEmpty() ? "" : " ") + shown(subject)).strip();
  }

  private String line() {
    return switch (kind) {
      case DEPENDENCY -> jar(subject.isEmpty() ? "dependencies" : shown(subject));
      case SNAPSHOT -> jar(subject.isEmpty() ? "snapshots" : shown(subject));
      case OTHER -> subject;
      case ENV -> pair("env " + shown(subject));
      case ENV_PREPEND -> pair("env prepend " + shown(subject));
      case LABEL -> pair("label " + shown(subject));
      case ANNOTATION -> pair("annotation " + shown(subject));
      default -> pair(kind + (subject.isEmpty() ? "" : " " + familiar(subject)));
    };
  }

  private String jar(String name) {
    return switch (effect) {
      case ADDED -> "+ " + name;
      case REMOVED -> "- " + name;
      case MOVED -> "~ " + name + ": moved from " + shown(before) + " to " + shown(after);
      case MODE, OWNER -> "~ " + name + ": " + effect + " " + before + " → " + after;
      case CHANGED -> "~ " + name;
    };
  }

  private String pair(String name) {
    return switch (effect) {
      case ADDED -> "+ " + name + after("=", after);
      case REMOVED -> "- " + name + after("=", before);
      default -> isEmpty() ? "~ " + name : name + ": " + transition();
    };
  }

  private boolean isEmpty() {
    return before.isEmpty() && after.isEmpty();
  }

  private String transition() {
    return value(before) + " → " + value(after);
  }

  private String value(String value) {
    if (value.isEmpty()) {
      return kind == Kind.APT || kind == Kind.PYTHON ? "any version" : "(unset)";
    }
    return kind == Kind.BASE || kind == Kind.REPOSITORY ? familiar(value) : shown(value);
  }

  private static String after(String sign, String value) {
    return value.isEmpty() || value.startsWith(DIGEST) ? "" : sign + shown(value);
  }

  /** A value on one line, and a digest by its first digits. */
  private static String shown(String value) {
    if (value.startsWith(DIGEST) && value.length() > DIGEST.length() + SHOWN_DIGITS) {
      return value.substring(DIGEST.length(), DIGEST.length() + SHOWN_DIGITS) + "…";
    }
    return Printable.start(Printable.value(value), SHOWN_VALUE);
  }

  /** A reference as people write it. */
  private static String familiar(String reference) {
    return shown(reference.replaceFirst("^docker\\.io/(?:library/)?", ""));
  }
}
