package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.engine.Engine;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.EngineSettings;
import java.util.List;

/** Checks which engine runs the steps of environments on this machine, and with which builders. */
public final class EngineCheck implements DoctorCheck {
  private static final String CHECK = "engine";

  private final Patient patient;
  private final List<Engine> engines;
  private final EngineSettings settings;

  public EngineCheck(Patient patient, List<Engine> engines, EngineSettings settings) {
    this.patient = patient;
    this.engines = List.copyOf(engines);
    this.settings = settings;
  }

  @Override
  public Result run() {
    List<String> needing =
        patient.manifests().stream().filter(Manifest::needsEngine).map(Manifest::task).toList();
    try {
      EnginePool pool = EnginePool.open(engines, patient.settings().engine(), settings, 1);
      return Result.of(
          List.of(new Finding(CHECK, pool.engine(), Status.OK, "with " + pool.builders())));
    } catch (EngineException e) {
      return Result.of(
          List.of(
              needing.isEmpty()
                  ? new Finding(
                      CHECK, "none", Status.OK, "no task has steps to run; " + e.getMessage())
                  : new Finding(
                      CHECK,
                      "none",
                      Status.FAILED,
                      "the steps of "
                          + String.join(", ", needing)
                          + " need one: "
                          + e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Result.of(List.of(new Finding(CHECK, "none", Status.NOT_PROBED, "interrupted")));
    }
  }
}
