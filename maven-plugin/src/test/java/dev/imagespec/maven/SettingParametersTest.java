package dev.imagespec.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.SettingKey;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingParametersTest {
  /** Maven knows the class path and the folder, and has a log of its own. */
  private static final Set<SettingKey<?>> LEFT_OUT =
      Set.of(SettingKey.CLASSPATH, SettingKey.PROJECT_DIR, SettingKey.VERBOSE, SettingKey.JSON);

  private static final class Goal extends SettingParameters {
    @Override
    public void execute() {}
  }

  /** {@code imagespec.engine.network} is {@code engineNetwork}. */
  private static String field(SettingKey<?> key) {
    String[] words = key.name().substring("imagespec.".length()).split("[.-]", -1);
    return words[0]
        + Arrays.stream(words)
            .skip(1)
            .map(
                word -> word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
  }

  @Test
  void everySettingIsAParameterUnderItsName() throws ReflectiveOperationException, IOException {
    Set<String> expected = new TreeSet<>();
    Goal goal = new Goal();
    Map<String, String> values = new TreeMap<>();
    for (SettingKey<?> key : SettingKey.all()) {
      if (!LEFT_OUT.contains(key)) {
        expected.add(field(key));
        Field field = SettingParameters.class.getDeclaredField(field(key));
        field.setAccessible(true);
        field.set(goal, key.isList() ? List.of("a", "b") : "a");
        values.put(key.name(), key.isList() ? "a" + key.separator() + "b" : "a");
      }
    }
    assertThat(Arrays.stream(SettingParameters.class.getDeclaredFields()).map(Field::getName))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(goal.given()).isEqualTo(values);
    assertThat(new Goal().given()).isEmpty();
  }
}
