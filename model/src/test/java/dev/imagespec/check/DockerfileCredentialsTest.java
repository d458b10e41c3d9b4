package dev.imagespec.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Platform;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileCredentialsTest {
  private static OptionalInt line(String instruction) {
    return DockerfileCredentials.line(
        OwnDockerfile.of("FROM a:1\n" + instruction + "\n", List.of(Platform.DEFAULT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ENV AWS_SECRET_ACCESS_KEY=abc",
        "ENV AWS_SECRET_ACCESS_KEY abc",
        "ENV A=1 AWS_SECRET_ACCESS_KEY=\"abc\"",
        "ARG AWS_SECRET_ACCESS_KEY='abc'",
        "RUN AWS_SECRET_ACCESS_KEY=abc aws s3 ls",
        "RUN curl https://user:password@h.example/x"
      })
  void aValueThatStandsThereIsFound(String instruction) {
    assertThat(line(instruction)).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ARG AWS_SECRET_ACCESS_KEY",
        "ENV A=1",
        "RUN AWS_SECRET_ACCESS_KEY=$(cat /run/secrets/key) aws s3 ls",
        "RUN AWS_SECRET_ACCESS_KEY=\"$KEY\" aws s3 ls",
        "RUN unset AWS_SECRET_ACCESS_KEY"
      })
  void aVariableWithoutIsNone(String instruction) {
    assertThat(line(instruction)).isEmpty();
  }
}
