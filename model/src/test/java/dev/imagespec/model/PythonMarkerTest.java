package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Markers of locks. Those of requirements are in {@link PythonRequirementTest}. */
class PythonMarkerTest {
  private static final List<String> GROUPS = List.of("test-tools");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          python_version < '3.13'                               | python_version < "3.13"
          '3.13' > python_version                               | python_version < "3.13"
          os_name == 'posix' and python_version<"3.13"          | python_version < "3.13"
          sys_platform == 'win32'                               | never
          sys_platform == 'win32' or python_version < '3.9'     | python_version < "3.9"
          sys_platform == 'linux' or python_version < '3.9'     | ``
          'gpu' in extras                                       | never
          'gpu' not in extras                                   | ``
          'Test_Tools' in dependency_groups                     | ``
          'dev' in dependency_groups                            | never
          ('b' in platform_machine) and 'x' not in extras       | "b" in platform_machine
          platform_machine not in 'x86_64 aarch64'              | platform_machine not in "x86_64 aarch64"
          (python_version == '1' or platform_machine == 'a') and implementation_name == 'cpython' | implementation_name == "cpython" and platform_machine == "a" or implementation_name == "cpython" and python_version == "1"
          """)
  void aMarkerIsForLinuxAndTheDefaultGroups(String text, String said) {
    PythonMarker marker = PythonMarker.parseInLock(text, GROUPS);
    assertThat(marker.isNever()).isEqualTo(said.equals("never"));
    if (!marker.isNever()) {
      assertThat(marker).hasToString(said);
      assertThat(said.isEmpty() || PythonMarker.parse(said).toString().equals(said)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "extras == 'a'",
        "extras in 'a'",
        "'a' < dependency_groups",
        "python_version",
        "x == '1'"
      })
  void whatIsNoMarkerOfALockIsSaid(String text) {
    assertThatThrownBy(() -> PythonMarker.parseInLock(text, GROUPS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the marker is wrong");
  }

  @Test
  void onlyLocksHaveExtrasAndGroups() {
    assertThatThrownBy(() -> PythonMarker.parse("'a' in extras"))
        .hasMessageContaining("there is no marker variable extras");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          python_version < '3.13'                                | true
          python_version >= '3.13'                               | false
          python_full_version >= '3.12.7'                        | true
          python_full_version == '3.12.*'                        | true
          python_version in '3.11 3.12'                          | true
          python_version >= '3.12rc1'                            | ``
          platform_machine == 'x86_64'                           | true
          platform_release == 'x'                                | ``
          platform_release == 'x' or python_version < '3.13'     | true
          platform_release == 'x' and python_version > '3.12'    | false
          """)
  void aMarkerHoldsOrNotOrDepends(String text, String holds) {
    Map<String, String> known =
        Map.of(
            "python_version",
            "3.12",
            "python_full_version",
            "3.12.7",
            "platform_machine",
            "x86_64");
    assertThat(PythonMarker.parseInLock(text, GROUPS).holds(known))
        .isEqualTo(holds.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(holds)));
  }
}
