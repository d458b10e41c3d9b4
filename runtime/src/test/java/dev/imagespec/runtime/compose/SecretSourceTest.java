package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.SecretProvider;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSourceTest {
  private static final String CANARY = "canary-81c2";

  @TempDir Path dir;

  private SecretSource source(Map<String, String> places, SecretProvider... providers) {
    return new SecretSource(
        Settings.builder().projectDir(dir).secrets(places).build(),
        Map.of("HUSH", CANARY, "BINARY", "a\0b"),
        List.of(providers));
  }

  private static SecretProvider provider(String known) {
    return new SecretProvider() {
      @Override
      public String name() {
        return "vault";
      }

      @Override
      public Optional<String> secret(String id) throws IOException {
        if (id.equals("broken")) {
          throw new IOException("sealed");
        }
        return id.equals(known) ? Optional.of(CANARY) : Optional.empty();
      }
    };
  }

  @Test
  void aSettingSaysWhereAValueIs() throws IOException {
    Path file = Files.writeString(dir.resolve("token.txt"), CANARY);
    SecretSource source = source(Map.of("a", "env:HUSH", "b", "file:token.txt"));
    assertThat(source.get("a")).isEqualTo(new Secret.OfValue(CANARY));
    assertThat(source.get("b")).isEqualTo(new Secret.OfFile(file));
    assertThat(source.value("b", source.get("b"))).isEqualTo(CANARY);
    assertThat(source.get("a")).asString().doesNotContain(CANARY);
  }

  @Test
  void aProviderIsAskedForWhatNoSettingNames() {
    SecretSource source = source(Map.of("b", "env:HUSH"), provider("a"));
    assertThat(source.get("a")).isEqualTo(new Secret.OfValue(CANARY));
    assertThatThrownBy(() -> source.get("broken"))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SECRET))
        .hasMessage("The secret \"broken\" cannot be read from vault: sealed.")
        .hasNoCause();
    assertThatThrownBy(() -> source.get("none")).hasMessageContaining("imagespec.secret.none");
  }

  @Test
  void aValueThatIsNotThereSaysWhatToCorrect() {
    SecretSource source = source(Map.of("a", "env:NONE", "b", "file:none.txt", "c", "env:BINARY"));
    assertThatThrownBy(() -> source.get("a"))
        .hasMessageContaining("environment variable NONE, which is not set")
        .hasMessageContaining("imagespec.secret.a");
    assertThatThrownBy(() -> source.get("b"))
        .hasMessageContaining("none.txt, which cannot be read")
        .hasMessageContaining("imagespec.secret.b");
    assertThatThrownBy(() -> source.get("c")).hasMessageContaining("put it into a file");
  }

  @Test
  void aFileThatEnginesCannotNameIsRefused() throws IOException {
    Files.writeString(dir.resolve("a,b"), CANARY);
    assertThatThrownBy(() -> source(Map.of("a", "file:a,b")).get("a"))
        .hasMessageContaining("no path with commas");
  }
}
