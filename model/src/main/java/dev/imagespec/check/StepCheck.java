package dev.imagespec.check;

import java.util.regex.Pattern;

/** Checks {@code commands} and {@code secrets}. */
final class StepCheck {
  private static final Pattern SECRET_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\s*#\\s*(?:syntax|escape|check)\\s*=.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSTRUCTION =
      Pattern.compile("(?:RUN|ENV|COPY|ADD|FROM|USER|WORKDIR|ENTRYPOINT|LABEL|ARG)\\s.*");

  private StepCheck() {}

  static void check(Spec spec, Problems problems) {
    for (Located<String> command : spec.commands()) {
      String text = command.value();
      if (text.isBlank()) {
        problems.add(Message.EMPTY, command);
      } else if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
        boolean isDirective = text.lines().anyMatch(line -> DIRECTIVE.matcher(line).matches());
        problems.add(isDirective ? Message.COMMAND_DIRECTIVE : Message.COMMAND_COMMENT, command);
      } else if (INSTRUCTION.matcher(text).matches()) {
        problems.add(Message.COMMAND_INSTRUCTION, command, text.replaceFirst("^RUN\\s+", ""));
      }
    }
    for (Located<String> id : spec.secrets()) {
      if (!SECRET_ID.matcher(id.value()).matches()) {
        problems.add(Message.SECRET_ID, id);
      }
    }
  }
}
