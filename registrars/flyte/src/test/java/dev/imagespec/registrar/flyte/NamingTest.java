package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.ImageSpecException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamingTest {
  private static final Naming.Wrong WRONG =
      (field, problem) -> {
        throw new IllegalArgumentException(field + ": " + problem);
      };

  private static Naming.Own own(String name, String version) {
    return new Naming.Own("", "", "own", name, version);
  }

  @Test
  void aSettingGoesBeforeTheTaskAndThatBeforeDefaults() {
    Naming naming =
        new Naming(
            Map.of("project", "set", "version", "7"),
            Map.of("project", "p", "domain", "d", "org", "o"));
    assertThat(naming.name(own("n", ""), WRONG)).isEqualTo(new TaskId("o", "set", "own", "n", ""));
    assertThat(naming.version(own("n", "8"), WRONG)).hasValue("7");
    assertThat(new Naming(Map.of(), Map.of()).version(own("n", ""), WRONG)).isEmpty();
  }

  @Test
  void aDefaultThatIsNoNameIsToldWithItsPlace() {
    Naming naming = new Naming(Map.of(), Map.of("project", "Not A Label"));
    assertThatThrownBy(() -> naming.name(own("n", ""), WRONG))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageStartingWith("task.project in Flyte's configuration: a project has at most 63");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "a\nb", "a\\b", "\u202e"})
  void aNameIsOnePartOfAPath(String name) {
    Naming naming = new Naming(Map.of("project", "p"), Map.of());
    assertThatThrownBy(() -> naming.name(own(name, ""), WRONG))
        .hasMessageStartingWith("name: a name has 1 to 255 characters");
  }

  @Test
  void lengthsAreThoseOfFlyte() {
    Naming naming = new Naming(Map.of("project", "p"), Map.of());
    assertThat(naming.name(own("n".repeat(255), ""), WRONG).name()).hasSize(255);
    assertThatThrownBy(() -> naming.name(own("n".repeat(256), ""), WRONG))
        .hasMessageStartingWith("name: ");
    assertThat(naming.version(own("n", "v".repeat(63)), WRONG)).isPresent();
    assertThatThrownBy(() -> naming.version(own("n", "v".repeat(64)), WRONG))
        .hasMessageStartingWith("version: ");
  }

  @ParameterizedTest
  @CsvSource({
    "acme.hosted.unionai.cloud, acme",
    "flyte.example.com, flyte",
    "example.com, ''",
    "localhost, ''",
    "10.0.0.12, ''",
  })
  void aHostMayTellTheOrganization(String host, String org) {
    assertThat(Naming.orgOfHost(host).orElse("")).isEqualTo(org);
  }
}
