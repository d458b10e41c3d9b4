package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
  /** As moby's patternmatcher: pattern, path, whether it is excluded. */
  @ParameterizedTest
  @CsvSource({
    "a,a,true",
    "a,a/b/c,true",
    "a,b/a,false",
    "/a,a,true",
    "a/,a/b,true",
    "./a/../b,b,true",
    "*,a,true",
    "*,a/b,true",
    "*.md,x.md,true",
    "*.md,x/y.md,false",
    "**/*.md,y.md,true",
    "**/*.md,a/b/y.md,true",
    "**,a/b,true",
    "a/**,a,false",
    "a/**,a/b/c,true",
    "a/**/c,a/c,true",
    "a/**/c,a/x/y/c,true",
    "a/**/c,a/xc,false",
    "**/x,ax,false",
    "a?c,abc,true",
    "a?c,a/c,false",
    "[a-c]x,bx,true",
    "[^a-c]x,bx,false",
    "[^a-c]x,dx,true",
    "\\*,*,true",
    "\\*,a,false",
    "[a,[a,true",
    "a.b,axb,false",
    "../a,a,false",
  })
  void aPatternFitsAsDockerTakesIt(String pattern, String path, boolean isOut) {
    assertThat(IgnoreFile.parse(pattern).excludes(path)).isEqualTo(isOut);
  }

  @Test
  void theLastPatternThatFitsDecides() {
    IgnoreFile file =
        IgnoreFile.parse("\uFEFF# comment\r\n*\r\n\r\n!src\r\n! doc/*.md\r\nsrc/secret\r\n");
    assertThat(file.excludes("other")).isTrue();
    assertThat(file.excludes("src/a")).isFalse();
    assertThat(file.excludes("src/secret/b")).isTrue();
    assertThat(file.excludes("doc/a.md")).isFalse();
    assertThat(file.excludes("doc/a.txt")).isTrue();
    assertThat(file.excludesAllIn("other")).isTrue();
    assertThat(file.excludesAllIn("doc")).as("something in it is let in").isFalse();
    assertThat(file.excludesAllIn("src")).isFalse();
    assertThat(IgnoreFile.NONE.excludes("a")).isFalse();
  }

  @Test
  @Timeout(20)
  void noPatternTakesLong() {
    String path = "a".repeat(4_000);
    assertThat(IgnoreFile.parse("*a".repeat(200) + "b").excludes(path)).isFalse();
    assertThat(IgnoreFile.parse("**/a".repeat(200) + "b").excludes("a/".repeat(500) + "c"))
        .isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IgnoreFile.parse("a\n".repeat(10_000)))
        .withMessageContaining("more than");
  }
}
