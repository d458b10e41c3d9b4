package dev.imagespec.processor.render;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.imagespec.model.Manifest;
import javax.lang.model.element.Modifier;

/**
 * The text of the generated class, through which a task asks for the image it was registered with.
 */
public final class TaskImageRenderer {
  private static final String PROCESSOR = "dev.imagespec.processor.ImageSpecProcessor";

  // By name, since this class is of the user's class path: in the processor's jar its name is
  // another.
  private static final ClassName RECORD =
      ClassName.get(String.join(".", "dev", "imagespec", "model"), "RegistrationRecord");

  // What is the same in every class is made once.
  private static final AnnotationSpec GENERATED =
      AnnotationSpec.builder(ClassName.get("javax.annotation.processing", "Generated"))
          .addMember("value", "$S", PROCESSOR)
          .build();
  private static final MethodSpec CONSTRUCTOR =
      MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build();

  private TaskImageRenderer() {}

  /**
   * The source of a class.
   *
   * @param packageName its package
   * @param simpleName its name
   * @param isPublic whether the task class can be seen from everywhere
   */
  public static String render(
      Manifest manifest, String packageName, String simpleName, boolean isPublic) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(simpleName)
            .addJavadoc(
                "The image of the task class {@code $L}.\n", manifest.task().replace('$', '.'))
            .addAnnotation(GENERATED)
            .addModifiers(Modifier.FINAL)
            .addField(constant("TASK", "The task class's binary name.", manifest.task()))
            .addField(
                constant(
                    "MANIFEST",
                    "The resource that says what the image is.",
                    manifest.resourceName()))
            .addMethod(CONSTRUCTOR)
            .addMethod(
                MethodSpec.methodBuilder("reference")
                    .addJavadoc(
                        "The image that the task was registered with last, by digest.\n\n"
                            + "@return {@code registry/name@sha256:...}\n"
                            + "@throws IllegalStateException if it is not registered; the message says"
                            + " how to\n")
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                    .returns(String.class)
                    .addStatement(
                        "return $T.lookUp(TASK, $N.class.getClassLoader())", RECORD, simpleName)
                    .build());
    if (isPublic) {
      type.addModifiers(Modifier.PUBLIC);
    }
    return JavaFile.builder(packageName, type.build())
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
