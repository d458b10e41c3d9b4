package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code imagespec plan}. */
@Command(
    name = "plan",
    description =
        "Says what register would do, and why. Writes and pushes nothing, and starts no daemon.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--check", description = "End with exit code 3 if anything would be built.")
  private boolean check;

  /** The command that gets an option for each of its settings. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    SettingOptions.addOfRegistration(spec);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = common.settings();
    Plan plan = common.registrar(settings, spec.commandLine().getErr()).plan();
    if (common.json()) {
      out.print(
          Json.pretty(
              Map.of(
                  "images",
                  plan.images().stream().map(PlanCommand::toJson).toList(),
                  "failures",
                  RegisterCommand.toJson(plan.failures()))));
    } else {
      plan.images()
          .forEach(
              image ->
                  out.println(
                      image.action().name().toLowerCase(Locale.ROOT)
                          + "  "
                          + image.repository()
                          + ":"
                          + image.tag()
                          + "\n       "
                          + String.join(", ", image.reasons())
                          + "; for "
                          + String.join(", ", image.tasks())
                          + tags(image)));
    }
    out.flush();
    if (!plan.failures().isEmpty()) {
      RegisterCommand.print(plan.failures(), spec.commandLine().getErr());
      return ImageSpecCommand.FAILED;
    }
    return check && plan.hasWork() ? ImageSpecCommand.WORK_FOUND : 0;
  }

  /** The further tags that would change. */
  private static String tags(Plan.Image image) {
    return image.tags().stream()
        .filter(tag -> tag.action() != Plan.TagAction.KEEP)
        .map(tag -> "\n       tag " + tag.name() + " will be " + action(tag))
        .collect(Collectors.joining());
  }

  private static String action(Plan.Tag tag) {
    return switch (tag.action()) {
      case KEEP -> "kept";
      case SET -> "set";
      case MOVE -> "moved";
    };
  }

  private static Map<String, Object> toJson(Plan.Image image) {
    return Map.of(
        "repository", image.repository(),
        "tag", image.tag(),
        "fingerprint", image.fingerprint(),
        "action", image.action().name().toLowerCase(Locale.ROOT),
        "reasons", image.reasons(),
        "tags",
            image.tags().stream()
                .map(
                    tag ->
                        Map.of(
                            "tag",
                            tag.name(),
                            "action",
                            tag.action().name().toLowerCase(Locale.ROOT)))
                .toList(),
        "tasks", image.tasks());
  }
}
