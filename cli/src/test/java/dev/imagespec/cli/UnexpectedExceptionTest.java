package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the command line prints for an exception that nobody expected. */
class UnexpectedExceptionTest {
  static Stream<Throwable> unexpected() {
    return Stream.of(
        new IllegalStateException("odd"),
        new StackOverflowError("odd"),
        new NoClassDefFoundError("odd"),
        new IOException("odd"));
  }

  private String said(Throwable thrown, String... args) {
    StringWriter said = new StringWriter();
    CommandLine line =
        new CommandLine(
                CommandLine.Model.CommandSpec.wrapWithoutInspection(
                    (Callable<Integer>)
                        () -> {
                          if (thrown instanceof Error error) {
                            throw error;
                          }
                          throw (Exception) thrown;
                        }))
            .setErr(new PrintWriter(said));
    assertThat(ImageSpecCommand.run(line, Printing.of(args))).isEqualTo(1);
    return said.toString();
  }

  @ParameterizedTest
  @MethodSource("unexpected")
  void whatNobodyExpectedIsASentenceForABugReport(Throwable thrown) {
    assertThat(said(thrown))
        .startsWith("error: this is a bug in imagespec, please report it: " + thrown)
        .contains("--verbose")
        .doesNotContain("\tat ");
    assertThat(said(thrown, "--verbose"))
        .contains("\tat " + UnexpectedExceptionTest.class.getName());
  }

  @Test
  void aFullMemoryIsNoBugAndSaysHowToGoOn() {
    assertThat(said(new OutOfMemoryError("Java heap space")))
        .startsWith("error: the memory of the Java virtual machine is full (Java heap space).")
        .contains("-Xmx")
        .doesNotContain("bug", "\tat ");
  }
}
