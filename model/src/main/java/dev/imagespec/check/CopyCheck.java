package dev.imagespec.check;

import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.ProjectPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the project's files that {@code copy} and {@code requirements} name. */
final class CopyCheck {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final Pattern SENSITIVE =
      Pattern.compile(
          "\\.git|\\.env(?:\\..+)?|\\.netrc|\\.pypirc|\\.npmrc|\\.ssh|\\.aws|\\.kube|\\.gnupg"
              + "|id_(?:rsa|dsa|ecdsa|ed25519)|.+\\.(?:pem|key|p12|pfx|jks|keystore)");

  private CopyCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    Optional<ProjectDirectory> project = around.projectDirectory();
    Set<String> meant = meantToBeShared(spec);
    for (Spec.Copy copy : spec.copy()) {
      String mode = copy.mode().value();
      if (!mode.isEmpty() && !MODE.matcher(mode).matches()) {
        problems.add(Message.MODE, copy.mode());
      }
      if (isThere(copy.from(), project, problems)) {
        project.ifPresent(dir -> content(dir, copy.from(), meant, problems));
      }
    }
    Located<String> requirements = spec.requirements();
    boolean hasFile = !requirements.value().isEmpty();
    if (hasFile && isThere(requirements, project, problems)) {
      project.ifPresent(dir -> leadsOut(dir, requirements.value(), requirements, problems));
    }
    if (project.isEmpty() && (hasFile || !spec.copy().isEmpty())) {
      problems.add(
          Message.FILES_NOT_CHECKED,
          spec.copy().isEmpty() ? requirements : spec.copy().get(0).from());
    }
  }

  /** The sensitive files and folders that the spec names explicitly. */
  private static Set<String> meantToBeShared(Spec spec) {
    Set<String> meant = new HashSet<>();
    for (Spec.Copy copy : spec.copy()) {
      if (isInside(copy.from())) {
        ProjectPath.normal(copy.from().value())
            .filter(CopyCheck::isSensitive)
            .ifPresent(meant::add);
      }
    }
    return meant;
  }

  /**
   * Checks the path of a file, and that the file exists.
   *
   * @return whether it exists and can be checked further
   */
  private static boolean isThere(
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
      ProjectDirectory dir, Located<String> from, Set<String> meant, Problems problems) {
    try {
      dir.walk(from.value(), path -> mayGoIn(dir, path, from, meant, problems));
    } catch (IOException | UncheckedIOException e) {
      problems.add(Message.UNREADABLE, from, e.getMessage());
    }
  }

  private static boolean mayGoIn(
      ProjectDirectory dir,
      String path,
      Located<String> from,
      Set<String> meant,
      Problems problems) {
    if (leadsOut(dir, path, from, problems)) {
      return false;
    }
    boolean isMeant =
        meant.stream().anyMatch(name -> path.equals(name) || path.startsWith(name + "/"));
    if (isSensitive(path) && !isMeant) {
      problems.add(Message.SENSITIVE_FILE, from, path);
      return false;
    }
    return true;
  }

  private static boolean isSensitive(String path) {
    return Arrays.stream(path.split("/", -1)).anyMatch(part -> SENSITIVE.matcher(part).matches());
  }

  private static boolean leadsOut(
      ProjectDirectory dir, String path, Located<String> where, Problems problems) {
    try {
      if (dir.isInside(path)) {
        return false;
      }
      problems.add(Message.OUTSIDE, where, ProjectPath.normal(path).orElse(path));
    } catch (IOException e) {
      problems.add(Message.OUTSIDE_OR_UNREADABLE, where, path);
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
