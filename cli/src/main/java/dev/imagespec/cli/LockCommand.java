package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code imagespec lock}. */
@Command(
    name = "lock",
    description =
        "Asks the registries what every base image means now, and writes it into the lock.",
    mixinStandardHelpOptions = true)
final class LockCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = common.settings();
    Map<String, String> bases = common.registrar(settings, spec.commandLine().getErr()).lock();
    if (common.json()) {
      out.print(Json.pretty(Map.of("lock", settings.lock().toString(), "bases", bases)));
    } else {
      bases.forEach((reference, digest) -> out.println(reference + "  " + digest));
    }
    out.flush();
    return 0;
  }
}
