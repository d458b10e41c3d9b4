package dev.imagespec.runtime.resolve;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;

/**
 * What an archive that Spring Boot's build plugins made says of itself.
 *
 * @param launcher the class of Spring Boot that runs it
 * @param top {@code BOOT-INF/} of a jar, {@code WEB-INF/} of a WAR
 */
record SpringBoot(String launcher, String top) {
  private static final String PACKAGE = "org.springframework.boot.loader.";

  /** Of Spring Boot 3.2 and later, and of earlier releases. */
  private static final Set<String> LAUNCHERS =
      Set.of(
          PACKAGE + "launch.JarLauncher",
          PACKAGE + "launch.WarLauncher",
          PACKAGE + "launch.PropertiesLauncher",
          PACKAGE + "JarLauncher",
          PACKAGE + "WarLauncher",
          PACKAGE + "PropertiesLauncher");

  /** Whether a class is one of Spring Boot's launchers. */
  static boolean isLauncher(String mainClass) {
    return LAUNCHERS.contains(mainClass);
  }

  /** Reads an archive; empty if Spring Boot does not run it. */
  static Optional<SpringBoot> of(Attributes manifest, ApplicationArchive archive) {
    String launcher = String.valueOf(manifest.getValue(Attributes.Name.MAIN_CLASS));
    boolean isBoot =
        isLauncher(launcher)
            && manifest.getValue("Start-Class") != null
            && archive.files().contains(launcher.replace('.', '/') + ".class");
    return isBoot
        ? Optional.of(
            new SpringBoot(
                launcher,
                archive.hasFolder("BOOT-INF") ? ApplicationLayout.BOOT : ApplicationLayout.WEB))
        : Optional.empty();
  }

  /** The path of the index of layers, which builds may leave out. */
  String indexFile() {
    return top + "layers.idx";
  }

  /**
   * The layers of its files.
   *
   * @throws IllegalArgumentException if its index has another form
   */
  LayersIndex index(ApplicationArchive archive) {
    return archive
        .text(indexFile())
        .map(LayersIndex::parse)
        .orElseGet(
            () ->
                LayersIndex.ofDefaults(
                    List.of(top + ApplicationLayout.LIBS, top + "lib-provided/"), archive.files()));
  }
}
