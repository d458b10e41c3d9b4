package dev.imagespec.cli;

import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.ProgressLog;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationProgress;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/**
 * Shows on stderr how far a registration is: drawn on a terminal, else by a line now and then. Says
 * what is there if a signal ends it.
 */
final class ProgressView {
  private final RegistrationProgress progress = new RegistrationProgress();
  private final CommonOptions common;
  private final PrintWriter err;

  ProgressView(CommonOptions common, PrintWriter err) {
    this.common = common;
    this.err = err;
  }

  /** Registers, and shows it. */
  Registration register(ImageRegistrar registrar) {
    return common
        .printing()
        .untilInterrupted(
            progress::interrupted,
            err,
            () -> {
              Optional<Display> display = display(common.printing());
              return display.isPresent() ? drawn(registrar, display.get()) : written(registrar);
            });
  }

  /** A display, unless somebody else reads stderr, or more is printed there than can be drawn. */
  private Optional<Display> display(Printing printing) {
    if (printing.json() || printing.verbose()) {
      return Optional.empty();
    }
    Map<String, String> variables = EnvironmentVariables.ofThisProcess();
    return printing
        .area()
        .flatMap(
            area ->
                Screen.ofStderr(variables)
                    .map(
                        screen ->
                            new Display(
                                progress,
                                area,
                                screen,
                                () -> Screen.ofStderr(variables).orElse(screen))));
  }

  private Registration drawn(ImageRegistrar registrar, Display display) {
    try (display) {
      display.start();
      Registration registration =
          registrar
              .withListener(
                  event -> {
                    progress.on(event);
                    if (common.isShown(event)) {
                      display.print(event);
                    }
                  })
              .register();
      if (!common.printing().ended()) {
        display.end();
      }
      return registration;
    }
  }

  private Registration written(ImageRegistrar registrar) {
    try (ProgressLog log = new ProgressLog(progress, this::print)) {
      log.start();
      return registrar
          .withListener(
              event -> {
                progress.on(event);
                if (common.isShown(event)) {
                  err.println(event);
                }
              })
          .register();
    }
  }

  private void print(String line) {
    if (!common.printing().ended()) {
      err.println(line);
    }
  }
}
