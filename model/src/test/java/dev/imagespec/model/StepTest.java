package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepTest {
  private static Step.Pip pip(List<String> packages, String requirements) {
    return new Step.Pip(packages, requirements, "", List.of(), List.of());
  }

  @Test
  void stepsRunInOneOrderWhateverIsLeftOut() {
    Manifest.Environment all =
        new Manifest.Environment(
            List.of("git"),
            List.of("six"),
            "r.txt",
            "https://i",
            List.of("https://j", "https://k"),
            List.of("make", "make install"),
            List.of("token"));
    List<String> secrets = List.of("token");
    assertThat(all.steps())
        .containsExactly(
            new Step.Apt(List.of("git"), secrets),
            new Step.Pip(
                List.of("six"), "r.txt", "https://i", List.of("https://j", "https://k"), secrets),
            new Step.Command(0, "make", secrets),
            new Step.Command(1, "make install", secrets));
    assertThat(Manifest.Environment.NONE.steps()).isEmpty();
    assertThat(Manifest.Environment.NONE.isEmpty()).isTrue();
    Manifest.Environment indexAlone =
        new Manifest.Environment(
            List.of(), List.of(), "", "https://i", List.of("https://j"), List.of(), secrets);
    assertThat(indexAlone.isEmpty()).as("an index and a secret run nothing").isTrue();
    Manifest.Environment file =
        new Manifest.Environment(
            List.of(), List.of(), "r.txt", "", List.of(), List.of(), List.of());
    assertThat(file.steps()).containsExactly(pip(List.of(), "r.txt"));
  }

  @Test
  void systemPackagesAreASetOfShellWords() {
    Step.Apt step = new Step.Apt(List.of("git", "curl=8.0", "it's $(id)", "git"), List.of());
    assertThat(step.script())
        .isEqualTo(
            "set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update; apt-get install -y"
                + " --no-install-recommends -- 'curl=8.0' 'git' 'it'\\''s $(id)'; rm -rf"
                + " /var/lib/apt/lists/*");
    assertThat(step.mounts()).containsExactly("type=cache,target=/var/cache/apt,sharing=locked");
  }

  @Test
  void uvAndPipGetTheSameOptions() {
    Step.Pip step =
        new Step.Pip(
            List.of("six>=1", "idna"),
            "config/main.txt",
            "https://i/'",
            List.of("https://z", "https://a"),
            List.of());
    String options =
        " --index-url 'https://i/'\\''' --extra-index-url 'https://z' --extra-index-url 'https://a'"
            + " -r /tmp/imagespec-requirements/requirements.txt -- 'idna' 'six>=1'; el";
    assertThat(step.script())
        .startsWith("set -e; export HOME=/root PIP_BREAK_SYSTEM_PACKAGES=1 ")
        .contains("uv pip install --python python3 --break-system-packages" + options + "if ")
        .contains("then python3 -m pip install" + options + "se ")
        .endsWith("or name python3-pip in aptPackages.' >&2; exit 1; fi");
    assertThat(step.mounts())
        .containsExactly(
            "type=cache,target=/root/.cache",
            "type=bind,source=requirements,target=/tmp/imagespec-requirements");
    assertThat(pip(List.of("six"), "").script()).contains("install -- 'six'; el");
    assertThat(pip(List.of("six"), "").mounts()).containsExactly("type=cache,target=/root/.cache");
    assertThat(pip(List.of(), "a").script())
        .as("a file's name in the project is no part of the script")
        .isEqualTo(pip(List.of(), "b/c.txt").script())
        .contains("install -r /tmp/imagespec-requirements/requirements.txt; el");
  }

  private static Step.Pip with(String requirements, List<String> packages, Manifest.Pip how) {
    return new Step.Pip(packages, requirements, "https://i", List.of("https://j"), List.of(), how);
  }

  @Test
  void packagesOfAnIndexOfTheirOwnComeFirstInTheSameStep() {
    Manifest.Pip how =
        new Manifest.Pip(
            true,
            true,
            List.of("https://links"),
            List.of(
                new Manifest.PipIndex("https://t", List.of("torch==2", "audio==2")),
                new Manifest.PipIndex("https://t", List.of("vision==1"))),
            List.of("--no-compile", "it's"));
    String script = with("r.txt", List.of("six==1"), how).script();
    String links = " --find-links 'https://links'";
    String rest = " --no-build-isolation '--no-compile' 'it'\\''s'";
    assertThat(script)
        .contains(
            "then uv pip install --python python3 --break-system-packages --index-url 'https://t'"
                + links
                + " --prerelease allow"
                + rest
                + " -- 'audio==2' 'torch==2' 'vision==1'; uv pip install --python python3"
                + " --break-system-packages --index-url 'https://i' --extra-index-url 'https://j'"
                + links
                + " --prerelease allow"
                + rest
                + " -r /tmp/imagespec-requirements/requirements.txt -- 'six==1'; elif")
        .contains(
            "then python3 -m pip install --index-url 'https://t'"
                + links
                + " --pre"
                + rest
                + " -- 'audio==2' 'torch==2' 'vision==1'; python3 -m pip install --index-url"
                + " 'https://i' --extra-index-url 'https://j'"
                + links
                + " --pre"
                + rest
                + " -r /tmp/imagespec-requirements/requirements.txt -- 'six==1'; else");
    Step.Pip alone = with("", List.of(), how);
    assertThat(alone.script()).contains("'vision==1'; elif").doesNotContain("https://i");
    assertThat(alone.attribute()).isEqualTo("pipIndexes");
    assertThat(alone.elements())
        .hasToString(
            "[pipIndexes[0].packages[0] \"torch==2\", pipIndexes[0].packages[1] \"audio==2\","
                + " pipIndexes[1].packages[0] \"vision==1\"]");
  }

  @Test
  void whatIsLockedIsInstalledExactly() {
    Manifest.Environment environment =
        new Manifest.Environment(
            List.of(), List.of(), "r.txt", "", List.of(), List.of(), List.of());
    assertThat(environment.steps().get(0).script()).doesNotContain("--require-hashes");
    assertThat(environment.locked().steps().get(0).script())
        .contains(
            "uv pip install --python python3 --break-system-packages --require-hashes --no-deps -r"
                + " /tmp/imagespec-requirements/requirements.txt; el")
        .contains(
            "python3 -m pip install --require-hashes --no-deps -r"
                + " /tmp/imagespec-requirements/requirements.txt; el");
    assertThat(with("a/pylock.gpu.toml", List.of(), Manifest.Pip.DEFAULT).script())
        .as("a lock is several files, after a check of the Python")
        .contains(
            "then python3 /tmp/imagespec-requirements/check.py; for file in"
                + " /tmp/imagespec-requirements/*.txt; do uv pip install --python python3"
                + " --break-system-packages --index-url 'https://i' --extra-index-url 'https://j'"
                + " --require-hashes --no-deps -r \"$file\"; done; elif")
        .contains("--require-hashes --no-deps -r \"$file\"; done; else");
  }

  @Test
  void aCommandStaysAsItIsWritten() {
    Step.Command step = new Step.Command(3, " a\n$B '", List.of());
    assertThat(step.script()).isEqualTo(" a\n$B '");
    assertThat(step.mounts()).isEmpty();
  }

  @Test
  void everyStepSeesTheSecretsAndNeedsThem() {
    Manifest.Environment environment =
        new Manifest.Environment(
            List.of("git"),
            List.of("six"),
            "",
            "",
            List.of(),
            List.of("true"),
            List.of("token", "key"));
    assertThat(environment.steps())
        .hasSize(3)
        .allSatisfy(
            step ->
                assertThat(step.mounts())
                    .endsWith(
                        "type=secret,id=key,target=/run/secrets/key,required=true",
                        "type=secret,id=token,target=/run/secrets/token,required=true"));
  }

  @Test
  void aStepIsNamedInTheAnnotationsWords() {
    assertThat(new Step.Apt(List.of("git"), List.of()).attribute()).isEqualTo("aptPackages");
    assertThat(pip(List.of("six"), "").attribute()).isEqualTo("packages");
    assertThat(pip(List.of(), "r.txt").attribute()).isEqualTo("requirements");
    assertThat(pip(List.of("six"), "r.txt").attribute()).isEqualTo("packages and requirements");
    assertThat(new Step.Command(1, "make\nmake install", List.of()).attribute())
        .isEqualTo("commands[1] \"make\"");
    assertThat(new Step.Command(0, "x".repeat(61), List.of()).attribute())
        .isEqualTo("commands[0] \"" + "x".repeat(60) + "…\"");
    assertThat(new Step.Apt(List.of("git", "curl"), List.of()).elements())
        .as("as they are written, not sorted")
        .hasToString("[aptPackages[0] \"git\", aptPackages[1] \"curl\"]");
  }
}
