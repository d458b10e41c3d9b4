package dev.imagespec.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Maven or Gradle compiled in a project directory: the class path of those who name none.
 *
 * @param folders the folders that exist
 * @param jars how to name the jars, which only the build tool knows
 */
record BuiltClasses(List<Path> folders, String jars) {
  private static final Path MAVEN = Path.of("target", "classes");
  private static final Path GRADLE = Path.of("build", "classes", "java", "main");
  private static final Path GRADLE_RESOURCES = Path.of("build", "resources", "main");
  private static final List<String> GRADLE_BUILDS =
      List.of("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts");

  /** The classes in a project directory, if there are any. */
  static Optional<BuiltClasses> of(Path projectDir) {
    if (Files.isDirectory(projectDir.resolve(MAVEN))) {
      return Optional.of(
          new BuiltClasses(
              List.of(projectDir.resolve(MAVEN)),
              "mvn dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib,"
                  + " then --classpath 'target/classes:target/lib/*'; or use the Maven plugin"));
    }
    if (Files.isDirectory(projectDir.resolve(GRADLE))) {
      return Optional.of(
          new BuiltClasses(
              Stream.of(GRADLE, GRADLE_RESOURCES)
                  .map(projectDir::resolve)
                  .filter(Files::isDirectory)
                  .toList(),
              "--classpath with sourceSets.main.runtimeClasspath.asPath of the build"));
    }
    return Optional.empty();
  }

  /** What to say of a project directory that has a build, but no classes yet. */
  static Optional<String> missing(Path projectDir) {
    boolean isMaven = Files.exists(projectDir.resolve("pom.xml"));
    if (!isMaven
        && GRADLE_BUILDS.stream().noneMatch(name -> Files.exists(projectDir.resolve(name)))) {
      return Optional.empty();
    }
    return Optional.of(
        "no --classpath is given, and there is no folder "
            + projectDir.resolve(isMaven ? MAVEN : GRADLE)
            + " to take. Compile first ("
            + (isMaven ? "mvn compile" : "gradle classes")
            + "); in a build of several modules, run this in the module with the tasks.");
  }

  String classPath() {
    return folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** What is taken, and what is not. */
  String note() {
    return "no --classpath is given: takes "
        + classPath()
        + ", and no jars. If your tasks need jars: "
        + jars
        + ".";
  }
}
