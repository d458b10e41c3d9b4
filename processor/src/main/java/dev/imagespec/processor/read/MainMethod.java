package dev.imagespec.processor.read;

import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Finds the method with which {@code java} starts a program. */
final class MainMethod {
  private MainMethod() {}

  /** Whether a class has, or inherits, a {@code public static void main(String[])}. */
  static boolean isIn(TypeMirror type, Elements elements) {
    if (!(type instanceof DeclaredType declared)) {
      return false;
    }
    TypeElement main = (TypeElement) declared.asElement();
    return ElementFilter.methodsIn(elements.getAllMembers(main)).stream()
        .filter(method -> isOwn(method, main))
        .anyMatch(MainMethod::isMain);
  }

  /** Whether the class can run the method: static methods of interfaces are not inherited. */
  private static boolean isOwn(ExecutableElement method, TypeElement type) {
    Element owner = method.getEnclosingElement();
    return type.equals(owner) || (owner != null && owner.getKind() != ElementKind.INTERFACE);
  }

  private static boolean isMain(ExecutableElement method) {
    return method.getKind() == ElementKind.METHOD
        && method.getSimpleName().contentEquals("main")
        && method.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        && method.getReturnType().getKind() == TypeKind.VOID
        && method.getParameters().size() == 1
        && method.getParameters().get(0).asType() instanceof ArrayType array
        && array.getComponentType().toString().equals("java.lang.String");
  }
}
