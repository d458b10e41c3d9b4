package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The steps: {@code aptPackages}, {@code packages}, {@code commands}, {@code secrets} and their
 * options.
 */
final class EnvironmentCheck {
  private static final Pattern SECRET_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private EnvironmentCheck() {}

  static void check(RawSpec spec, Problems problems) {
    for (List<Located<String>> texts :
        List.of(spec.aptPackages(), spec.packages(), spec.pipExtraIndexUrls(), spec.commands())) {
      for (Located<String> text : texts) {
        if (text.value().isBlank()) {
          problems.add(Message.EMPTY, text);
        }
      }
    }
    for (Located<String> id : spec.secrets()) {
      if (!SECRET_ID.matcher(id.value()).matches()) {
        problems.add(Message.SECRET_ID, id);
      }
    }
  }
}
