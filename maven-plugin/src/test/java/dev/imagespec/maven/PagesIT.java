package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.property;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that a newcomer follows, followed literally. */
class PagesIT {
  /** The registry of the tutorial. */
  private static final String REGISTRY = "localhost:5000";

  /** Shared with the end-to-end tests of the examples. */
  private static final Path BASE = Path.of("..", "examples", "target", "debian-base");

  @TempDir Path dir;

  /** All of it but Docker Hub, for which a mirror stands in, and the port. */
  @Test
  void theTutorial() throws Exception {
    List<String> tools = new ArrayList<>(DebianBase.tools());
    tools.add("docker-registry");
    Optional<String> missing =
        ExternalTool.missing(tools.toArray(String[]::new)).or(DockerDaemon::missing);
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    try (DockerRegistry registry =
            DockerRegistry.start(Files.createDirectory(dir.resolve("registry")));
        DockerDaemon docker = DockerDaemon.start(dir.resolve("docker"))) {
      DebianBase.java(BASE.toAbsolutePath().normalize())
          .push(registry.registry(), "hub/library/eclipse-temurin:17-jre", "oci");
      String own = "localhost:" + registry.port();
      UserProject project = UserProject.in(dir.resolve("hello"));
      Page page = Page.read("tutorial.md");
      assertThat(page.files()).containsOnlyKeys("pom.xml", "src/main/java/com/acme/Hello.java");
      for (Map.Entry<String, String> file : page.files().entrySet()) {
        project.write(file.getKey(), file.getValue().replace(REGISTRY, own));
      }
      Map<String, String> environment = new LinkedHashMap<>(docker.environment());
      Path maven = Path.of(property("it.maven39.home"), "bin");
      environment.put("PATH", maven + ":" + System.getenv("PATH"));
      environment.put("MAVEN_ARGS", "-B -s " + project.file("settings.xml"));
      environment.put("IMAGESPEC_MIRRORS", "docker.io=" + own + "/hub");
      String output = "";
      for (Page.Block block : page.blocks()) {
        String text = block.text().replace(REGISTRY, own);
        if (block.language().equals("sh")) {
          ExternalTool.Result result =
              ExternalTool.attempt(
                  environment, "sh", "-ec", "cd \"$0\"\n" + text, project.file("").toString());
          assertThat(result.status()).as(text + result.output()).isZero();
          output = result.output();
        } else if (block.language().equals("text") && !text.startsWith("<")) {
          assertThat(output).containsPattern(pattern(text));
        }
      }
      assertThat(output).as("the last command").contains("exists");
      assertThat(project.file("imagespec.lock")).isRegularFile();
    }
  }

  /** The text of a page, in which an ellipsis stands for what differs each time. */
  private static Pattern pattern(String text) {
    return Pattern.compile(
        Stream.of(text.strip().split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  /** Everything but the actions of others: each command of Maven in the files of the pages. */
  @Test
  void buildServers() throws Exception {
    Set<String> commands = new LinkedHashSet<>();
    for (String page : List.of("github-actions", "gitlab", "jenkins", "codebuild")) {
      List<String> own = Page.read("ci/" + page + ".md").maven();
      assertThat(own).as(page).anyMatch(line -> line.endsWith("imagespec:register"));
      commands.addAll(own);
    }
    try (EcrServer ecr = EcrServer.start()) {
      ecr.push("hub/library/eclipse-temurin", "17-jre", TestImage.small());
      UserProject project =
          UserProject.in(dir.resolve("hello"))
              .with(Path.of(property("it.maven39.home")))
              .with("AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString())
              .with("AWS_REGION", "us-east-1")
              .with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
              .with("AWS_SECRET_ACCESS_KEY", "not-for-logs")
              .with("IMAGESPEC_ECR_HOSTS", ecr.registry())
              .with("IMAGESPEC_ECR_MUTABLE_TAG_FILTERS", "latest")
              .with("IMAGESPEC_MIRRORS", "docker.io=" + ecr.registry() + "/hub");
      for (Map.Entry<String, String> file : Page.read("tutorial.md").files().entrySet()) {
        project.write(file.getKey(), file.getValue().replace(REGISTRY, ecr.registry()));
      }
      Build lock = project.maven("compile", "imagespec:lock");
      assertThat(lock.status()).as(lock.log()).isZero();
      for (String command : commands) {
        Build build =
            project
                .with("IMAGESPEC_LOCKED", "true")
                .with("IMAGESPEC_REVISION", "0123abc")
                .maven(command.substring("mvn ".length()).split(" "));
        assertThat(build.status()).as(command + "\n" + build.log()).isZero();
        if (command.endsWith("register")) {
          assertThat(build.log())
              .contains("com.acme.Hello runs in " + ecr.registry() + "/hello@sha256:");
        }
      }
      assertThat(Files.readString(project.file("target/imagespec/registration.json")))
          .contains("\"revision\": \"0123abc\"");
      assertThat(ecr.tags("hello")).containsKey("latest");
    }
  }

  /** The test of the page passes in the project of the tutorial, with the page's dependencies. */
  @Test
  void testing() throws Exception {
    List<Page.Block> blocks = Page.read("testing.md").blocks();
    assertThat(blocks).extracting(Page.Block::language).containsExactly("xml", "java");
    UserProject project = UserProject.in(dir.resolve("hello"));
    for (Map.Entry<String, String> file : Page.read("tutorial.md").files().entrySet()) {
      project.write(file.getKey(), file.getValue());
    }
    project.write(
        "pom.xml",
        Files.readString(project.file("pom.xml"))
            .replace(
                "</dependencies>",
                blocks.get(0).text()
                    + UserProject.dependency(
                        "org.junit.jupiter", "junit-jupiter", property("it.junit"), "test")
                    + "</dependencies>")
            .replace("</plugins>", surefire() + "</plugins>"));
    project.write("src/test/java/com/acme/TasksTest.java", blocks.get(1).text());
    Build build = project.maven("test");
    assertThat(build.status()).as(build.log()).isZero();
    assertThat(build.log()).contains("Tests run: 1, Failures: 0");
  }

  private static String surefire() {
    return """
        <plugin>
          <artifactId>maven-resources-plugin</artifactId>
          <version>3.5.0</version>
        </plugin>
        <plugin>
          <artifactId>maven-surefire-plugin</artifactId>
          <version>%s</version>
        </plugin>
        """
        .formatted(property("it.surefire"));
  }
}
