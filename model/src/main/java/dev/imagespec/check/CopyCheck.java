package dev.imagespec.check;

import dev.imagespec.model.FileOwner;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.ProjectPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the project's files that {@code copy} and {@code requirements} name, and their modes. */
final class CopyCheck {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

  private CopyCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    Optional<ProjectDirectory> project = around.projectDirectory();
    SensitiveFiles sensitive =
        SensitiveFiles.unlessNamed(
            spec.copy().stream()
                .map(Spec.Copy::from)
                .filter(CopyCheck::isInside)
                .map(Located::value)
                .toList());
    for (Spec.Copy copy : spec.copy()) {
      if (!copy.mode().value().isEmpty()) {
        mode(copy.mode(), problems);
      }
      copy.modes().forEach(mode -> mode(mode.mode(), problems));
      problems.parse(Message.OWNER, copy.owner(), FileOwner::parse);
      Optional<ChosenFiles> chosen = ChosenFiles.of(copy, project, problems);
      if (isThere(copy.from(), project, problems) && chosen.isPresent()) {
        project.ifPresent(dir -> content(dir, chosen.get(), sensitive, problems));
      }
    }
    Located<String> requirements = spec.requirements();
    boolean hasFile = !requirements.value().isEmpty();
    if (hasFile && isThere(requirements, project, problems)) {
      project.ifPresent(dir -> leadsOut(dir, requirements.value(), requirements, problems));
    }
    boolean hasDockerfile = spec.dockerfile().isSet();
    if (project.isEmpty() && (hasDockerfile || hasFile || !spec.copy().isEmpty())) {
      Located<String> file = hasFile ? requirements : spec.dockerfile().path();
      problems.add(
          Message.FILES_NOT_CHECKED, spec.copy().isEmpty() ? file : spec.copy().get(0).from());
    }
  }

  private static void mode(Located<String> mode, Problems problems) {
    if (!MODE.matcher(mode.value()).matches()) {
      problems.add(Message.MODE, mode);
    }
  }

  /**
   * Whether a copy of the spec may put a file at a path in the image before the steps run. For a
   * part of a spec, another part may have that copy.
   */
  static boolean mayProvide(Spec spec, String path) {
    return spec.isPart()
        || spec.copiesInSteps().stream()
            .map(copy -> new Manifest.Copy(copy.from().value(), copy.to().value(), ""))
            .anyMatch(copy -> copy.mayProvide(path));
  }

  /**
   * Checks the path of a file, and that the file exists.
   *
   * @return whether it exists and can be checked further
   */
  static boolean isThere(
      Located<String> file, Optional<ProjectDirectory> project, Problems problems) {
    Optional<String> expanded = Expansion.inPath(file.value());
    Optional<String> pattern = Expansion.pattern(file.value());
    boolean isThere = isInside(file) && project.filter(dir -> dir.exists(file.value())).isPresent();
    if (!isThere && (expanded.isPresent() || pattern.isPresent())) {
      if (expanded.isPresent()) {
        problems.add(Message.COPY_NOT_EXPANDED, file, expanded.get());
      } else {
        problems.add(Message.COPY_PATTERN, file, pattern.get());
      }
      return false;
    }
    if (!isInside(file)) {
      problems.add(Message.COPY_FROM, file);
      return false;
    }
    boolean isMissing = project.isPresent() && !isThere;
    if (isMissing) {
      problems.add(Message.MISSING_FILE, file);
    }
    return project.isPresent() && !isMissing;
  }

  private static void content(
      ProjectDirectory dir, ChosenFiles chosen, SensitiveFiles sensitive, Problems problems) {
    Located<String> from = chosen.from();
    try {
      boolean[] isWhole = {true};
      dir.walk(
          from.value(),
          chosen::mayHave,
          path -> {
            isWhole[0] = !chosen.takes(dir, path) || mayGoIn(dir, path, from, sensitive, problems);
            return isWhole[0];
          });
      if (isWhole[0]) {
        chosen.unused(dir, problems);
      }
    } catch (IOException | UncheckedIOException e) {
      problems.add(Message.UNREADABLE, from, IoReason.of(e));
    }
  }

  private static boolean mayGoIn(
      ProjectDirectory dir,
      String path,
      Located<String> from,
      SensitiveFiles sensitive,
      Problems problems) {
    if (leadsOut(dir, path, from, problems)) {
      return false;
    }
    if (sensitive.keepsOut(path)) {
      problems.add(Message.SENSITIVE_FILE, from, path);
      return false;
    }
    return true;
  }

  static boolean leadsOut(
      ProjectDirectory dir, String path, Located<String> where, Problems problems) {
    try {
      if (dir.isInside(path)) {
        return false;
      }
      problems.add(Message.OUTSIDE, where, ProjectPath.normal(path).orElse(path));
    } catch (IOException e) {
      problems.add(Message.OUTSIDE_OR_UNREADABLE, where, path, IoReason.of(e));
    }
    return true;
  }

  /** Whether the path of a file stays inside the project directory. */
  static boolean isInside(Located<String> file) {
    String path = file.value();
    return !path.isEmpty()
        && !path.startsWith("/")
        && !path.contains("\\")
        && !DRIVE.matcher(path).matches()
        && path.codePoints().noneMatch(TextCheck::isNowhere)
        && ProjectPath.normal(path).isPresent();
  }
}
