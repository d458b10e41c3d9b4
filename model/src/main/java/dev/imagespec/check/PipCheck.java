package dev.imagespec.check;

import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.PythonRequirement;
import dev.imagespec.model.RequirementsFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks Python packages: {@code packages}, {@code requirements} and the package indexes. */
final class PipCheck {
  private PipCheck() {}

  /** A requirement and where it was written. */
  private record Named(PythonRequirement requirement, String place) {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    List<Named> seen = new ArrayList<>();
    boolean inFile = file(spec, around, seen, problems);
    for (Located<String> text : spec.packages()) {
      Optional<PythonRequirement> requirement = requirement(text, problems);
      if (requirement.isPresent()) {
        duplicate(text, requirement.get(), text.path(), seen, problems);
        if (!requirement.get().isPinned()) {
          unpinned(requirement.get(), text, problems);
        }
        if (inFile) {
          problems.add(Message.REQUIREMENT_WITHOUT_HASH, text, spec.requirements().value());
        }
      }
    }
    if (!spec.pipIndex().value().isEmpty()) {
      index(spec.pipIndex(), problems);
    }
    spec.pipExtraIndexUrls().forEach(url -> index(url, problems));
  }

  private static void unpinned(
      PythonRequirement requirement, Located<String> where, Problems problems) {
    if (requirement.url().isEmpty()) {
      problems.add(Message.REQUIREMENT_UNPINNED, where, requirement.name());
    } else {
      problems.add(Message.REQUIREMENT_URL_UNPINNED, where);
    }
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
        problems.add(Message.CREDENTIAL_USER, text);
      }
      return Optional.of(requirement);
    } catch (IllegalArgumentException e) {
      problems.add(Message.REQUIREMENT, text, e.getMessage());
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
   * Checks the requirements file if the project directory is known. {@link CopyCheck} reports a
   * missing file.
   *
   * @return whether the file lists hashes
   */
  private static boolean file(Spec spec, Surroundings around, List<Named> seen, Problems problems) {
    Located<String> where = spec.requirements();
    Optional<ProjectDirectory> project =
        around
            .projectDirectory()
            .filter(dir -> !where.value().isEmpty() && CopyCheck.isInside(where))
            .filter(dir -> dir.exists(where.value()));
    if (project.isEmpty()) {
      return false;
    }
    RequirementsFile read = RequirementsFile.read(project.get(), where.value());
    for (RequirementsFile.Mistake mistake : read.mistakes()) {
      problems.add(Message.REQUIREMENTS_LINE, where, mistake.place(), mistake.text());
    }
    if (!read.mistakes().isEmpty()) {
      // It may be no requirements file at all: nothing of its text is shown.
      return false;
    }
    boolean hashed = false;
    boolean plain = false;
    for (RequirementsFile.Line line : read.requirements()) {
      PythonRequirement requirement = line.requirement();
      if (Credentials.namesUser(requirement.url())) {
        problems.add(Message.CREDENTIAL_USER_IN_LINE, where, line.place());
      }
      if (line.constraint()) {
        continue;
      }
      duplicate(where, requirement, line.place(), seen, problems);
      if (!requirement.isPinned()) {
        unpinned(line, where, problems);
      }
      hashed |= line.hashed();
      plain |= !line.hashed();
    }
    if (hashed && plain) {
      problems.add(Message.REQUIREMENTS_SOME_HASHES, where);
    }
    return hashed;
  }

  private static void unpinned(
      RequirementsFile.Line line, Located<String> where, Problems problems) {
    if (line.requirement().url().isEmpty()) {
      problems.add(Message.LINE_UNPINNED, where, line.place(), line.requirement().name());
    } else {
      problems.add(Message.LINE_URL_UNPINNED, where, line.place());
    }
  }

  private static void index(Located<String> url, Problems problems) {
    String text = url.value();
    if (text.isBlank()) {
      problems.add(Message.EMPTY, url);
      return;
    }
    if (Credentials.namesUser(text)) {
      problems.add(Message.CREDENTIAL_USER, url);
      return;
    }
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (!web || uri.getHost() == null || uri.getFragment() != null) {
        problems.add(Message.INDEX_URL, url);
      }
    } catch (URISyntaxException e) {
      problems.add(Message.INDEX_NO_URL, url, e.getReason());
    }
  }
}
