package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code imagespec register}. */
@Command(
    name = "register",
    description =
        "Builds and pushes every distinct image that is not there yet, records it, and registers the"
            + " tasks in the systems that run them.",
    mixinStandardHelpOptions = true)
final class RegisterCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--dry-run",
      description = "Say what would be done, and why, as plan does, and do nothing.")
  private boolean dryRun;

  /** The command that gets an option for each of its settings. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    SettingOptions.addOfRegistration(spec);
  }

  @Override
  public Integer call() {
    if (dryRun) {
      return PlanCommand.print(spec, common, false);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = common.settings();
    Registration registration = new ProgressView(common, err).register(ImageRegistrar.of(settings));
    if (common.printing().ended()) {
      return ImageSpecCommand.FAILED;
    }
    if (common.json()) {
      out.print(Json.pretty(toJson(registration)));
    } else {
      lines(registration).forEach(out::println);
    }
    out.flush();
    print(registration.failures(), err);
    return registration.isComplete() ? 0 : ImageSpecCommand.FAILED;
  }

  /** Each task with its image, and below it how the systems that run it know it. */
  private static List<String> lines(Registration registration) {
    List<String> lines = new ArrayList<>();
    registration
        .tasks()
        .forEach(
            (task, image) -> {
              lines.add(task + "  " + image);
              for (Registration.RegisteredTask registered : registration.registrations()) {
                if (registered.task().equals(task)) {
                  lines.add(
                      "  "
                          + registered.definition()
                          + "  "
                          + registered.id()
                          + "  "
                          + registered.action());
                }
              }
            });
    return lines;
  }

  static void print(List<Failure> failures, PrintWriter err) {
    for (Failure failure : failures) {
      List<String> subject =
          Stream.of(failure.repository(), String.join(", ", failure.tasks()))
              .filter(text -> !text.isEmpty())
              .toList();
      err.println(
          "error: "
              + String.join(" for ", subject)
              + (subject.isEmpty() ? "" : ": ")
              + failure.message());
    }
    err.flush();
  }

  static List<Map<String, Object>> toJson(List<Failure> failures) {
    return failures.stream()
        .map(
            failure ->
                Map.<String, Object>of(
                    "tasks", failure.tasks(),
                    "repository", failure.repository(),
                    "code", failure.code().toString(),
                    "message", failure.message()))
        .toList();
  }

  private static Map<String, Object> toJson(Registration registration) {
    Map<String, Object> json = new TreeMap<>();
    json.put("images", registration.images().stream().map(RegisterCommand::toJson).toList());
    json.put("tasks", registration.tasks());
    json.put("failures", toJson(registration.failures()));
    json.put("requests", registration.requests());
    json.put("elapsedMillis", registration.elapsed().toMillis());
    json.put(
        "registrations",
        registration.registrations().stream().map(RegisterCommand::toJson).toList());
    return json;
  }

  private static Map<String, Object> toJson(Registration.RegisteredTask task) {
    return Map.of(
        "registrar", task.registrar(),
        "definition", task.definition(),
        "task", task.task(),
        "id", task.id(),
        "action", task.action().toString());
  }

  private static Map<String, Object> toJson(Registration.Image image) {
    return Map.of(
        "reference", image.reference(),
        "repository", image.repository(),
        "tag", image.tag(),
        "tags", image.tags(),
        "fingerprint", image.fingerprint(),
        "action", image.action().name().toLowerCase(Locale.ROOT),
        "platforms", image.platforms(),
        "tasks", image.tasks(),
        "bytesUploaded", image.bytesUploaded());
  }
}
