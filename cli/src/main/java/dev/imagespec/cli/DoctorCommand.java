package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Doctor;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code imagespec doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks what register needs: credentials, permissions, repositories, bases, clock, proxies,"
            + " engines, and the systems that run the tasks. Changes nothing. Ends with exit code 1 if something fails.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("STATUS", "CHECK", "SUBJECT", "FOUND");

  private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  /** The command that gets options for what register does after the images are there. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    SettingOptions.add(own, SettingKey.DEFINITIONS, SettingKey.RENDER, SettingKey.NO_REGISTRARS);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = common.settings();
    Diagnosis diagnosis = Doctor.of(settings).examine();
    if (common.json()) {
      out.print(Json.pretty(toJson(diagnosis)));
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(COLUMNS);
      diagnosis
          .findings()
          .forEach(
              finding ->
                  rows.add(
                      List.of(
                          finding.status().toString(),
                          finding.check(),
                          finding.subject(),
                          finding.message())));
      Table.print(rows, "", out);
      diagnosis
          .missingPolicies()
          .forEach(
              (registry, policy) -> {
                out.println();
                out.println(
                    "Permissions are missing for "
                        + registry
                        + ". Attach this policy to the identity:");
                out.print(policy);
              });
    }
    out.flush();
    return diagnosis.isHealthy() ? 0 : ImageSpecCommand.FAILED;
  }

  private static Map<String, Object> toJson(Diagnosis diagnosis) {
    return Map.of(
        "healthy", diagnosis.isHealthy(),
        "findings",
            diagnosis.findings().stream()
                .map(
                    finding ->
                        Map.of(
                            "check", finding.check(),
                            "subject", finding.subject(),
                            "status", finding.status().toString(),
                            "message", finding.message()))
                .toList(),
        "missingPolicies",
            diagnosis.missingPolicies().entrySet().stream()
                .map(
                    entry ->
                        Map.of("registry", entry.getKey(), "policy", Json.parse(entry.getValue())))
                .toList());
  }
}
