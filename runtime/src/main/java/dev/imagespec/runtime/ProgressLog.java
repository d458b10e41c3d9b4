package dev.imagespec.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says how far a registration is, one line every few seconds: for a log. A registration that takes
 * less than that has no line. After a minute, the lines come less often.
 */
public final class ProgressLog implements AutoCloseable {
  private static final long OFTEN = Duration.ofSeconds(5).toNanos();
  private static final long SELDOM = Duration.ofSeconds(30).toNanos();
  private static final long LONG = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 3;

  private final RegistrationProgress progress;
  private final Consumer<String> out;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "imagespec-progress");
            thread.setDaemon(true);
            return thread;
          });
  private long next = OFTEN;

  /**
   * A log.
   *
   * @param out receives the lines, each without a line end
   */
  public ProgressLog(RegistrationProgress progress, Consumer<String> out) {
    this.progress = progress;
    this.out = out;
  }

  /** Starts to write lines, in a thread of its own, until this is closed. */
  public ProgressLog start() {
    var unused = clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    return this;
  }

  /** Writes a line if it is time for one. */
  synchronized void tick() {
    RegistrationProgress.Moment moment = progress.now();
    long elapsed = moment.elapsed().toNanos();
    if (elapsed >= next) {
      next = elapsed + (elapsed < LONG ? OFTEN : SELDOM);
      out.accept(line(moment));
    }
  }

  private static String line(RegistrationProgress.Moment moment) {
    List<String> parts = new ArrayList<>();
    moment
        .environments()
        .forEach(
            environment ->
                parts.add("environment of " + environment.name() + ": " + environment.detail()));
    moment.active().forEach(image -> parts.add(image.label() + ": " + image.detail()));
    String more = parts.size() > MOST ? "; and " + (parts.size() - MOST) + " more" : "";
    List<String> shown = new ArrayList<>(parts.subList(0, Math.min(MOST, parts.size())));
    shown.add(0, moment.summary());
    return "progress: " + String.join("; ", shown) + more;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
