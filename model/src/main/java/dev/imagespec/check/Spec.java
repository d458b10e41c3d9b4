package dev.imagespec.check;

import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import java.util.List;

/**
 * A spec as it was written, merged from all annotations that apply to a class. The components are
 * the attributes of {@code @ImageSpec}. An unset attribute is an empty text or list.
 *
 * @param task the task class's binary name; empty for a package
 * @param isPart whether this is only a part of a spec, on an annotation type or a package, which
 *     task classes complete
 * @param carriers the annotations on the element itself that are {@code @ImageSpec} or carry it
 * @param self the nearest annotation, for problems that concern no single attribute
 * @param ambiguities attributes that equally near annotations set to different values
 * @param replace the names of arrays of which an annotation replaces those farther away; the other
 *     components are already without them
 * @param pip how Python packages are installed
 * @param flyte the {@code @FlyteTask} beside it
 */
public record Spec(
    String task,
    boolean isPart,
    List<Carrier> carriers,
    Located<String> self,
    Located<String> registry,
    Located<String> name,
    Located<String> baseImage,
    Located<ClassName> baseSpec,
    OwnDockerfile dockerfile,
    List<Located<String>> platforms,
    List<Located<String>> aptPackages,
    List<Located<String>> packages,
    Located<String> requirements,
    Located<String> pipIndex,
    List<Located<String>> pipExtraIndexUrls,
    List<Located<String>> commands,
    List<Located<String>> secrets,
    Located<Boolean> classpath,
    Located<ClassName> mainClass,
    Located<ClassName> mainClassName,
    List<Located<String>> jvmFlags,
    List<Located<String>> entrypoint,
    List<Located<String>> args,
    List<Located<String>> ports,
    List<Located<String>> volumes,
    Located<String> workingDirectory,
    Located<String> user,
    Located<String> stopSignal,
    List<Copy> copy,
    List<Env> env,
    List<Pair> labels,
    List<Pair> annotations,
    Repository repository,
    List<Ambiguity> ambiguities,
    List<Located<String>> replace,
    Application application,
    Pip pip,
    Flyte flyte) {

  /** Whether the image starts from another task's image. */
  public boolean hasBaseSpec() {
    return !baseSpec.value().isEmpty();
  }

  /** Whether the image runs a class with {@code java}. */
  public boolean hasMainClass() {
    return !main().value().isEmpty();
  }

  /** Whether there are steps, for which an engine builds an environment. */
  public boolean hasSteps() {
    return !(aptPackages.isEmpty()
        && packages.isEmpty()
        && requirements.value().isEmpty()
        && commands.isEmpty());
  }

  /** The copies that are there before the steps run. */
  public List<Copy> copiesInSteps() {
    return hasSteps() ? copy.stream().filter(Copy::inSteps).toList() : List.of();
  }

  /** The class that the image runs, however it is named. */
  public Located<ClassName> main() {
    return mainClass.value().isEmpty() ? mainClassName : mainClass;
  }

  /**
   * An annotation that is {@code @ImageSpec} or carries it.
   *
   * @param annotation the annotation's binary name, at the place where it is used
   * @param isInClassFiles whether the compiler keeps the annotation in class files
   */
  public record Carrier(Located<String> annotation, boolean isInClassFiles) {}

  /** A Dockerfile of the project, and the folder that it reads. */
  public record OwnDockerfile(Located<String> path, Located<String> context) {
    /** Whether the image stands on one. */
    public boolean isSet() {
      return !path.value().isEmpty();
    }
  }

  /**
   * A {@code @Copy}.
   *
   * @param inSteps whether it goes in before the steps run
   */
  public record Copy(
      Located<String> from,
      Located<String> to,
      Located<String> mode,
      boolean inSteps,
      List<Located<String>> include,
      List<Located<String>> exclude,
      List<Mode> modes,
      Located<String> ignoreFile,
      Located<String> owner) {

    /** Whether it chooses files of a folder, or their modes, by patterns. */
    public boolean hasPatterns() {
      return !include.isEmpty()
          || !exclude.isEmpty()
          || !modes.isEmpty()
          || !ignoreFile.value().isEmpty();
    }
  }

  /** A {@code @Mode}. */
  public record Mode(Located<String> pattern, Located<String> mode) {}

  /**
   * A variable, as all annotations together set it.
   *
   * @param text its value, or what is prepended to the base's
   */
  public record Env(Located<String> name, Located<String> text, Form form) {

    /** What an {@code @Env} says of its variable. */
    public enum Form {
      /** The whole value. */
      VALUE,
      /** What stands in front of the base's value. */
      PREPEND,
      /** Both, of which only one can count. */
      BOTH,
      /** Neither. */
      NOTHING
    }
  }

  /** How Python packages are installed: the attributes {@code pipPre} and so on. */
  public record Pip(
      Located<Boolean> pre,
      Located<Boolean> noBuildIsolation,
      List<Located<String>> findLinks,
      List<PipIndex> indexes,
      List<Located<String>> args) {}

  /** A {@code @PipIndex}. */
  public record PipIndex(Located<String> url, List<Located<String>> packages) {}

  /** A {@code @Label}: a label, or an annotation of the manifest. */
  public record Pair(Located<String> name, Located<String> value) {}

  /** An {@code @Application}; unset if {@code from} is empty. */
  public record Application(Located<String> from, Located<String> to) {
    /** Whether there is one. */
    public boolean isSet() {
      return !from.value().isEmpty();
    }

    Manifest.Application value() {
      return isSet()
          ? new Manifest.Application(from.value(), to.value())
          : Manifest.Application.NONE;
    }
  }

  /** A {@code @Repository}. */
  public record Repository(
      Located<Boolean> mutableTags,
      Located<Boolean> scanOnPush,
      Located<String> kmsKey,
      List<Located<String>> pullPrincipals,
      Located<Integer> expireAfterDays) {}

  /**
   * A {@code @FlyteTask}, merged from all that apply to a class.
   *
   * @param self the nearest annotation, for problems that concern no single attribute; its value is
   *     empty if there is none
   */
  public record Flyte(
      Located<String> self,
      Located<String> project,
      Located<String> domain,
      Located<String> name,
      Located<String> version,
      List<Variable> inputs,
      List<Variable> outputs,
      Resources requests,
      Resources limits,
      Located<Integer> retries,
      Located<Integer> timeout,
      Located<Boolean> interruptible,
      Located<String> cacheVersion,
      Located<Boolean> cacheSerialize,
      List<Located<String>> cacheIgnoreInputVars) {

    private static final Place NOWHERE = () -> "@FlyteTask";
    private static final Located<String> NO_TEXT = new Located<>("", NOWHERE);
    private static final Located<Integer> ZERO = new Located<>(0, NOWHERE);
    private static final Located<Boolean> NO = new Located<>(false, NOWHERE);

    /** No {@code @FlyteTask}. */
    public static final Flyte NONE =
        new Flyte(
            NO_TEXT,
            NO_TEXT,
            NO_TEXT,
            NO_TEXT,
            NO_TEXT,
            List.of(),
            List.of(),
            new Resources(NO_TEXT, NO_TEXT, ZERO, NO_TEXT),
            new Resources(NO_TEXT, NO_TEXT, ZERO, NO_TEXT),
            ZERO,
            ZERO,
            NO,
            NO_TEXT,
            NO,
            List.of());

    /** Whether there is one. */
    public boolean isSet() {
      return !self.value().isEmpty();
    }

    /** An {@code @Input} or an {@code @Output}. */
    public record Variable(
        Located<String> name,
        FlyteTask.Type type,
        FlyteTask.Shape shape,
        Located<String> description) {}

    /** A {@code @Resources}. */
    public record Resources(
        Located<String> cpu,
        Located<String> memory,
        Located<Integer> gpu,
        Located<String> ephemeralStorage) {}
  }
}
