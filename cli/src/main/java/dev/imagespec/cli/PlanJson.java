package dev.imagespec.cli;

import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.Plan;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A plan as a document: {@code docs/cli.md} has the names of its members. */
final class PlanJson {
  private PlanJson() {}

  static Map<String, Object> of(Plan plan) {
    return Map.of(
        "images", plan.images().stream().map(PlanJson::of).toList(),
        "definitions", plan.definitions().stream().map(PlanJson::of).toList(),
        "bytes", plan.bytes(),
        "failures", RegisterCommand.toJson(plan.failures()));
  }

  private static Map<String, Object> of(Plan.Image image) {
    Map<String, Object> json = new TreeMap<>();
    json.put("repository", image.repository());
    json.put("tag", image.tag());
    json.put("fingerprint", image.fingerprint());
    json.put("reference", image.reference());
    json.put("action", image.action().toString());
    json.put("reasons", image.reasons());
    json.put("tags", image.tags().stream().map(PlanJson::of).toList());
    json.put("tasks", image.tasks());
    json.put("base", image.base());
    Map<String, String> environments = new TreeMap<>();
    image.environments().forEach((platform, tag) -> environments.put(platform.toString(), tag));
    json.put("environments", environments);
    json.put("layers", image.layers().stream().map(PlanJson::of).toList());
    json.put("bytes", image.bytes());
    json.put("comparisons", image.comparisons().stream().map(PlanJson::of).toList());
    return json;
  }

  private static Map<String, Object> of(Plan.Definition definition) {
    return Map.of(
        "registrar", definition.registrar(),
        "definition", definition.definition(),
        "task", definition.task(),
        "action", definition.action().toString(),
        "changes", definition.changes());
  }

  private static Map<String, Object> of(Plan.Tag tag) {
    return Map.of("tag", tag.name(), "action", tag.action().name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> of(Plan.Layer layer) {
    return Map.of(
        "name", layer.name(),
        "inputs", layer.inputs().toString(),
        "files", layer.files(),
        "bytes", layer.bytes(),
        "transfer", layer.transfer().toString());
  }

  private static Map<String, Object> of(Comparison comparison) {
    return Map.of(
        "tasks", comparison.tasks(),
        "source", comparison.source().name().toLowerCase(Locale.ROOT),
        "before", comparison.before(),
        "fingerprint", comparison.fingerprint(),
        "changes", comparison.changes().stream().map(PlanJson::of).toList(),
        "more", comparison.more());
  }

  private static Map<String, Object> of(Change change) {
    return Map.of(
        "kind", change.kind().toString(),
        "effect", change.effect().toString(),
        "subject", change.subject(),
        "before", change.before(),
        "after", change.after(),
        "remark", change.remark());
  }
}
