package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "123456789012.dkr.ecr.us-east-1.amazonaws.com",
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "123456789012.dkr-ecr.us-east-1.on.aws",
        "123456789012.dkr-ecr-fips.us-east-1.on.aws",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
        "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
        "123456789012.dkr.ecr.eu-west-4.amazonaws.com"
      })
  void ecrHostsOfAllPartitionsAreKnown(String host) {
    assertThat(Registry.parse(host).ecr()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.com | do not stand under",
        "12345678901.dkr.ecr.us-east-1.amazonaws.com | 12 digits",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com | do not stand under",
        "123456789012.dkr-ecr.us-east-1.amazonaws.com | do not stand under",
        "123456789012.DKR.ecr.us-east-1.amazonaws.com | resembles a registry of Amazon ECR",
        "https://ghcr.io | no scheme",
        "ghcr.io/ | slash",
        "user:pw@ghcr.io | credentials do not stand",
        "GHCR.io | lower case",
        "localhost:99999 | between 1 and 65535",
        "localhost:x | after the colon stands a port",
        "gh_cr.io | letters, digits, dashes",
        "123456789012.dkr.ecr.us-east-1.amazonawsXcom | resembles a registry of Amazon ECR",
        "123456789012.dkr.ecr.us-east-1.arnazonaws.com | do not stand under",
        "amaz0naws.com | resembles a registry of Amazon ECR",
        "public.ecr.aws.evil.example/a | resembles a registry of Amazon ECR",
        "public-ecr.aws/a | resembles a registry of Amazon ECR",
        "123456789012.dkr-ecr.eusc-de-east-1.amazonaws.eu | write 123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
        "123456789012.dkr-ecr.us-east-1.amazonaws.com | write 123456789012.dkr.ecr.us-east-1.amazonaws.com",
        "123456789012.dkr.ecr.us-east-1.on.aws | write 123456789012.dkr-ecr.us-east-1.on.aws",
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com.cn | write 123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "123456789012.dkr-ecr.us-iso-east-1.c2s.ic.gov | write 123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
        "123456789012.dkr-ecr.cn-north-1.amazonaws.com | write 123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"
      })
  void whatIsNoRegistrySaysWhy(String host, String why) {
    assertThatThrownBy(() -> Namespace.parse(host)).hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000000000000.dkr.ecr.us-east-1.localhost.localstack.cloud:4566",
        "000000000000.dkr.ecr.us-east-1.localhost:4566",
        "123456789012.dkr.ecr.eu-west-1.moto.corp.example",
        "mirror.ecr.corp.example",
        "dkr-ecr.example.com",
        "ecr.corp.example:5000",
        "my.dkr.ecr.corp.example",
        "amazon.example",
        "registry.amazonas.example"
      })
  void emulatorsAndOwnHostsAreRegistries(String host) {
    Registry registry = Registry.parse(host);
    assertThat(registry).hasToString(host);
    assertThat(registry.ecr()).isEmpty();
    assertThat(registry.isEcrPublic()).isFalse();
  }

  @Test
  void controlCharactersAndForeignDigitsAreNoHost() {
    assertThatThrownBy(() -> Registry.parse("ghcr.io\nx")).hasMessageContaining("U+000A");
    assertThatThrownBy(() -> Registry.parse("١٢٣456789012.dkr.ecr.us-east-1.amazonaws.com"))
        .hasMessageContaining("12 digits");
    assertThatThrownBy(() -> Registry.parse("123456789012.dkr.ecr.us-east-1.аmazonaws.com"))
        .hasMessageContaining("resembles a registry of Amazon ECR");
    assertThatThrownBy(() -> Registry.parse("ghсr.io"))
        .hasMessageContaining("U+0441 (cyrillic small letter es)");
  }

  @ParameterizedTest
  @CsvSource({"us-eas-1, us-east-1", "eu-wset-1, eu-west-1", "us-gov-wst-1, us-gov-west-1"})
  void aRegionCloseToAKnownOneIsTakenForThat(String region, String meant) {
    Registry host = Registry.parse("123456789012.dkr.ecr." + region + ".amazonaws.com");
    assertThat(host.ecr().orElseThrow().regionMeant()).hasValue(meant);
    assertThatThrownBy(() -> host.requireRegion(List.of()))
        .hasMessageContaining("did you mean " + meant + "?");
    assertThat(host.requireRegion(List.of(region))).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-west-4", "us-east-12", "ap-atlantis-1", "zz-moon-1"})
  void aRegionThatMayBeNewIsTakenAsItIs(String region) {
    Registry host = Registry.parse("123456789012.dkr.ecr." + region + ".amazonaws.com");
    assertThat(host.ecr().orElseThrow().isRegionKnown()).isFalse();
    assertThat(host.requireRegion(List.of())).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu, docker.io/library/ubuntu:latest",
    "ubuntu:24.04, docker.io/library/ubuntu:24.04",
    "acme/app, docker.io/acme/app:latest",
    "localhost:5000/app:1, localhost:5000/app:1",
    "ghcr.io/a/b:c, ghcr.io/a/b:c",
    "public.ecr.aws/docker/library/ubuntu:24.04, public.ecr.aws/docker/library/ubuntu:24.04",
  })
  void referencesHaveANormalForm(String text, String normal) {
    assertThat(ImageReference.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Foo/Bar",
        "a//b",
        "/a",
        "a/",
        "a..b",
        "_a",
        "a-",
        "a:-x",
        "a:",
        "a@sha256:short",
        "x\nUSER root",
        "",
        "a:b@sha512:00",
        "http://a/b",
        "a b"
      })
  void whatIsNoReferenceIsRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bad Name! | upper-case",
        "app:1 | without a tag",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/app | put it into registry",
        "a..b | joined by single"
      })
  void whatIsNoRepositoryNameSaysWhatToWrite(String name, String why) {
    assertThatThrownBy(() -> new RepositoryName(name)).hasMessageContaining(why);
  }

  @Test
  void ecrWantsTwoCharacters() {
    assertThat(new RepositoryName("a").value()).isEqualTo("a");
    assertThatThrownBy(() -> RepositoryName.ofEcr("a")).hasMessageContaining("two characters");
    assertThatThrownBy(() -> new RepositoryName("a".repeat(257))).hasMessageContaining("256");
  }

  @ParameterizedTest
  @CsvSource({
    "linux/x86_64, linux/amd64",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm/v7, linux/arm/v7"
  })
  void platformsHaveOneName(String text, String normal) {
    assertThat(Platform.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux", "Linux/amd64", "linux/", "a/b/c/d", "linux/amd 64"})
  void whatIsNoPlatformIsRefused(String text) {
    assertThatThrownBy(() -> Platform.parse(text)).hasMessageContaining("linux/amd64");
  }
}
