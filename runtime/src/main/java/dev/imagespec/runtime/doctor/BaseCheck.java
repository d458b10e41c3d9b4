package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.LockedBase;
import dev.imagespec.runtime.work.Workers;
import java.util.List;
import java.util.Optional;

/** Checks whether base images can be read: as locked, or as they are now if the lock lacks them. */
public final class BaseCheck implements DoctorCheck {
  private final Patient patient;

  public BaseCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public Result run() {
    if (patient.bases().isEmpty()) {
      return Result.of(List.of());
    }
    LockFile lock;
    try {
      lock = LockFile.read(patient.settings().lock());
    } catch (ImageSpecException e) {
      return Result.of(
          List.of(
              new Finding(
                  "lock", patient.settings().lock().toString(), Status.FAILED, e.getMessage())));
    }
    return Result.of(
        Workers.atOnce(
            patient.bases().stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList(),
            base -> check(base, lock.get(base))));
  }

  private Finding check(ImageReference base, Optional<LockedBase> locked) {
    Repository source = patient.source(base);
    String from = source.registry().equals(base.registry()) ? "" : " in the mirror " + source;
    try {
      String asked =
          locked.map(entry -> entry.digest().toString()).orElse(base.manifestReference());
      Optional<Digest> found = patient.registry().manifests().digest(source, asked);
      if (found.isPresent()) {
        return new Finding(
            "base",
            base.toString(),
            Status.OK,
            (locked.isPresent() ? "locked to " : "not locked yet, now ") + found.get() + from);
      }
      return new Finding(
          "base",
          base.toString(),
          Status.FAILED,
          locked.isPresent()
              ? "is locked to " + asked + ", which is gone" + from + ". Run `imagespec lock`."
              : "does not exist" + from + ". Correct baseImage, or push it first.");
    } catch (ImageSpecException e) {
      return new Finding("base", base.toString(), Status.FAILED, e.getMessage());
    }
  }
}
