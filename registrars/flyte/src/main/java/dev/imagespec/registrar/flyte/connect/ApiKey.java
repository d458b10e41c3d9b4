package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An API key of Union: Base64 of {@code endpoint:client:secret:org}. Its text form shows no secret.
 *
 * @param variable the environment variable that has it
 * @param endpoint the endpoint, which may hold colons
 * @param org the organization; empty if the key has none
 */
record ApiKey(String variable, String endpoint, String clientId, String secret, String org) {
  /** Environment variables of Union's clients; the newer one's first. */
  static final List<String> VARIABLES = List.of("FLYTE_API_KEY", "UNION_API_KEY");

  private static final Logger LOG = LoggerFactory.getLogger(ApiKey.class);

  /** What clients write for no organization. */
  private static final String NO_ORG = "None";

  /**
   * The API key of the environment.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it is none; the message
   *     does not quote it
   */
  static Optional<ApiKey> of(Map<String, String> environment) {
    List<String> set =
        VARIABLES.stream().filter(name -> !environment.getOrDefault(name, "").isBlank()).toList();
    if (set.size() > 1) {
      LOG.debug("{} goes before {}", set.get(0), set.get(1));
    }
    return set.stream().findFirst().map(name -> parse(name, environment.getOrDefault(name, "")));
  }

  private static ApiKey parse(String variable, String key) {
    String text = decode(variable, key.strip());
    // From its end: only the endpoint holds colons.
    int org = text.lastIndexOf(':');
    int secret = org < 0 ? -1 : text.lastIndexOf(':', org - 1);
    int client = secret < 0 ? -1 : text.lastIndexOf(':', secret - 1);
    if (client <= 0 || secret == client + 1 || org == secret + 1) {
      throw wrong(variable);
    }
    String named = text.substring(org + 1);
    return new ApiKey(
        variable,
        text.substring(0, client),
        text.substring(client + 1, secret),
        text.substring(secret + 1, org),
        named.equals(NO_ORG) ? "" : named);
  }

  private static String decode(String variable, String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(key.replace('-', '+').replace('_', '/'));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw wrong(variable);
      }
      return text;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw wrong(variable);
    }
  }

  private static ImageSpecException wrong(String variable) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "environment variable "
            + variable
            + ": is no API key, which is Base64 of endpoint:client:secret:org. Copy it again, whole,"
            + " from where it was created.");
  }

  @Override
  public String toString() {
    return "ApiKey[" + variable + "]";
  }
}
