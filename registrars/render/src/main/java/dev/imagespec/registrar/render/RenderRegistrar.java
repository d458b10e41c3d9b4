package dev.imagespec.registrar.render;

import dev.imagespec.registrar.definition.Images;
import dev.imagespec.registrar.definition.TaskNames;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.Rendering;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.work.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a copy of each text file of the setting {@code imagespec.render}, in which the names of
 * task classes are replaced by their images, by digest: for Kubernetes, Helm, Terraform and
 * whatever else reads text.
 */
public final class RenderRegistrar implements TaskRegistrar {
  private static final Pattern IMAGE =
      Pattern.compile("\\G[a-z0-9][A-Za-z0-9.:_/-]{0,400}@sha256:[0-9a-f]{64}");

  @Override
  public String name() {
    return "render";
  }

  @Override
  public void check(Context context) {
    context.renderings().forEach(rendering -> AtomicFile.require(rendering.to()));
    templates(context)
        .forEach(
            (rendering, template) ->
                template
                    .odd()
                    .forEach(
                        text ->
                            context.listener().on(new RegistrationEvent.Warning("render", text))));
  }

  private static Map<Rendering, Template> templates(Context context) {
    TaskNames names = TaskNames.of(context);
    Map<Rendering, Template> templates = new LinkedHashMap<>();
    for (Rendering rendering : context.renderings()) {
      Template template = Template.read(rendering, names);
      if (!names.passesOver(rendering.name(), template.tasks(), context.listener())) {
        templates.put(rendering, template);
      }
    }
    return templates;
  }

  @Override
  public List<Planned> plan(Plan plan, Context context) {
    Map<String, String> known = new HashMap<>();
    for (Plan.Image image : plan.images()) {
      if (!image.reference().isEmpty()) {
        image.tasks().forEach(task -> known.put(task, image.reference()));
      }
    }
    List<Planned> planned = new ArrayList<>();
    templates(context)
        .forEach(
            (rendering, template) -> {
              String text = template.with(task -> known.getOrDefault(task, Images.NOT_KNOWN));
              Optional<String> old = read(rendering.to());
              Action action =
                  old.filter(text::equals).isPresent() ? Action.UNCHANGED : Action.REGISTERED;
              for (Map.Entry<String, List<String>> task :
                  changes(template, known, old.orElse("")).entrySet()) {
                planned.add(
                    new Planned.Known(
                        rendering.name(),
                        task.getKey(),
                        action,
                        action == Action.UNCHANGED ? List.of() : task.getValue()));
              }
            });
    return planned;
  }

  private static Map<String, List<String>> changes(
      Template template, Map<String, String> known, String old) {
    List<String> lines = template.text().lines().toList();
    List<String> before = old.lines().toList();
    Map<String, List<String>> changes = new TreeMap<>();
    for (Template.Place place : template.places()) {
      String image = known.getOrDefault(place.task(), Images.NOT_KNOWN);
      String there =
          before.size() == lines.size()
              ? was(lines.get(place.line() - 1), place, before.get(place.line() - 1))
              : "";
      if (!there.equals(image)) {
        changes
            .computeIfAbsent(place.task(), task -> new ArrayList<>())
            .add("line " + place.line() + ": " + (there.isEmpty() ? "" : there + " → ") + image);
      }
    }
    template.tasks().forEach(task -> changes.putIfAbsent(task, List.of("other text")));
    return changes;
  }

  /** The image that stood in a line of the earlier copy; empty if the line was another one. */
  private static String was(String line, Template.Place place, String before) {
    int at = line.indexOf(place.value().text());
    Matcher image = IMAGE.matcher(before);
    return at >= 0 && before.startsWith(line.substring(0, at)) && image.find(at)
        ? image.group()
        : "";
  }

  @Override
  public List<Result> register(Registration registration, Context context) {
    Map<String, String> images = registration.tasks();
    List<Result> results = new ArrayList<>();
    templates(context)
        .forEach(
            (rendering, template) -> {
              Set<String> missing = new HashSet<>(template.tasks());
              missing.removeAll(images.keySet());
              if (missing.isEmpty()) {
                results.addAll(write(rendering, template, images));
              } else {
                missing.forEach(
                    task ->
                        results.add(
                            new Result.Failed(
                                task,
                                rendering.output()
                                    + " is not written, because this task has no image; what is there"
                                    + " is of an earlier registration.")));
              }
            });
    return results;
  }

  private static List<Result> write(
      Rendering rendering, Template template, Map<String, String> images) {
    String text = template.with(task -> images.getOrDefault(task, ""));
    Action action = Action.UNCHANGED;
    if (read(rendering.to()).filter(text::equals).isEmpty()) {
      try {
        AtomicFile.write(rendering.to(), text);
      } catch (ImageSpecException e) {
        return template.tasks().stream()
            .<Result>map(task -> new Result.Failed(task, String.valueOf(e.getMessage())))
            .toList();
      }
      action = Action.REGISTERED;
    }
    List<Result> results = new ArrayList<>();
    for (String task : template.tasks()) {
      results.add(
          new Result.Registered(
              rendering.name(), task, images.getOrDefault(task, ""), rendering.output(), action));
    }
    return results;
  }

  /** The text that is there; empty if it is none of ours, or cannot be read. */
  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      // Whatever it is: it is replaced.
      return Optional.empty();
    }
  }
}
