package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import flyteidl.core.Tasks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private final Messages flyte1 = Messages.of(Api.FLYTE_1);
  private final Messages flyte2 = Messages.of(Api.FLYTE_2);

  @Test
  void theTableHasEveryFieldThatFlyte1HasInATemplate() {
    Set<String> seen = new HashSet<>();
    Deque<Descriptor> open = new ArrayDeque<>(Set.of(Tasks.TaskTemplate.getDescriptor()));
    while (!open.isEmpty()) {
      Descriptor message = open.pop();
      if (!message.getFile().getPackage().equals("flyteidl.core")
          || !seen.add(message.getFullName())) {
        continue;
      }
      String name = message.getFullName().substring("flyteidl.core.".length());
      for (FieldDescriptor field : message.getFields()) {
        assertThat(flyte1.field(name, field.getName()))
            .as(field.getFullName())
            .hasValueSatisfying(
                known -> {
                  assertThat(known.name()).isEqualTo(field.getJsonName());
                  assertThat(known.shape()).isEqualTo(shape(field));
                  assertThat(known.type()).isEqualTo(type(field));
                  assertThat(known.oneof().isPresent())
                      .isEqualTo(field.getContainingOneof() != null);
                });
        if (element(field).getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          open.push(element(field).getMessageType());
        }
        if (element(field).getJavaType() == FieldDescriptor.JavaType.ENUM) {
          assertThat(flyte1.values(type(field)).orElseThrow())
              .as(field.getFullName())
              .containsAll(
                  element(field).getEnumType().getValues().stream()
                      .map(EnumValueDescriptor::getName)
                      .toList());
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(30);
  }

  private static FieldDescriptor element(FieldDescriptor field) {
    return field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
  }

  private static Messages.Shape shape(FieldDescriptor field) {
    return field.isMapField()
        ? Messages.Shape.MAP
        : field.isRepeated() ? Messages.Shape.LIST : Messages.Shape.ONE;
  }

  private static String type(FieldDescriptor field) {
    FieldDescriptor element = element(field);
    return switch (element.getJavaType()) {
      case MESSAGE -> core(element.getMessageType().getFullName());
      case ENUM -> core(element.getEnumType().getFullName());
      default -> element.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String core(String name) {
    return name.replaceFirst("^(flyteidl\\.core|google\\.protobuf)\\.", "");
  }

  @Test
  void aFieldHasTwoNames() {
    assertThat(flyte2.field("TaskTemplate", "k8s_pod"))
        .isEqualTo(flyte2.field("TaskTemplate", "k8sPod"))
        .isPresent();
    assertThat(flyte2.field("Identity", "oauth2_client").orElseThrow().name())
        .isEqualTo("oauth2Client");
  }

  @Test
  void eachInterfaceHasItsOwnFields() {
    assertThat(flyte2.field("TaskTemplate", "reusePolicy")).isPresent();
    assertThat(flyte1.field("TaskTemplate", "reusePolicy")).isEmpty();
    assertThat(flyte1.elsewhere("TaskTemplate", "reuse_policy")).isTrue();
    assertThat(flyte1.field("VariableMap", "variables").orElseThrow().shape())
        .isEqualTo(Messages.Shape.MAP);
    assertThat(flyte2.field("VariableMap", "variables").orElseThrow().shape())
        .isEqualTo(Messages.Shape.LIST);
  }
}
