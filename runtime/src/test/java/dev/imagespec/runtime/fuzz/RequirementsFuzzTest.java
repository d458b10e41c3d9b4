package dev.imagespec.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.RequirementsFile;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What is wrong with a requirements file is among its mistakes; nothing is thrown. */
class RequirementsFuzzTest {
  private static final List<String> SAMPLES =
      List.of(
          "# why\nnumpy==2.1.0 ; python_version < '3.13' and (os_name == \"nt\" or extra == 'x')\n"
              + "-r more.txt\n-c lib/limits.txt # because\n--pre\n--no-binary=:all:\n",
          "a[b,c]>=1.0,!=1.5.*,<2 \\\n  --hash=sha256:"
              + "0".repeat(64)
              + " \\\n  --hash=sha256:"
              + "1".repeat(64)
              + "\nb @ https://files.example/b-1.0-py3-none-any.whl#sha256="
              + "2".repeat(64)
              + "\n",
          "-i https://pypi.example/simple\n-e .\n--extra-index-url x\n${TOKEN}\na~=1.4.2.post1+local\n",
          "--requirement=a.txt\n-rb.txt\n-ca.txt\n-r ../x.txt\n-r https://x.example/r.txt\n");

  /** A document may be read a hundred times. */
  private static final int MOST = 1024;

  /** Folders in which every file has the same content, and includes itself or others. */
  private static final class Same implements ProjectDirectory {
    private final byte[] content;

    Same(byte[] content) {
      this.content = content;
    }

    @Override
    public boolean exists(String path) {
      return isFile(path);
    }

    @Override
    public boolean isFile(String path) {
      return path.endsWith(".txt");
    }

    @Override
    public boolean isInside(String path) {
      return !path.startsWith("x");
    }

    @Override
    public byte[] read(String path, int limit) {
      return Arrays.copyOf(content, Math.min(content.length, limit));
    }

    @Override
    public boolean isLink(String path) {
      return false;
    }

    @Override
    public void walk(String path, Predicate<String> enters, Predicate<String> visit) {
      boolean unused = visit.test(path);
    }
  }

  @Test
  void whatIsWrongIsAMistake() throws InterruptedException {
    Fuzz.run(
        SAMPLES,
        document -> {
          RequirementsFile file =
              RequirementsFile.read(
                  new Same(Arrays.copyOf(document, Math.min(document.length, MOST))), "main.txt");
          assertThat(file.texts()).containsKey(RequirementsFile.FIRST);
          file.mistakes().forEach(mistake -> assertThat(mistake.text()).isNotBlank());
          file.requirements().forEach(line -> assertThat(line.place()).contains(".txt:"));
        });
  }
}
