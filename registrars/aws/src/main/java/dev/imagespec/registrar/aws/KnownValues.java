package dev.imagespec.registrar.aws;

import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The values that the AWS SDK knows for a field. A service may know newer ones, so only what is
 * almost one of them is wrong.
 */
final class KnownValues {
  private static final String NOT_KNOWN = "UNKNOWN_TO_SDK_VERSION";

  /** The one field of whose values the case does not matter, by AWS Batch's documentation. */
  private static final String ANY_CASE = "EvaluateOnExit.action";

  private KnownValues() {}

  /** What is wrong with a field's value. */
  static Optional<String> check(SdkPojo builder, SdkField<?> field, Object value) {
    List<?> texts = value instanceof List<?> list ? list : List.of(value);
    if (texts.stream().noneMatch(String.class::isInstance)) {
      return Optional.empty();
    }
    Set<String> known = of(builder, field.memberName());
    boolean anyCase = ANY_CASE.equals(Shapes.nameOf(builder) + "." + field.memberName());
    return texts.stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !known.contains(text))
        .filter(text -> !anyCase || known.stream().noneMatch(text::equalsIgnoreCase))
        .flatMap(text -> meant(text, known).map(meant -> problem(field, text, meant)).stream())
        .findFirst();
  }

  private static String problem(SdkField<?> field, String text, String meant) {
    return field.memberName()
        + " cannot be "
        + Printable.value(Printable.start(text, 80))
        + "; did you mean "
        + meant
        + "?";
  }

  /** Another number is another version, no typing error. */
  private static Optional<String> meant(String text, Set<String> known) {
    return known.stream()
        .filter(text::equalsIgnoreCase)
        .findFirst()
        .or(
            () ->
                Spelling.meant(
                    text, known.stream().filter(each -> digits(each).equals(digits(text)))));
  }

  private static String digits(String text) {
    return text.replaceAll("[^0-9]", "");
  }

  /** The builder has a method for the field that takes the values as constants. */
  private static Set<String> of(SdkPojo builder, String member) {
    String name = Character.toLowerCase(member.charAt(0)) + member.substring(1);
    Set<String> known = new TreeSet<>();
    for (Class<?> type : builder.getClass().getInterfaces()) {
      for (Method method : type.getMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == 1) {
          Class<?> parameter = method.getParameterTypes()[0];
          Class<?> constants = parameter.isArray() ? parameter.getComponentType() : parameter;
          if (constants.isEnum()) {
            Arrays.stream(constants.getEnumConstants())
                .filter(constant -> !((Enum<?>) constant).name().equals(NOT_KNOWN))
                .map(Object::toString)
                .forEach(known::add);
          }
        }
      }
    }
    return known;
  }
}
