package dev.imagespec.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestCheckTest {
  private static final Manifest.Payload EVERYTHING =
      new Manifest.Payload(
          true,
          "t.Outer$Main",
          List.of("-Xmx1g"),
          List.of(),
          List.of("a", ""),
          List.of("53/udp", "9000-9010"),
          List.of("/data"),
          "/work",
          "1000:1000",
          List.of(
              new Manifest.Copy("conf/é.txt", "/etc/conf/", "0640"),
              new Manifest.Copy(
                  "f",
                  "/t",
                  "0644",
                  List.of("*.yml"),
                  List.of("a", "b"),
                  List.of(new Manifest.Mode("bin", "0755")),
                  ".dockerignore",
                  "1000:100")),
          Map.of("A", "1", "PATH", "/x"),
          Map.of("k", "v"));

  private static Manifest manifest(
      String registry, String base, String baseSpec, Manifest.Environment steps) {
    return manifest(registry, base, baseSpec, steps, EVERYTHING);
  }

  private static Manifest manifest(
      String registry,
      String base,
      String baseSpec,
      Manifest.Environment steps,
      Manifest.Payload payload) {
    return new Manifest(
        "t.Task",
        registry,
        "",
        base,
        baseSpec,
        List.of(Platform.DEFAULT),
        steps,
        payload,
        Manifest.Repository.DEFAULT);
  }

  private static Manifest.Environment steps(String requirements, String... packages) {
    return new Manifest.Environment(
        List.of("git"), List.of(packages), requirements, "", List.of(), List.of("id"), List.of());
  }

  private static List<String> problems(Manifest manifest) {
    return ManifestCheck.problems(manifest).stream().map(Problem::text).toList();
  }

  @Test
  void whatWarnsOnlyIsNoProblem() {
    assertThat(problems(manifest("", "ubuntu", "", steps("req.txt", "numpy")))).isEmpty();
  }

  @Test
  void whatAManifestDoesNotTellIsNotHeldAgainstIt() {
    assertThat(problems(manifest("", "", "lib.Base", Manifest.Environment.NONE))).isEmpty();
    String slip = "123456789012.dkr.ecr.us-eas-1.amazonaws.com";
    assertThat(problems(manifest(slip, slip + "/a:1", "", Manifest.Environment.NONE))).isEmpty();
  }

  @Test
  void everyAttributeIsHeldAgainstTheChecks() {
    Manifest.Payload payload =
        new Manifest.Payload(
            false,
            "t.Main -cp",
            List.of("-jar"),
            List.of("x"),
            List.of("\0"),
            List.of("0"),
            List.of("data"),
            "/a/../b",
            "a b",
            List.of(new Manifest.Copy("../x", "/x", "4755")),
            Map.of("A=B", "1", "C", "AKIA" + "ABCDEFGHIJKLMNOP"),
            Map.of("dev.imagespec.x", ""));
    Manifest wrong =
        new Manifest(
            "t.Task",
            "https://h.example",
            "Bad Name",
            "",
            "lib/Base",
            List.of(Platform.parse("linux/vax")),
            new Manifest.Environment(
                List.of("git lfs"),
                List.of("-e ."),
                "/etc/x",
                "ftp://h",
                List.of("https://me:pw@h.example/x"),
                List.of("# nothing"),
                List.of("a b")),
            payload,
            new Manifest.Repository(false, false, "k", List.of("everybody"), -1));
    assertThat(problems(wrong))
        .extracting(text -> text.substring(0, text.indexOf(" \"")))
        .containsExactlyInAnyOrder(
            "IMG001 registry",
            "IMG003 name",
            "IMG006 platforms[0]",
            "IMG007 env[0].name",
            "IMG009 labels[0].name",
            "IMG010 mainClass",
            "IMG011 entrypoint[0]",
            "IMG012 ports[0]",
            "IMG013 volumes[0]",
            "IMG013 workingDirectory",
            "IMG014 copy[0].from",
            "IMG014 requirements",
            "IMG015 copy[0].mode",
            "IMG016 secrets[0]",
            "IMG017 args[0]",
            "IMG018 repository.expireAfterDays",
            "IMG024 aptPackages[0]",
            "IMG026 packages[0]",
            "IMG028 pipIndex",
            "IMG030 env[1].value",
            "IMG030 pipExtraIndexUrls[0]",
            "IMG033 user",
            "IMG034 commands[0]",
            "IMG039 baseSpec",
            "IMG041 jvmFlags[0]",
            "IMG042 repository.kmsKey",
            "IMG042 repository.pullPrincipals[0]");
    assertThat(String.join("\n", problems(wrong))).doesNotContain("me:pw", "ABCDEFGHIJKLMNOP");
  }

  @Test
  void nothingToStartFromIsAProblem() {
    assertThat(problems(manifest("", "", "", Manifest.Environment.NONE)))
        .containsExactly(
            "IMG004 @ImageSpec \"t.Task\": an image starts from something; set baseImage, to"
                + " \"scratch\" for nothing. See "
                + Code.PAGE
                + "#img004");
  }

  @Test
  void stepsOnScratchAreAProblem() {
    assertThat(problems(manifest("", "scratch", "", steps("r.txt", "a==1"), Manifest.Payload.NONE)))
        .hasSize(4)
        .allMatch(text -> text.startsWith("IMG011 "));
  }

  @Test
  void aSpecSurvivesItsManifest() {
    Manifest manifest = manifest("ghcr.io", "b:1", "", steps("req.txt", "numpy==2.1.0"));
    assertThat(SpecManifest.of(SpecManifest.read(manifest))).isEqualTo(manifest);
  }

  /** Older releases of pip, which bases may have, do not take what newer ones do. */
  @Test
  void whatOnlyNewInstallersTakeIsWrittenForAll() {
    Manifest manifest = manifest("", "b:1", "", steps("", "numpy==2.1.0,", "six>=1 ;", "a<2,;"));
    assertThat(problems(manifest)).isEmpty();
    assertThat(SpecManifest.of(SpecManifest.read(manifest)).environment().packages())
        .containsExactly("numpy==2.1.0", "six>=1", "a<2");
  }
}
