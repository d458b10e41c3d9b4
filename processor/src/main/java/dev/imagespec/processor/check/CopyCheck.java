package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The project's files: {@code copy}, {@code requirements}. */
final class CopyCheck {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

  private CopyCheck() {}

  static void check(RawSpec spec, Optional<Path> projectDir, Problems problems) {
    for (RawSpec.Copy copy : spec.copy()) {
      inside(copy.from(), projectDir, problems);
      ConfigCheck.absolute(copy.to(), problems);
      String mode = copy.mode().value();
      if (!mode.isEmpty() && !MODE.matcher(mode).matches()) {
        problems.add(Message.MODE, copy.mode());
      }
    }
    if (!spec.requirements().value().isEmpty()) {
      inside(spec.requirements(), projectDir, problems);
    }
  }

  private static void inside(Located<String> file, Optional<Path> projectDir, Problems problems) {
    String path = file.value();
    if (path.isEmpty()
        || path.startsWith("/")
        || path.contains("\\")
        || DRIVE.matcher(path).matches()
        || escapes(path)) {
      problems.add(Message.COPY_FROM, file);
    } else if (projectDir.isPresent() && !Files.exists(projectDir.get().resolve(path))) {
      problems.add(Message.MISSING_FILE, file);
    }
  }

  private static boolean escapes(String path) {
    int depth = 0;
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        depth--;
      } else if (!part.isEmpty() && !part.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }
}
