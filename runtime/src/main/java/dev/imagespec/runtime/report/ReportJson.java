package dev.imagespec.runtime.report;

import dev.imagespec.json.Json;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.PlannedTag;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Sizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data of a page, as JSON. Every text is printable and bounded: nothing in it changes the order
 * of the text around it, and no message fills the page.
 */
final class ReportJson {
  private static final int MOST = 4000;

  private final Report report;
  private final Map<String, Integer> indexes = new HashMap<>();

  private ReportJson(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    return Json.canonical(new ReportJson(report).document());
  }

  private Map<String, Object> document() {
    List<Object> parts = new ArrayList<>();
    for (Part part : sorted()) {
      indexes.put(part.id(), parts.size());
      parts.add(part(part));
    }
    Map<String, Object> json = new TreeMap<>();
    json.put("kind", report.kind().toString());
    json.put("time", report.time().toString());
    json.put("source", text(report.source()));
    json.put("revision", text(report.revision()));
    json.put("requests", report.requests());
    json.put("millis", report.elapsed().toMillis());
    json.put("parts", parts);
    json.put("images", report.images().stream().map(this::image).toList());
    json.put("failures", report.failures().stream().map(ReportJson::failure).toList());
    json.put("registrations", report.registrations().stream().map(ReportJson::registered).toList());
    json.put("notes", texts(report.notes()));
    return json;
  }

  /** Bases first, then environments, then payloads, and of each kind what most images share. */
  private List<Part> sorted() {
    Map<String, Integer> users = new LinkedHashMap<>();
    report
        .images()
        .forEach(image -> image.stack().parts().forEach(id -> users.merge(id, 1, Integer::sum)));
    return users.keySet().stream()
        .map(id -> report.part(id))
        .sorted(
            Comparator.comparing(Part::kind)
                .thenComparing(part -> -users.getOrDefault(part.id(), 0))
                .thenComparing(Part::name)
                .thenComparing(Part::id))
        .toList();
  }

  private Map<String, Object> part(Part part) {
    Map<String, Object> json = new TreeMap<>();
    json.put("kind", part.kind().toString());
    json.put("name", text(part.name()));
    json.put("place", text(part.place()));
    json.put("bytes", part.bytes());
    json.put("stored", part.isStored());
    json.put("arriving", report.traffic().arriving().contains(part.id()));
    json.put("layers", part.layers().stream().map(this::layer).toList());
    json.put("steps", texts(part.steps()));
    json.put("note", text(part.note()));
    json.put("files", part.content().count());
    json.put("fileBytes", part.content().bytes());
    json.put(
        "largest",
        part.content().largest().stream()
            .map(file -> Map.of("path", text(file.path()), "bytes", file.bytes()))
            .toList());
    return json;
  }

  private Map<String, Object> layer(Part.Layer layer) {
    return Map.of(
        "digest",
        layer.digest().map(Object::toString).orElse(""),
        "bytes",
        layer.bytes(),
        "sent",
        layer.digest().map(report.traffic().sent()::contains).orElse(false));
  }

  private Map<String, Object> image(Report.Image image) {
    PlannedImage plan = image.stack().image();
    Repository repository = plan.repository();
    Map<String, Object> json = new TreeMap<>();
    json.put("repository", text(repository.toString()));
    json.put("tag", text(plan.tag()));
    json.put("tags", texts(plan.tags().stream().map(PlannedTag::name).toList()));
    json.put("fingerprint", plan.fingerprint().toString());
    json.put("action", image.action().toString());
    json.put("digest", image.digest().map(Object::toString).orElse(""));
    json.put(
        "reference",
        image.digest().map(digest -> text(repository.image(digest).toString())).orElse(""));
    json.put(
        "platforms",
        new TreeMap<>(image.platforms())
            .entrySet().stream()
                .map(
                    entry ->
                        Map.of(
                            "name",
                            entry.getKey().toString(),
                            "digest",
                            entry.getValue().toString()))
                .toList());
    json.put("base", text(base(plan)));
    json.put("tasks", texts(plan.tasks()));
    json.put("parts", image.stack().parts().stream().map(indexes::get).toList());
    json.put("bytes", bytes(image));
    json.put("uploaded", image.bytesUploaded());
    json.put("note", text(image.stack().note()));
    json.put(
        "changes",
        image.changes().stream()
            .map(change -> Map.of("kind", change.effect().toString(), "text", text(change.text())))
            .toList());
    image.stored().ifPresent(stored -> put(stored, json));
    return json;
  }

  private static void put(StoredImage stored, Map<String, Object> json) {
    stored.pushedAt().ifPresent(time -> json.put("pushedAt", time.toString()));
    stored
        .scan()
        .ifPresent(
            scan -> {
              Map<String, Object> findings = new TreeMap<>();
              scan.findings().forEach((severity, count) -> findings.put(text(severity), count));
              json.put("scan", Map.of("status", text(scan.status()), "findings", findings));
            });
  }

  /** The size of an image: of those of its parts that are known. */
  private long bytes(Report.Image image) {
    return image.stack().parts().stream().map(id -> report.part(id).bytes()).reduce(0L, Sizes::sum);
  }

  private static String base(PlannedImage plan) {
    return plan.spec().base() instanceof Base.OfTask other
        ? "the image of " + other.task()
        : plan.spec().base().shown();
  }

  private static Map<String, Object> failure(Failure failure) {
    return Map.of(
        "tasks", texts(failure.tasks()),
        "repository", text(failure.repository()),
        "code", failure.code().toString(),
        "message", text(failure.message()));
  }

  private static Map<String, Object> registered(Registration.RegisteredTask task) {
    return Map.of(
        "registrar", text(task.registrar()),
        "definition", text(task.definition()),
        "task", text(task.task()),
        "id", text(task.id()),
        "action", task.action().toString());
  }

  private static List<String> texts(List<String> texts) {
    return texts.stream().map(ReportJson::text).toList();
  }

  private static String text(String text) {
    return Printable.text(Printable.start(text, MOST));
  }
}
