package dev.imagespec.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Platform;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WheelNameTest {
  @ParameterizedTest
  @CsvSource({
    // tags after the version, platform, Python, whether it fits
    "py3-none-any, linux/amd64, 3.12.7, true",
    "py3-none-any, linux/riscv64, '', true",
    "py2.py3-none-any, linux/amd64, 3.8.1, true",
    "py2-none-any, linux/amd64, '', false",
    "py2-none-any, linux/amd64, 3.8.1, false",
    "py39-none-any, linux/amd64, 3.12.7, true",
    "py313-none-any, linux/amd64, 3.12.7, false",
    "py313-none-any, linux/amd64, '', true",
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64, linux/amd64, 3.12.7, true",
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64, linux/amd64, 3.12, true",
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64, linux/arm64, 3.12.7, false",
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64, linux/amd64, 3.11.9, false",
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64, linux/amd64, '', true",
    "cp312-cp312-manylinux_2_17_x86_64, linux/arm64, '', false",
    "cp312-cp312-musllinux_1_2_aarch64, linux/arm64, 3.12.7, true",
    "cp312-cp312-linux_x86_64, linux/amd64, 3.12.7, true",
    "cp37-cp37m-manylinux1_x86_64, linux/amd64, 3.7.9, true",
    "cp313-cp313t-manylinux_2_17_x86_64, linux/amd64, 3.13.0, false",
    "cp39-abi3-manylinux_2_28_x86_64, linux/amd64, 3.12.7, true",
    "cp313-abi3-manylinux_2_28_x86_64, linux/amd64, 3.12.7, false",
    "cp38.cp39.cp312-none-any, linux/amd64, 3.12.7, true",
    "cp38-none-any, linux/amd64, 3.12.7, false",
    "cp3-none-any, linux/amd64, 3.12.7, false",
    "cp312-cp312-any, linux/amd64, 3.12.7, false",
    "cp312-none.cp312-any, linux/amd64, 3.12.7, true",
    "pp310-pypy310_pp73-manylinux_2_17_x86_64, linux/amd64, 3.10.1, false",
    "pp310-pypy310_pp73-manylinux_2_17_x86_64, linux/amd64, '', true",
    "cp312-cp312-win_amd64, linux/amd64, '', false",
    "cp312-cp312-macosx_11_0_arm64, linux/arm64, '', false",
    "py3-none-macosx_11_0_arm64.manylinux_2_17_aarch64, linux/arm64, 3.12.7, true",
    "cp312-cp312-manylinux_2_17_i686, linux/386, 3.12.7, true",
    "cp312-cp312-manylinux_2_17_armv7l, linux/arm/v7, 3.12.7, true",
    "cp312-cp312-manylinux_2_31_riscv64, linux/riscv64, 3.12.7, true",
    "cp312-cp312-manylinux_2_17_ppc64le, linux/ppc64le, 3.12.7, true",
    "cp312-cp312-manylinux_2_17_s390x, linux/s390x, 3.12.7, true",
  })
  void aWheelFitsAPythonOrNot(String tags, String platform, String version, boolean fits) {
    PythonTarget target = PythonTarget.of(Platform.parse(platform), version);
    assertThat(target.version()).isEqualTo(version);
    assertThat(WheelName.parse("a_b-1.0+cu.1-" + tags + ".whl").fits(target)).isEqualTo(fits);
    assertThat(WheelName.parse("a-1!2-1x-" + tags + ".whl").fits(target))
        .as("with a build number")
        .isEqualTo(fits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a-1.0.tar.gz",
        "a-1.0-py3-none.whl",
        "a.whl",
        "a-1-2-3-py3-none-any.whl",
        "../a-1.0-py3-none-any.whl",
        "a-1.0-py3-none-any .whl",
        "-1.0-py3-none-any.whl"
      })
  void whatIsNoWheelsNameIsSaid(String name) {
    assertThatThrownBy(() -> WheelName.parse(name)).hasMessageContaining("is no wheel's name");
  }

  @ParameterizedTest
  @CsvSource({
    "3.12.7, 3.12.7",
    "3.13.0rc1, 3.13.0",
    "3.12, 3.12",
    "3, ''",
    "2.7.18, ''",
    "python3.12, ''",
    "3.12.7-slim, ''",
    "'', ''",
    "3.99999.1, ''"
  })
  void whatABaseSaysIsAVersionOrNothing(String variable, String version) {
    assertThat(PythonTarget.of(Platform.DEFAULT, variable).version()).isEqualTo(version);
  }
}
