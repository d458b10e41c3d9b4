package dev.imagespec.registrar.flyte;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.TaskRegistrar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A registration with some tasks, for tests of the registrar. */
final class Case {
  private final FlyteRegistrar registrar;
  private final Map<String, String> settings = new HashMap<>();
  private final List<Definition> definitions = new ArrayList<>();
  private final List<Manifest> manifests = new ArrayList<>();
  private final List<RegistrationEvent> events = new ArrayList<>();
  private String digest = "a".repeat(64);

  private final Path home;

  /** Without an endpoint. The home folder is the project's, too. */
  Case(Map<String, String> environment, Path home) {
    this.home = home;
    registrar = new FlyteRegistrar(environment, home);
  }

  /** With an endpoint, a project and a domain. */
  Case(TestServer server, Path home) {
    this(Map.of(), home);
    set("endpoint", server.endpoint());
    set("project", "acme");
    set("domain", "development");
  }

  Case set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  Case unset(String name) {
    settings.remove(name);
    return this;
  }

  /** A file {@code flyte:FILE}. */
  Case file(Path file) {
    definitions.add(new Definition("flyte", file));
    return this;
  }

  /** A class with {@code @FlyteTask}. */
  Case task(String task) {
    return task(task, new FlyteTask(task));
  }

  Case task(String task, FlyteTask flyte) {
    manifests.add(manifest(task, flyte));
    return this;
  }

  /** A class without it. */
  Case plain(String task) {
    manifests.add(manifest(task, FlyteTask.NONE));
    return this;
  }

  Case clear() {
    manifests.clear();
    definitions.clear();
    return this;
  }

  /** From now on the images have another digest. */
  Case rebuilt() {
    digest = digest.startsWith("a") ? "b".repeat(64) : "a".repeat(64);
    return this;
  }

  /** The image of all tasks. */
  String image() {
    return "r.example/app@sha256:" + digest;
  }

  private static Manifest manifest(String task, FlyteTask flyte) {
    return new Manifest(
        task,
        List.of(Manifest.ANNOTATION),
        "",
        "",
        "b:1",
        "",
        Manifest.OwnDockerfile.NONE,
        List.of(Platform.DEFAULT),
        new Manifest.Environment(
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            List.of("curl -H @/run/secrets/canary-secret"),
            List.of("canary-secret")),
        new Manifest.Payload(
            false,
            task,
            List.of("-Xmx512m"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            Map.of("CANARY_VARIABLE", "canary-value"),
            Map.of()),
        Manifest.Repository.DEFAULT,
        flyte);
  }

  private TaskRegistrar.Context context() {
    return new TaskRegistrar.Context(
        settings, definitions, List.of(), manifests, Set.of(), Map.of(), home, events::add);
  }

  void check() {
    registrar.check(context());
  }

  List<TaskRegistrar.Result> register() {
    check();
    return registrar.register(
        new Registration(
            List.of(
                new Registration.Image(
                    image(),
                    "r.example/app",
                    "is1-0",
                    "0",
                    Registration.Action.BUILT,
                    List.of("linux/amd64"),
                    Map.of(Platform.DEFAULT, Digest.parse("sha256:" + digest)),
                    tasks(),
                    0,
                    List.of())),
            List.of(),
            List.of(),
            0,
            Duration.ZERO,
            Map.of()),
        context());
  }

  /** What a plan says, whose image is pushed already or not. */
  List<TaskRegistrar.Planned> plan(boolean isPushed) {
    check();
    return registrar.plan(
        new Plan(
            List.of(
                new Plan.Image(
                    "r.example/app",
                    "is1-0",
                    "0",
                    isPushed ? image() : "",
                    isPushed ? Plan.Action.REUSE : Plan.Action.BUILD,
                    List.of(),
                    Map.of(),
                    tasks(),
                    "scratch",
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of())),
            List.of(),
            List.of()),
        context());
  }

  Diagnosis examine() {
    return registrar.examine(context());
  }

  private List<String> tasks() {
    return manifests.stream().map(Manifest::task).toList();
  }

  /** What was said to the listener. */
  List<String> events() {
    return events.stream().map(RegistrationEvent::toString).toList();
  }

  /** The identifiers of what was registered, with what happened; the messages of failures. */
  List<String> outcome() {
    return register().stream()
        .map(
            result ->
                result instanceof TaskRegistrar.Result.Registered done
                    ? done.action() + " " + done.id()
                    : "failed "
                        + result.task()
                        + ": "
                        + ((TaskRegistrar.Result.Failed) result).message())
        .toList();
  }
}
