package dev.imagespec.check;

import dev.imagespec.model.PythonMarker;
import dev.imagespec.model.PythonRequirement;
import dev.imagespec.model.RequirementsFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks Python packages: {@code packages}, {@code requirements} and the package indexes. */
final class PipCheck {
  /**
   * A requirement and where it was written.
   *
   * @param constraint whether it only limits versions
   */
  private record Named(PythonRequirement requirement, String place, boolean constraint) {}

  /** More requirements of one package than anybody writes. Those beyond are not compared. */
  private static final int MAX_COMPARED = 100;

  /** The requirements so far, by package. */
  private final Map<String, List<Named>> seen = new HashMap<>();

  /** All requirements that leave one version, by package. */
  private final Map<String, List<PythonRequirement>> pins = new HashMap<>();

  private final Problems problems;

  private PipCheck(Problems problems) {
    this.problems = problems;
  }

  static void check(Spec spec, Surroundings around, Problems problems) {
    new PipCheck(problems).packages(spec, around);
    if (!spec.pipIndex().value().isEmpty()) {
      index(spec.pipIndex(), problems);
    }
    spec.pipExtraIndexUrls().forEach(url -> index(url, problems));
  }

  private void packages(Spec spec, Surroundings around) {
    Optional<RequirementsFile> file = file(spec, around);
    file.ifPresent(read -> read.requirements().forEach(line -> pin(line.requirement())));
    spec.packages().forEach(text -> parsed(text.value()).ifPresent(this::pin));
    file.ifPresent(read -> lines(read, spec.requirements()));
    boolean inFile =
        file.isPresent() && file.get().requirements().stream().anyMatch(PipCheck::isHashed);
    for (Located<String> text : spec.packages()) {
      if (RequirementsFile.isDistribution(text.value())
          && CopyCheck.mayProvide(spec, RequirementsFile.pathOf(text.value()))) {
        continue;
      }
      Optional<PythonRequirement> requirement = requirement(text);
      if (requirement.isPresent()) {
        conflict(text, new Named(requirement.get(), text.path(), false));
        unpinned(requirement.get(), text);
        if (inFile) {
          problems.add(Message.REQUIREMENT_WITHOUT_HASH, text, spec.requirements().value());
        }
      }
    }
  }

  private static Optional<PythonRequirement> parsed(String text) {
    try {
      return Optional.of(PythonRequirement.parse(text));
    } catch (IllegalArgumentException e) {
      // What is wrong is said when it is checked.
      return Optional.empty();
    }
  }

  private void pin(PythonRequirement requirement) {
    if (requirement.isPinned() && !requirement.name().isEmpty()) {
      pins.computeIfAbsent(requirement.normalizedName(), name -> new ArrayList<>())
          .add(requirement);
    }
  }

  private static boolean isHashed(RequirementsFile.Line line) {
    return line.hashed() && !line.constraint();
  }

  /** Whether this or another requirement leaves one version of the package. */
  private boolean isPinned(PythonRequirement requirement) {
    return requirement.isPinned()
        || pins.getOrDefault(requirement.normalizedName(), List.of()).stream()
            .limit(MAX_COMPARED)
            .map(PythonRequirement::marker)
            .anyMatch(
                marker ->
                    marker.equals(PythonMarker.ALWAYS) || marker.equals(requirement.marker()));
  }

  private void unpinned(PythonRequirement requirement, Located<String> where) {
    if (isPinned(requirement)) {
      return;
    }
    if (requirement.isFromSourceControl()) {
      problems.add(Message.REQUIREMENT_COMMIT, where);
    } else if (requirement.url().isEmpty()) {
      problems.add(Message.REQUIREMENT_UNPINNED, where, requirement.name());
    } else {
      problems.add(Message.REQUIREMENT_URL_UNPINNED, where);
    }
  }

  private Optional<PythonRequirement> requirement(Located<String> text) {
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

  /** Reports a requirement that no version satisfies, alone or with one before it. */
  private void conflict(Located<String> where, Named named) {
    PythonRequirement requirement = named.requirement();
    if (requirement.isContradiction()) {
      problems.add(
          Message.NO_VERSION, where, requirement.name(), requirement.wanted(), named.place());
      return;
    }
    if (requirement.name().isEmpty()) {
      return;
    }
    List<Named> same =
        seen.computeIfAbsent(requirement.normalizedName(), name -> new ArrayList<>());
    same.stream()
        .filter(other -> !(named.constraint() && other.constraint()))
        .filter(other -> other.requirement().contradicts(requirement))
        .findFirst()
        .ifPresent(
            other ->
                problems.add(
                    Message.NO_COMMON_VERSION,
                    where,
                    requirement.name(),
                    requirement.wanted(),
                    named.place(),
                    other.requirement().wanted(),
                    other.place()));
    if (same.size() < MAX_COMPARED) {
      same.add(named);
    }
  }

  /**
   * Reads the requirements file if the project directory is known. {@link CopyCheck} reports a
   * missing file.
   */
  private Optional<RequirementsFile> file(Spec spec, Surroundings around) {
    Located<String> where = spec.requirements();
    Optional<RequirementsFile> file =
        around
            .projectDirectory()
            .filter(dir -> !where.value().isEmpty() && CopyCheck.isInside(where))
            .filter(dir -> dir.exists(where.value()))
            .map(
                dir ->
                    RequirementsFile.read(
                        dir, where.value(), path -> CopyCheck.mayProvide(spec, path)));
    file.stream()
        .flatMap(read -> read.mistakes().stream())
        .forEach(
            mistake ->
                problems.add(Message.REQUIREMENTS_LINE, where, mistake.place(), mistake.text()));
    // With a mistake, it may be no requirements file at all: nothing of its text is shown.
    return file.filter(read -> read.mistakes().isEmpty());
  }

  /** Checks the lines of a requirements file. */
  private void lines(RequirementsFile file, Located<String> where) {
    for (RequirementsFile.Line line : file.requirements()) {
      if (Credentials.namesUser(line.requirement().url())) {
        problems.add(Message.CREDENTIAL_USER_IN_LINE, where, line.place());
      }
      conflict(where, new Named(line.requirement(), line.place(), line.constraint()));
      if (!line.constraint() && !isPinned(line.requirement())) {
        unpinned(line, where);
      }
    }
    List<RequirementsFile.Line> installed =
        file.requirements().stream().filter(line -> !line.constraint()).toList();
    if (installed.stream().anyMatch(PipCheck::isHashed)
        && !installed.stream().allMatch(PipCheck::isHashed)) {
      problems.add(Message.REQUIREMENTS_SOME_HASHES, where);
    }
  }

  private void unpinned(RequirementsFile.Line line, Located<String> where) {
    if (line.requirement().isFromSourceControl()) {
      problems.add(Message.LINE_COMMIT, where, line.place());
    } else if (line.requirement().url().isEmpty()) {
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
