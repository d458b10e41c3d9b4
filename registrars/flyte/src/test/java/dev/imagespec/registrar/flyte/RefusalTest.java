package dev.imagespec.registrar.flyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static Optional<Refusal> refusal(String body) throws JsonProcessingException {
    return Refusal.of(new ObjectMapper().readTree(body));
  }

  @Test
  void connectNamesACodeAndGatewaysNumberIt() throws Exception {
    assertThat(refusal("{\"code\":\"not_found\",\"message\":\"no\"}"))
        .hasValue(new Refusal("not_found", "no", Api.FLYTE_2));
    assertThat(refusal("{\"code\":6,\"message\":\"there\",\"details\":[]}"))
        .hasValue(new Refusal("already_exists", "there", Api.FLYTE_1));
    assertThat(refusal("{\"error\":\"there\",\"code\":6}"))
        .as("of an old gateway")
        .hasValue(new Refusal("already_exists", "there", Api.FLYTE_1));
  }

  @Test
  void anythingElseIsNoneOfFlytes() throws Exception {
    for (String body :
        new String[] {"{}", "[]", "\"code\"", "{\"code\":99}", "{\"code\":\"TooBad\"}", "null"}) {
      assertThat(refusal(body)).as(body).isEmpty();
    }
  }
}
