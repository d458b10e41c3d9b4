package dev.imagespec.processor.read;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * A spec as it was written, all annotations that speak of it taken together. The components are the
 * attributes of {@code @ImageSpec}.
 *
 * @param element the task class; or the annotation type or package that holds a part of a spec
 * @param binaryName the class's binary name; empty for a package
 * @param carriers the element's own annotations that speak of it
 * @param self the nearest annotation itself, for what concerns no single attribute
 * @param ambiguities what equally near annotations say differently
 */
public record RawSpec(
    Element element,
    String binaryName,
    List<Carrier> carriers,
    Located<String> self,
    Located<String> registry,
    Located<String> name,
    Located<String> baseImage,
    Optional<Located<TypeMirror>> baseSpec,
    List<Located<String>> platforms,
    List<Located<String>> aptPackages,
    List<Located<String>> packages,
    Located<String> requirements,
    Located<String> pipIndex,
    List<Located<String>> pipExtraIndexUrls,
    List<Located<String>> commands,
    List<Located<String>> secrets,
    Located<Boolean> classpath,
    Located<TypeMirror> mainClass,
    List<Located<String>> jvmFlags,
    List<Located<String>> entrypoint,
    List<Located<String>> args,
    List<Located<String>> ports,
    List<Located<String>> volumes,
    Located<String> workingDirectory,
    Located<String> user,
    List<Copy> copy,
    List<Pair> env,
    List<Pair> labels,
    Repository repository,
    List<Ambiguity> ambiguities) {

  /** Whether this is but a part, to be completed by task classes. */
  public boolean isPart() {
    return element.getKind() == ElementKind.PACKAGE
        || element.getKind() == ElementKind.ANNOTATION_TYPE;
  }

  /** Whether a class is run by {@code java}. */
  public boolean hasMainClass() {
    return mainClass.value().getKind() != TypeKind.VOID;
  }

  /**
   * An annotation that is {@code @ImageSpec} or carries it.
   *
   * @param annotation its binary name, where it is used
   * @param isInClassFiles whether it is kept there
   */
  public record Carrier(Located<String> annotation, boolean isInClassFiles) {}

  /** A {@code @Copy}. */
  public record Copy(Located<String> from, Located<String> to, Located<String> mode) {}

  /** An {@code @Env} or {@code @Label}. */
  public record Pair(Located<String> name, Located<String> value) {}

  /** A {@code @Repository}. */
  public record Repository(
      Located<Boolean> mutableTags,
      Located<Boolean> scanOnPush,
      Located<String> kmsKey,
      List<Located<String>> pullPrincipals,
      Located<Integer> expireAfterDays) {}
}
