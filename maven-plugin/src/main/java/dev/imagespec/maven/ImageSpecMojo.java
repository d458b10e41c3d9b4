package dev.imagespec.maven;

import dev.imagespec.runtime.CredentialProvider;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/** A goal. It works once for all modules of the build, in the last of them. */
abstract class ImageSpecMojo extends SettingParameters {
  private static final String PREFIX = "imagespec.";

  private static final String SERVER =
      " Maven also takes the <server> of settings.xml whose id is the registry, for every registry"
          + " but those of Amazon ECR.";

  /** A record's place in the output folder of a module. */
  static final String RECORD = "imagespec/registration.json";

  /** The report's place in the output folder of the top module. */
  private static final String REPORT = "imagespec/report.html";

  /** Parameters of goals that are no settings. */
  private static final Set<String> OWN =
      Set.of(
          "imagespec.skip",
          "imagespec.projects",
          "imagespec.class",
          "imagespec.to",
          "imagespec.dry-run");

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private @Nullable MavenSession session;

  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
  private @Nullable MojoExecution execution;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private @Nullable MavenProject project;

  @Inject private @Nullable SettingsDecrypter decrypter;

  /** Does nothing. */
  @Parameter(property = "imagespec.skip", defaultValue = "false")
  private boolean skip;

  /** The modules to take, such as {@code :tasks}; without, all in which the goal runs. */
  @Parameter(property = "imagespec.projects")
  private @Nullable List<String> projects;

  /**
   * What the goal does.
   *
   * @param modules the modules, in the order of the build
   */
  abstract void run(Modules modules) throws MojoFailureException;

  /** Whether the goal writes a report even if the settings name no file for it. */
  boolean reports() {
    return false;
  }

  /**
   * The modules of a build.
   *
   * @param settings the settings for all of them
   * @param sources their tasks
   * @param unprocessed what is wrong with modules whose tasks have no manifests
   */
  record Modules(
      Settings settings, Map<MavenProject, TaskSource> sources, List<String> unprocessed) {
    List<TaskSource> taskSources() {
      return List.copyOf(sources.values());
    }
  }

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("skipped: imagespec.skip is set");
      return;
    }
    MavenSession build = known(session);
    Optional<List<MavenProject>> modules =
        new Participants(build, known(execution), projects == null ? List.of() : projects)
            .arrived(known(project));
    if (modules.isEmpty()) {
      getLog().info("waits for the last module of the build, to do the work for all in one");
      return;
    }
    try {
      Settings settings = settings(build);
      Map<MavenProject, TaskSource> sources = new LinkedHashMap<>();
      for (MavenProject module : modules.get()) {
        ModuleSource.of(module, build.getProjects())
            .ifPresent(source -> sources.put(module, source.withClasses(settings.classes())));
      }
      if (sources.isEmpty()) {
        getLog()
            .info(
                "no module has classes; compile first: mvn process-classes imagespec:"
                    + known(execution).getGoal());
        return;
      }
      List<String> unprocessed = unprocessed(sources);
      unprocessed.forEach(getLog()::warn);
      run(new Modules(settings, sources, unprocessed));
    } catch (ImageSpecException e) {
      getLog().debug(e);
      if (e.code().isInput()) {
        throw new MojoExecutionException(String.valueOf(e.getMessage()), e);
      }
      throw new MojoFailureException(String.valueOf(e.getMessage()), e);
    }
  }

  private List<String> unprocessed(Map<MavenProject, TaskSource> sources) {
    List<String> messages = new ArrayList<>();
    sources.forEach(
        (module, source) -> {
          List<String> tasks = source.unprocessedTasks();
          if (!tasks.isEmpty()) {
            messages.add(
                new MissingProcessor(module, known(execution).getVersion()).message(tasks));
          }
        });
    return messages;
  }

  /**
   * The settings: {@code -D} before the configuration, before properties of the pom, before the
   * environment, before {@code imagespec.properties} of the top folder.
   */
  private Settings settings(MavenSession build) {
    Map<String, String> defaults = new LinkedHashMap<>();
    if (build.isOffline()) {
      // Bases are taken as the lock has them; only the target is asked.
      defaults.put(SettingKey.LOCKED.name(), "true");
    }
    Settings settings = settings(build, defaults);
    Path target = target(build);
    if (settings.record().isEmpty()) {
      defaults.put(SettingKey.RECORD.name(), target.resolve(RECORD).toString());
    }
    if (reports() && settings.report().isEmpty()) {
      defaults.put(SettingKey.REPORT.name(), target.resolve(REPORT).toString());
    }
    return settings(build, defaults);
  }

  private Path target(MavenSession build) {
    return root(build, known(project)).resolve("target");
  }

  /**
   * Whether a report is written because the goal does so, and not because somebody names a file.
   */
  final boolean isReportDefault(Settings settings) {
    return settings.report().equals(Optional.of(target(known(session)).resolve(REPORT)));
  }

  private Settings settings(MavenSession build, Map<String, String> defaults) {
    return Settings.reader()
        .workingDirectory(root(build, known(project)))
        .configuration("-D", settings(build.getUserProperties()))
        .configuration("the plugin's configuration", given())
        .configuration("properties of the pom", settings(known(project).getProperties()))
        .environment(EnvironmentVariables.ofThisProcess())
        .configuration("defaults of the plugin", defaults)
        .read();
  }

  private static Map<String, String> settings(Properties properties) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !OWN.contains(name)) {
        settings.put(name, properties.getProperty(name));
      }
    }
    return settings;
  }

  /**
   * The top folder of the build, which has the lock: where Maven was called, or above it the folder
   * of the last parent.
   */
  private static Path root(MavenSession build, MavenProject module) {
    MavenProject top = module;
    while (top.getParent() != null && top.getParent().getBasedir() != null) {
      top = top.getParent();
    }
    Path ofParents = top.getBasedir().toPath();
    Path called = Path.of(build.getExecutionRootDirectory());
    return ofParents.startsWith(called) ? called : ofParents;
  }

  /** Credentials of the servers in {@code settings.xml}. */
  final CredentialProvider credentials() {
    return new ServerCredentials(known(session).getSettings().getServers(), known(decrypter));
  }

  /** A registrar of the tasks of all modules that tells Maven's log what it does. */
  final ImageRegistrar registrar(Modules modules) {
    return ImageRegistrar.of(modules.settings(), modules.taskSources())
        .withCredentials(credentials())
        .withListener(this::log);
  }

  /** The task that a goal is for: the named one, or the only one. */
  final String oneTask(@Nullable String named, ImageRegistrar registrar)
      throws MojoFailureException {
    List<String> tasks = named == null ? registrar.tasks() : List.of(named);
    if (tasks.size() != 1) {
      throw new MojoFailureException(
          known(execution).getGoal()
              + " is for one task; name it with -Dimagespec.class=. There are "
              + tasks);
    }
    return tasks.get(0);
  }

  final void log(RegistrationEvent event) {
    if (event instanceof RegistrationEvent.Warning) {
      getLog().warn(event.toString().replaceFirst("^warning: ", ""));
    } else if (event instanceof RegistrationEvent.BlobUploaded
        || event instanceof RegistrationEvent.EngineOutput) {
      getLog().debug(event.toString());
    } else if (!(event instanceof RegistrationEvent.TransfersPlanned
        || event instanceof RegistrationEvent.TransferProgress
        || event instanceof RegistrationEvent.ImageComposed
        || event instanceof RegistrationEvent.ImageFailed
        || event instanceof RegistrationEvent.EnvironmentFailed)) {
      getLog().info(event.toString());
    }
  }

  /** Fails the build if something failed; the message names modules and tasks. */
  final void require(List<Failure> failures, Modules modules) throws MojoFailureException {
    if (failures.isEmpty()) {
      return;
    }
    StringBuilder message = new StringBuilder();
    for (Failure failure : failures) {
      String line =
          (failure.tasks().isEmpty()
                  ? ""
                  : String.join(", ", failure.tasks()) + in(failure, modules) + ": ")
              + failure.message()
              + (failure.code() == FailureCode.UNAUTHORIZED ? SERVER : "");
      getLog().error(line);
      message.append(message.isEmpty() ? "" : "\n").append(line);
    }
    throw new MojoFailureException(message.toString());
  }

  private static String in(Failure failure, Modules modules) {
    List<String> names =
        modules.sources().entrySet().stream()
            .filter(module -> failure.tasks().stream().anyMatch(task -> has(module.getKey(), task)))
            .map(module -> ModuleSource.name(module.getKey()))
            .toList();
    return names.isEmpty() ? "" : " in " + String.join(", ", names);
  }

  /** Whether a module has a class. */
  static boolean has(MavenProject module, String name) {
    return java.nio.file.Files.isRegularFile(
        Path.of(module.getBuild().getOutputDirectory(), name.replace('.', '/') + ".class"));
  }

  /** What Maven injects. */
  static <T> T known(@Nullable T injected) {
    if (injected == null) {
      throw new IllegalStateException("Maven injects this parameter");
    }
    return injected;
  }
}
