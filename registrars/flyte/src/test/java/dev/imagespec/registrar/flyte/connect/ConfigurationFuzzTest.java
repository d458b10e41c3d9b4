package dev.imagespec.registrar.flyte.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Broken and hostile configuration never ends in anything but one of our own errors. */
@Timeout(120)
class ConfigurationFuzzTest {
  private static final int DOCUMENTS = 3000;
  private static final List<String> PIECES =
      List.of(
          "admin:",
          "endpoint",
          ": ",
          "\n  ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "&a ",
          "*a",
          "<<: ",
          "!!binary ",
          "!!map ",
          "? ",
          "|\n",
          ">-\n",
          "'",
          "\"",
          "\\",
          "#",
          "%YAML 9.9\n",
          "---\n",
          "...\n",
          "\t",
          "\u0000",
          "\ufeff",
          "\ud800",
          "😀",
          "null",
          "~",
          "true",
          "dns:///",
          "a.example",
          "authType",
          "ClientSecret",
          "Pkce",
          "command",
          "scopes",
          "tokenUrl",
          "https://",
          "caCertFilePath",
          "/",
          "clientSecretLocation",
          "/dev/zero",
          "/proc/self/mem");
  private static final String SAMPLE =
      "admin:\n  endpoint: dns:///a.example\n  authType: ExternalCommand\n  command: [a, b]\n"
          + "  scopes: [all]\n  tokenUrl: https://i.example/t\n  audience: x\n  insecure: false\n"
          + "task: {org: a, project: b, domain: c}\n";

  @TempDir Path dir;

  @Test
  void files() throws IOException {
    Files.createDirectories(dir.resolve(".flyte"));
    Random random = new Random(16);
    int read = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      String text = mutated(random, SAMPLE);
      Files.write(dir.resolve(".flyte/config.yaml"), text.getBytes(StandardCharsets.UTF_8));
      read += reads(Map.of(), Map.of(), text) ? 1 : 0;
    }
    assertThat(read)
        .as("some are still good")
        .isBetween(DOCUMENTS / 50, DOCUMENTS - DOCUMENTS / 50);
  }

  @Test
  void deepFilesAndManyAliases() throws IOException {
    Files.createDirectories(dir.resolve(".flyte"));
    StringBuilder laughs = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    for (String text :
        List.of(
            "[".repeat(200_000),
            "admin: " + "{a: ".repeat(100_000),
            "- ".repeat(100_000),
            laughs + "admin: {endpoint: a.example, scopes: *a39}",
            "admin: &x {endpoint: *x}",
            "&x admin: {*x : *x}",
            "x".repeat(2 << 20))) {
      Files.writeString(dir.resolve(".flyte/config.yaml"), text);
      reads(Map.of(), Map.of(), text);
    }
  }

  @Test
  void settingsAndApiKeys() {
    Random random = new Random(17);
    List<String> names = List.copyOf(FlyteConnection.SETTINGS);
    for (int i = 0; i < DOCUMENTS; i++) {
      Map<String, String> settings = new HashMap<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        settings.put(names.get(random.nextInt(names.size())), mutated(random, "a.example"));
      }
      String key = mutated(random, "a.example:id:secret:org");
      String encoded =
          random.nextInt(4) == 0
              ? key
              : Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
      reads(settings, Map.of("FLYTE_API_KEY", encoded), settings + key);
    }
  }

  private boolean reads(
      Map<String, String> settings, Map<String, String> environment, String what) {
    try {
      ConfigurationReader.read(settings, environment, dir, dir).described();
      return true;
    } catch (ImageSpecException e) {
      assertThat(e.code().isInput()).as(what).isTrue();
      assertThat(e.getMessage().chars().noneMatch(Character::isISOControl)).as(what).isTrue();
      return false;
    }
  }

  private static String mutated(Random random, String sample) {
    StringBuilder text = new StringBuilder(sample);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(12)));
        case 2 ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
        default -> text.insert(at, (char) random.nextInt(300));
      }
    }
    return text.toString();
  }
}
