package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of patterns, which is that of Docker's ignore files. */
class FilePatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a.yml | a.yml | true",
        "a.yml | x/a.yml | false",
        "*.yml | a.yml | true",
        "*.yml | .yml | true",
        "*.yml | x/a.yml | false",
        "*.yml | a.yml/x | true",
        "*.yml | a.ymlx | false",
        "* | a | true",
        "* | a/b | true",
        "a* | a | true",
        "a*/b | axx/b | true",
        "a*/b | a/c/b | false",
        "a*b*c*/f | axbxcx/f | true",
        "a*b*c*/f | axbxc/x/f | false",
        "*x | xxx | true",
        "? | a | true",
        "? | 𝄞 | true",
        "? | / | false",
        "a?b | a/b | false",
        "a?b | ab | false",
        "** | a | true",
        "** | a/b/c | true",
        "**/*.yml | a.yml | true",
        "**/*.yml | x/a.yml | true",
        "**/*.yml | x/y/a.yml | true",
        "**/*.yml | x/y/a.yaml | false",
        "**/a | ba | false",
        "**/a | b/a | true",
        "**/a | a/b | true",
        "**/**/a | a | true",
        "a/** | a | false",
        "a/** | a/b | true",
        "a/** | ab | false",
        "a/** | a/b/c | true",
        "a/**/b | a/b | true",
        "a/**/b | a/x/y/b | true",
        "a/**/b | a/xb | false",
        "**/d/* | c/d/e | true",
        "**/d/* | c/d | false",
        "**/d/** | c/d/e/f | true",
        "a | a/b/c | true",
        "a/ | a/b | true",
        "./a//b/. | a/b | true",
        "a[b-d]e | ace | true",
        "a[b-d]e | aee | false",
        "a[^b-d]e | aze | true",
        "a[^b-d]e | ace | false",
        "a[^b]c | a/c | false",
        "a[bd] | ad | true",
        "a[\\]] | a] | true",
        "a[\\-z] | a- | true",
        "a[\\-z] | ab | false",
        "a\\*b | a*b | true",
        "a\\*b | axb | false",
        "a\\\\ | a\\ | true",
        "a(b)+{c}$.d | a(b)+{c}$.d | true",
        "a.c | abc | false",
        "A | a | false",
      })
  void aPatternMatchesAWholePathOrThatOfAFolderAbove(String pattern, String path, boolean matches) {
    FilePattern parsed = FilePattern.parse(pattern);
    assertThat(parsed.matches(path)).isEqualTo(matches);
    assertThat(parsed.toString()).isEqualTo(pattern);
  }

  @ParameterizedTest
  @CsvSource({
    "*.yml, '', true",
    "*.yml, a, false",
    "*.yml, a.yml, true",
    "a/b/*.yml, a, true",
    "a/b/*.yml, a/b, true",
    "a/b/*.yml, a/b/c, false",
    "a/b/*.yml, ab, false",
    "**/x, any/where, true",
    "a/**, a, true",
    "a, a/b, true"
  })
  void aFolderIsLookedIntoWhereAFileInItCouldMatch(String pattern, String folder, boolean may) {
    assertThat(FilePattern.parse(pattern).mayMatchBelow(folder)).isEqualTo(may);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/a | write \"a\"",
        "/ | relative to the folder from",
        "../a | has no ..",
        "a/../b | has no ..",
        "C:/x | with /",
        "C:\\x | with /",
        "\" a\" | write \"a\"",
        "!a | in ignore files alone",
        "**.yml | write \"**/*.yml\"",
        "a** | write \"**/a*\"",
        "a/b**c/d | write \"**/b*c\"",
        "\"\" | an empty pattern",
        ". | the folder itself",
        "./ | the folder itself",
        "[ | has no ]",
        "[^ | has no ]",
        "[a | has no ]",
        "[a- | has no ]",
        "[] | stand between brackets after",
        "[-a] | stand between brackets after",
        "[a/b] | does not stand there",
        "[!a] | with ^, not !",
        "[z-a] | goes upwards",
        "a\\ | takes the next character",
      })
  void aPatternThatIsWrongOrMatchesNothingSaysWhatToWrite(String pattern, String why) {
    assertThatThrownBy(() -> FilePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  /** With backtracking, each star more would double the steps: more than anybody waits for. */
  @Test
  void noPatternTakesLongerThanItsLengthTimesThePaths() {
    String pattern = "**/" + "*a".repeat(100) + "/**/" + "*a".repeat(100) + "*b";
    FilePattern parsed = FilePattern.parse(pattern);
    assertThat(parsed.matches("a".repeat(2_000) + "/" + "a".repeat(2_000))).isFalse();
    assertThat(parsed.matches("a".repeat(2_000) + "/" + "a".repeat(2_000) + "b")).isTrue();
    assertThatThrownBy(() -> FilePattern.parse("a".repeat(FilePattern.LONGEST + 1)))
        .hasMessageContaining("at most 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1000", "0:0", "1000:0", "4294967294:4294967294"})
  void anOwnerIsNumbers(String text) {
    String group = text.isEmpty() ? "0:0" : text.contains(":") ? text : text + ":" + text;
    assertThat(FileOwner.parse(text)).asString().isEqualTo(group);
    assertThat(FileOwner.parse(text).isRoot()).isEqualTo(group.equals("0:0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app", "1000:app", ":1", "1:", "-1", "4294967295", "1:4294967295", "1 ", "٣"})
  void nothingElseIsAnOwner(String text) {
    assertThatThrownBy(() -> FileOwner.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
