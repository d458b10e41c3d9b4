package dev.imagespec.maven;

import static dev.imagespec.maven.UserProject.annotations;
import static dev.imagespec.maven.UserProject.jarPom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.maven.UserProject.Build;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven builds that push to registries which want a credential. */
class RegistriesIT {
  @TempDir Path dir;

  @Test
  void amazonEcrByTheAwsCredentialChain() throws Exception {
    try (EcrServer ecr = EcrServer.start()) {
      ecr.push("hub/base", "1", TestImage.small());
      UserProject project =
          UserProject.in(dir.resolve("project"))
              .with("AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString())
              .with("AWS_REGION", "us-east-1")
              .with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
              .with("AWS_SECRET_ACCESS_KEY", "not-for-logs")
              .with("AWS_EC2_METADATA_DISABLED", "true")
              .with("IMAGESPEC_ECR_HOSTS", ecr.registry());
      project.write(
          "pom.xml", jarPom("tasks", annotations(), "<registry>" + ecr.registry() + "</registry>"));
      project.write(
          "src/main/java/com/acme/Report.java",
          UserProject.task(ecr.registry() + "/hub", "com.acme", "Report", ""));
      Build build = project.maven("process-classes");
      assertThat(build.status()).as(build.log()).isZero();
      assertThat(build.log())
          .contains("com.acme.Report runs in " + ecr.registry() + "/team/app@sha256:")
          .doesNotContain("not-for-logs");
      assertThat(ecr.tags("team/app")).hasSize(1);

      ecr.journal().clear();
      Build again = project.maven("process-classes");
      assertThat(again.status()).as(again.log()).isZero();
      assertThat(ecr.journal().entries())
          .extracting(entry -> entry.operation())
          .as("nothing to do")
          .containsExactly("BatchGetImage");
    }
  }

  /** Servers of {@code settings.xml}, once as they are and once encrypted by Maven. */
  @Test
  void credentialsOfSettings() throws Exception {
    Optional<String> missing = ExternalTool.missing("docker-registry");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    Path data = Files.createDirectory(dir.resolve("registry"));
    try (RegistryServer base = RegistryServer.anonymous();
        DockerRegistry target = DockerRegistry.builder(data).password().start()) {
      base.push("base", "1", TestImage.small());
      UserProject project = UserProject.in(dir.resolve("project"));
      project.write(
          "pom.xml",
          jarPom("tasks", annotations(), "<registry>" + target.registry() + "</registry>"));
      project.write(
          "src/main/java/com/acme/Report.java",
          UserProject.task(base.registry(), "com.acme", "Report", ""));
      Build without = project.maven("process-classes");
      assertThat(without.status()).isNotZero();
      assertThat(without.log()).contains("server", "settings.xml", target.registry());

      project.settings(server(target, DockerRegistry.PASSWORD));
      Build build = project.maven("process-classes", "-X");
      assertThat(build.status()).as(build.log()).isZero();
      assertThat(build.log())
          .contains("com.acme.Report runs in " + target.registry() + "/team/app@sha256:")
          .doesNotContain(DockerRegistry.PASSWORD);

      Build looked = project.maven(UserProject.goal("doctor"), UserProject.goal("images"));
      assertThat(looked.status()).as(looked.log()).isZero();
      assertThat(looked.log())
          .contains("credentials " + target.registry() + ": ok")
          .contains("com.acme.Report")
          .containsPattern("is1-[0-9a-f]{32} .*sha256:[0-9a-f]{64}")
          .doesNotContain(DockerRegistry.PASSWORD);

      String security = "-Dsettings.security=" + dir.resolve("security.xml");
      project.write("../security.xml", "<settingsSecurity/>");
      String master = line(project.maven(security, "--encrypt-master-password", "main"));
      project.write(
          "../security.xml",
          "<settingsSecurity><master>" + master + "</master></settingsSecurity>");
      String encrypted = line(project.maven(security, "-ep", DockerRegistry.PASSWORD));
      project.settings(server(target, encrypted));
      Build third = project.maven(security, "process-classes");
      assertThat(third.status()).as(third.log()).isZero();

      project.write("../security.xml", "<settingsSecurity/>");
      Build unreadable = project.maven(security, "process-classes");
      assertThat(unreadable.status()).isNotZero();
      assertThat(unreadable.log())
          .contains("The server " + target.registry() + " in settings.xml is of no use: ")
          .contains("cannot be decrypted");
    }
  }

  private static String server(DockerRegistry registry, String password) {
    return "<server><id>"
        + registry.registry()
        + "</id><username>"
        + DockerRegistry.USER
        + "</username><password>"
        + password.replace("&", "&amp;")
        + "</password></server>";
  }

  /** The encrypted password that Maven prints. */
  private static String line(Build build) {
    assertThat(build.status()).as(build.log()).isZero();
    Matcher matcher = Pattern.compile("\\{[^{}]+}").matcher(build.log());
    assertThat(matcher.find()).as(build.log()).isTrue();
    return matcher.group();
  }
}
