package dev.imagespec.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.runtime.python.LockCheckScript;
import dev.imagespec.runtime.python.LockTexts;
import dev.imagespec.runtime.python.PythonLock;
import dev.imagespec.runtime.python.PythonLockFile;
import dev.imagespec.runtime.python.PythonTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a lock is among its mistakes; nothing is thrown, and no line is smuggled in.
 */
class PythonLockFuzzTest {
  private static final String HASHES = "hashes = {sha256 = \"" + "0".repeat(64) + "\"}";
  private static final List<String> SAMPLES =
      List.of(
          "lock-version = \"1.0\"\nrequires-python = \">=3.9\"\nenvironments = [\"os_name == 'posix'\"]\n"
              + "[[packages]]\nname = \"six\"\nversion = \"1.16.0\"\nindex = \"https://h.example/simple\"\n"
              + "marker = \"python_version < '3.13' and 'x' not in extras\"\nwheels = [{url ="
              + " \"https://h.example/six-1.16.0-py3-none-any.whl\", "
              + HASHES
              + "}]\n",
          "lock-version = \"1.0\"\npackages = [{name = \"a\", archive = {url = \"https://h.example/a.zip\", "
              + HASHES
              + "}}, {name = \"b\", vcs = {}}, {name = \"c\", version = \"1\", sdist = {name ="
              + " \"c-1.tar.gz\", url = \"https://h.example/c\", "
              + HASHES
              + "}}]\n");

  @TempDir Path dir;

  @Test
  void whatIsWrongIsAMistake() throws InterruptedException {
    Fuzz.run(
        SAMPLES,
        document -> {
          Path folder = Files.createTempDirectory(dir, "lock");
          Files.write(folder.resolve("pylock.toml"), document);
          PythonLockFile file = PythonLockFile.read(ProjectDirectory.at(folder), "pylock.toml");
          PythonLock lock = file.lock();
          assertThat(lock.isEmpty()).isEqualTo(!file.mistakes().isEmpty());
          lock.problems(List.of(PythonTarget.of(Platform.DEFAULT, "3.12.1")), true)
              .forEach(problem -> assertThat(problem).isNotBlank());
          assertThat(LockCheckScript.of(lock)).startsWith("REQUIRES = [");
          LockTexts.of(lock, true, true)
              .values()
              .forEach(
                  text ->
                      assertThat(text.lines())
                          .allMatch(
                              line ->
                                  line.matches("--index-url https?://\\S+|--only-binary :all:")
                                      || line.matches(
                                          "[a-z0-9.-]+(?:==| @ https?://)\\S+(?: ; (?:(?! -).)+)?(?:"
                                              + " --hash=sha(?:256|384|512):[0-9a-f]+)+")));
        });
  }
}
