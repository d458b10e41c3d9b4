package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.LockedBases;
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
    LockedBases locked = common.registrar(settings, spec.commandLine().getErr()).lock();
    if (common.json()) {
      out.print(Json.pretty(toJson(locked)));
    } else {
      locked.lines().forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> toJson(LockedBases locked) {
    return Map.of(
        "lock", locked.file().toString(),
        "written", locked.written(),
        "bases", locked.digests(),
        "changes", locked.bases().stream().map(LockCommand::toJson).toList(),
        "others", locked.others());
  }

  private static Map<String, Object> toJson(LockedBases.Base base) {
    return Map.of(
        "base", base.reference(),
        "changed", base.isChanged(),
        "before", base.before(),
        "after", base.digest(),
        "lockedBefore", base.since());
  }
}
