package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Manifest FULL =
      new Manifest(
          "a.B$C",
          "ghcr.io",
          "n",
          "b:1",
          "",
          List.of(Platform.DEFAULT),
          new Manifest.Environment(
              List.of("git"),
              List.of("x==1"),
              "r.txt",
              "i",
              List.of("j"),
              List.of("c"),
              List.of("s"),
              Manifest.Pip.DEFAULT,
              List.of(new Manifest.Copy("w", "/opt/w", ""))),
          new Manifest.Payload(
              true,
              "M",
              List.of("-X"),
              List.of("e"),
              List.of("a"),
              List.of("1"),
              List.of("/v"),
              "/w",
              "u",
              List.of(
                  new Manifest.Copy(
                      "f",
                      "/t",
                      "0644",
                      List.of("*.yml"),
                      List.of("a", "b"),
                      List.of(new Manifest.Mode("bin", "0755")),
                      ".dockerignore",
                      "1000:100")),
              Map.of("K", "\u0001\n\"\\\u2028"),
              Map.of("l", "")),
          new Manifest.Repository(true, true, "k", List.of("p"), 3));

  @Test
  void aManifestReadsBackAsItWasWritten() {
    assertThat(Manifest.parse(FULL.toJson())).isEqualTo(FULL);
  }

  /** They would be lost: only steps make an environment. */
  @Test
  void filesOfStepsWithoutStepsAreRefused() {
    Manifest.Environment lost =
        new Manifest.Environment(
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            List.of(),
            List.of(),
            Manifest.Pip.DEFAULT,
            List.of(new Manifest.Copy("w", "/w", "")));
    Manifest manifest =
        new Manifest(
            "a.B",
            "",
            "",
            "b:1",
            "",
            List.of(Platform.DEFAULT),
            lost,
            Manifest.Payload.NONE,
            Manifest.Repository.DEFAULT);
    assertThatThrownBy(() -> Manifest.parse(manifest.toJson()))
        .hasMessageContaining("without steps, they are in payload.copy");
  }

  @Test
  void aCopyMayProvideWhatIsAtOrBelowItsPath() {
    Manifest.Copy copy = new Manifest.Copy("wheels", "/opt//wheels/", "");
    assertThat(copy.mayProvide("/opt/wheels/x.whl")).isTrue();
    assertThat(copy.mayProvide("/opt/wheels")).isTrue();
    assertThat(copy.mayProvide("/opt")).as("files are below").isTrue();
    assertThat(copy.mayProvide("/opt/wheels2/x.whl")).isFalse();
    assertThat(copy.mayProvide("/opt/wheels/../x.whl")).isFalse();
    assertThat(new Manifest.Copy("x", "/", "").mayProvide("/x.deb")).isTrue();
    assertThat(new Manifest.Copy("x", "/..", "").mayProvide("/x.deb")).isFalse();
  }

  @Test
  void aDockerfileReadsBackAndReadsItsOwnFolder() {
    Manifest own =
        new Manifest(
            FULL.task(),
            FULL.annotations(),
            FULL.registry(),
            FULL.name(),
            "",
            "",
            new Manifest.OwnDockerfile("./docker//a/Dockerfile", ""),
            FULL.platforms(),
            Manifest.Environment.NONE,
            FULL.payload(),
            FULL.repository());
    assertThat(Manifest.parse(own.toJson())).isEqualTo(own);
    assertThat(own.needsEngine()).isTrue();
    assertThat(own.dockerfile().folder()).isEqualTo("docker/a");
    assertThat(new Manifest.OwnDockerfile("Dockerfile", "").folder()).isEmpty();
    assertThat(new Manifest.OwnDockerfile("a/Dockerfile", "./b/").folder()).isEqualTo("b");
    assertThat(FULL.toJson()).doesNotContain("dockerfile");
  }

  @Test
  void anUnknownAttributeIsRefused() {
    String json = FULL.toJson().replace("\"aptPackages\"", "\"aptPackage\"");
    assertThatThrownBy(() -> Manifest.parse(json)).hasMessageContaining("aptPackage");
  }

  @Test
  void aNewerSchemaIsRefused() {
    assertThatThrownBy(
            () -> Manifest.parse(FULL.toJson().replace("\"schema\": 1", "\"schema\": 2")))
        .hasMessageContaining("schema 2");
  }

  @Test
  void aMainClassIsRunByJavaOnTheClassPath() {
    assertThat(FULL.payload().command())
        .containsExactly("java", "-X", "-cp", "@/app/classpath", "M");
    assertThat(payload(false, "").command()).as("the entrypoint").containsExactly("e", "f");
    assertThat(Manifest.Payload.NONE.command()).as("the base's own").isEmpty();
  }

  @Test
  void theClassPathGoesInWhereItIsAskedForOrAMainClassNeedsIt() {
    assertThat(payload(true, "").usesClassPath()).isTrue();
    assertThat(payload(false, "M").usesClassPath()).isTrue();
    assertThat(payload(false, "").usesClassPath()).isFalse();
  }

  private static Manifest.Payload payload(boolean classpath, String mainClass) {
    return new Manifest.Payload(
        classpath,
        mainClass,
        List.of(),
        List.of("e", "f"),
        List.of(),
        List.of(),
        List.of(),
        "",
        "",
        List.of(),
        Map.of(),
        Map.of());
  }
}
