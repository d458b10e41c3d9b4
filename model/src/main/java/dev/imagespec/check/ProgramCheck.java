package dev.imagespec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks what the image runs: {@code mainClass}, {@code jvmFlags}, {@code entrypoint}, {@code
 * args}.
 */
final class ProgramCheck {
  private static final Pattern OWN =
      Pattern.compile("-cp|-classpath|--class-path(?:=.*)?|-jar|-m|--module(?:=.*)?");

  /** Options of java with a value, which is another argument or stands behind =. */
  private static final Pattern VALUED =
      Pattern.compile(
          "-p|--module-path|--upgrade-module-path|--add-modules|--add-exports|--add-opens|--add-reads"
              + "|--limit-modules|--patch-module|--enable-native-access");

  private static final Pattern FLAG =
      Pattern.compile(
          "-(?:[XD]|ea|da|esa|dsa|server|client|javaagent:|agent(?:lib|path):|verbose|-[a-z]).*");

  private ProgramCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    if (spec.hasMainClass()) {
      mainClass(spec, around.mainMethod(), problems);
    }
    if (spec.hasMainClass() && !spec.entrypoint().isEmpty()) {
      problems.add(Message.CONFLICT_ENTRYPOINT, spec.entrypoint().get(0));
    }
    if (!spec.hasMainClass()
        && !spec.application().isSet()
        && !spec.jvmFlags().isEmpty()
        && !spec.isPart()) {
      problems.add(Message.CONFLICT_JVM_FLAGS, spec.jvmFlags().get(0));
    }
    for (int i = 0; i < spec.jvmFlags().size(); i++) {
      flag(spec.jvmFlags().get(i), i == 0 ? "" : spec.jvmFlags().get(i - 1).value(), problems);
    }
    arguments(spec, problems);
    if (!spec.entrypoint().isEmpty() && spec.entrypoint().get(0).value().isEmpty()) {
      problems.add(Message.EMPTY, spec.entrypoint().get(0));
    }
  }

  private static void mainClass(Spec spec, MainMethod method, Problems problems) {
    Located<ClassName> main = spec.main();
    if (!spec.mainClass().value().isEmpty() && !spec.mainClassName().value().isEmpty()) {
      problems.add(Message.CONFLICT_MAIN_CLASS, spec.mainClassName());
    }
    if (!main.value().isBinaryName()) {
      problems.add(Message.MAIN_CLASS_NAME, main, main.value());
    } else if (method == MainMethod.RUNS_LATER) {
      problems.add(Message.MAIN_CLASS_LATER, main, main.value());
    } else if (method == MainMethod.NONE) {
      problems.add(Message.MAIN_CLASS, main, main.value());
    }
  }

  private static void flag(Located<String> flag, String before, Problems problems) {
    String text = flag.value();
    List<String> words = Words.of(text);
    if (OWN.matcher(words.isEmpty() ? text : words.get(0)).matches()) {
      problems.add(Message.JVM_FLAG_OWN, flag);
    } else if (VALUED.matcher(before).matches() && !text.startsWith("-")) {
      // java takes the value of these as the next argument.
      return;
    } else if (!text.startsWith("-") && !text.startsWith("@")) {
      problems.add(Message.JVM_FLAG_DASH, flag);
    } else if (words.size() > 1 && words.stream().allMatch(word -> FLAG.matcher(word).matches())) {
      problems.add(Message.JVM_FLAG_SEVERAL, flag, Words.elements(words));
    } else if (words.size() == 2 && VALUED.matcher(words.get(0)).matches()) {
      problems.add(Message.JVM_FLAG_VALUE, flag, String.join("=", words));
    } else if (words.size() > 1 && words.get(0).matches("-[A-Za-z-]+[0-9]*[kmgtKMGT]?")) {
      problems.add(Message.JVM_FLAG_SEVERAL, flag, Words.elements(words));
    }
  }

  /** Several arguments in one text: what a shell would take apart. */
  private static void arguments(Spec spec, Problems problems) {
    List<Located<String>> all = new ArrayList<>(spec.entrypoint());
    all.addAll(spec.args());
    for (int i = 0; i < all.size(); i++) {
      String text = all.get(i).value();
      List<String> words = Words.of(text);
      boolean isProgram = i == 0 && !spec.entrypoint().isEmpty();
      boolean isOption = text.matches("--?[A-Za-z][A-Za-z0-9-]*\\s.*");
      boolean hasOption =
          words.stream().skip(1).anyMatch(word -> word.matches("--?[A-Za-z].*|/.*|.*\\.\\w+"));
      boolean isScript = i > 0 && all.get(i - 1).value().matches("-[a-z]*[ce]");
      boolean isMeant = isProgram ? text.startsWith("/") && !hasOption : !isOption;
      if (words.size() > 1 && !isScript && !isMeant) {
        problems.add(Message.ONE_TEXT, all.get(i), Words.elements(words));
      }
    }
  }
}
