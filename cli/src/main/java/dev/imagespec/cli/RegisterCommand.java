package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code imagespec register}. */
@Command(
    name = "register",
    description = "Builds and pushes every distinct image that is not there yet, and records it.",
    mixinStandardHelpOptions = true)
final class RegisterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Write which image each task runs in, as JSON.")
  private @Nullable String record;

  @Option(names = "--locked", description = "Fail where the lock has no entry for a base image.")
  private boolean locked;

  @Option(
      names = "--force",
      description = "Build what exists, too, and compare it with what is there.")
  private boolean force;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "What runs the steps of environments: buildx, docker, buildah. Default: the first that can.")
  private @Nullable String engine;

  @Option(
      names = "--builder",
      paramLabel = "NAME",
      description = "A builder of buildx that shares the work. Repeatable, or separated by commas.",
      split = ",")
  private List<String> builders = new ArrayList<>();

  @Option(
      names = "--create-repository",
      paramLabel = "create|template|never",
      description =
          "What to do about a repository of Amazon ECR that does not exist: create it (the default), rely"
              + " on a repository creation template, or fail.")
  private @Nullable String createRepository;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Map<String, String> flags = new TreeMap<>();
    CommonOptions.put(flags, "imagespec.record", record);
    CommonOptions.put(flags, "imagespec.locked", locked ? "true" : null);
    CommonOptions.put(flags, "imagespec.create-repository", createRepository);
    CommonOptions.put(flags, "imagespec.force", force ? "true" : null);
    CommonOptions.put(flags, "imagespec.engine", engine);
    CommonOptions.put(
        flags, "imagespec.engine.builders", builders.isEmpty() ? null : String.join(",", builders));
    Settings settings = common.settings(flags);
    Registration registration = common.registrar(settings, err).register();
    if (common.json()) {
      out.print(Json.pretty(toJson(registration)));
    } else {
      registration.tasks().forEach((task, image) -> out.println(task + "  " + image));
    }
    out.flush();
    print(registration.failures(), err);
    return registration.isComplete() ? 0 : ImageSpecCommand.FAILED;
  }

  static void print(List<Failure> failures, PrintWriter err) {
    for (Failure failure : failures) {
      err.println(
          "error: "
              + failure.repository()
              + " for "
              + String.join(", ", failure.tasks())
              + ": "
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
    return Map.of(
        "images", registration.images().stream().map(RegisterCommand::toJson).toList(),
        "tasks", registration.tasks(),
        "failures", toJson(registration.failures()),
        "requests", registration.requests(),
        "elapsedMillis", registration.elapsed().toMillis());
  }

  private static Map<String, Object> toJson(Registration.Image image) {
    return Map.of(
        "reference", image.reference(),
        "repository", image.repository(),
        "tag", image.tag(),
        "fingerprint", image.fingerprint(),
        "action", image.action().name().toLowerCase(Locale.ROOT),
        "platforms", image.platforms(),
        "tasks", image.tasks(),
        "bytesUploaded", image.bytesUploaded());
  }
}
