package dev.imagespec.runtime.run;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Inventory;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists the images in the repositories of a catalog, and which tasks run in them. Only reads. */
public final class Listing {
  private static final Pattern TAG = Pattern.compile("is1-([0-9a-f]{32})");

  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;

  public Listing(Session session, Settings settings, RegistrationListener listener) {
    this.session = session;
    this.settings = settings;
    this.listener = listener;
  }

  /** What is known about an image before its repository is asked. */
  private static final class Known {
    private String fingerprint = "";
    private final Set<String> tasks = new TreeSet<>();
  }

  /**
   * Lists the repositories of the catalog's tasks, those of the images in the records, and the one
   * that {@link Settings#registry} and {@link Settings#name} name together.
   *
   * @param catalog tasks, whose images are recognized by their fingerprints; may be empty
   * @param records the records of earlier registrations
   * @throws ImageSpecException if there is no repository to list, or a task has no valid repository
   */
  public Inventory list(Catalog catalog, List<RegistrationRecord> records) {
    Map<String, Repository> repositories = repositories(catalog, records);
    if (repositories.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "There is no repository to list. Give the tasks' class path with --classpath, a record with"
              + " --record, or --registry and --name.");
    }
    Map<String, Known> byTag = planned(catalog);
    List<Attempt<Inventory.Repository>> found = new ArrayList<>();
    try (Workers workers = new Workers(settings.parallelism())) {
      repositories.forEach(
          (name, repository) ->
              found.add(
                  Attempt.at(
                      new Subject(List.of(), repository),
                      () -> list(repository, records, byTag, workers))));
    }
    return new Inventory(Attempt.values(found), Attempt.failures(found));
  }

  private Inventory.Repository list(
      Repository repository,
      List<RegistrationRecord> records,
      Map<String, Known> byTag,
      Workers workers) {
    Optional<List<StoredImage>> stored =
        session.targets().of(repository.registry()).stored(repository, workers);
    List<RegistrationRecord.Image> recorded =
        records.stream()
            .flatMap(record -> record.images().stream())
            .filter(image -> image.repository().equals(repository.toString()))
            .toList();
    return repository(repository.toString(), stored, byTag, recorded);
  }

  private Map<String, Repository> repositories(Catalog catalog, List<RegistrationRecord> records) {
    Map<String, Repository> repositories = new TreeMap<>();
    Drafter drafter = new Drafter(settings, session.targets(), MachineMemory.none());
    catalog
        .tasks()
        .forEach(
            task -> {
              Repository target = drafter.target(task);
              repositories.put(target.toString(), target);
            });
    for (RegistrationRecord record : records) {
      for (RegistrationRecord.Image image : record.images()) {
        repositories.computeIfAbsent(image.repository(), name -> repository(image.reference()));
      }
    }
    if (settings.registry().isPresent() && settings.name().isPresent()) {
      Repository given = settings.registry().get().repository(settings.name().get().value());
      repositories.put(given.toString(), given);
    }
    return repositories;
  }

  private static Repository repository(String reference) {
    try {
      return ImageReference.parse(reference).repository();
    } catch (IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The registration record names an image that is none: " + e.getMessage() + ".",
          e);
    }
  }

  /** The current images of the catalog's tasks, by repository and tag. */
  private Map<String, Known> planned(Catalog catalog) {
    Map<String, Known> known = new HashMap<>();
    if (catalog.tasks().isEmpty()) {
      return known;
    }
    try {
      Plan plan = new Planning(session, settings, RegistrationListener.none()).untagged(catalog);
      for (Plan.Image image : plan.images()) {
        Known entry =
            known.computeIfAbsent(image.repository() + ":" + image.tag(), key -> new Known());
        entry.fingerprint = image.fingerprint();
        entry.tasks.addAll(image.tasks());
      }
      plan.failures()
          .forEach(failure -> note(String.join(", ", failure.tasks()), failure.message()));
    } catch (ImageSpecException e) {
      // The content of the repositories can still be listed.
      note(String.join(", ", catalog.names()), e.getMessage());
    }
    return known;
  }

  private void note(String tasks, String why) {
    listener.on(new RegistrationEvent.Note(tasks, "which image is theirs is not known: " + why));
  }

  private static Inventory.Repository repository(
      String name,
      Optional<List<StoredImage>> stored,
      Map<String, Known> byTag,
      List<RegistrationRecord.Image> recorded) {
    List<StoredImage> there = stored.orElse(List.of());
    Set<String> digests = new HashSet<>();
    List<Inventory.Image> images = new ArrayList<>();
    for (StoredImage image : there) {
      String digest = image.digest().toString();
      digests.add(digest);
      for (String tag : image.tags()) {
        images.add(image(name, tag, image, byTag, recorded));
      }
    }
    images.sort(
        Comparator.comparing(
                (Inventory.Image image) -> image.pushedAt().orElse(Instant.MIN),
                Comparator.reverseOrder())
            .thenComparing(Inventory.Image::tag));
    for (RegistrationRecord.Image image : recorded) {
      if (digests.add(digest(image))) {
        images.add(
            new Inventory.Image(
                image.tag(),
                digest(image),
                image.fingerprint(),
                image.tasks(),
                Inventory.State.GONE,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty()));
      }
    }
    int untagged = (int) there.stream().filter(image -> image.tags().isEmpty()).count();
    return new Inventory.Repository(name, stored.isPresent(), images, untagged);
  }

  private static Inventory.Image image(
      String repository,
      String tag,
      StoredImage image,
      Map<String, Known> byTag,
      List<RegistrationRecord.Image> recorded) {
    String digest = image.digest().toString();
    Known known = byTag.getOrDefault(repository + ":" + tag, new Known());
    Set<String> tasks = new TreeSet<>(known.tasks);
    String fingerprint = known.fingerprint;
    for (RegistrationRecord.Image record : recorded) {
      if (digest(record).equals(digest) && record.tag().equals(tag)) {
        tasks.addAll(record.tasks());
        fingerprint = record.fingerprint();
      }
    }
    Matcher own = TAG.matcher(tag);
    if (fingerprint.isEmpty() && own.matches()) {
      fingerprint = own.group(1);
    }
    return new Inventory.Image(
        tag,
        digest,
        fingerprint,
        List.copyOf(tasks),
        image.archived() ? Inventory.State.ARCHIVED : Inventory.State.ACTIVE,
        image.pushedAt(),
        image.bytes(),
        image.scan().map(scan -> new Inventory.Scan(scan.status(), scan.findings())));
  }

  private static String digest(RegistrationRecord.Image image) {
    return image.reference().substring(image.reference().indexOf('@') + 1);
  }
}
