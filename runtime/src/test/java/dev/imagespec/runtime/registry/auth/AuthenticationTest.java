package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  /** Everybody may read; only with a credential may anybody write. */
  private static final class Source implements CredentialSource {
    private final List<String> asked = new ArrayList<>();

    @Override
    public Optional<Credential> credential(Registry registry) {
      asked.add("writing");
      return Optional.of(new Credential("me", "s3cret-canary"));
    }

    @Override
    public Optional<Credential> readingCredential(Registry registry) {
      asked.add("reading");
      return Optional.empty();
    }
  }

  private final Source source = new Source();

  private RegistryClient client() {
    return RegistryClient.builder().credentials(source).environment(Map.of()).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prom/pushgateway", "push", "a/pull-push"})
  void readingARepositoryWhoseNameSpeaksOfPushingSendsNoCredential(String name) {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client()) {
      server.push(name, "1", TestImage.small());
      Repository repository = Repository.parse(server.registry() + "/" + name);
      assertThat(client.manifests().get(repository, "1")).isPresent();
      assertThat(client.manifests().digest(repository, "1")).isPresent();
      assertThat(client.blobs().read(repository, TestImage.small().blobDigests().get(0), -1))
          .isNotEmpty();
      assertThat(client.tags().list(repository)).isPresent();
      assertThat(source.asked).isNotEmpty().containsOnly("reading");
      assertThat(server.journal().entries()).isNotEmpty().noneMatch(e -> e.authorized());
    }
  }

  @Test
  void writingToAnyRepositorySendsTheCredential() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client()) {
      Repository repository = Repository.parse(server.registry() + "/team/app");
      client.uploads().upload(repository, BlobSource.of(new byte[] {1}));
      assertThat(source.asked).isNotEmpty().containsOnly("writing");
      assertThat(server.journal().entries()).isNotEmpty().allMatch(e -> e.authorized());
    }
  }

  @Test
  void aScopeReadsAsTokenServersWantIt() {
    Repository repository = Repository.parse("ghcr.io/team/app");
    assertThat(Scope.pull(repository)).hasToString("repository:team/app:pull");
    assertThat(Scope.push(repository)).hasToString("repository:team/app:pull,push");
  }
}
