package dev.imagespec.processor;

import dev.imagespec.model.Manifest;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The class that is generated for a task class: {@code Outer.Inner} gives {@code Outer_InnerImage}.
 *
 * @param packageName the package of the task class; empty for the unnamed package
 * @param simpleName the name in the package
 * @param isPublic whether the class is public: the task class and all classes around it are
 */
record GeneratedClass(String packageName, String simpleName, boolean isPublic) {
  static GeneratedClass of(TypeElement task, Elements elements) {
    StringBuilder name = new StringBuilder(task.getSimpleName());
    Element outer = task.getEnclosingElement();
    while (task.getNestingKind() == NestingKind.MEMBER && outer instanceof TypeElement type) {
      name.insert(0, type.getSimpleName() + "_");
      outer = type.getEnclosingElement();
    }
    return new GeneratedClass(
        elements.getPackageOf(task).getQualifiedName().toString(),
        name.append(Manifest.GENERATED).toString(),
        isPublic(task));
  }

  String qualifiedName() {
    return packageName.isEmpty() ? simpleName : packageName + "." + simpleName;
  }

  /** Whether a class is this one, as an earlier compilation generated it for a task class. */
  boolean isMadeAs(TypeElement type, String task) {
    return isPublic == type.getModifiers().contains(Modifier.PUBLIC)
        && ElementFilter.fieldsIn(type.getEnclosedElements()).stream()
            .filter(field -> field.getSimpleName().contentEquals("TASK"))
            .map(VariableElement::getConstantValue)
            .anyMatch(task::equals);
  }

  private static boolean isPublic(TypeElement task) {
    for (Element at = task; at instanceof TypeElement; at = at.getEnclosingElement()) {
      if (!at.getModifiers().contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }
}
