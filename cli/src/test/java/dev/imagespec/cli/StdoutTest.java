package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StdoutTest {
  private final StringWriter err = new StringWriter();

  /** Prints to a stream that fails; returns the exit code. */
  private int exitCode(String failure, int ended) {
    Stdout stdout =
        new Stdout(
            new OutputStream() {
              @Override
              public void write(int octet) throws IOException {
                throw new IOException(failure);
              }
            });
    Terminal.writer(stdout).println("result");
    return stdout.exitCode(ended, new PrintWriter(err));
  }

  @ParameterizedTest
  @CsvSource({"0,1", "3,3", "2,2"})
  void resultsThatCannotBeWrittenAreAFailure(int ended, int code) {
    assertThat(exitCode("No space left on device", ended)).isEqualTo(code);
    assertThat(err.toString())
        .startsWith("error: The results cannot be written to stdout: ")
        .contains("exit code " + ended + ".");
  }

  @Test
  void aReaderThatHasEnoughIsNone() {
    assertThat(exitCode("Broken pipe", 0)).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @Timeout(60)
  void aFullDiskIsSeenByTheShell() throws Exception {
    File full = new File("/dev/full");
    assumeThat(full).exists();
    Process process =
        new ProcessBuilder(CommandRunner.process(List.of(), List.of("--version")))
            .redirectOutput(full)
            .start();
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("error: The results cannot be written to stdout: ");
    assertThat(process.waitFor()).isEqualTo(1);
  }
}
