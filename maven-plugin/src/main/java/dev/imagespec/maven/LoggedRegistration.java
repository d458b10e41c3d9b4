package dev.imagespec.maven;

import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.ProgressLog;
import dev.imagespec.runtime.ProgressTable;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationProgress;

/**
 * A registration that tells Maven's log how far it is: a line now and then if it takes long, a
 * table at the end, and one line if a signal ends the build.
 */
final class LoggedRegistration {
  private final RegistrationProgress progress = new RegistrationProgress();
  private final ImageSpecMojo goal;

  LoggedRegistration(ImageSpecMojo goal) {
    this.goal = goal;
  }

  Registration register(ImageSpecMojo.Modules modules) {
    Thread hook =
        new Thread(
            () -> goal.getLog().warn("interrupted: " + progress.interrupted()),
            "imagespec-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      ImageRegistrar registrar =
          goal.registrar(modules)
              .withListener(
                  event -> {
                    progress.on(event);
                    goal.log(event);
                  });
      return logged(
          goal.isReportDefault(modules.settings()) ? registrar.withReportOnlyOfWork() : registrar);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // A signal is ending this process: the hook says so.
        Thread.onSpinWait();
      }
    }
  }

  private Registration logged(ImageRegistrar registrar) {
    try (ProgressLog log = new ProgressLog(progress, line -> goal.getLog().info(line))) {
      log.start();
      Registration registration = registrar.register();
      ProgressTable.lines(progress.now()).forEach(line -> goal.getLog().info(line));
      return registration;
    }
  }
}
