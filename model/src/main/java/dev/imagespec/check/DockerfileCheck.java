package dev.imagespec.check;

import dev.imagespec.dockerfile.DockerfileMistake;
import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks {@code dockerfile} and {@code dockerfileContext}, and the Dockerfile itself. */
final class DockerfileCheck {
  private DockerfileCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    Located<String> path = spec.dockerfile().path();
    Located<String> context = spec.dockerfile().context();
    if (!spec.dockerfile().isSet()) {
      if (!context.value().isEmpty() && !spec.isPart()) {
        problems.add(Message.DOCKERFILE_CONTEXT_ALONE, context);
      }
      return;
    }
    conflicts(spec, problems);
    Optional<ProjectDirectory> project = around.projectDirectory();
    if (!context.value().isEmpty() && CopyCheck.isThere(context, project, problems)) {
      project.ifPresent(dir -> folder(dir, context, problems));
    }
    if (CopyCheck.isThere(path, project, problems)) {
      project.ifPresent(dir -> content(spec, dir, around, problems));
    }
  }

  private static void conflicts(Spec spec, Problems problems) {
    if (!spec.baseImage().value().isEmpty()) {
      problems.add(Message.CONFLICT_DOCKERFILE_BASE, spec.baseImage());
    }
    if (spec.hasBaseSpec()) {
      problems.add(Message.CONFLICT_DOCKERFILE_BASE, spec.baseSpec());
    }
    List<Located<String>> steps = new ArrayList<>();
    spec.aptPackages().stream().limit(1).forEach(steps::add);
    spec.packages().stream().limit(1).forEach(steps::add);
    steps.add(spec.requirements());
    steps.add(spec.pipIndex());
    spec.pipExtraIndexUrls().stream().limit(1).forEach(steps::add);
    spec.commands().stream().limit(1).forEach(steps::add);
    steps.stream()
        .filter(step -> !step.value().isEmpty())
        .forEach(
            step ->
                problems.add(Message.CONFLICT_DOCKERFILE, step, spec.dockerfile().path().value()));
  }

  private static void folder(ProjectDirectory dir, Located<String> context, Problems problems) {
    if (dir.isFile(context.value())) {
      problems.add(Message.OWN_DOCKERFILE_CONTEXT, context);
    } else {
      boolean unused = CopyCheck.leadsOut(dir, context.value(), context, problems);
    }
  }

  private static void content(
      Spec spec, ProjectDirectory dir, Surroundings around, Problems problems) {
    Located<String> path = spec.dockerfile().path();
    OwnDockerfile read = OwnDockerfile.read(dir, path.value(), platforms(spec));
    for (DockerfileMistake mistake : read.mistakes()) {
      problems.add(message(mistake.kind()), path, mistake.place(path.value()), mistake.text());
    }
    if (read.mistakes().stream().anyMatch(DockerfileMistake::isError)) {
      return;
    }
    DockerfileCredentials.line(read)
        .ifPresent(
            line -> problems.add(Message.CREDENTIAL_IN_LINE, path, path.value() + ":" + line));
    for (ImageReference reference : read.references()) {
      RegistryCheck.region(reference.registry(), path, Message.BASE_IMAGE_REGION, around, problems);
    }
    Set<String> named = spec.secrets().stream().map(Located::value).collect(Collectors.toSet());
    read.secrets()
        .forEach(
            (id, line) -> {
              if (!named.contains(id)) {
                problems.add(Message.OWN_DOCKERFILE_SECRET, path, path.value() + ":" + line, id);
              }
            });
  }

  /** The platforms of the spec; what is wrong with one is said elsewhere. */
  private static Set<Platform> platforms(Spec spec) {
    Set<Platform> platforms = new TreeSet<>();
    for (Located<String> text : spec.platforms()) {
      try {
        platforms.add(Platform.parse(text.value()));
      } catch (IllegalArgumentException e) {
        // BaseImageCheck reports it.
      }
    }
    return platforms.isEmpty() ? Set.of(Platform.DEFAULT) : platforms;
  }

  private static Message message(DockerfileMistake.Kind kind) {
    return switch (kind) {
      case WRONG -> Message.OWN_DOCKERFILE;
      case UNKNOWN_IMAGE -> Message.DOCKERFILE_IMAGE;
      case UNPINNED -> Message.DOCKERFILE_UNPINNED;
      case DOWNLOAD -> Message.DOCKERFILE_DOWNLOAD;
      case NO_EFFECT -> Message.DOCKERFILE_NO_EFFECT;
    };
  }
}
