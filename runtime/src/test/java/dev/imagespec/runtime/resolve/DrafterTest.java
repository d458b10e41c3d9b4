package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.work.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrafterTest {
  private static final Repository TARGET = Repository.parse("r.example/app");

  private static Task task(String name) {
    Manifest manifest =
        new Manifest(
            name,
            "",
            "app",
            Manifest.SCRATCH,
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT);
    return new Task(manifest, TaskSource.of(Path.of(""), List.of()), List.of());
  }

  private static Draft draft(Task task, Repository target) {
    switch (task.name()) {
      case "a.Bug" -> throw new IllegalStateException("odd");
      case "a.Deep" -> throw new StackOverflowError();
      case "a.Wrong" -> throw new IllegalArgumentException("it is wrong");
      case "a.Missing" ->
          throw new ImageSpecException(FailureCode.INVALID_FILE, "a file is missing.");
      default -> {
        return new Draft(
            task,
            target,
            Steps.of(Manifest.Environment.NONE.steps(), Map.of(), StepFiles.NONE),
            List.of(),
            PayloadConfig.of(Manifest.Payload.NONE));
      }
    }
  }

  private static List<Attempt<Draft>> attempts(String... tasks) {
    return Drafter.attempts(
        List.of(tasks).stream().map(DrafterTest::task).toList(),
        task -> TARGET,
        DrafterTest::draft);
  }

  @Test
  void whatNobodyExpectedIsThatTasksFailure() {
    List<Attempt<Draft>> attempts = attempts("a.Bug", "a.Right", "a.Deep");
    assertThat(Attempt.values(attempts)).extracting(Draft::task).containsExactly("a.Right");
    assertThat(Attempt.failures(attempts))
        .extracting(failure -> Map.entry(failure.tasks(), failure.code()))
        .containsExactly(
            Map.entry(List.of("a.Bug"), FailureCode.INTERNAL),
            Map.entry(List.of("a.Deep"), FailureCode.INTERNAL));
  }

  @Test
  void aRepositoryThatIsNoneIsAMistakeOfItsTask() {
    assertThatThrownBy(
            () ->
                Drafter.attempts(
                    List.of(task("a.Right")),
                    task -> {
                      throw new IllegalArgumentException("no alias");
                    },
                    DrafterTest::draft))
        .isInstanceOf(ImageSpecException.class)
        .hasMessage("a.Right: no alias");
  }

  @Test
  void mistakesEndTheRunBeforeItBegins() {
    assertThatThrownBy(() -> attempts("a.Right", "a.Wrong", "a.Missing"))
        .isInstanceOf(ImageSpecException.class)
        .hasMessage("a.Wrong: it is wrong\na.Missing: a file is missing.");
  }
}
