package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Repository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How far a registration is, collected from its events: for a display or a log. Safe for use by
 * several threads. Of an image it knows the layers, the bytes and how fast they went during the
 * last seconds.
 */
public final class RegistrationProgress implements RegistrationListener {

  /** What happens to an image, or happened. */
  public enum State {
    /** Its layers are made. */
    BUILDING,
    /** Its layers are sent, then its manifest. */
    SENDING,
    /** It is in its repository. */
    PUSHED,
    /** It was in its repository before. */
    EXISTS,
    /** It failed. */
    FAILED
  }

  /**
   * An image.
   *
   * @param image the image by its tag
   * @param tasks binary names of the task classes that run in it
   * @param layers how many layers its repository needs for it; 0 until that is known
   * @param layersDone how many of them are sent, mounted, or found there
   * @param bytes the size of these layers
   * @param bytesDone the bytes that are done
   * @param bytesSent the bytes among them that were sent; a layer that several images share counts
   *     for each
   * @param bytesPerSecond how fast bytes went during the last seconds
   * @param elapsed how long it has taken so far, or took
   */
  public record Image(
      ImageReference image,
      List<String> tasks,
      State state,
      int layers,
      int layersDone,
      long bytes,
      long bytesDone,
      long bytesSent,
      double bytesPerSecond,
      Duration elapsed) {
    private static final int TAG = 12;

    public Image {
      tasks = List.copyOf(tasks);
    }

    /** How long the rest takes at the present speed; empty if that is not known. */
    public Optional<Duration> left() {
      return bytesPerSecond < 1 || layersDone == layers
          ? Optional.empty()
          : Optional.of(Duration.ofSeconds((long) ((bytes - bytesDone) / bytesPerSecond)));
    }

    /** The share of the bytes that is done, from 0 to 1. */
    public double share() {
      return bytes == 0 ? layersDone : (double) bytesDone / bytes;
    }

    /** A short name: repository and the start of the tag, without the registry. */
    public String label() {
      String tag = image.tag().orElse("");
      return image.repository().name() + ":" + tag.substring(0, Math.min(tag.length(), TAG));
    }

    /** How far it is: one phrase. */
    public String detail() {
      return switch (state) {
        case BUILDING -> "building, " + Amount.time(elapsed);
        case SENDING -> layersDone == layers ? "writing its manifest" : sending();
        case PUSHED -> "pushed in " + Amount.time(elapsed);
        case EXISTS -> "exists";
        case FAILED -> "failed";
      };
    }

    private String sending() {
      StringBuilder text = new StringBuilder();
      text.append(layersDone).append(" of ").append(layers).append(" layers, ");
      text.append(Amount.part(bytesDone, bytes));
      if (bytesPerSecond >= 1) {
        text.append(", ").append(Amount.rate(bytesPerSecond));
      }
      left().ifPresent(left -> text.append(", ").append(Amount.time(left)).append(" left"));
      return text.toString();
    }
  }

  /**
   * An environment that an engine builds.
   *
   * @param name the short names of the tasks that use it
   * @param step the number of the step that runs, from 1; 0 before the first
   * @param steps how many steps there are; 0 if that is not known yet
   * @param text what the step does
   * @param elapsed how long the build has taken
   */
  public record Environment(String name, int step, int steps, String text, Duration elapsed) {
    /** How far it is: one phrase. */
    public String detail() {
      return (step == 0 ? "starting" : "step " + step + " of " + steps + ", " + text)
          + ", "
          + Amount.time(elapsed);
    }
  }

  /**
   * A moment of a registration.
   *
   * @param planned how many images there are; 0 until that is known
   * @param done how many of them exist or are pushed
   * @param images the images that anything has happened to, in that order
   * @param environments the environments that are built now
   * @param failures images that failed before they could be built
   * @param elapsed how long the registration has taken
   */
  public record Moment(
      int planned,
      int done,
      List<Image> images,
      List<Environment> environments,
      List<Failure> failures,
      Duration elapsed) {
    public Moment {
      images = List.copyOf(images);
      environments = List.copyOf(environments);
      failures = List.copyOf(failures);
    }

    /** The images that are built or sent now. */
    public List<Image> active() {
      return images.stream()
          .filter(image -> image.state() == State.BUILDING || image.state() == State.SENDING)
          .toList();
    }

    /** How many images are done. */
    public String summary() {
      return planned == 0
          ? "looking up base images and existing images, " + Amount.time(elapsed)
          : done + " of " + planned + " images done, " + Amount.time(elapsed);
    }
  }

  private record Layer(Repository repository, Digest digest) {}

  private record Build(long start, String name, String tag, int step, int steps, String text) {}

  private final LongSupplier nanos;
  private final long start;
  private final Map<ImageReference, ImageTransfer> images = new LinkedHashMap<>();
  private final Map<String, List<ImageTransfer>> byTask = new HashMap<>();
  private final Map<Layer, List<ImageTransfer>> layers = new LinkedHashMap<>();
  private final Map<Layer, RegistrationEvent.TransferProgress> transfers = new HashMap<>();
  private final Map<String, Build> environments = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private int planned;
  private int done;

  /** The progress of a registration that starts now. */
  public RegistrationProgress() {
    this(System::nanoTime);
  }

  /**
   * The progress of a registration that starts now.
   *
   * @param nanos the time in nanoseconds, from any origin
   */
  public RegistrationProgress(LongSupplier nanos) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  @Override
  public synchronized void on(RegistrationEvent event) {
    if (event instanceof RegistrationEvent.ImagesPlanned images) {
      planned = images.images();
    } else if (event instanceof RegistrationEvent.TransferProgress transfer) {
      Layer layer = new Layer(transfer.repository(), transfer.digest());
      transfers.put(layer, transfer);
      layers.getOrDefault(layer, List.of()).forEach(image -> transferred(image, transfer));
    } else if (event instanceof RegistrationEvent.ImageBuilding building) {
      begin(building.image(), building.tasks(), State.BUILDING);
    } else if (event instanceof RegistrationEvent.ImageComposed composed) {
      composed(composed);
    } else if (event instanceof RegistrationEvent.ImageReused reused) {
      begin(reused.image(), reused.tasks(), State.EXISTS);
      done++;
    } else if (event instanceof RegistrationEvent.ImagePushed pushed) {
      image(pushed.image()).end(State.PUSHED, nanos.getAsLong());
      done++;
    } else if (event instanceof RegistrationEvent.ImageFailed failed) {
      failed(failed.failure());
    } else {
      onEnvironment(event);
    }
  }

  private void transferred(ImageTransfer image, RegistrationEvent.TransferProgress transfer) {
    image.layer(transfer.digest(), transfer.blobDone(), transfer.blobSent(), nanos.getAsLong());
  }

  private void onEnvironment(RegistrationEvent event) {
    if (event instanceof RegistrationEvent.EnvironmentBuilding building) {
      environments.put(
          building.name() + building.tag(),
          new Build(nanos.getAsLong(), building.name(), building.tag(), 0, 0, ""));
    } else if (event instanceof RegistrationEvent.EnvironmentStep step) {
      environments.replaceAll(
          (key, build) ->
              build.name().equals(step.name())
                  ? new Build(
                      build.start(),
                      build.name(),
                      build.tag(),
                      step.step(),
                      step.steps(),
                      step.text())
                  : build);
    } else if (event instanceof RegistrationEvent.EnvironmentPushed pushed) {
      environments
          .values()
          .removeIf(build -> pushed.environment().tag().filter(build.tag()::equals).isPresent());
    } else if (event instanceof RegistrationEvent.EnvironmentFailed failed) {
      environments.values().removeIf(build -> failed.tag().equals(build.tag()));
    }
  }

  private ImageTransfer begin(ImageReference image, List<String> tasks, State state) {
    return images.computeIfAbsent(
        image,
        key -> {
          ImageTransfer begun = new ImageTransfer(image, tasks, state, nanos.getAsLong());
          tasks.forEach(
              task -> byTask.computeIfAbsent(task, none -> new ArrayList<>(1)).add(begun));
          return begun;
        });
  }

  private ImageTransfer image(ImageReference image) {
    return begin(image, List.of(), State.BUILDING);
  }

  private void composed(RegistrationEvent.ImageComposed composed) {
    ImageTransfer image = image(composed.image());
    image.composed(composed.layers());
    for (Digest digest : composed.layers().keySet()) {
      Layer layer = new Layer(composed.image().repository(), digest);
      layers.computeIfAbsent(layer, key -> new ArrayList<>()).add(image);
      // A layer may travel before all of the image is known.
      RegistrationEvent.TransferProgress before = transfers.get(layer);
      if (before != null) {
        transferred(image, before);
      }
    }
  }

  private void failed(Failure failure) {
    boolean isKnown = false;
    Set<String> tasks = Set.copyOf(failure.tasks());
    Set<ImageTransfer> concerned = new LinkedHashSet<>();
    failure.tasks().forEach(task -> concerned.addAll(byTask.getOrDefault(task, List.of())));
    for (ImageTransfer image : concerned) {
      if (image.isActive() && tasks.containsAll(image.tasks())) {
        image.end(State.FAILED, nanos.getAsLong());
        isKnown = true;
      }
    }
    if (!isKnown) {
      failures.add(failure);
    }
  }

  /** How far it is now. */
  public synchronized Moment now() {
    long now = nanos.getAsLong();
    return new Moment(
        planned,
        done,
        images.values().stream().map(image -> image.at(now)).toList(),
        environments.values().stream()
            .map(
                build ->
                    new Environment(
                        build.name(),
                        build.step(),
                        build.steps(),
                        build.text(),
                        Duration.ofNanos(now - build.start())))
            .toList(),
        failures,
        Duration.ofNanos(now - start));
  }

  /** What is there, and what to do: one line, for a registration that is interrupted. */
  public synchronized String interrupted() {
    return planned == 0
        ? "nothing is pushed yet"
        : done
            + " of "
            + planned
            + " images are pushed or were there before; the next registration goes on from there";
  }
}
