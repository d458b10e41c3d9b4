package dev.imagespec.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.apache.maven.model.Build;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.junit.jupiter.api.Test;

/** What is said to a module depends on what its pom has already. */
class MissingProcessorTest {
  private static final String PROCESSOR = "<artifactId>imagespec-processor</artifactId>";

  private static String message(String artifact, String version, String configuration)
      throws IOException, XmlPullParserException {
    Plugin plugin = new Plugin();
    plugin.setGroupId(
        artifact.startsWith("kotlin") ? "org.jetbrains.kotlin" : "org.apache.maven.plugins");
    plugin.setArtifactId(artifact);
    plugin.setVersion(version);
    plugin.setConfiguration(
        Xpp3DomBuilder.build(
            new StringReader("<configuration>" + configuration + "</configuration>")));
    Build build = new Build();
    build.addPlugin(plugin);
    Model model = new Model();
    model.setArtifactId("tasks");
    model.setBuild(build);
    return new MissingProcessor(new MavenProject(model), "1.2").message(List.of("a.One", "a.Two"));
  }

  @Test
  void anOldCompilerPluginIsReplaced() throws Exception {
    assertThat(message("maven-compiler-plugin", "3.1", ""))
        .startsWith(":tasks has task classes without images")
        .contains("a.One, a.Two. Its maven-compiler-plugin is 3.1, which knows no processor path.")
        .contains("<artifactId>maven-compiler-plugin</artifactId>")
        .contains(PROCESSOR, "<version>1.2</version>");
  }

  @Test
  void aSwitchedOffProcessorIsSwitchedOn() throws Exception {
    assertThat(message("maven-compiler-plugin", "3.16.0", "<proc>none</proc>"))
        .contains("has proc none. Remove that")
        .doesNotContain(PROCESSOR);
  }

  @Test
  void anotherProcessorStays() throws Exception {
    assertThat(
            message(
                "maven-compiler-plugin",
                "3.16.0",
                "<annotationProcessorPaths><path><artifactId>lombok</artifactId></path>"
                    + "</annotationProcessorPaths>"))
        .contains("Add to the annotationProcessorPaths of its maven-compiler-plugin")
        .contains(PROCESSOR)
        .doesNotContain("<plugin>");
  }

  @Test
  void classesFromBeforeTheProcessorAreCompiledAfresh() throws Exception {
    assertThat(
            message(
                "maven-compiler-plugin",
                "3.16.0",
                "<annotationProcessorPaths><path>"
                    + PROCESSOR
                    + "</path></annotationProcessorPaths>"))
        .contains("so compile afresh with mvn clean")
        .doesNotContain("<path>");
  }

  @Test
  void kotlinNeedsKapt() throws Exception {
    assertThat(message("kotlin-maven-plugin", "2.3.21", ""))
        .contains("<goals><goal>kapt</goal></goals>")
        .contains("<annotationProcessorPath>", PROCESSOR);
  }
}
