package dev.imagespec.check;

import dev.imagespec.model.LockFileName;
import dev.imagespec.model.PipArgument;
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

  /** What the packages of the spec say, by their texts. */
  private final Map<String, PythonRequirement> parsed = new HashMap<>();

  private final Problems problems;

  private PipCheck(Problems problems) {
    this.problems = problems;
  }

  static void check(Spec spec, Surroundings around, Problems problems) {
    PipCheck check = new PipCheck(problems);
    if (LockFileName.isPylock(spec.requirements().value())) {
      check.beside(spec, spec.packages());
      check.beside(spec, spec.pip().indexes().stream().map(Spec.PipIndex::url).toList());
    } else {
      check.packages(spec, around);
    }
    if (!spec.pipIndex().value().isEmpty()) {
      index(spec.pipIndex(), problems);
    }
    spec.pipExtraIndexUrls().forEach(url -> index(url, problems));
    options(spec, problems);
  }

  private static void options(Spec spec, Problems problems) {
    Spec.Pip pip = spec.pip();
    pip.findLinks().stream()
        .filter(page -> !CopyCheck.mayProvide(spec, page.value()))
        .forEach(url -> url(url, Message.FIND_LINKS, problems));
    for (Spec.PipIndex index : pip.indexes()) {
      index(index.url(), problems);
      if (index.packages().isEmpty()) {
        problems.add(Message.PIP_INDEX_EMPTY, index.url());
      }
    }
    for (Located<String> argument : pip.args()) {
      if (argument.value().isBlank()) {
        problems.add(Message.EMPTY, argument);
      } else if (Credentials.namesUser(argument.value())) {
        problems.add(Message.CREDENTIAL_USER, argument);
      } else {
        Credentials.in(argument.value()).ifPresent(message -> problems.add(message, argument));
        PipArgument.mistake(argument.value())
            .ifPresent(reason -> problems.add(Message.PIP_ARGUMENT, argument, reason));
      }
    }
  }

  /** Reports what a lock leaves no room for. */
  private void beside(Spec spec, List<Located<String>> texts) {
    String file = spec.requirements().value();
    texts.forEach(text -> problems.add(Message.LOCKED_BESIDE, text, file));
  }

  private void packages(Spec spec, Surroundings around) {
    Optional<RequirementsFile> file = file(spec, around);
    file.ifPresent(read -> read.requirements().forEach(line -> pin(line.requirement())));
    List<Located<String>> packages = new ArrayList<>(spec.packages());
    spec.pip().indexes().forEach(index -> packages.addAll(index.packages()));
    packages.forEach(text -> parsed(text.value()).ifPresent(this::pin));
    file.ifPresent(read -> lines(read, spec.requirements()));
    boolean inFile = file.isPresent() && file.get().isLocked();
    for (Located<String> text : packages) {
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

  private Optional<PythonRequirement> parsed(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      // What is wrong is said when it is checked.
      return Optional.empty();
    }
  }

  /** Reads a requirement once, although it is asked for twice. */
  private PythonRequirement parse(String text) {
    PythonRequirement known = parsed.get(text);
    if (known == null) {
      known = PythonRequirement.parse(text);
      parsed.put(text, known);
    }
    return known;
  }

  private void pin(PythonRequirement requirement) {
    if (requirement.isPinned() && !requirement.name().isEmpty()) {
      pins.computeIfAbsent(requirement.normalizedName(), name -> new ArrayList<>())
          .add(requirement);
    }
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
      PythonRequirement requirement = parse(text.value());
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
    Optional<String> advice = LockFileName.advice(where.value());
    advice.ifPresent(reason -> problems.add(Message.LOCK_FORMAT, where, reason));
    Optional<RequirementsFile> file =
        around
            .projectDirectory()
            .filter(dir -> !where.value().isEmpty() && CopyCheck.isInside(where))
            .filter(dir -> advice.isEmpty())
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
      if (!line.constraint() && !isContentKnown(line) && !isPinned(line.requirement())) {
        unpinned(line, where);
      }
    }
    if (file.isLocked()) {
      report(Message.REQUIREMENTS_SOME_HASHES, where, file.withoutHashes());
      report(Message.REQUIREMENTS_NOT_EXACT, where, file.notExact());
    }
  }

  /** Whether the hashes of a file's URL leave one content. */
  private static boolean isContentKnown(RequirementsFile.Line line) {
    PythonRequirement requirement = line.requirement();
    return line.hashed() && !requirement.url().isEmpty() && !requirement.isFromSourceControl();
  }

  private void report(Message message, Located<String> where, List<RequirementsFile.Line> lines) {
    if (!lines.isEmpty()) {
      problems.add(message, where, RequirementsFile.places(lines));
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
    url(url, Message.INDEX_URL, problems);
  }

  private static void url(Located<String> url, Message message, Problems problems) {
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
        problems.add(message, url);
      }
    } catch (URISyntaxException e) {
      problems.add(Message.INDEX_NO_URL, url, e.getReason());
    }
  }
}
