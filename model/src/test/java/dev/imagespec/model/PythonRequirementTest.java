package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonRequirementTest {
  @TempDir private Path project;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "A.B-C_D",
        "aa",
        "name",
        "name<=1",
        "name>=3",
        "name>=3,<2",
        "name>=3, <2",
        "name (>=3, <2)",
        "name[]",
        "name[quux, strange]>=2",
        "name@https://foo.example/x.whl",
        "name @ https://foo.example/x.whl ; python_version=='2.7'",
        "name @ git+https://github.com/a/b@0123456789012345678901234567890123456789",
        "name; os_name=='a'",
        "name; os_name=='a' and os_name=='b' or os_name=='c'",
        "name[fred]>=2; (os_name=='a' or os_name=='b') and python_version not in '2.7, 3'",
        "name; 'linux' in sys_platform",
        "name; os.name == 'posix'",
        "name==1.*",
        "name!=1.2.*",
        "name~=1.4.5a4",
        "name==1!2.0.post1.dev3+local.7",
        "name===anything-at_all"
      })
  void whatPackagingTakesIsARequirement(String text) {
    assertThat(PythonRequirement.parse(text).name()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "=1.0 | starts with a distribution's name",
        "name=1.0 | not understood",
        "name==  | no version after ==",
        "name>=1.* | stands after == and != alone",
        "name~=1 | two numbers",
        "name==1,| a version clause",
        "name=>1 | not understood",
        "name[bar | not understood",
        "name[a b] | no name of an extra",
        "name (>=1 | not closed",
        "a b | two requirements",
        "numpy pandas==1 | two requirements",
        "./local | a path",
        "https://x.example/a.whl | after the distribution's name",
        "name @ file:///x.whl | https URL",
        "name @ ../x.whl | https URL",
        "name; pyver=='3' | no marker variable pyver",
        "name; os_name | a comparison is missing",
        "name; os_name=='a' and | a value is missing",
        "name; 'a'=='b' | compares a variable",
        "name; (os_name=='a' | not closed",
        "name; os_name=='a') | not understood",
        "name>=2; rm -rf / | no marker variable rm"
      })
  void whatIsNoneSaysWhy(String text, String why) {
    assertThatThrownBy(() -> PythonRequirement.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "python_version < '3.9' | python_version >= '3.9' | true",
        "python_version < '3.9' | python_version >= '3.8' | false",
        "python_version > '3.9' | python_version == '3.9' | true",
        "python_version == '3.*' | python_version < '3.0' | true",
        "python_version ~= '3.8' | python_version >= '4' | true",
        "'3.9' > python_version | python_version >= '3.10' | true",
        "sys_platform == 'win32' | sys_platform == 'linux' | true",
        "sys_platform == 'win32' | sys_platform != 'win32' | true",
        "sys_platform == 'win32' | os_name == 'posix' | false",
        "sys_platform in 'win32' | sys_platform == 'linux' | false",
        "os_name == 'a' or os_name == 'b' | os_name == 'c' | true",
        "os_name == 'a' or os_name == 'b' | os_name == 'b' | false",
        "os_name == 'a' and python_version < '3' | os_name == 'a' and python_version > '3' | true"
      })
  void markersAreDisjointIfNoEnvironmentHasBoth(String a, String b, boolean disjoint) {
    PythonMarker one = PythonRequirement.parse("x; " + a).marker();
    PythonMarker other = PythonRequirement.parse("x; " + b).marker();
    assertThat(one.isDisjointFrom(other)).isEqualTo(disjoint);
    assertThat(other.isDisjointFrom(one)).isEqualTo(disjoint);
    assertThat(PythonMarker.ALWAYS.isDisjointFrom(one)).isFalse();
  }

  @Test
  void aPinIsOneVersionOrOneContent() {
    assertThat(PythonRequirement.parse("a==1").isPinned()).isTrue();
    assertThat(PythonRequirement.parse("a==1.*").isPinned()).isFalse();
    assertThat(PythonRequirement.parse("a>=1").isPinned()).isFalse();
    assertThat(PythonRequirement.parse("a @ https://x.example/a.whl").isPinned()).isFalse();
    assertThat(
            PythonRequirement.parse("a @ https://x.example/a.whl#sha256=" + "0".repeat(64))
                .isPinned())
        .isTrue();
    assertThat(PythonRequirement.parse("Foo__Bar.baz").normalizedName()).isEqualTo("foo-bar-baz");
  }

  @Test
  void aRequirementsFileIsReadWithItsIncludes() throws Exception {
    Files.createDirectories(project.resolve("req"));
    Files.writeString(
        project.resolve("req/main.txt"),
        "\uFEFF# a comment\r\nnumpy==2.1.0 \\\r\n  --hash=sha256:"
            + "a".repeat(64)
            + "\r\n-r more.txt # why\r\n--constraint=../limits.txt\r\n--require-hashes\r\n");
    Files.writeString(
        project.resolve("req/more.txt"), "pandas==2.2.0 --hash=sha256:" + "b".repeat(64) + "\n");
    Files.writeString(project.resolve("limits.txt"), "six<2\n");
    RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "req/main.txt");
    assertThat(file.mistakes()).isEmpty();
    assertThat(file.requirements())
        .extracting(RequirementsFile.Line::place)
        .containsExactly("req/main.txt:2", "req/more.txt:1", "limits.txt:1");
    assertThat(file.requirements()).extracting(RequirementsFile.Line::hashed).contains(true, true);
    assertThat(file.requirements().get(2).constraint()).isTrue();
    assertThat(file.texts())
        .containsExactly(
            Map.entry(
                "requirements.txt",
                "numpy==2.1.0   --hash=sha256:"
                    + "a".repeat(64)
                    + "\n-r 1.txt\n-c 2.txt\n--require-hashes\n"),
            Map.entry("1.txt", "pandas==2.2.0 --hash=sha256:" + "b".repeat(64) + "\n"),
            Map.entry("2.txt", "six<2\n"));
  }

  @Test
  void aFileThatIsIncludedTwiceHasOneText() throws Exception {
    Files.writeString(project.resolve("main.txt"), "-r more.txt\n-c more.txt\n");
    Files.writeString(project.resolve("more.txt"), "six==1\n");
    assertThat(RequirementsFile.read(ProjectDirectory.at(project), "main.txt").texts())
        .containsExactly(
            Map.entry("requirements.txt", "-r 1.txt\n-c 1.txt\n"), Map.entry("1.txt", "six==1\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "-e . | main.txt:2: an editable install",
        "--index-url https://x.example | main.txt:2: the option --index-url has no place here; set the attribute pipIndex",
        "--extra-index-url=https://x.example | pipExtraIndexUrls",
        "-r main.txt | main.txt:2: the file that this line includes includes itself",
        "-r ../other.txt | leads out of the project",
        "-r /etc/passwd | relative to this one",
        "-r none.txt | main.txt:2: the file that this line includes is not in the project",
        "-r link.txt | leads out of the project",
        "six --hash=md5:1 | a hash is written --hash=sha256",
        "six==1 --install-option=x | main.txt:2: this option has no place",
        "six==${VERSION} | who builds it",
        "numpy= 1 | main.txt:2"
      })
  void aLineThatCannotBeInstalledSaysWhereAndWhy(String line, String why) throws Exception {
    Files.writeString(project.resolve("main.txt"), "numpy==2.1.0\n" + line + "\n");
    Files.createSymbolicLink(project.resolve("link.txt"), Path.of("/etc/passwd"));
    RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "main.txt");
    assertThat(file.mistakes()).hasSize(1);
    assertThat(file.mistakes().get(0)).asString().contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2 is the password",
        "password: hunter2",
        "hunter2=1",
        "hunter2>=x",
        "a[hunter2!]",
        "a; hunter2",
        "a @ hunter2",
        "-----BEGIN hunter2-----",
        "--hunter2",
        "-hunter2",
        "a --hunter2",
        "-r hunter2",
        "-chunter2",
        "-r ../../hunter2",
        "-r /hunter2",
        "a \\\nhunter2 \\\n!",
        "${hunter2}",
        "\u001bhunter2"
      })
  void aLineThatIsNoneIsNamedByItsNumberAlone(String line) throws Exception {
    Files.writeString(project.resolve("secret.txt"), "six==1\n" + line + "\n");
    Files.writeString(project.resolve("outer.txt"), "\n-r secret.txt\n-c secret.txt\n");
    for (String first : List.of("secret.txt", "outer.txt")) {
      RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), first);
      assertThat(file.mistakes())
          .isNotEmpty()
          .allSatisfy(
              mistake ->
                  assertThat(mistake.toString())
                      .startsWith("secret.txt:2: ")
                      .doesNotContain("hunter2"));
    }
  }

  @Test
  void aFileThatIsNotUtf8SaysSo() throws Exception {
    Files.write(project.resolve("main.txt"), new byte[] {'a', (byte) 0xe9, '\n'});
    assertThat(RequirementsFile.read(ProjectDirectory.at(project), "main.txt").mistakes())
        .singleElement()
        .asString()
        .contains("not UTF-8");
  }
}
