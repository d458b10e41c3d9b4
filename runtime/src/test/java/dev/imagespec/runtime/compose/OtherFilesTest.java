package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OtherFilesTest {
  private static final String GOT = "c".repeat(64);

  @Test
  void pipsErrorNamesTheFile() {
    assertThat(
            OtherFiles.in(
                List.of(
                    "#8 1.2 ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
                    "#8 1.2     six==1.16.0 from http://me:pw@127.0.0.1/six-1.16.0-py3-none-any.whl#sha256=dd"
                        + " (from -r /tmp/imagespec-requirements/00001.txt (line 2)):",
                    "#8 1.2         Expected sha256 " + "a".repeat(64),
                    "#8 1.2         Expected     or " + "b".repeat(64),
                    "#8 1.2              Got        " + GOT)))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .startsWith(
                        "The index has another file than the locked one of six==1.16.0"
                            + " (http://***@127.0.0.1/six-1.16.0-py3-none-any.whl): its hash is "
                            + GOT));
  }

  @Test
  void uvsErrorNamesThePackage() {
    assertThat(
            OtherFiles.in(
                List.of(
                    "  × Failed to download `six==1.16.0`",
                    "  ╰─▶ Hash mismatch for `six==1.16.0`",
                    "      Expected:",
                    "        sha256:" + "a".repeat(64),
                    "      Computed:",
                    "        sha256:" + GOT)))
        .hasValueSatisfying(
            said -> assertThat(said).contains("of six==1.16.0: its hash is " + GOT));
  }

  @Test
  void otherFailuresAreNoOtherFiles() {
    assertThat(
            OtherFiles.in(
                List.of(
                    "ERROR: No matching distribution found for six==1.16.0",
                    "Got " + GOT,
                    "sha256:" + GOT)))
        .isEmpty();
  }
}
