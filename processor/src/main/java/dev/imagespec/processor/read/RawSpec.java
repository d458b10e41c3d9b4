package dev.imagespec.processor.read;

import java.util.List;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;

/**
 * An {@code @ImageSpec} as it was written. The components are its attributes.
 *
 * @param task the annotated class
 * @param binaryName the class's binary name
 * @param self the annotation itself, for what concerns no single attribute
 */
public record RawSpec(
    TypeElement task,
    String binaryName,
    Located<String> self,
    Located<String> registry,
    Located<String> name,
    Located<String> baseImage,
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
    Repository repository) {

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
