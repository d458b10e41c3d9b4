package dev.imagespec.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLockTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);
  private static final String HEAD = "lock-version = \"1.0\"\ncreated-by = \"test\"\n";

  private static PythonLockFile read(String text) {
    return PythonLockFile.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static PythonLock lock(String... packages) {
    PythonLockFile file = read(HEAD + String.join("", packages));
    assertThat(file.mistakes()).isEmpty();
    return file.lock();
  }

  /** A package with more lines of TOML. */
  private static String one(String name, String more, String... files) {
    return "[[packages]]\nname = \""
        + name
        + "\"\nversion = \"1.0\"\n"
        + more
        + String.join("", files);
  }

  private static String wheel(String file, String hash) {
    return "[[packages.wheels]]\nurl = \"https://files.example/x/"
        + file
        + "\"\nhashes = {sha256 = \""
        + hash
        + "\"}\nupload-time = 2025-01-01T00:00:00Z\nsize = 7\n";
  }

  private static String sdist(String file, String hash) {
    return "[packages.sdist]\nurl = \"https://files.example/x/"
        + file
        + "\"\nhashes = {sha256 = \""
        + hash
        + "\"}\n";
  }

  private static String six() {
    return one("six", "", wheel("six-1.0-py3-none-any.whl", A));
  }

  static List<Arguments> mistakes() {
    String many = "python_version == '1' or python_version == '2'";
    return List.of(
        Arguments.of("", "it has no lock-version"),
        Arguments.of("not toml", "it is no TOML; see line 1"),
        Arguments.of("a = [[[[", "it is no TOML"),
        Arguments.of("a = " + "[".repeat(5000), "it is no TOML"),
        Arguments.of("a = 1\na = 2", "it is no TOML"),
        Arguments.of(
            "lock-version = \"2.0\"", "its lock-version is 2.0, and this release reads 1.0"),
        Arguments.of("lock-version = 1", "lock-version is no text"),
        Arguments.of("version = 1\n[[package]]\nname = \"six\"", "it is no lock of PEP 751"),
        Arguments.of(HEAD, "it has no list of packages"),
        Arguments.of(HEAD + "packages = []", "it has no list of packages"),
        Arguments.of(HEAD + "packages = \"six\"", "it has no list of packages"),
        Arguments.of(HEAD + "packages = [1]", "a package has no name"),
        Arguments.of(HEAD + one("a b", ""), "a b is no package's name"),
        Arguments.of(HEAD + one("-r x", ""), "-r x is no package's name"),
        Arguments.of(HEAD + one("six", ""), "six has no files"),
        Arguments.of(
            HEAD + "[[packages]]\nname = \"six\"\n" + wheel("six-1-py3-none-any.whl", A),
            "six has no version"),
        Arguments.of(
            HEAD + "[[packages]]\nname = \"six\"\nversion = \"1 --pre\"\n" + sdist("s.tar.gz", A),
            "six has a wrong version"),
        Arguments.of(HEAD + one("six", "", wheel("six-1.0.whl", A)), "six-1.0.whl is no wheel's"),
        Arguments.of(HEAD + one("six", "", wheel("", A)), "six has a file without a name"),
        Arguments.of(
            HEAD + one("six", "", wheel("six-1.0-py3-none-any.whl", "abc")),
            "six: six-1.0-py3-none-any.whl has no sha256 in its hashes"),
        Arguments.of(
            HEAD + one("six", "wheels = [{url = \"https://h/six-1-py3-none-any.whl\"}]\n"),
            "has no sha256"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "wheels = [{path = \"w/six-1-py3-none-any.whl\", hashes = {sha256 = \""
                        + A
                        + "\"}}]\n"),
            "six: six-1-py3-none-any.whl is a file of the project"),
        Arguments.of(
            HEAD + one("six", "vcs = {type = \"git\", commit-id = \"1\"}\n"),
            "six is from source control, which has no hashes"),
        Arguments.of(
            HEAD + one("six", "directory = {path = \".\", editable = true}\n"),
            "six is a folder of the project, which the steps of an image cannot read. If it is the"
                + " project itself, export without it (uv export --no-emit-project)"),
        Arguments.of(
            HEAD
                + one("six", "archive = {path = \"six.zip\", hashes = {sha256 = \"" + A + "\"}}\n"),
            "six: six.zip is a file of the project"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "archive = {url = \"https://me:pw@h.example/six.zip\", hashes = {sha256 = \""
                        + A
                        + "\"}}\n"),
            "six: https://***@h.example/six.zip has a user or a password"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "archive = {url = \"https://h.example/$(id)/six.zip\", hashes = {sha256 = \""
                        + A
                        + "\"}}\n"),
            "is no https URL"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "archive = {subdirectory = \"a\", url = \"https://h.example/six.zip\", hashes ="
                        + " {sha256 = \""
                        + A
                        + "\"}}\n"),
            "six is a folder of an archive"),
        Arguments.of(
            HEAD + one("six", "index = \"https://t@h.example/simple\"\n", sdist("six-1.tar.gz", A)),
            "has a user or a password"),
        Arguments.of(
            HEAD + one("six", "index = \"file:///srv\"\n", sdist("six-1.tar.gz", A)),
            "six: file:///srv is no https URL"),
        Arguments.of(
            HEAD + one("six", "index = \"https://h/\\n-r x\"\n", sdist("six-1.tar.gz", A)),
            "is no https URL"),
        Arguments.of(
            HEAD + one("six", "marker = \"python_version\"\n", sdist("six-1.tar.gz", A)),
            "six: the marker is wrong"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "marker = \"python_version < '3 --hash=x'\"\n",
                    sdist("six-1.tar.gz", A)),
            "six: the marker has the odd value \"3 --hash=x\""),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "marker = \"platform_release == '${HOME}'\"\n",
                    sdist("six-1.tar.gz", A)),
            "the odd value"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "marker = \"(" + many + ")" + (" and (" + many + ")").repeat(9) + "\"\n",
                    sdist("six-1.tar.gz", A)),
            "six: the marker has more than 256 alternatives"),
        Arguments.of(
            HEAD + one("six", "marker = \"extras == 'a'\"\n", sdist("six-1.tar.gz", A)),
            "whether \"a name\" is in extras"),
        Arguments.of(
            "requires-python = \"three\"\n" + HEAD + six(), "the lock: requires-python is wrong"),
        Arguments.of(
            HEAD + one("six", "requires-python = \"; a\"\n", sdist("six-1.tar.gz", A)),
            "six: requires-python is wrong"),
        Arguments.of(
            "requires-python = '===3\"'\n" + HEAD + six(), "the lock: requires-python is wrong"),
        Arguments.of(
            HEAD + one("six", "index = \"https://h/s#x\"\n", sdist("six-1.tar.gz", A)),
            "six: https://h/s#x is no https URL"),
        Arguments.of(
            HEAD + one("six", "", wheel("six-1.0-py3-none-any.whl", A + "0")), "has no sha256"),
        Arguments.of(
            HEAD + one("s".repeat(501), "", wheel("six-1.0-py3-none-any.whl", A)),
            "is no package's name"),
        Arguments.of(
            HEAD
                + one(
                    "six",
                    "marker = \"python_version < '3'"
                        + " and python_version < '3'".repeat(400)
                        + "\"\n",
                    sdist("six-1.tar.gz", A)),
            "six: the marker has more than 8192 characters"),
        Arguments.of("environments = [\"x == 1\"]\n" + HEAD + six(), "environments: the marker"),
        Arguments.of(
            HEAD + one("six", "marker = \"sys_platform == 'win32'\"\n", sdist("six-1.tar.gz", A)),
            "it has no package for Linux"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:hush hush@h/x",
        "https://me:hush#hush@h/x",
        "https://me:hush/hush@h/x",
        "hush:hush@h\\\\x",
        "hush@//h"
      })
  void aUrlThatIsNoneShowsNoPassword(String url) {
    List<String> mistakes =
        read(HEAD + one("six", "index = \"" + url + "\"\n", sdist("six-1.tar.gz", A))).mistakes();
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0)).contains("six: ", "***@").doesNotContain("hush");
  }

  @Test
  void aMarkOfWindowsAndItsLineEndsSayNothing() {
    PythonLock plain = lock(six());
    assertThat(read("\uFEFF" + (HEAD + six()).replace("\n", "\r\n")).lock()).isEqualTo(plain);
    assertThat(lock(six().replace(A, A.toUpperCase(Locale.ROOT)))).isEqualTo(plain);
  }

  @Test
  void markersTogetherAreBounded() {
    String both = "(python_version < '3' or os_name < 'x')";
    String marker = "marker = \"" + both + (" and " + both).repeat(7) + "\"\n";
    StringBuilder packages = new StringBuilder(HEAD);
    for (int i = 0; i < 100; i++) {
      packages.append(one("six" + i, marker, sdist("six-1.tar.gz", A)));
    }
    assertThat(read(packages.toString()).mistakes())
        .containsExactly("its markers have more than 200000 conditions together");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void whatIsWrongIsSaid(String text, String mistake) {
    PythonLockFile file = read(text);
    assertThat(file.lock()).isEqualTo(PythonLock.NONE);
    assertThat(file.mistakes()).anySatisfy(said -> assertThat(said).contains(mistake));
    assertThat(file.mistakes())
        .hasSizeLessThanOrEqualTo(20)
        .allSatisfy(said -> assertThat(said).doesNotContain("\n").doesNotContain("pw@"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThat(PythonLockFile.parse(new byte[] {(byte) 0xff, 0}).mistakes())
        .containsExactly("it is not UTF-8, as TOML is");
  }

  @Test
  void aLockBecomesRequirementsThatNameEachFile() {
    PythonLock lock =
        lock(
            one(
                "Foo.Bar",
                "marker = \"python_version<'3.13' and sys_platform=='linux'\"\n"
                    + "index = \"https://pypi.org/simple\"\n",
                wheel("foo_bar-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", B),
                wheel("foo_bar-1.0-cp312-cp312-win_amd64.whl", C),
                wheel("foo_bar-1.0-cp312-cp312-manylinux_2_17_aarch64.whl", A),
                sdist("foo_bar-1.0.tar.gz", "d".repeat(64))),
            one(
                "torch",
                "index = \"https://torch.example/cpu\"\n",
                wheel("torch-1.0%2Bcpu-cp312-cp312-linux_x86_64.whl", A)),
            "[[packages]]\nname = \"zip\"\narchive = {url = \"https://h.example/zip-1-py3-none-any.whl\","
                + " hashes = {sha512 = \""
                + "e".repeat(128)
                + "\"}}\n");
    Map<String, String> texts = LockTexts.of(lock, false, true);
    assertThat(texts)
        .containsExactly(
            Map.entry(
                "00001.txt",
                "--only-binary :all:\nfoo-bar==1.0 ; python_version < \"3.13\" --hash=sha256:"
                    + A
                    + " --hash=sha256:"
                    + B
                    + "\nzip @ https://h.example/zip-1-py3-none-any.whl --hash=sha512:"
                    + "e".repeat(128)
                    + "\n"),
            Map.entry(
                "00002.txt",
                "--index-url https://torch.example/cpu\n--only-binary :all:\ntorch==1.0"
                    + " --hash=sha256:"
                    + A
                    + "\n"));
    assertThat(LockTexts.of(lock, false, false))
        .as("an index of the annotation is for all")
        .containsOnlyKeys("00001.txt");
    assertThat(LockTexts.of(lock, true, false))
        .as("what may have to be built comes last, with its source")
        .containsOnlyKeys("00001.txt", "00002.txt")
        .hasEntrySatisfying(
            "00002.txt",
            text ->
                assertThat(text)
                    .startsWith("foo-bar==1.0 ; ")
                    .contains("--hash=sha256:" + "d".repeat(64))
                    .doesNotContain("--only-binary"));
  }

  @Test
  void orderCommentsQuotesAndWhatIsForOtherSystemsDoNotMatter() {
    String foo =
        one(
            "foo",
            "marker = \"python_version >= '3.9' and 'x' not in extras\"\n",
            wheel("foo-1.0-py3-none-any.whl", A));
    PythonLock lock = lock(foo, six());
    PythonLock other =
        lock(
            "# by another tool\n",
            one("colorama", "marker = \"os_name == 'nt'\"\n", sdist("c-1.tar.gz", B)),
            six(),
            one("none", "marker = \"'dev' in dependency_groups\"\n", sdist("n-1.tar.gz", B)),
            one(
                "Foo",
                "marker = '\"3.9\" <= python_version'\n",
                wheel("foo-1.0-py3-none-any.whl", A)));
    assertThat(LockTexts.of(other, false, true)).isEqualTo(LockTexts.of(lock, false, true));
    assertThat(LockCheckScript.of(other)).isEqualTo(LockCheckScript.of(lock));
  }

  @Test
  void defaultGroupsAreInstalled() {
    PythonLockFile file =
        read(
            "default-groups = [\"Dev_Tools\"]\n"
                + HEAD
                + one(
                    "six",
                    "marker = \"'dev-tools' in dependency_groups or 'gpu' in extras\"\n",
                    wheel("six-1.0-py3-none-any.whl", A)));
    assertThat(LockTexts.of(file.lock(), false, true).get("00001.txt"))
        .isEqualTo("--only-binary :all:\nsix==1.0 --hash=sha256:" + A + "\n");
  }

  private static List<String> problems(PythonLock lock, boolean builds, String version) {
    return lock.problems(
        List.of(
            PythonTarget.of(Platform.parse("linux/amd64"), version),
            PythonTarget.of(Platform.parse("linux/arm64"), version)),
        builds);
  }

  @Test
  void everyPlatformNeedsAWheel() {
    PythonLock lock =
        lock(
            six(),
            one("foo", "", wheel("foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", A)),
            one(
                "bar",
                "marker = \"platform_machine == 'x86_64'\"\n",
                wheel("bar-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", A)),
            one(
                "old",
                "marker = \"python_version < '3.9'\"\n",
                wheel("old-1.0-cp38-cp38-manylinux_2_17_x86_64.whl", A)));
    assertThat(problems(lock, false, ""))
        .containsExactly(
            "foo 1.0 has no wheel for linux/arm64; remove the platform, or lock a version that has"
                + " one");
    assertThat(problems(lock, false, "3.11.9"))
        .containsExactly(
            "foo 1.0 has no wheel for linux/amd64 with Python 3.11.9; remove the platform, or lock a"
                + " version that has one",
            "bar 1.0 has no wheel for linux/amd64 with Python 3.11.9; remove the platform, or lock a"
                + " version that has one",
            "foo 1.0 has no wheel for linux/arm64 with Python 3.11.9; remove the platform, or lock a"
                + " version that has one");
    assertThat(problems(lock(six()), false, "3.11.9")).isEmpty();
  }

  @Test
  void whatMustBeBuiltNeedsToolsThatAreThere() {
    PythonLock lock = lock(one("foo", "", sdist("foo-1.0.tar.gz", A)));
    assertThat(problems(lock, false, ""))
        .hasSize(2)
        .allSatisfy(
            said ->
                assertThat(said)
                    .contains("what builds its source distribution is not locked")
                    .contains("set pipNoBuildIsolation = true"));
    assertThat(problems(lock, true, "")).isEmpty();
    assertThat(LockTexts.of(lock, false, true).get("00001.txt"))
        .as("no source is taken for a wheel")
        .startsWith("--only-binary :all:\n");
  }

  @Test
  void theLockAndItsPackagesSayForWhichPython() {
    PythonLock lock = read("requires-python = \">=3.9,<3.13\"\n" + HEAD + six()).lock();
    assertThat(problems(lock, false, "")).isEmpty();
    assertThat(problems(lock, false, "3.12.1")).isEmpty();
    assertThat(problems(lock, false, "3.13.1"))
        .contains(
            "it is for Python >=3.9,<3.13, and the base image for linux/amd64 has Python 3.13.1; use"
                + " another base image, or lock for this Python")
        .hasSize(2);
    PythonLock patch = read("requires-python = \">=3.9.5\"\n" + HEAD + six()).lock();
    assertThat(problems(patch, false, "3.9")).as("some 3.9 satisfies it").isEmpty();
    assertThat(problems(patch, false, "3.9.4")).hasSize(2);
    PythonLock own =
        lock(one("foo", "requires-python = \">=3.10\"\n", wheel("foo-1.0-py3-none-any.whl", A)));
    assertThat(problems(own, false, "3.9.1"))
        .allSatisfy(said -> assertThat(said).startsWith("foo 1.0 is for Python >=3.10, and"));
    assertThat(problems(own, false, "3.10.0")).isEmpty();
  }

  @Test
  void environmentsSayForWhichPlatforms() {
    PythonLock lock =
        read("environments = [\"sys_platform == 'linux' and platform_machine == 'x86_64'\","
                + " \"sys_platform == 'darwin'\"]\n"
                + HEAD
                + six())
            .lock();
    assertThat(problems(lock, false, ""))
        .containsExactly("none of its environments is linux/arm64; lock for this environment, too");
    assertThat(LockCheckScript.of(lock))
        .startsWith(
            "REQUIRES = []\nENVIRONMENTS = [[], [[('platform_machine', '==', 'x86_64')]]]\n\n");
  }

  @Test
  void oneNameIsInstalledOnce() {
    PythonLock lock =
        lock(
            six(),
            one(
                "six",
                "marker = \"python_version < '3.9'\"\n",
                wheel("six-1.0-py3-none-any.whl", B)));
    assertThat(problems(lock, false, "")).isEmpty();
    assertThat(problems(lock, false, "3.12.1")).isEmpty();
    assertThat(problems(lock, false, "3.8.1"))
        .contains(
            "six is locked twice for linux/amd64 with Python 3.8.1, as six 1.0 and as six 1.0;"
                + " lock again");
  }
}
