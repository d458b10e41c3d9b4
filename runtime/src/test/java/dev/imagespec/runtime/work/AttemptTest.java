package dev.imagespec.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptTest {
  private static final Subject ONE =
      new Subject(List.of("a.One"), Repository.parse("ghcr.io/team/app"));
  private static final Subject TWO =
      new Subject(List.of("a.Two", "a.One"), Repository.parse("ghcr.io/team/other"));

  private static Attempt<String> failed(FailureCode code) {
    return Attempt.at(
        ONE,
        () -> {
          throw new ImageSpecException(code, "no");
        });
  }

  @Test
  void whatWasDoneGoesOnAndWhatFailedStaysTheSameFailure() {
    assertThat(Attempt.at(ONE, () -> "a").then(text -> text + "b").get()).isEqualTo("ab");
    Attempt<Integer> later = failed(FailureCode.DENIED).then(String::length);
    assertThat(Attempt.failures(List.of(later)))
        .containsExactly(
            new Failure(List.of("a.One"), "ghcr.io/team/app", FailureCode.DENIED, "no"));
    assertThatThrownBy(later::get).isInstanceOf(ImageSpecException.class);
  }

  @Test
  void valuesAndFailuresArePartsOfTheSameList() {
    List<Attempt<String>> attempts =
        List.of(Attempt.at(ONE, () -> "a"), failed(FailureCode.STEP), Attempt.at(TWO, () -> "b"));
    assertThat(Attempt.values(attempts)).containsExactly("a", "b");
    assertThat(Attempt.failures(attempts)).hasSize(1);
  }

  @Test
  void whatNobodyExpectedIsABugOfThisPieceOfWorkAlone() {
    Attempt<String> attempt =
        Attempt.at(
            ONE,
            () -> {
              throw new IllegalStateException("odd");
            });
    assertThat(Attempt.failures(List.of(attempt)))
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
              assertThat(failure.message())
                  .startsWith("This is a bug in imagespec, please report it: ")
                  .contains("IllegalStateException: odd at ")
                  .contains("AttemptTest");
            });
    Attempt<String> unlinked =
        Attempt.at(
            ONE,
            () -> {
              throw new NoClassDefFoundError("a/B");
            });
    assertThat(Attempt.failures(List.of(unlinked)))
        .singleElement()
        .satisfies(failure -> assertThat(failure.message()).contains("NoClassDefFoundError: a/B"));
    Attempt<Integer> deep = Attempt.at(ONE, () -> recursion(0));
    assertThat(Attempt.failures(List.of(deep))).hasSize(1);
  }

  @Test
  void aVirtualMachineThatFailsIsNobodysFailure() {
    assertThatThrownBy(
            () ->
                Attempt.at(
                    ONE,
                    () -> {
                      throw new OutOfMemoryError();
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aFileThatAnInterruptionClosedIsAnInterruption() {
    for (Exception cause :
        List.of(
            new ClosedByInterruptException(),
            new UncheckedIOException(new ClosedByInterruptException()))) {
      ImageSpecException failure =
          new ImageSpecException(FailureCode.LOCAL_IO, "x cannot be written: null.", cause);
      assertThat(failure.code()).isEqualTo(FailureCode.INTERRUPTED);
      assertThat(failure).hasMessage("The registration was interrupted.");
    }
  }

  private static int recursion(int depth) {
    return depth < 0 ? 0 : recursion(depth + 1) + 1;
  }

  @Test
  void subjectsJoinTheirTasksOnce() {
    assertThat(Subject.of(List.of(ONE, TWO)))
        .isEqualTo(new Subject(List.of("a.One", "a.Two"), ONE.repository()));
  }
}
