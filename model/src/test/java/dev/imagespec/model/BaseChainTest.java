package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaseChainTest {
  private static final Map<String, String> BASES =
      Map.of("A", "B", "B", "C", "Lead", "X", "X", "Y", "Y", "X", "Self", "Self", "Lost", "Gone");

  private static BaseChain<String> of(String task) {
    return BaseChain.of(task, at -> Optional.ofNullable(BASES.get(at)));
  }

  @Test
  void aChainEndsWhereNoBaseFollows() {
    assertThat(of("A")).isEqualTo(new BaseChain<>(List.of("A", "B", "C"), false));
    assertThat(of("C").tasks()).containsExactly("C");
    assertThat(of("Lost").last()).isEqualTo("Gone");
  }

  @Test
  void aCircleIsToldFromTheWayIntoOne() {
    assertThat(of("X")).isEqualTo(new BaseChain<>(List.of("X", "Y", "X"), true));
    assertThat(of("X").isCircleOfFirst()).isTrue();
    assertThat(of("Self").tasks()).containsExactly("Self", "Self");
    assertThat(of("Lead").tasks()).containsExactly("Lead", "X", "Y", "X");
    assertThat(of("Lead").isCircular()).isTrue();
    assertThat(of("Lead").isCircleOfFirst()).isFalse();
    assertThat(of("A").isCircleOfFirst()).isFalse();
  }
}
