package dev.imagespec.maven;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.model.Plugin;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** A module with task classes that the compiler did not show to the annotation processor. */
final class MissingProcessor {
  private static final String COMPILER = "org.apache.maven.plugins:maven-compiler-plugin";
  private static final String KOTLIN = "org.jetbrains.kotlin:kotlin-maven-plugin";
  private static final String PATHS = "annotationProcessorPaths";
  private static final String PROCESSOR = "imagespec-processor";

  /** What the lines name: the newest when this version was made. */
  private static final String COMPILER_VERSION = "3.16.0";

  private final MavenProject module;
  private final String version;

  /**
   * A module's compiler configuration.
   *
   * @param version the version of the processor to use: this plugin's own
   */
  MissingProcessor(MavenProject module, String version) {
    this.module = module;
    this.version = version;
  }

  /**
   * What is wrong, and the lines to add.
   *
   * @param tasks binary names of the task classes, at least one
   */
  String message(List<String> tasks) {
    return ModuleSource.name(module)
        + " has task classes without images, because they were compiled without the annotation"
        + " processor: "
        + String.join(", ", tasks)
        + ". "
        + remedy();
  }

  private String remedy() {
    if (module.getPlugin(KOTLIN) != null) {
      return "Add the goal kapt to its kotlin-maven-plugin, before the goal compile, and compile afresh with"
          + " mvn clean:\n"
          + execution();
    }
    Plugin compiler = module.getPlugin(COMPILER);
    Optional<Xpp3Dom> configuration =
        Optional.ofNullable(compiler == null ? null : compiler.getConfiguration())
            .filter(Xpp3Dom.class::isInstance)
            .map(Xpp3Dom.class::cast);
    String used = compiler == null ? "" : String.valueOf(compiler.getVersion());
    if (isOld(used)) {
      return "Its maven-compiler-plugin is "
          + used
          + ", which knows no processor path. Add to its pom.xml, and compile afresh with mvn clean:\n"
          + plugin();
    }
    if (isSwitchedOff(configuration)) {
      return "The configuration of its maven-compiler-plugin has proc none. Remove that, and compile"
          + " afresh with mvn clean.";
    }
    Optional<Xpp3Dom> paths = configuration.map(dom -> dom.getChild(PATHS));
    if (paths.isEmpty()) {
      return "Add to its pom.xml, and compile afresh with mvn clean:\n" + plugin();
    }
    boolean isThere =
        Stream.of(paths.get().getChildren())
            .map(path -> path.getChild("artifactId"))
            .anyMatch(id -> id != null && PROCESSOR.equals(id.getValue()));
    return isThere
        ? "The processor is in its " + PATHS + " now, so compile afresh with mvn clean."
        : "Add to the "
            + PATHS
            + " of its maven-compiler-plugin, and compile afresh with mvn clean:\n"
            + path("");
  }

  /** Whether it is a version before 3.5. */
  private static boolean isOld(String version) {
    return version.matches("2\\..*|3\\.[0-4](\\..*)?");
  }

  private static boolean isSwitchedOff(Optional<Xpp3Dom> configuration) {
    return configuration
        .map(dom -> dom.getChild("proc"))
        .map(Xpp3Dom::getValue)
        .filter("none"::equals)
        .isPresent();
  }

  private String plugin() {
    return """
        <plugin>
          <artifactId>maven-compiler-plugin</artifactId>
          <version>%s</version>
          <configuration>
            <annotationProcessorPaths>
        %s    </annotationProcessorPaths>
          </configuration>
        </plugin>
        """
        .formatted(COMPILER_VERSION, path("      "));
  }

  private String execution() {
    return """
        <execution>
          <id>kapt</id>
          <goals><goal>kapt</goal></goals>
          <configuration>
            <sourceDirs><sourceDir>src/main/kotlin</sourceDir></sourceDirs>
            <annotationProcessorPaths>
              <annotationProcessorPath>
                <groupId>dev.imagespec</groupId>
                <artifactId>imagespec-processor</artifactId>
                <version>%s</version>
              </annotationProcessorPath>
            </annotationProcessorPaths>
          </configuration>
        </execution>
        """
        .formatted(version);
  }

  private String path(String indent) {
    return """
        <path>
          <groupId>dev.imagespec</groupId>
          <artifactId>imagespec-processor</artifactId>
          <version>%s</version>
        </path>
        """
        .formatted(version)
        .indent(indent.length());
  }
}
