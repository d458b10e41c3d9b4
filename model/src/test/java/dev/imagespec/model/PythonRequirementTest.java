package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
        "name===anything-at_all",
        "name\t>=1.0",
        "name>=1.0,<2,",
        "name>=1.0,; os_name=='a'",
        "name (>=1.0,)",
        "name>=1.0;",
        "name>=1.0 ; ",
        "name @ git+ssh://git@git.example/a.git@0123456789012345678901234567890123456789",
        "git+https://git.example/a.git@v1#egg=name",
        "https://h.example/name-1.0-py3-none-any.whl",
        "https://h.example/name-1.0-py3-none-any.whl ; python_version<'3.9'",
        "name @ https://h.example/x.whl ;"
      })
  void whatPackagingTakesIsARequirement(String text) {
    assertThat(PythonRequirement.parse(text).name()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "=1.0 | starts with a distribution's name",
        "name=1.0 | write name==1.0",
        "name= 1.0 | write name==1.0",
        "name:1.0 | write name==1.0",
        "name@1.0 | write name==1.0",
        "name 1.0 | write name==1.0",
        "name^1.0 | write name~=1.0",
        "name=<1 | write name<=1",
        "name==1.x | write 1.*",
        "pip install name==1.0 | write \"name==1.0\"",
        "python3 -m pip install name | write \"name\"",
        "'name==1' | no quotes around it; write name==1",
        "name, other | \"other\" is a text of its own",
        "name==1 # why | remove \"# why\"",
        "name==1 --hash=sha256:00 | a hash is written",
        "requirements.txt | requirements = \"requirements.txt\"",
        "pyproject.toml | is a file, not a package",
        "name-1.0-py3-none-any.whl | is a file of the project",
        "name-1.0.tar.gz | is a file of the project",
        "dir/name | is a file of the project",
        "~/name | a path",
        ".[dev] | a path",
        "git+file:///x/y | https URL",
        "name==  | no version after ==",
        "name>=1.* | stands after == and != alone",
        "name~=1 | two numbers",
        "name==1,2 | a version clause",
        "name=>1 | write name>=1",
        "name[bar | not understood",
        "name[a b] | no name of an extra",
        "name (>=1 | not closed",
        "a b | two requirements",
        "numpy pandas==1 | two requirements",
        "./local | a path",
        "ftp://x.example/a.whl | https URL",
        "name @ file:///x.whl | https URL",
        "name @ ../x.whl | is a file of the project",
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
        "python_version < '3.9' | python_version >= '3.9' | false",
        "python_version < '3.9' | python_version >= '3.8' | true",
        "python_version > '3.9' | python_version == '3.9' | false",
        "python_version == '3.*' | python_version < '3.0' | false",
        "python_version ~= '3.8' | python_version >= '4' | false",
        "'3.9' > python_version | python_version >= '3.10' | false",
        "python_version < '99999999999999999999' | python_version >= '3.10' | true",
        "sys_platform == 'win32' | sys_platform == 'linux' | false",
        "sys_platform == 'win32' | sys_platform != 'win32' | false",
        "sys_platform == 'win32' | os_name == 'posix' | false",
        "sys_platform == 'linux' | os_name == 'posix' | true",
        "platform_system == 'Windows' | sys_platform == 'linux' | false",
        "sys_platform in 'win32' | sys_platform == 'linux' | false",
        "'linux' in sys_platform | sys_platform not in 'win32 darwin' | true",
        "extra == 'dev' | os_name == 'posix' | false",
        "platform_machine == 'x86_64' | platform_machine == 'aarch64' | false",
        "platform_machine != 'x86_64' | platform_machine == 'aarch64' | true",
        "platform_machine in 'x86_64' | platform_machine == 'aarch64' | false",
        "python_version > '3.9' | python_full_version < '3.9.5' | false",
        "python_version > '3.9' | platform_machine == 'aarch64' | true",
        "platform_machine == 'a' or platform_machine == 'b' | platform_machine == 'c' | false",
        "platform_machine == 'a' or platform_machine == 'b' | platform_machine == 'b' | true",
        "os_name == 'posix' and python_version < '3' | os_name == 'posix' and python_version > '3' | false"
      })
  void markersMeetIfAnImageSurelySatisfiesBoth(String a, String b, boolean meet) {
    PythonMarker one = PythonRequirement.parse("x; " + a).marker().onLinux();
    PythonMarker other = PythonRequirement.parse("x; " + b).marker().onLinux();
    assertThat(one.meets(other)).isEqualTo(meet);
    assertThat(other.meets(one)).isEqualTo(meet);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a==1.5 | a==1.4 | true",
        "a==1.5 | a==1.5.0 | false",
        "a[x]==1.5 | A==1.5 | false",
        "a | a | false",
        "a>=1.20 | a<2 | false",
        "a>=2 | a<2 | true",
        "a>2 | a<=2 | true",
        "a>=2 | a<=2 | false",
        "a>=2rc1 | a<2 | true",
        "a<2rc1 | a>=2b1 | false",
        "a>1.0 | a==1.0.post1 | true",
        "a>1.0 | a==1.0.1 | false",
        "a==1.* | a==1.4 | false",
        "a==1.* | a==2.4 | true",
        "a==1.* | a!=1.* | true",
        "a~=1.4 | a>=2 | true",
        "a~=1.4.5 | a==1.4.9 | false",
        "a~=1.4.5 | a==1.5 | true",
        "a!=1.5 | a==1.5 | true",
        "a!=1.5 | a==1.6 | false",
        "a==1.0+cpu | a==1.0 | false",
        "a==1.0+cpu | a==1.0+cu121 | true",
        "a==1.0+cpu | a>=1.0 | false",
        "a===1.0 | a===1.0.0 | true",
        "a==1!1.0 | a==1.0 | true",
        "a==2024.1 | a<2024.01.1 | false",
        "a==1.0.dev1 | a<1.0 | true",
        "a @ https://h.example/a.whl | a @ https://h.example/b.whl | true",
        "a @ https://h.example/a.whl | a @ https://h.example/a.whl#sha256=00 | false",
        "a @ https://h.example/a.whl | a==1 | false",
        "https://h.example/main.zip | https://h.example/b/main.zip | false",
        "a==1; python_version < '3.9' | a==2; python_version >= '3.9' | false",
        "a==1; python_version < '3.9' | a==2; python_version < '3.8' | true",
        "a==1; sys_platform == 'win32' | a==2 | false"
      })
  void onlyWhatNoVersionSatisfiesContradicts(String a, String b, boolean contradicts) {
    PythonRequirement one = PythonRequirement.parse(a);
    PythonRequirement other = PythonRequirement.parse(b);
    assertThat(one.contradicts(other)).isEqualTo(contradicts);
    assertThat(other.contradicts(one)).isEqualTo(contradicts);
  }

  @ParameterizedTest
  @CsvSource({"'a>=3,<2', true", "'a>=2,<3', false", "'a==1.0,!=1', true", "a, false"})
  void aRequirementMayContradictItself(String text, boolean contradicts) {
    assertThat(PythonRequirement.parse(text).isContradiction()).isEqualTo(contradicts);
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

  /** Each includes the next twice: without a bound, the last would be read a million times. */
  @Test
  @Timeout(20)
  void whatIsIncludedWithoutEndIsAMistakeOfOneLine() throws Exception {
    for (int i = 0; i < 20; i++) {
      String next = "-r " + (i + 1) + ".txt\n";
      Files.writeString(project.resolve(i + ".txt"), next + next);
    }
    Files.writeString(project.resolve("20.txt"), "six==1\n");
    RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "0.txt");
    assertThat(file.mistakes())
        .singleElement()
        .asString()
        .matches("\\d+\\.txt:\\d: too much is included: at most 100 files.*");
  }

  @Test
  void aMistakeOfAFileThatIsIncludedTwiceIsSaidOnce() throws Exception {
    Files.writeString(project.resolve("main.txt"), "-r more.txt\n-c more.txt\n");
    Files.writeString(project.resolve("more.txt"), "-e .\n");
    assertThat(RequirementsFile.read(ProjectDirectory.at(project), "main.txt").mistakes())
        .hasSize(1);
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
        "six==1 --hash=sha256:00000000000000000000000000000000000000000000000000000000000000000 | a hash is written",
        "six==1 --hash=sha384:0000000000000000000000000000000000000000000000000000000000000000 | a hash is written",
        "six==1 --install-option=x | main.txt:2: this option has no place",
        "six==${VERSION} | who builds it",
        "--find-links wheels | with a folder of the image that a @Copy(in = Copy.In.STEPS) fills",
        "-f ./wheels | or name a page with pipFindLinks",
        "--find-links https://me:pw@h.example/x | --find-links has no place",
        "wheels/six.whl | is a file of the project",
        "six-1.0-py3-none-any.whl | is a file of the project",
        "more.txt | another requirements file is included with -r",
        "-r a.txt -r b.txt | has its own line",
        "-r 'a.txt | a quote is not closed",
        "-r | relative to this one",
        "--trusted-host h.example | main.txt:2: this option has no place here",
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
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "numpy\t==2.1.0 | numpy\t==2.1.0",
        "numpy==2.1.0, | numpy==2.1.0",
        "numpy>=1.0; | numpy>=1.0",
        "numpy==2.1.0 | numpy==2.1.0",
        "git+https://git.example/a.git@v1 | git+https://git.example/a.git@v1",
        "-r 'more.txt' | -r 1.txt",
        "--requirement=\"more.txt\" | -r 1.txt",
        "-rmore.txt | -r 1.txt",
        "-c \"a b.txt\" | -c 1.txt",
        "--find-links https://h.example/wheels.html | --find-links https://h.example/wheels.html",
        "-f https://h.example/wheels.html | -f https://h.example/wheels.html",
        "--pre --only-binary=:all: | --pre --only-binary=:all:"
      })
  void whatPipTakesIsTaken(String line, String inImage) throws Exception {
    Files.writeString(project.resolve("main.txt"), line + "\n");
    Files.writeString(project.resolve("more.txt"), "six\n");
    Files.writeString(project.resolve("a b.txt"), "six\n");
    RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "main.txt");
    assertThat(file.mistakes()).isEmpty();
    assertThat(file.texts()).containsEntry("requirements.txt", inImage + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, \uFEFF",
    "UTF-16BE, \uFEFF",
    "UTF-32LE, \uFEFF",
    "UTF-32BE, \uFEFF",
    "UTF-8, \uFEFF",
    "UTF-8, ''",
    "ISO-8859-1, # -*- coding: latin-1 -*-"
  })
  void aFileIsReadInTheEncodingThatItNames(String encoding, String start) throws Exception {
    Files.write(
        project.resolve("main.txt"),
        (start + "\r\nnumpy==2.1.0 # gr\u00f6\u00dfer\r\n").getBytes(Charset.forName(encoding)));
    RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "main.txt");
    assertThat(file.mistakes()).isEmpty();
    assertThat(file.texts()).containsEntry("requirements.txt", "numpy==2.1.0\n");
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
