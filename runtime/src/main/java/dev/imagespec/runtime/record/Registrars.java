package dev.imagespec.runtime.record;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Repository;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.catalog.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the task registrars, one after the other. A failure of one does not stop the others. */
public final class Registrars {
  private static final Logger LOG = LoggerFactory.getLogger(Registrars.class);

  /** How the failure of a task starts whose image is there. */
  private static final String PUSHED = "The image is pushed and recorded, but the";

  private final Settings settings;
  private final List<Manifest> manifests;
  private final Set<String> leftOut;
  private final Map<String, Repository> repositories;
  private final RegistrationListener listener;
  private final List<CheckedRegistrar> registrars = new ArrayList<>();

  /** Why some registrars cannot be loaded. */
  private final List<String> broken = new ArrayList<>();

  /**
   * The registrars of one plan or registration.
   *
   * @param registrars where they come from; none is asked for if the settings leave them out
   * @param catalog its tasks
   * @param target the repository that a task's image is pushed to
   */
  public Registrars(
      Iterable<TaskRegistrar> registrars,
      Settings settings,
      Catalog catalog,
      Function<Task, Repository> target,
      RegistrationListener listener) {
    this.settings = settings;
    manifests = List.copyOf(catalog.manifests());
    leftOut = catalog.leftOut();
    repositories = repositories(catalog, target);
    Set<RegistrationEvent> told = ConcurrentHashMap.newKeySet();
    // A registrar reads its files for the check and again for its work, and may tell the same.
    this.listener =
        event -> {
          boolean isRemark =
              event instanceof RegistrationEvent.Note || event instanceof RegistrationEvent.Warning;
          if (!isRemark || told.add(event)) {
            listener.on(event);
          }
        };
    if (!settings.noRegistrars()) {
      load(registrars.iterator());
    }
  }

  /** A task without a repository is a failure that the plan tells. */
  private static Map<String, Repository> repositories(
      Catalog catalog, Function<Task, Repository> target) {
    Map<String, Repository> repositories = new TreeMap<>();
    for (Task task : catalog.tasks()) {
      try {
        repositories.put(task.name(), target.apply(task));
      } catch (ImageSpecException | IllegalArgumentException e) {
        LOG.debug("{} has no repository: {}", task.name(), e.getMessage());
      }
    }
    return repositories;
  }

  private void load(Iterator<TaskRegistrar> rest) {
    Set<String> names = new HashSet<>();
    Optional<TaskRegistrar> next = next(rest);
    while (next.isPresent()) {
      try {
        CheckedRegistrar registrar = new CheckedRegistrar(next.get());
        if (names.add(registrar.name())) {
          registrars.add(registrar);
        } else {
          broken.add(
              "two registrars have the name "
                  + registrar.name()
                  + "; take one of them off the class path.");
        }
      } catch (ImageSpecException e) {
        broken.add(String.valueOf(e.getMessage()));
      }
      next = next(rest);
    }
  }

  private Optional<TaskRegistrar> next(Iterator<TaskRegistrar> rest) {
    while (true) {
      try {
        return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
      } catch (ServiceConfigurationError e) {
        broken.add("a registrar cannot be loaded: " + e.getMessage());
      }
    }
  }

  /**
   * Has each registrar check its settings and definitions, before the first request.
   *
   * @throws ImageSpecException if one is wrong, or no registrar takes a definition
   */
  @SuppressWarnings("CatchingUnchecked") // a registrar is foreign code
  public void check() {
    if (settings.noRegistrars()) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (Definition definition : settings.definitions()) {
      requireKind(definition);
      if (!names.add(definition.kind() + ":" + definition.file().toAbsolutePath().normalize())) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "The definition " + definition + " is named twice; name it once.");
      }
    }
    WrittenFiles.check(settings);
    registrars.forEach(registrar -> registrar.check(context(registrar)));
  }

  private void requireKind(Definition definition) {
    TreeSet<String> kinds = new TreeSet<>();
    registrars.forEach(registrar -> kinds.addAll(registrar.kinds()));
    if (kinds.contains(definition.kind())) {
      return;
    }
    throw new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "No registrar takes the definition "
            + definition
            + "; "
            + Spelling.meant(definition.kind(), kinds.stream())
                .map(meant -> "did you mean " + meant + "?")
                .orElseGet(
                    () ->
                        kinds.isEmpty()
                            ? "none is on the class path that takes definitions."
                            : "the kinds are " + String.join(", ", kinds) + ".")
            + broken.stream().map(why -> " Besides, " + why).collect(Collectors.joining()));
  }

  /** What the registrars found out about what they need. */
  public Diagnosis examine() {
    List<Diagnosis.Finding> findings = new ArrayList<>();
    Map<String, String> policies = new TreeMap<>();
    try {
      check();
    } catch (ImageSpecException e) {
      findings.add(finding("definitions", String.valueOf(e.getMessage())));
      return new Diagnosis(findings, policies);
    }
    for (CheckedRegistrar registrar : registrars) {
      try {
        Diagnosis diagnosis = registrar.examine(context(registrar));
        findings.addAll(diagnosis.findings());
        policies.putAll(diagnosis.missingPolicies());
      } catch (ImageSpecException e) {
        findings.add(finding(registrar.name(), String.valueOf(e.getMessage())));
      }
    }
    broken.forEach(why -> findings.add(finding("class path", why)));
    return new Diagnosis(findings, policies);
  }

  private static Diagnosis.Finding finding(String subject, String message) {
    return new Diagnosis.Finding("registrar", subject, Diagnosis.Status.FAILED, message);
  }

  /** What the registrars would do, and why some cannot say. */
  public Plan plan(Plan plan) {
    List<Plan.Definition> planned = new ArrayList<>();
    List<Failure> failures = new ArrayList<>(plan.failures());
    for (CheckedRegistrar registrar : registrars) {
      try {
        Map<String, List<String>> failed = new LinkedHashMap<>();
        for (TaskRegistrar.Planned one : registrar.plan(plan, context(registrar))) {
          if (one instanceof TaskRegistrar.Planned.Known known) {
            planned.add(
                new Plan.Definition(
                    registrar.name(),
                    Printable.value(known.definition()),
                    known.task(),
                    known.action(),
                    known.changes().stream().map(Printable::value).toList()));
          } else if (one instanceof TaskRegistrar.Planned.Failed problem) {
            // A class that defines itself is named once.
            boolean isItself = problem.definition().equals(problem.task());
            add(
                failed,
                (isItself ? "" : problem.definition() + ": ") + problem.message(),
                problem.task());
          }
        }
        failed.forEach((message, tasks) -> failures.add(failure(tasks, message)));
      } catch (ImageSpecException e) {
        failures.add(
            failure(
                List.of(),
                "What the registrar "
                    + registrar.name()
                    + " would do is not known: "
                    + e.getMessage()));
      }
    }
    broken.forEach(why -> failures.add(failure(List.of(), why)));
    return new Plan(plan.images(), planned, failures);
  }

  /**
   * Has each registrar register the tasks that have an image.
   *
   * @return the registration, with the registrars' results
   */
  public Registration register(Registration registration) {
    List<Registration.RegisteredTask> registered = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    List<String> tasks = List.copyOf(registration.tasks().keySet());
    broken.forEach(why -> failures.add(pushed(tasks, why)));
    registrars.forEach(registrar -> register(registrar, registration, registered, failures));
    return registration.with(registered, failures);
  }

  private void register(
      CheckedRegistrar registrar,
      Registration registration,
      List<Registration.RegisteredTask> registered,
      List<Failure> failures) {
    String name = registrar.name();
    Map<String, String> images = registration.tasks();
    try {
      Map<String, List<String>> failed = new LinkedHashMap<>();
      for (TaskRegistrar.Result result : registrar.register(registration, context(registrar))) {
        String task = result.task();
        String of = (images.containsKey(task) ? PUSHED : "The") + " registrar " + name + " ";
        if (result instanceof TaskRegistrar.Result.Failed problem) {
          add(failed, of + "failed: " + problem.message(), task);
        } else if (!images.containsKey(task)) {
          add(failed, of + "registered this task, which this registration does not have.", task);
        } else if (result instanceof TaskRegistrar.Result.Registered done) {
          registered.add(
              new Registration.RegisteredTask(
                  name,
                  Printable.value(done.definition()),
                  task,
                  Printable.value(done.image()),
                  Printable.value(done.id()),
                  done.action()));
        }
      }
      failed.forEach((message, tasks) -> failures.add(failure(tasks, message)));
    } catch (ImageSpecException e) {
      failures.add(
          pushed(
              List.copyOf(images.keySet()),
              "the registrar " + name + " failed: " + e.getMessage()));
    }
  }

  /** What failed for several tasks is told once. */
  private static void add(Map<String, List<String>> failed, String message, String task) {
    failed.computeIfAbsent(Printable.text(message), key -> new ArrayList<>()).add(task);
  }

  private TaskRegistrar.Context context(CheckedRegistrar registrar) {
    return new TaskRegistrar.Context(
        settings.registrar(registrar.name()),
        settings.definitions().stream()
            .filter(definition -> registrar.kinds().contains(definition.kind()))
            .toList(),
        settings.render(),
        manifests,
        leftOut,
        repositories,
        settings.projectDir(),
        listener);
  }

  private static Failure pushed(List<String> tasks, String what) {
    return failure(tasks, "The images are pushed and recorded, but " + what);
  }

  private static Failure failure(List<String> tasks, String message) {
    return new Failure(tasks, "", FailureCode.REGISTRAR, message);
  }
}
