package dev.imagespec.runtime.plan;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TagTemplate;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tags that images get besides the one of their fingerprint. */
public final class FurtherTags {
  private final List<TagTemplate> templates;

  public FurtherTags(List<TagTemplate> templates) {
    this.templates = List.copyOf(templates);
  }

  /**
   * Checks, without a request, that no two different images of a repository get the same tag.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING}; the message names the
   *     tasks
   */
  public void check(List<Draft> drafts) {
    Map<String, Draft> byTask = new HashMap<>();
    drafts.forEach(draft -> byTask.put(draft.task(), draft));
    Map<List<Object>, Draft> first = new HashMap<>();
    for (Draft draft : drafts) {
      for (String tag : of(draft)) {
        Draft other = first.putIfAbsent(List.of(Planner.identity(draft.target()), tag), draft);
        if (other != null && !inputs(other, byTask).equals(inputs(draft, byTask))) {
          throw new ImageSpecException(
              FailureCode.INVALID_SETTING,
              "The images of "
                  + other.task()
                  + " and "
                  + draft.task()
                  + " differ, and both would get the tag "
                  + tag
                  + " in "
                  + draft.target()
                  + ". Put {task} into --tag (imagespec.tags), for example {task}-"
                  + tag
                  + ".");
        }
      }
    }
  }

  /** All that decides an image's fingerprint and is known before a registry is asked. */
  private static List<Object> inputs(Draft draft, Map<String, Draft> byTask) {
    Draft below = byTask.get(draft.manifest().baseSpec());
    return List.of(
        below == null ? draft.manifest().baseImage() : inputs(below, byTask),
        Set.copyOf(draft.manifest().platforms()),
        draft.steps(),
        draft.recipe().map(recipe -> recipe.content().toString()).orElse(""),
        draft.layers().stream().map(Layer::inputDigest).toList(),
        draft.config());
  }

  /**
   * A task's tags.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if one is no tag
   */
  Set<String> of(Draft draft) {
    Set<String> tags = new LinkedHashSet<>();
    Repository target = draft.target();
    for (TagTemplate template : templates) {
      try {
        tags.add(template.tag(draft.task(), target.name().value()));
      } catch (IllegalArgumentException e) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "--tag (imagespec.tags) for " + draft.task() + ": " + e.getMessage() + ".",
            e);
      }
    }
    return tags;
  }

  /** The tags of all tasks that share an image. */
  List<String> of(List<Draft> drafts) {
    Set<String> tags = new LinkedHashSet<>();
    drafts.forEach(draft -> tags.addAll(of(draft)));
    return new ArrayList<>(tags);
  }
}
