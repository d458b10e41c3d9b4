package dev.imagespec.check;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks {@code commands} and {@code secrets}. */
final class StepCheck {
  private static final Pattern SECRET_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\s*#\\s*(?:syntax|escape|check)\\s*=.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s*([A-Z]+)(?:\\s+(.*))?", Pattern.DOTALL);

  /** The instructions of a Dockerfile, and what to use instead. */
  private static final Map<String, String> INSTRUCTIONS =
      Map.ofEntries(
          Map.entry("ADD", "the attribute copy, or a command that downloads"),
          Map.entry("ARG", "the value itself"),
          Map.entry("CMD", "the attribute args"),
          Map.entry("COPY", "the attribute copy"),
          Map.entry("ENTRYPOINT", "the attribute entrypoint"),
          Map.entry("ENV", "the attribute env"),
          Map.entry("EXPOSE", "the attribute ports"),
          Map.entry("FROM", "the attribute baseImage"),
          Map.entry(
              "HEALTHCHECK",
              "a check of the platform that runs the task: OCI images have no health check"),
          Map.entry("LABEL", "the attribute labels"),
          Map.entry("MAINTAINER", "the attribute labels"),
          Map.entry("ONBUILD", "a spec of each image that is based on this one"),
          Map.entry("SHELL", "the shell in the command: bash -c '…'"),
          Map.entry("STOPSIGNAL", "the attribute stopSignal"),
          Map.entry("USER", "the attribute user"),
          Map.entry("VOLUME", "the attribute volumes"),
          Map.entry("WORKDIR", "the attribute workingDirectory"));

  private StepCheck() {}

  static void check(Spec spec, Problems problems) {
    for (Located<String> command : spec.commands()) {
      String text = command.value();
      if (text.isBlank()) {
        problems.add(Message.EMPTY, command);
      } else if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
        boolean isDirective = text.lines().anyMatch(line -> DIRECTIVE.matcher(line).matches());
        problems.add(isDirective ? Message.COMMAND_DIRECTIVE : Message.COMMAND_COMMENT, command);
      } else {
        instruction(command, problems);
      }
    }
    for (Located<String> id : spec.secrets()) {
      if (!SECRET_ID.matcher(id.value()).matches()) {
        problems.add(Message.SECRET_ID, id);
      }
    }
  }

  private static void instruction(Located<String> command, Problems problems) {
    Matcher matcher = INSTRUCTION.matcher(command.value());
    if (!matcher.matches()) {
      return;
    }
    String name = matcher.group(1);
    String instead = INSTRUCTIONS.get(name);
    if (name.equals("RUN") && matcher.group(2) != null) {
      problems.add(Message.COMMAND_RUN, command, matcher.group(2));
    } else if (instead != null) {
      problems.add(Message.COMMAND_INSTRUCTION, command, name, instead);
    }
  }
}
