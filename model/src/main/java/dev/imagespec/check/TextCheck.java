package dev.imagespec.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds characters that the outputs cannot contain. Some attributes stand on one line of a
 * Dockerfile, where a line break cannot be written. Program arguments cannot contain NUL. No output
 * can contain half a surrogate pair.
 */
final class TextCheck {
  private TextCheck() {}

  static void check(Spec spec, Problems problems) {
    List<Located<String>> lines = new ArrayList<>();
    spec.env().forEach(env -> lines.add(env.text()));
    Stream.concat(spec.labels().stream(), spec.annotations().stream())
        .forEach(
            label -> {
              lines.add(label.name());
              lines.add(label.value());
            });
    lines.add(spec.dockerfile().path());
    lines.add(spec.dockerfile().context());
    lines.add(spec.user());
    lines.add(spec.workingDirectory());
    lines.addAll(spec.volumes());
    spec.copy().forEach(copy -> lines.add(copy.to()));
    lines.add(spec.application().to());
    for (Located<String> text : lines) {
      if (text.value().codePoints().anyMatch(TextCheck::breaksLine)) {
        problems.add(Message.TEXT_LINE, text);
      } else {
        whole(text, problems);
      }
    }
    List<Located<String>> data = new ArrayList<>();
    data.addAll(spec.aptPackages());
    data.addAll(spec.packages());
    data.addAll(spec.pipExtraIndexUrls());
    data.add(spec.pipIndex());
    data.addAll(spec.commands());
    data.addAll(spec.entrypoint());
    data.addAll(spec.args());
    data.addAll(spec.jvmFlags());
    data.add(spec.requirements());
    for (Spec.Copy copy : spec.copy()) {
      data.add(copy.from());
      data.addAll(copy.include());
      data.addAll(copy.exclude());
      copy.modes().forEach(mode -> data.add(mode.pattern()));
      data.add(copy.ignoreFile());
    }
    data.addAll(spec.pip().findLinks());
    data.addAll(spec.pip().args());
    for (Spec.PipIndex index : spec.pip().indexes()) {
      data.add(index.url());
      data.addAll(index.packages());
    }
    Stream.concat(spec.flyte().inputs().stream(), spec.flyte().outputs().stream())
        .forEach(variable -> data.add(variable.description()));
    data.add(spec.flyte().cacheVersion());
    data.forEach(text -> whole(text, problems));
  }

  /**
   * Whether a program may take this for the end of a line, or a terminal for a control sequence.
   */
  static boolean breaksLine(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  /** Whether no program argument and no file name can contain the character. */
  static boolean isNowhere(int c) {
    return c == 0 || isHalf(c);
  }

  /** Whether the character is half of a surrogate pair. */
  static boolean isHalf(int c) {
    return c >= 0xD800 && c <= 0xDFFF;
  }

  private static void whole(Located<String> text, Problems problems) {
    if (text.value().codePoints().anyMatch(TextCheck::isNowhere)) {
      problems.add(Message.TEXT_CHARACTER, text);
    }
  }
}
