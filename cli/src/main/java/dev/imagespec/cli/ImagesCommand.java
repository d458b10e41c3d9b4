package dev.imagespec.cli;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageInventory;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Inventory;
import dev.imagespec.runtime.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code imagespec images}. */
@Command(
    name = "images",
    description =
        "Lists what is in the repositories of the tasks, of records, and of --registry with --name.",
    mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("TAG", "AGE", "SIZE", "SCAN", "TASKS");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Tell tasks by this record of register, too. Repeatable.")
  private List<Path> records = new ArrayList<>();

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = common.settings();
    Inventory inventory =
        ImageInventory.of(settings)
            .withListener(event -> err.println(event))
            .list(records.stream().map(ImagesCommand::read).toList());
    if (common.json()) {
      out.print(
          Json.pretty(
              Map.of(
                  "repositories",
                  inventory.repositories().stream().map(ImagesCommand::toJson).toList(),
                  "failures",
                  RegisterCommand.toJson(inventory.failures()))));
    } else {
      inventory.repositories().forEach(repository -> print(repository, out));
    }
    out.flush();
    inventory
        .failures()
        .forEach(
            failure -> err.println("error: " + failure.repository() + ": " + failure.message()));
    err.flush();
    return inventory.failures().isEmpty() ? 0 : ImageSpecCommand.FAILED;
  }

  private static RegistrationRecord read(Path file) {
    try {
      return RegistrationRecord.read(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The record " + file + " cannot be read: " + IoReason.of(e, file) + ".",
          e);
    }
  }

  private void print(Inventory.Repository repository, PrintWriter out) {
    out.println(repository.name() + (repository.exists() ? "" : ": does not exist yet"));
    if (!repository.images().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(COLUMNS);
      repository.images().forEach(image -> rows.add(row(image)));
      Table.print(rows, "  ", out);
    } else if (repository.exists()) {
      out.println("  no tagged image");
    }
    if (repository.untagged() > 0) {
      out.println("  and " + repository.untagged() + " without a tag");
    }
  }

  private List<String> row(Inventory.Image image) {
    String tasks = String.join(", ", image.tasks());
    return List.of(
        image.tag(),
        image.pushedAt().map(when -> age(when, clock.instant())).orElse("-"),
        size(image.bytes()),
        image.scan().map(ImagesCommand::scan).orElse("-"),
        image.state() == Inventory.State.ACTIVE
            ? tasks
            : image.state() + (tasks.isEmpty() ? "" : ": " + tasks));
  }

  static String age(Instant when, Instant now) {
    Duration age = Duration.between(when, now);
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return Math.max(0, age.toMinutes()) + " min";
  }

  static String size(OptionalLong bytes) {
    if (bytes.isEmpty()) {
      return "-";
    }
    return bytes.getAsLong() < 1_000_000
        ? (bytes.getAsLong() + 999) / 1000 + " kB"
        : String.format(Locale.ROOT, "%.1f MB", bytes.getAsLong() / 1e6);
  }

  private static String scan(Inventory.Scan scan) {
    String findings =
        scan.findings().entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    if (!findings.isEmpty()) {
      return findings;
    }
    return scan.status().equals("COMPLETE")
        ? "nothing found"
        : scan.status().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> toJson(Inventory.Repository repository) {
    return Map.of(
        "repository", repository.name(),
        "exists", repository.exists(),
        "untagged", repository.untagged(),
        "images", repository.images().stream().map(ImagesCommand::toJson).toList());
  }

  private static Map<String, Object> toJson(Inventory.Image image) {
    Map<String, Object> json = new TreeMap<>();
    json.put("tag", image.tag());
    json.put("digest", image.digest());
    json.put("fingerprint", image.fingerprint());
    json.put("tasks", image.tasks());
    json.put("state", image.state().toString());
    image.pushedAt().ifPresent(when -> json.put("pushedAt", when.toString()));
    image.bytes().ifPresent(bytes -> json.put("bytes", bytes));
    image
        .scan()
        .ifPresent(
            scan -> json.put("scan", Map.of("status", scan.status(), "findings", scan.findings())));
    return json;
  }
}
