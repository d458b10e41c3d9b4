package dev.imagespec.runtime.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.registry.ecr.FastEcr;
import dev.imagespec.testkit.EcrPublicServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EcrPublicTargetTest {
  private static final Map<String, String> AWS =
      Map.of(
          "aws.accessKeyId", "AKIAEXAMPLE",
          "aws.secretAccessKey", "example-secret");

  private final EcrPublicServer server = EcrPublicServer.start("acme");
  private final EcrRegistries ecr = FastEcr.ofPublic(server.registry());
  private final RegistryClient client =
      new FastClient().builder().rules(ecr::rules).credentials(ecr).build();
  private final Repository app = Repository.parse(server.registry() + "/acme/team/app");
  private final List<String> told = new ArrayList<>();
  private final Map<Repository, ImageSpecException> failures = new HashMap<>();

  @BeforeEach
  void settings() {
    AWS.forEach(System::setProperty);
    System.setProperty("aws.endpointUrlEcrPublic", server.endpoint().toString());
  }

  @AfterEach
  void stop() {
    AWS.keySet().forEach(System::clearProperty);
    System.clearProperty("aws.endpointUrlEcrPublic");
    client.close();
    ecr.close();
    server.close();
  }

  private Target target(RepositoryCreation creation) {
    return new Targets(ecr, client, ecr, new RepositoryDefaults(creation, List.of(), List.of()))
        .of(Registry.parse(server.registry()));
  }

  private void prepare(RepositoryCreation creation, boolean mutableTags, boolean exists) {
    Manifest.Repository asked = new Manifest.Repository(mutableTags, false, "", List.of(), 0);
    target(creation).prepare(List.of(new Wish(app, asked, exists)), new Listener());
  }

  @Test
  void aMissingRepositoryIsTakenForMissingAndCreated() {
    Target target = target(RepositoryCreation.CREATE);
    assertThat(target.images(app, Map.of("1", List.of(Platform.DEFAULT))).repositoryExists())
        .isFalse();
    prepare(RepositoryCreation.CREATE, true, false);
    assertThat(told).containsExactly("created");
    assertThat(server.repositories()).containsExactly("team/app");
    assertThat(target.images(app, Map.of("1", List.of(Platform.DEFAULT))).repositoryExists())
        .isTrue();
    prepare(RepositoryCreation.CREATE, true, false);
    assertThat(told).as("another registration was faster").containsExactly("created");
  }

  @Test
  void immutableTagsAreSaidNotToExist() {
    prepare(RepositoryCreation.CREATE, false, true);
    assertThat(told).singleElement().asString().contains("has no immutable tags");
    assertThat(failures).isEmpty();
  }

  @Test
  void aRepositoryThatMayNotBeCreatedIsAFailureWithTheCommand() {
    prepare(RepositoryCreation.NEVER, true, false);
    assertThat(told).isEmpty();
    assertThat(failures).containsOnlyKeys(app);
    assertThat(failures.get(app))
        .hasMessageContaining("aws ecr-public create-repository --region us-east-1")
        .extracting(ImageSpecException::code)
        .isEqualTo(FailureCode.REPOSITORY_NOT_FOUND);
    assertThat(server.repositories()).isEmpty();
  }

  private final class Listener implements PreparationListener {
    @Override
    public void created(Repository repository) {
      told.add("created");
    }

    @Override
    public void awaited(Repository repository) {
      told.add("awaited");
    }

    @Override
    public void changed(Repository repository, String change) {
      told.add(change);
    }

    @Override
    public void warned(Repository repository, String warning) {
      told.add(warning);
    }

    @Override
    public void noted(Repository repository, String note) {
      told.add(note);
    }

    @Override
    public void failed(Repository repository, ImageSpecException cause) {
      failures.put(repository, cause);
    }
  }
}
