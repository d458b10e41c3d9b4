package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.runtime.work.Sizes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far an image is, as its events tell it. */
final class ImageTransfer {
  private final ImageReference image;
  private final List<String> tasks;
  private final long start;
  private final Throughput sent;
  private final Map<Digest, Long> sizes = new HashMap<>();
  private final Map<Digest, Long> done = new HashMap<>();
  private final Map<Digest, Long> read = new HashMap<>();
  private RegistrationProgress.State state;
  private long end;

  ImageTransfer(
      ImageReference image, List<String> tasks, RegistrationProgress.State state, long nanos) {
    this.image = image;
    this.tasks = tasks;
    this.state = state;
    this.start = nanos;
    this.end = nanos;
    this.sent = new Throughput(nanos);
  }

  List<String> tasks() {
    return tasks;
  }

  /** Its layers are known. */
  void composed(Map<Digest, Long> layers) {
    sizes.putAll(layers);
    state = RegistrationProgress.State.SENDING;
  }

  /** Some of a layer is done. */
  void layer(Digest digest, long bytesDone, long bytesSent, long nanos) {
    if (sizes.containsKey(digest)) {
      done.merge(digest, bytesDone, Math::max);
      long before = read.getOrDefault(digest, 0L);
      sent.add(nanos, bytesSent - before);
      read.merge(digest, bytesSent, Math::max);
    }
  }

  boolean isActive() {
    return state == RegistrationProgress.State.BUILDING
        || state == RegistrationProgress.State.SENDING;
  }

  void end(RegistrationProgress.State last, long nanos) {
    state = last;
    end = nanos;
  }

  RegistrationProgress.Image at(long nanos) {
    return new RegistrationProgress.Image(
        image,
        tasks,
        state,
        sizes.size(),
        (int) sizes.entrySet().stream().filter(this::isDone).count(),
        sizes.values().stream().reduce(0L, Sizes::sum),
        done.values().stream().reduce(0L, Sizes::sum),
        sent.bytes(),
        isActive() ? sent.perSecond(nanos) : 0,
        Duration.ofNanos((isActive() ? nanos : end) - start));
  }

  private boolean isDone(Map.Entry<Digest, Long> layer) {
    return done.getOrDefault(layer.getKey(), 0L) >= layer.getValue();
  }
}
