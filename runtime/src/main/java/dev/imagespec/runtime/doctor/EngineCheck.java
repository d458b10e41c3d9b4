package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Which programs that run the steps of an environment are installed. */
public final class EngineCheck implements DoctorCheck {
  private static final List<String> PROGRAMS = List.of("docker", "buildah");
  private static final int MAX_OUTPUT = 200;
  private static final long PATIENCE_SECONDS = 10;

  private final Patient patient;
  private final Map<String, String> environment;

  public EngineCheck(Patient patient, Map<String, String> environment) {
    this.patient = patient;
    this.environment = environment;
  }

  @Override
  public Result run() {
    List<Finding> findings = new ArrayList<>();
    for (String name : PROGRAMS) {
      find(name)
          .ifPresent(
              program -> findings.add(new Finding("engine", name, Status.OK, version(program))));
    }
    List<String> needing =
        patient.manifests().stream()
            .filter(manifest -> !manifest.environment().isEmpty())
            .map(Manifest::task)
            .toList();
    if (findings.isEmpty()) {
      findings.add(
          needing.isEmpty()
              ? new Finding("engine", "none installed", Status.OK, "no task has steps to run")
              : new Finding(
                  "engine",
                  "none installed",
                  Status.FAILED,
                  "docker or buildah is needed for the steps of " + String.join(", ", needing)));
    }
    return Result.of(findings);
  }

  private Optional<Path> find(String name) {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String version(Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version")
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      try (InputStream in = process.getInputStream()) {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return "does not say its version, at " + program;
        }
        String said = new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        return said.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "") + ", at " + program;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return "cannot be started: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "was not asked, at " + program;
    }
  }
}
