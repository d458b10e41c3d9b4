package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.Workers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checks whether registries answer, and whether this machine's clock agrees with theirs. */
public final class ClockCheck implements DoctorCheck {
  /** The {@code Date} header has whole seconds, and the answer takes some time to arrive. */
  private static final Duration NOTABLE = Duration.ofSeconds(30);

  /** AWS rejects signatures that are further off, and bearer tokens may not live longer. */
  private static final Duration TOO_MUCH = Duration.ofMinutes(5);

  private final Patient patient;
  private final Clock clock;

  public ClockCheck(Patient patient, Clock clock) {
    this.patient = patient;
    this.clock = clock;
  }

  @Override
  public Result run() {
    return Result.of(
        Workers.atOnce(patient.registries(), this::check).stream().flatMap(List::stream).toList());
  }

  private List<Finding> check(Registry registry) {
    try {
      Optional<Instant> there = patient.registry().clock(registry);
      return List.of(
          new Finding("reach", registry.toString(), Status.OK, "answers"),
          compare(registry, there));
    } catch (ImageSpecException e) {
      return List.of(new Finding("reach", registry.toString(), Status.FAILED, e.getMessage()));
    }
  }

  private Finding compare(Registry registry, Optional<Instant> there) {
    if (there.isEmpty()) {
      return new Finding(
          "clock", registry.toString(), Status.NOT_PROBED, "it does not say the time");
    }
    Duration ahead = Duration.between(there.get(), clock.instant());
    if (ahead.abs().compareTo(NOTABLE) <= 0) {
      return new Finding("clock", registry.toString(), Status.OK, "agrees");
    }
    return new Finding(
        "clock",
        registry.toString(),
        ahead.abs().compareTo(TOO_MUCH) < 0 ? Status.WARNING : Status.FAILED,
        "this machine's clock is "
            + ahead.abs().toSeconds()
            + " s "
            + (ahead.isNegative() ? "behind" : "ahead")
            + "; signatures are refused for that. Set it, for example by NTP.");
  }
}
