package dev.imagespec.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.imagespec.dockerfile.DockerfileMistake.Kind;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnDockerfileTest {
  private static final Platform ARM = Platform.parse("linux/arm64");

  private static OwnDockerfile read(String... lines) {
    return OwnDockerfile.of(String.join("\n", lines) + "\n", List.of(Platform.DEFAULT));
  }

  private static List<String> images(OwnDockerfile read) {
    assertThat(read.mistakes()).filteredOn(DockerfileMistake::isError).isEmpty();
    return read.images(Platform.DEFAULT).stream().map(use -> use.reference().toString()).toList();
  }

  private static List<String> mistakes(String... lines) {
    return read(lines).mistakes().stream()
        .map(mistake -> mistake.kind() + " " + mistake.place("D") + ": " + mistake.text())
        .toList();
  }

  @Test
  void everyImageThatItStartsFromOrCopiesFromIsFound() {
    OwnDockerfile read =
        read(
            "ARG VERSION=3.12 FLAVOUR=slim",
            "ARG BASE=python:${VERSION}-$FLAVOUR",
            "from --platform=linux/amd64 $BASE as Build",
            "COPY --from=ghcr.io/a/tool:1 /tool /tool",
            "RUN --mount=type=bind,from=busybox:1.36,target=/b \\",
            "    --mount=type=cache,target=/c,from=alpine:3.20 true",
            "FROM scratch",
            "COPY --from=0 /a /a",
            "COPY --from=BUILD /b /b",
            "RUN --mount=from=build,target=/c true",
            "FROM build AS other",
            "FROM debian:12@sha256:" + "0".repeat(64));
    assertThat(images(read))
        .containsExactly(
            "docker.io/library/python:3.12-slim",
            "ghcr.io/a/tool:1",
            "docker.io/library/busybox:1.36",
            "docker.io/library/alpine:3.20",
            "docker.io/library/debian:12@sha256:" + "0".repeat(64));
  }

  @Test
  void eachPlatformHasItsOwnImages() {
    OwnDockerfile read =
        OwnDockerfile.of(
            "FROM --platform=$BUILDPLATFORM go:1 AS build\n"
                + "FROM a/b-${TARGETARCH}:1\n"
                + "COPY --from=c:1 x x\n"
                + "FROM --platform=linux/s390x d:1\n",
            List.of(Platform.DEFAULT, ARM));
    assertThat(read.mistakes()).isEmpty();
    assertThat(read.references().stream().map(ImageReference::toString))
        .containsExactly(
            "docker.io/library/go:1",
            "docker.io/a/b-amd64:1",
            "docker.io/library/c:1",
            "docker.io/library/d:1",
            "docker.io/a/b-arm64:1");
    List<OwnDockerfile.Use> uses = read.images(ARM);
    assertThat(uses.get(0).isOfBuilder()).isTrue();
    assertThat(uses.get(1).platform()).isEqualTo(ARM);
    assertThat(uses.get(2).platform()).isEqualTo(ARM);
    assertThat(uses.get(3).platform()).isEqualTo(Platform.parse("linux/s390x"));
    assertThatIllegalArgumentException().isThrownBy(() -> read.images(Platform.parse("linux/386")));
  }

  @ParameterizedTest
  @CsvSource({
    "$X,a/x:1",
    "${X},a/x:1",
    "'${NONE:-b:2}',docker.io/library/b:2",
    "'${EMPTY:-b:2}',docker.io/library/b:2",
    "'c${EMPTY-d}:3',docker.io/library/c:3",
    "'e${X:+f}:4',docker.io/library/ef:4",
    "'e${NONE:+f}:4',docker.io/library/e:4",
    "$QUOTED,docker.io/library/q:1",
    "$FROM_OTHER,docker.io/a/x:1",
  })
  void argumentsHaveTheirDefaults(String from, String image) {
    OwnDockerfile read =
        read(
            "ARG X=a/x:1",
            "ARG EMPTY=",
            "ARG NONE",
            "ARG QUOTED=\"q:1\"",
            "ARG FROM_OTHER=${X}",
            "FROM " + from);
    assertThat(images(read)).containsExactly(ImageReference.parse(image).toString());
  }

  @Test
  void theTextGetsDigestsAndKeepsEverythingElse() {
    OwnDockerfile read =
        read(
            "# syntax=docker/dockerfile:1.7",
            "# escape=`",
            "",
            "ARG V=1",
            "FROM  a:${V}  AS  one # not a comment".replace(" # not a comment", ""),
            "RUN echo FROM a:1 `",
            "# between",
            "",
            "  && true",
            "COPY --chown=1:1 --from=b:2 --link x y",
            "RUN --mount=type=bind,from=c:3,source=/ cat <<EOF <<-'TWO'",
            "FROM d:4",
            "EOF",
            "\tCOPY --from=e:5 a b",
            "\tTWO",
            "FROM one");
    String text =
        read.with(
            Platform.DEFAULT,
            use ->
                ImageReference.parse(
                    "m.example/" + use.reference().repository().name().value() + ":new"));
    assertThat(text)
        .isEqualTo(
            read.text()
                .replace("# syntax=docker/dockerfile:1.7", "#")
                .replace("  a:${V}  ", "  m.example/library/a:new  ")
                .replace("from=b:2 ", "from=m.example/library/b:new ")
                .replace("from=c:3,", "from=m.example/library/c:new,"));
    assertThat(text.lines().count()).isEqualTo(read.text().lines().count());
  }

  @Test
  void onlyLineEndsAndTheMarkAtTheStartDoNotCount() {
    OwnDockerfile unix = read("FROM a:1", "RUN x \\", "  y");
    OwnDockerfile windows =
        OwnDockerfile.of("\uFEFFFROM a:1\r\nRUN x \\\r\n  y\r\n", List.of(Platform.DEFAULT));
    assertThat(windows.text()).isEqualTo(unix.text());
    assertThat(windows.mistakes()).isEmpty();
    assertThat(read("FROM a:1 ", "RUN x").text()).isNotEqualTo(read("FROM a:1", "RUN x").text());
  }

  @Test
  void whatCannotBeKnownIsSaidWithItsLine() {
    assertThat(mistakes("ARG V", "FROM a:$V"))
        .containsExactly(
            "UNKNOWN_IMAGE D:2: which image this is cannot be known before the build: the argument V"
                + " has no default; say one before the first FROM: ARG V=…");
    assertThat(mistakes("FROM a:1", "ARG V=2", "FROM b:$V").get(0)).contains("D:3").contains(" V ");
    assertThat(mistakes("FROM a-$BUILDARCH:1").get(0)).contains("TARGETARCH");
    assertThat(mistakes("FROM a:1", "COPY --from=$X a b").get(0)).startsWith("UNKNOWN_IMAGE D:2");
    assertThat(mistakes("ARG X=a", "FROM ${X%b}").get(0)).startsWith("UNKNOWN_IMAGE D:2");
    assertThat(mistakes("FROM A:1").get(0)).startsWith("UNKNOWN_IMAGE D:1");
    assertThat(mistakes("FROM a\\", ":1").get(0))
        .startsWith("UNKNOWN_IMAGE D:1")
        .contains("one line");
    assertThat(mistakes("FROM --platform=windows a:1").get(0)).startsWith("UNKNOWN_IMAGE D:1");
  }

  @Test
  void whatIsNoDockerfileIsSaidWithItsLine() {
    assertThat(mistakes(""))
        .containsExactly("WRONG D: it has no FROM; a Dockerfile starts from an image, or scratch");
    assertThat(mistakes("RUN x", "FROM a:1").get(0)).startsWith("WRONG D:1: a Dockerfile starts");
    assertThat(mistakes("FROM a:1", "RNU x"))
        .containsExactly("WRONG D:2: there is no such instruction; did you mean RUN?");
    assertThat(mistakes("FROM a:1 b")).hasSize(1);
    assertThat(mistakes("FROM")).hasSize(1);
    assertThat(mistakes("FROM a:1 AS 1")).hasSize(1);
    assertThat(mistakes("FROM a:1 AS x", "FROM b:1 AS X")).hasSize(1);
    assertThat(mistakes("FROM a:1", "COPY --from=0 a b").get(0)).contains("no stage 0");
    assertThat(mistakes("FROM a:1", "COPY --from=later a b", "FROM b:1 AS later").get(0))
        .startsWith("WRONG D:2: the stage");
    assertThat(mistakes("FROM a:1", "ONBUILD COPY . .").get(0)).startsWith("WRONG D:2: ONBUILD");
    assertThat(mistakes("FROM a:1", "RUN --mount=type=ssh x").get(0)).startsWith("WRONG D:2");
    assertThat(mistakes("FROM a:1", "RUN cat <<EOF", "no end").get(0)).startsWith("WRONG D:2");
    assertThat(mistakes("# syntax=evil.example/frontend", "FROM a:1").get(0))
        .startsWith("WRONG D:1");
    assertThat(mistakes("# escape=x", "FROM a:1").get(0)).startsWith("WRONG D:1");
    assertThat(mistakes("{\"syntax\": \"evil\"}", "FROM a:1").get(0)).startsWith("WRONG D:1");
    assertThat(mistakes("// syntax=evil", "FROM a:1").get(0)).startsWith("WRONG D:1");
  }

  @Test
  void whatWorksButIsNotReproducibleOrHasNoEffectIsAWarning() {
    OwnDockerfile read =
        read(
            "FROM debian",
            "ADD https://a.example/x /x",
            "ADD --checksum=sha256:" + "0".repeat(64) + " https://a.example/y /y",
            "ADD git@github.com:a/b.git /z",
            "HEALTHCHECK CMD true",
            "HEALTHCHECK NONE");
    assertThat(read.mistakes().stream().map(mistake -> mistake.line() + " " + mistake.kind()))
        .containsExactly(
            "1 " + Kind.UNPINNED,
            "2 " + Kind.DOWNLOAD,
            "4 " + Kind.DOWNLOAD,
            "5 " + Kind.NO_EFFECT);
    assertThat(read.mistakes()).noneMatch(DockerfileMistake::isError);
    assertThat(read.sources().list()).isEmpty();
  }

  @Test
  void theFilesThatItReadsAreTold() {
    ContextSources sources =
        read(
                "FROM a:1",
                "COPY app.py ./lib/ /app/",
                "COPY [\"with space.txt\", \"/x/\"]",
                "ADD conf/*.y[a-m]ml /etc/",
                "COPY <<EOF /text",
                "COPY nothing",
                "EOF",
                "RUN --mount=type=bind,source=scripts,target=/s --mount=type=cache,target=/c x",
                "COPY --from=b:1 /etc /etc")
            .sources();
    for (String path :
        List.of(
            "app.py",
            "lib",
            "lib/a/b",
            "with space.txt",
            "conf/a.yaml",
            "conf/a.yaml/x",
            "scripts/x")) {
      assertThat(sources.reads(path)).as(path).isTrue();
    }
    for (String path :
        List.of("app.pyc", "li", "nothing", "conf", "conf/a.yxml", "etc", "conf/x/a.yaml")) {
      assertThat(sources.reads(path)).as(path).isFalse();
    }
    assertThat(sources.mayReadIn("conf")).isTrue();
    assertThat(sources.mayReadIn("node_modules")).isFalse();
    assertThat(sources.missing(Set.of("app.py", "lib/x", "with space.txt", "scripts"))).isEmpty();
    assertThat(sources.missing(Set.of("lib/x")).orElseThrow().line()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY . .",
        "COPY / /",
        "COPY a/.. /",
        "COPY ../.. /",
        "COPY $X /",
        "COPY \"a\" /",
        "COPY a\\ b /",
        "COPY **/x /",
        "RUN --mount=target=/x y"
      })
  void whereTheFilesCannotBeToldAllCount(String instruction) {
    assertThat(read("FROM a:1", instruction).sources().reads("any/file")).isTrue();
  }

  /** Builders take quotes out of flags, and names of options in any case: so no image hides. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN --mount=type=bind,\"from=other:1\",target=/x y",
        "RUN --mount=type=bind,fr\"om=other:1\",target=/x y",
        "RUN --mount=type=bind,from='other:1',target=/x y",
        "RUN --mount=type=bind,fro\\m=other:1,target=/x y",
        "COPY --\"from=other:1\" x y",
        "COPY --fr\\om=other:1 x y",
      })
  void anImageInAFlagWithQuotesIsSaid(String instruction) {
    assertThat(read("FROM a:1", instruction).mistakes())
        .anyMatch(mistake -> mistake.isError() && mistake.line() == 2);
  }

  @Test
  void flagsMeanWhatBuildersTakeThemFor() {
    OwnDockerfile read =
        read(
            "FROM a:1",
            "RUN --mount=\"type=bind,from=b:1,target=/x\" y",
            "RUN --mount=type=bind,From=c:1,target=/x y",
            "RUN --mount=from=build-a:1,from=d:1,target=/x y",
            "COPY --fr\"om\"=e:1 x y",
            "RUN --mount=type='secret',id=\"token\",target='/t' y",
            "RUN --mount=type=bind,source=\"conf\",target=/x y");
    assertThat(images(read))
        .containsExactly(
            "docker.io/library/a:1",
            "docker.io/library/b:1",
            "docker.io/library/c:1",
            "docker.io/library/d:1",
            "docker.io/library/e:1");
    assertThat(read.secrets()).containsOnlyKeys("token");
    assertThat(read.sources().reads("conf/a")).isTrue();
    assertThat(read.sources().reads("other")).isFalse();
    assertThat(read.with(Platform.DEFAULT, use -> ImageReference.parse("p:9")))
        .isEqualTo(
            read.text()
                .replace("FROM a:1", "FROM docker.io/library/p:9")
                .replace("from=b:1", "from=docker.io/library/p:9")
                .replace("From=c:1", "From=docker.io/library/p:9")
                .replace("from=d:1", "from=docker.io/library/p:9")
                .replace("=e:1", "=docker.io/library/p:9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\f", "\u2003", "\u000b", "\t"})
  void noWhiteSpaceHidesAnotherReader(String space) {
    assertThat(mistakes("#" + space + "syntax" + space + "=" + space + "evil/x:1", "FROM a:1"))
        .hasSize(1);
    String named = "# syntax=docker/dockerfile:1" + space + "\u2028x";
    assertThat(read(named, "FROM a:1").with(Platform.DEFAULT, OwnDockerfile.Use::reference))
        .doesNotContain("syntax");
  }

  /** For buildah, which minds the case, another name would be that of an image. */
  @Test
  void theNameOfAStageIsThatOfTheStageWhereverItStands() {
    OwnDockerfile read =
        read(
            "FROM a:1 AS Build",
            "FROM build AS two",
            "COPY --from=BUILD x y",
            "RUN --mount=type=bind,from=bUILD,target=/x y",
            "FROM Two");
    assertThat(images(read)).containsExactly("docker.io/library/a:1");
    assertThat(read.with(Platform.DEFAULT, OwnDockerfile.Use::reference).lines())
        .containsExactly(
            "FROM docker.io/library/a:1 AS Build",
            "FROM Build AS two",
            "COPY --from=Build x y",
            "RUN --mount=type=bind,from=Build,target=/x y",
            "FROM two");
  }

  @Test
  void theFirstDocumentIsTold() {
    assertThat(read("FROM a:1", "COPY x y", "COPY <<EOF /z", "x", "EOF").documents()).isEqualTo(3);
    assertThat(read("FROM a:1", "RUN cat < x").documents()).isZero();
  }

  @Test
  void valuesInQuotesHaveWhiteSpace() {
    OwnDockerfile read =
        read("ARG TITLE=\"a b\" V='1'", "FROM a:$V", "ENV A=\"x JAVA_HOME=/y\" B=1");
    assertThat(images(read)).containsExactly("docker.io/library/a:1");
    assertThat(read.variables()).containsExactly("A", "B");
  }

  @Test
  void secretsVariablesAndStepsAreTold() {
    OwnDockerfile read =
        read(
            "FROM a:1 AS one",
            "ENV A=1 B=2",
            "RUN --mount=type=secret,id=token x",
            "FROM one AS two",
            "ENV C c d",
            "WORKDIR /x",
            "RUN --mount=type=secret,target=/run/secrets/other y",
            "FROM two",
            "USER 1",
            "COPY x y",
            "FROM one");
    assertThat(read.secrets()).containsOnlyKeys("token", "other").containsEntry("token", 3);
    assertThat(read.variables()).containsExactly("A", "B");
    OwnDockerfile.Use base = read.base(Platform.DEFAULT);
    assertThat(base).isEqualTo(read.images(Platform.DEFAULT).get(0));
    assertThat(
            read.steps().stream()
                .map(
                    step ->
                        step.stageName()
                            + " "
                            + step.number()
                            + " "
                            + step.position()
                            + " "
                            + step.line()))
        .as("as BuildKit counts: FROM counts if it is an image")
        .containsExactly("one 2 3 3", "two 2 4 7", "stage-2 1 3 10");
    assertThat(read("FROM a:1", "FROM scratch").base(Platform.DEFAULT)).isNull();
    assertThat(read("FROM a:1", "RUN x").steps().get(0).stageName()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsAMistake(@TempDir Path dir) throws IOException {
    ProjectDirectory project = ProjectDirectory.at(Files.createDirectories(dir.resolve("project")));
    Path file = dir.resolve("project/D");
    assertThat(first(project)).contains("no such file");
    Files.write(file, new byte[] {(byte) 0xff, 'F'});
    assertThat(first(project)).contains("UTF-8");
    Files.write(file, new byte[OwnDockerfile.MAX_BYTES + 1]);
    assertThat(first(project)).contains("larger than 1 MiB");
    Files.delete(file);
    Files.writeString(dir.resolve("outside"), "FROM a:1\n");
    Files.createSymbolicLink(file, dir.resolve("outside"));
    assertThat(first(project)).contains("leads out");
  }

  private static String first(ProjectDirectory project) {
    return OwnDockerfile.read(project, "D", List.of(Platform.DEFAULT)).mistakes().get(0).text();
  }

  /** Whatever the text is: it is read in time, and lines keep their numbers. */
  @Test
  @Timeout(60)
  void anyTextIsReadInTime() {
    Random random = new Random(20_261_128);
    String[] parts = {
      "FROM ",
      "a:1",
      "\n",
      "\\\n",
      "$",
      "{",
      "}",
      "<<",
      "EOF",
      "\"",
      "'",
      "# syntax=",
      "COPY ",
      "--from=",
      "RUN ",
      "--mount=from=",
      ",",
      "=",
      "[",
      "]",
      "\\",
      " ",
      "\t",
      "ARG X=",
      "AS b",
      "\r\n",
      "\u2028",
      "ONBUILD "
    };
    int right = 0;
    for (int n = 0; n < 3_000; n++) {
      StringBuilder text = new StringBuilder(n % 2 == 0 ? "FROM a:1\n" : "");
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      OwnDockerfile read = OwnDockerfile.of(text.toString(), List.of(Platform.DEFAULT));
      if (read.mistakes().stream().noneMatch(DockerfileMistake::isError)) {
        right++;
        String pinned = read.with(Platform.DEFAULT, use -> ImageReference.parse("b:2"));
        assertThat(pinned.split("\n", -1)).hasSameSizeAs(read.text().split("\n", -1));
        OwnDockerfile again = OwnDockerfile.of(pinned, List.of(Platform.DEFAULT));
        assertThat(again.images(Platform.DEFAULT).stream().map(use -> use.reference().toString()))
            .as(text.toString())
            .hasSameSizeAs(read.images(Platform.DEFAULT))
            .allMatch("docker.io/library/b:2"::equals);
      }
    }
    assertThat(right).isGreaterThan(20);
    for (String part : List.of("\\\n", "<<A ", "--x=", "${", "'", "[", "a,from=")) {
      String text = "FROM a:1\nRUN " + part.repeat(100_000);
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(OwnDockerfile.MAX_BYTES);
      OwnDockerfile read = OwnDockerfile.of(text, List.of(Platform.DEFAULT));
      assertThat(read.text()).isEqualTo(text);
    }
  }
}
