package dev.imagespec.processor.check;

import dev.imagespec.model.PythonRequirement;
import dev.imagespec.model.RequirementsFile;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Python packages: {@code packages}, {@code requirements}, their indexes. */
final class PipCheck {
  private PipCheck() {}

  /** A requirement and where it stands. */
  private record Named(PythonRequirement requirement, String place) {}

  static void check(RawSpec spec, Surroundings around, Problems problems) {
    List<Named> seen = new ArrayList<>();
    boolean inFile = file(spec, around, seen, problems);
    for (Located<String> text : spec.packages()) {
      Optional<PythonRequirement> requirement = requirement(text, problems);
      if (requirement.isPresent()) {
        duplicate(text, requirement.get(), text.path(), seen, problems);
        if (!requirement.get().isPinned()) {
          problems.add(Message.UNPINNED_PACKAGE, text, pinned(requirement.get()));
        }
        if (inFile) {
          problems.add(
              Message.REQUIREMENT,
              text,
              spec.requirements().value()
                  + " names hashes, and pip then wants them for everything; move this into that file");
        }
      }
    }
    if (!spec.pipIndex().value().isEmpty()) {
      index(spec.pipIndex(), problems);
    }
    spec.pipExtraIndexUrls().forEach(url -> index(url, problems));
  }

  private static String pinned(PythonRequirement requirement) {
    return requirement.url().isEmpty()
        ? requirement.name() + "==<version>"
        : "a URL that ends with #sha256=<digest>";
  }

  private static Optional<PythonRequirement> requirement(Located<String> text, Problems problems) {
    if (text.value().isBlank()) {
      problems.add(Message.EMPTY, text);
      return Optional.empty();
    }
    if (text.value().strip().startsWith("-")) {
      problems.add(Message.REQUIREMENT, text, RequirementsFile.refusal(text.value().strip()));
      return Optional.empty();
    }
    try {
      PythonRequirement requirement = PythonRequirement.parse(text.value());
      if (Credentials.namesUser(requirement.url())) {
        problems.add(Message.CREDENTIAL, text, "there is a user or a token in the URL");
      }
      return Optional.of(requirement);
    } catch (IllegalArgumentException e) {
      problems.add(Message.REQUIREMENT, text, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static void duplicate(
      Located<String> where,
      PythonRequirement requirement,
      String place,
      List<Named> seen,
      Problems problems) {
    for (Named other : seen) {
      if (other.requirement().normalizedName().equals(requirement.normalizedName())
          && !other.requirement().marker().isDisjointFrom(requirement.marker())) {
        problems.add(Message.DUPLICATE_PACKAGE, where, requirement.name(), other.place());
        break;
      }
    }
    seen.add(new Named(requirement, place));
  }

  /**
   * Checks the requirements file, if it is known where it is; a missing one is the copy check's.
   *
   * @return whether it names hashes
   */
  private static boolean file(
      RawSpec spec, Surroundings around, List<Named> seen, Problems problems) {
    Located<String> where = spec.requirements();
    Optional<Path> file =
        around.projectDir().filter(dir -> !where.value().isEmpty() && CopyCheck.isInside(where));
    if (file.isEmpty() || !Files.exists(file.get().resolve(where.value()))) {
      return false;
    }
    RequirementsFile read = RequirementsFile.read(file.get(), where.value());
    read.mistakes()
        .forEach(mistake -> problems.add(Message.REQUIREMENTS_FILE, where, mistake.toString()));
    boolean hashed = false;
    boolean plain = false;
    for (RequirementsFile.Line line : read.requirements()) {
      PythonRequirement requirement = line.requirement();
      if (Credentials.namesUser(requirement.url())) {
        problems.add(
            Message.CREDENTIAL, where, line.place() + ": there is a user or a token in the URL");
      }
      if (line.constraint()) {
        continue;
      }
      duplicate(where, requirement, line.place(), seen, problems);
      if (!requirement.isPinned()) {
        problems.add(
            Message.UNPINNED_PACKAGE, where, "in " + line.place() + " " + pinned(requirement));
      }
      hashed |= line.hashed();
      plain |= !line.hashed();
    }
    if (hashed && plain) {
      problems.add(
          Message.REQUIREMENTS_FILE,
          where,
          "some requirements name hashes and some do not; pip wants them for all or for none");
    }
    return hashed;
  }

  private static void index(Located<String> url, Problems problems) {
    String text = url.value();
    if (text.isBlank()) {
      problems.add(Message.EMPTY, url);
      return;
    }
    if (Credentials.namesUser(text)) {
      problems.add(Message.CREDENTIAL, url, "there is a user or a token in the URL");
      return;
    }
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (!web || uri.getHost() == null || uri.getFragment() != null) {
        problems.add(
            Message.INDEX_URL, url, "an index is a https URL, such as https://pypi.org/simple");
      }
    } catch (URISyntaxException e) {
      problems.add(Message.INDEX_URL, url, "this is no URL: " + e.getReason());
    }
  }
}
