package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--check", description = "End with exit code 3 if anything would be built.")
  private boolean check;

  @Option(names = "--locked", description = "Fail where the lock has no entry for a base image.")
  private boolean locked;

  @Option(names = "--force", description = "Plan as register --force would build.")
  private boolean force;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> flags = new TreeMap<>();
    CommonOptions.put(flags, "imagespec.locked", locked ? "true" : null);
    CommonOptions.put(flags, "imagespec.force", force ? "true" : null);
    Settings settings = common.settings(flags);
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
                          + String.join(", ", image.tasks())));
    }
    out.flush();
    if (!plan.failures().isEmpty()) {
      RegisterCommand.print(plan.failures(), spec.commandLine().getErr());
      return ImageSpecCommand.FAILED;
    }
    return check && plan.hasWork() ? ImageSpecCommand.WORK_FOUND : 0;
  }

  private static Map<String, Object> toJson(Plan.Image image) {
    return Map.of(
        "repository", image.repository(),
        "tag", image.tag(),
        "fingerprint", image.fingerprint(),
        "action", image.action().name().toLowerCase(Locale.ROOT),
        "reasons", image.reasons(),
        "tasks", image.tasks());
  }
}
