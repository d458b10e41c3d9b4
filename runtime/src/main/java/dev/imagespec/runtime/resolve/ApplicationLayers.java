package dev.imagespec.runtime.resolve;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.work.FileName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.Attributes;

/**
 * The layers of a built application, which is recognized by its files and never run. An archive's
 * entries become files as the framework would unpack them; a folder's files stay what they are.
 */
final class ApplicationLayers {
  /** The layer of Quarkus with the jars of the application's own classes. */
  static final String QUARKUS_APP = "app";

  private static final String QUARKUS_RUN = "quarkus-run.jar";
  private static final String QUARKUS_LAUNCHER = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";
  private static final String SNAPSHOT = "-SNAPSHOT.jar";

  private final Manifest.Application application;
  private final ProjectFiles files;
  private final SensitiveFiles sensitive;
  private final Map<String, Map<String, LayerEntry>> layers = new LinkedHashMap<>();

  private ApplicationLayers(
      Manifest.Application application, ProjectFiles files, SensitiveFiles sensitive) {
    this.application = application;
    this.files = files;
    this.sensitive = sensitive;
  }

  /**
   * The layers of an application, lowest first, without empty ones.
   *
   * @param sensitive what it must not contain
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is missing or nothing
   *     that is known; the message says what to do
   */
  static List<Layer> of(
      Manifest.Application application,
      Path projectDir,
      ProjectFiles files,
      SensitiveFiles sensitive) {
    Path file = projectDir.resolve(FileName.checked(application.from()));
    ApplicationLayers layers = new ApplicationLayers(application, files, sensitive);
    if (!Files.exists(file)) {
      throw layers.refused(
          "there is no such file or folder in the project directory "
              + projectDir
              + ". The build makes it: register after that, with Maven after the phase package (mvn"
              + " package imagespec:plan).");
    }
    Path real = ProjectFiles.contained(file, ProjectFiles.real(projectDir));
    if (Files.isDirectory(real)) {
      layers.quarkus(real);
    } else {
      try (ApplicationArchive archive = ApplicationArchive.open(real)) {
        layers.archive(archive);
      }
    }
    return layers.layers();
  }

  private List<Layer> layers() {
    List<Layer> result = new ArrayList<>();
    layers.forEach(
        (name, entries) -> {
          if (!entries.isEmpty()) {
            result.add(Layer.of(Layer.APPLICATION + name, entries));
          }
        });
    return List.copyOf(result);
  }

  private void archive(ApplicationArchive archive) {
    Attributes manifest = archive.attributes();
    Optional<SpringBoot> boot = SpringBoot.of(manifest, archive);
    if (!application.runs()) {
      war(archive);
    } else if (boot.isPresent()) {
      springBoot(archive, boot.get());
    } else {
      throw unknown(archive, manifest);
    }
  }

  private ImageSpecException unknown(ApplicationArchive archive, Attributes manifest) {
    String main = String.valueOf(manifest.getValue(Attributes.Name.MAIN_CLASS));
    if (main.equals(QUARKUS_LAUNCHER)) {
      return refused("it is a part of a Quarkus application; name the folder that it is in.");
    }
    if (SpringBoot.isLauncher(main)) {
      return refused(
          "its Main-Class is Spring Boot's launcher, but it has no Start-Class, or not the launcher"
              + " itself. Build it with the goal repackage (Maven) or the task bootJar (Gradle).");
    }
    if (archive.hasFolder("WEB-INF")) {
      return refused(
          "this WAR has no launcher, so a server runs it: use a base image with one, a file that ends"
              + " with .war, and set to, such as /usr/local/tomcat/webapps/ROOT (Tomcat) or"
              + " /var/lib/jetty/webapps/ROOT (Jetty).");
    }
    return refused(
        "it is no Spring Boot jar, with Spring Boot's launcher as Main-Class ("
            + (main.equals("null")
                ? "it has none"
                : "it has " + Printable.value(Printable.start(main, 200)))
            + "). To run other classes, use mainClass: it puts the class path into layers. Of Quarkus,"
            + " name the folder of a fast-jar, such as target/quarkus-app.");
  }

  private void springBoot(ApplicationArchive archive, SpringBoot boot) {
    LayersIndex index;
    try {
      index = boot.index(archive);
    } catch (IllegalArgumentException e) {
      throw refused("its " + boot.indexFile() + " cannot be read: " + e.getMessage() + ".");
    }
    List<String> names = index.names();
    String last = names.get(names.size() - 1);
    names.forEach(this::layer);
    unpack(
        archive,
        path ->
            index
                .layer(path)
                .orElseThrow(
                    () ->
                        refused(
                            "its "
                                + boot.indexFile()
                                + " has no layer for "
                                + path
                                + ". Add one, or build without the index.")));
    archive
        .emptyFolders()
        .forEach(folder -> folder(index.layer(folder + "/").orElse(last), folder));
    launch(last, "-cp\n" + ClassPathLayers.argument(application.folder()) + boot.launcher() + "\n");
  }

  private void war(ApplicationArchive archive) {
    if (!archive.hasFolder("WEB-INF")) {
      throw refused("it is no WAR: it has no WEB-INF.");
    }
    List.of("dependencies", "snapshot-dependencies", "static", "classes").forEach(this::layer);
    unpack(archive, ApplicationLayers::layerOfWar);
    archive.emptyFolders().forEach(folder -> folder(layerOfWar(folder + "/"), folder));
  }

  private static String layerOfWar(String path) {
    if (path.startsWith(ApplicationLayout.WEB + ApplicationLayout.LIBS)) {
      return path.endsWith(SNAPSHOT) ? "snapshot-dependencies" : "dependencies";
    }
    return path.startsWith(ApplicationLayout.WEB + ApplicationLayout.CLASSES)
        ? "classes"
        : "static";
  }

  private void unpack(ApplicationArchive archive, Function<String, String> layerOf) {
    for (String path : archive.files()) {
      String inClasses = ApplicationLayout.inClasses(path).orElse(path);
      if (inClasses.startsWith(Manifest.FOLDER) || path.startsWith(Manifest.FOLDER)) {
        continue;
      }
      keepOut(path, inClasses);
      String target = application.folder() + "/" + path;
      layer(layerOf.apply(path))
          .put(target, new LayerEntry(target, LayerEntry.PLAIN, files.content(archive, path)));
    }
  }

  /** A Quarkus fast-jar, in the layers that its guide makes of it. */
  private void quarkus(Path folder) {
    Path run = folder.resolve(QUARKUS_RUN);
    if (!Files.isDirectory(folder.resolve("lib").resolve("boot"))
        || !Files.isDirectory(folder.resolve("quarkus"))
        || !mainClass(run).equals(QUARKUS_LAUNCHER)) {
      throw refused(
          "the folder is no Quarkus application: it has no "
              + QUARKUS_RUN
              + " with Quarkus' launcher, lib/boot and quarkus. Name the folder of a fast-jar, such as"
              + " target/quarkus-app; of Spring Boot the jar, of a WAR the .war file.");
    }
    List.of("lib", "lib-snapshots", "run", QUARKUS_APP, "quarkus").forEach(this::layer);
    files.walk(
        folder,
        folder,
        (name, path, real) -> {
          keepOut(name, name);
          if (!Files.isDirectory(path)) {
            ClassPathLayers.refuseRecordIn(path, files);
            String target = ProjectFiles.checked(application.folder() + "/" + name);
            layer(layerOfQuarkus(name))
                .put(target, new LayerEntry(target, LayerEntry.PLAIN, files.content(path)));
          } else if (ProjectFiles.isEmpty(path)) {
            folder(layerOfQuarkus(name), name);
          }
        });
    launch(
        "quarkus", "-jar\n" + ClassPathLayers.argument(application.folder() + "/" + QUARKUS_RUN));
  }

  private static String layerOfQuarkus(String path) {
    int slash = path.indexOf('/');
    String top = slash < 0 ? "" : path.substring(0, slash);
    return switch (top) {
      case "lib" -> path.endsWith(SNAPSHOT) ? "lib-snapshots" : "lib";
      case "app" -> QUARKUS_APP;
      case "quarkus" -> "quarkus";
      default -> "run";
    };
  }

  /** The class that a jar runs; empty if it is no jar or runs none. */
  private String mainClass(Path jar) {
    if (!Files.isRegularFile(jar)) {
      return "";
    }
    try (ApplicationArchive archive = ApplicationArchive.open(jar)) {
      return String.valueOf(archive.attributes().getValue(Attributes.Name.MAIN_CLASS));
    }
  }

  private Map<String, LayerEntry> layer(String name) {
    return layers.computeIfAbsent(name, any -> new TreeMap<>());
  }

  private void folder(String layer, String path) {
    String target = application.folder() + "/" + path;
    layer(layer).put(target, LayerEntry.folder(ProjectFiles.checked(target)));
  }

  /** Adds the file that names the launcher. */
  private void launch(String layer, String text) {
    String path = application.argumentFile();
    boolean isTaken =
        layers.values().stream()
            .anyMatch(
                entries ->
                    entries.keySet().stream()
                        .anyMatch(file -> file.equals(path) || file.startsWith(path + "/")));
    if (isTaken) {
      throw refused("it has a file where the image has " + path + "; rename it.");
    }
    layer(layer).put(path, LayerEntry.text(path, text));
  }

  private void keepOut(String path, String inClasses) {
    boolean isNamed = sensitive.isNamed(path) || sensitive.isNamed(inClasses);
    if (!isNamed && (sensitive.keepsOut(path) || sensitive.keepsOut(inClasses))) {
      throw refused(
          "it has "
              + path
              + ", which would go into the image, where everybody who may pull it can read it. Keep it"
              + " out of the build's output; or, if it is meant, name "
              + inClasses
              + " in "
              + SettingKey.ALLOWED_FILES
              + ".");
    }
  }

  private ImageSpecException refused(String why) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE, "application from \"" + application.from() + "\": " + why);
  }
}
