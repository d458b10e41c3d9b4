package dev.imagespec.processor.render;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.imagespec.model.Manifest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.lang.model.element.Modifier;

/** Renders the generated class, which tells a task the image that it was registered with. */
public final class TaskImageRenderer {
  /** The annotation that marks generated classes. */
  public static final String GENERATED = "javax.annotation.processing.Generated";

  private static final String PROCESSOR = "dev.imagespec.processor.ImageSpecProcessor";

  // By name, because the class is on the class path of the user, not of the processor.
  private static final ClassName RECORD = ClassName.get("dev.imagespec", "RegistrationRecord");

  // Placeholders. JavaPoet renders the class once, and each task class replaces the placeholders.
  // Rendering it for each class would double the processor's work.
  private static final String NAME = "NAME__";
  private static final String CLASS = "CLASS__";
  private static final String TASK = "TASK__";
  private static final String MANIFEST = "MANIFEST__";
  private static final Map<Shape, String> WRITTEN = new ConcurrentHashMap<>();

  private record Shape(boolean isPublic, boolean isMarked) {}

  private TaskImageRenderer() {}

  /**
   * The source of a class.
   *
   * @param packageName its package
   * @param simpleName its name
   * @param isPublic whether the task class and all classes around it are public
   * @param isMarked whether the class can carry {@code @Generated}: a module that does not read
   *     {@code java.compiler} has none
   */
  public static String render(
      Manifest manifest,
      String packageName,
      String simpleName,
      boolean isPublic,
      boolean isMarked) {
    return (packageName.isEmpty() ? "" : "package " + packageName + ";\n\n")
        + WRITTEN
            .computeIfAbsent(new Shape(isPublic, isMarked), TaskImageRenderer::written)
            .replace(NAME, simpleName)
            .replace(CLASS, manifest.task().replace('$', '.'))
            .replace(TASK, manifest.task())
            .replace(MANIFEST, manifest.resourceName());
  }

  private static String written(Shape shape) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(NAME)
            // The task's package may have its own class of that name.
            .alwaysQualify("String")
            .addJavadoc("The image of the task class {@code $L}.\n", CLASS)
            .addModifiers(Modifier.FINAL)
            .addField(constant("TASK", "The task class's binary name.", TASK))
            .addField(constant("MANIFEST", "The resource that says what the image is.", MANIFEST))
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
            .addMethod(
                MethodSpec.methodBuilder("reference")
                    .addJavadoc(
                        "The image that the task was registered with last, by digest.\n\n"
                            + "@return {@code registry/name@sha256:...}\n"
                            + "@throws IllegalStateException if it is not registered; the message says"
                            + " how to\n")
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                    .returns(String.class)
                    .addStatement("return $T.lookUp(TASK, $N.class.getClassLoader())", RECORD, NAME)
                    .build());
    if (shape.isPublic()) {
      type.addModifiers(Modifier.PUBLIC);
    }
    if (shape.isMarked()) {
      type.addAnnotation(
          AnnotationSpec.builder(ClassName.bestGuess(GENERATED))
              .addMember("value", "$S", PROCESSOR)
              .build());
    }
    return JavaFile.builder("", type.build())
        .indent("  ")
        .skipJavaLangImports(true)
        .build()
        .toString();
  }

  private static FieldSpec constant(String name, String what, String value) {
    return FieldSpec.builder(String.class, name, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
        .addJavadoc(what + "\n")
        .initializer("$S", value)
        .build();
  }
}
