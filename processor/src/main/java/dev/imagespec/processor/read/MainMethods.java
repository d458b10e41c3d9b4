package dev.imagespec.processor.read;

import dev.imagespec.check.MainMethod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Finds the method with which {@code java} starts a program (JLS 12.1.4). */
final class MainMethods {
  /** The first release in which a main method may be an instance's and without arguments. */
  private static final int COMPACT = 25;

  private final Elements elements;
  private final boolean isCompact;

  MainMethods(Elements elements, SourceVersion source) {
    this.elements = elements;
    this.isCompact = Integer.parseInt(source.name().replace("RELEASE_", "")) >= COMPACT;
  }

  /** Whether java can start a class. */
  MainMethod of(TypeElement type) {
    // Most have it themselves: to list what a class inherits takes long.
    if (ElementFilter.methodsIn(type.getEnclosedElements()).stream()
        .anyMatch(
            method ->
                method.getSimpleName().contentEquals("main")
                    && method.getReturnType().getKind() == TypeKind.VOID
                    && isClassic(method))) {
      return MainMethod.RUNS;
    }
    List<ExecutableElement> mains =
        ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
            .filter(method -> method.getSimpleName().contentEquals("main"))
            .filter(method -> isOwn(method, type))
            .filter(method -> method.getReturnType().getKind() == TypeKind.VOID)
            .toList();
    if (mains.stream().anyMatch(MainMethods::isClassic)) {
      return MainMethod.RUNS;
    }
    if (isKotlins(type) && mains.stream().anyMatch(MainMethods::isStatic)) {
      return MainMethod.RUNS;
    }
    Optional<ExecutableElement> compact =
        first(mains, MainMethods::takesArguments)
            .or(() -> first(mains, method -> method.getParameters().isEmpty()))
            .filter(method -> isStatic(method) || canBeMade(type));
    if (compact.isEmpty()) {
      return MainMethod.NONE;
    }
    return isCompact ? MainMethod.RUNS : MainMethod.RUNS_LATER;
  }

  /** To a main of other forms Kotlin adds one for java, which Java's compilers do not see. */
  private static boolean isKotlins(TypeElement type) {
    return type.getAnnotationMirrors().stream()
        .anyMatch(mirror -> Layers.named(mirror).equals("kotlin.Metadata"));
  }

  private static Optional<ExecutableElement> first(
      List<ExecutableElement> mains, Predicate<ExecutableElement> form) {
    return mains.stream()
        .filter(method -> !method.getModifiers().contains(Modifier.PRIVATE))
        .filter(form)
        .findFirst();
  }

  /** Whether the class can run the method: static methods of interfaces are not inherited. */
  private static boolean isOwn(ExecutableElement method, TypeElement type) {
    Element owner = method.getEnclosingElement();
    return type.equals(owner)
        || (owner != null && (owner.getKind() != ElementKind.INTERFACE || !isStatic(method)));
  }

  private static boolean isClassic(ExecutableElement method) {
    return method.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        && takesArguments(method);
  }

  private static boolean isStatic(ExecutableElement method) {
    return method.getModifiers().contains(Modifier.STATIC);
  }

  /** By element, because a type's text may have annotations in it. */
  private static boolean takesArguments(ExecutableElement method) {
    return method.getParameters().size() == 1
        && method.getParameters().get(0).asType() instanceof ArrayType array
        && isString(array.getComponentType());
  }

  private static boolean isString(TypeMirror type) {
    return type instanceof DeclaredType declared
        && declared.asElement() instanceof TypeElement element
        && element.getQualifiedName().contentEquals("java.lang.String");
  }

  /** Whether java can make an instance, without arguments and without an instance around it. */
  private static boolean canBeMade(TypeElement type) {
    boolean standsAlone =
        type.getNestingKind() == NestingKind.TOP_LEVEL
            || type.getModifiers().contains(Modifier.STATIC);
    return standsAlone
        && type.getKind().isClass()
        && !type.getModifiers().contains(Modifier.ABSTRACT)
        && ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
            .anyMatch(
                made ->
                    made.getParameters().isEmpty()
                        && !made.getModifiers().contains(Modifier.PRIVATE));
  }
}
