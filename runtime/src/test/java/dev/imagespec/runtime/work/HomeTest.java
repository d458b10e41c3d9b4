package dev.imagespec.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HomeTest {
  private final String before = System.getProperty("user.home");

  @AfterEach
  void restore() {
    System.setProperty("user.home", before);
  }

  @Test
  void theVariableComesFirst() {
    assertThat(Home.of(Map.of("HOME", "/x"))).hasValue(Path.of("/x"));
    assertThat(Home.of(Map.of("HOME", ""))).hasValue(Path.of(before));
    assertThat(Home.of(Map.of())).hasValue(Path.of(before));
  }

  /** Java says "?" for a user that is in no password database. */
  @Test
  void aUserWithoutAHomeHasNone() {
    System.setProperty("user.home", "?");
    assertThat(Home.of(Map.of())).isEmpty();
    assertThat(Home.of(Map.of("HOME", "/"))).hasValue(Path.of("/"));
  }

  @Test
  void theCacheIsWhereTheUserWantsIt() {
    assertThat(Home.cache(Map.of("HOME", "/home/a"))).hasValue(Path.of("/home/a/.cache"));
    assertThat(Home.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/var/c")))
        .hasValue(Path.of("/var/c"));
    assertThat(Home.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "")))
        .hasValue(Path.of("/home/a/.cache"));
    assertThat(Home.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "relative")))
        .as("no relative path, says the XDG specification")
        .hasValue(Path.of("/home/a/.cache"));
    assertThat(Home.cache(Map.of("HOME", "relative"))).isEmpty();
  }
}
