package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
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
  private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--check",
      description = "End with exit code 3 if anything would be built or registered.")
  private boolean check;

  /** The command that gets an option for each of its settings. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    SettingOptions.addOfRegistration(spec);
  }

  @Override
  public Integer call() {
    return print(spec, common, check);
  }

  /**
   * Plans, and prints the plan.
   *
   * @param check whether work is to be told by the exit code
   */
  static int print(CommandSpec spec, CommonOptions common, boolean check) {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = common.settings();
    Plan plan = common.registrar(settings, spec.commandLine().getErr()).plan();
    if (common.json()) {
      out.print(Json.pretty(PlanJson.of(plan)));
    } else {
      plan.images().forEach(image -> image.lines().forEach(out::println));
      plan.definitionLines().forEach(out::println);
      plan.summary().forEach(out::println);
    }
    out.flush();
    if (!plan.failures().isEmpty()) {
      RegisterCommand.print(plan.failures(), spec.commandLine().getErr());
      return ImageSpecCommand.FAILED;
    }
    return check && plan.hasWork() ? ImageSpecCommand.WORK_FOUND : 0;
  }
}
