package dev.imagespec.check;

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
    List<Ambiguity> ambiguities) {

  /** Whether the image starts from another task's image. */
  public boolean hasBaseSpec() {
    return !baseSpec.value().isEmpty();
  }

  /** Whether the image runs a class with {@code java}. */
  public boolean hasMainClass() {
    return !main().value().isEmpty();
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

  /** A {@code @Copy}. */
  public record Copy(Located<String> from, Located<String> to, Located<String> mode) {}

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

  /** A {@code @Label}: a label, or an annotation of the manifest. */
  public record Pair(Located<String> name, Located<String> value) {}

  /** A {@code @Repository}. */
  public record Repository(
      Located<Boolean> mutableTags,
      Located<Boolean> scanOnPush,
      Located<String> kmsKey,
      List<Located<String>> pullPrincipals,
      Located<Integer> expireAfterDays) {}
}
