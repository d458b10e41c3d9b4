package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry asks for credentials: one challenge of a {@code WWW-Authenticate} header (RFC
 * 9110, section 11.6.1), which may contain several.
 *
 * @param scheme {@code basic} or {@code bearer}
 * @param parameters the parameters by lower-case name
 */
public record Challenge(String scheme, Map<String, String> parameters) {
  /** Longer headers are not read: no registry needs them, and matching a pattern takes time. */
  private static final int LONGEST = 8192;

  /** Scopes of repositories, as token servers read them. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "repository:[A-Za-z0-9._/-]++:[a-z*,]++(?: repository:[A-Za-z0-9._/-]++:[a-z*,]++)*+");

  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

  /**
   * Matches a scheme, or a parameter of the scheme before it. Possessive, since a repeated
   * alternative that can be taken back needs a frame of the stack for each character.
   */
  private static final Pattern WORD =
      Pattern.compile(
          "(" + TOKEN + ")(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"=][^\\s,\"]*)))?");

  /**
   * The first challenge that is supported, Bearer before Basic.
   *
   * @param registry the registry that sent the headers, for the message
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if there is none, but a header
   *     that is too long to be read
   */
  public static Optional<Challenge> of(Registry registry, List<String> headers) {
    List<Challenge> known = new ArrayList<>();
    for (String header : headers) {
      if (header.length() <= LONGEST) {
        read(header, known);
      }
    }
    if (known.isEmpty() && headers.stream().anyMatch(header -> header.length() > LONGEST)) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          registry
              + " asks for a credential with a header of more than "
              + LONGEST
              + " characters. It was not read; the registry, or what stands before it, is broken.");
    }
    return known.stream()
        .filter(Challenge::isBearer)
        .findFirst()
        .or(() -> known.stream().findFirst());
  }

  private static void read(String header, List<Challenge> known) {
    Map<String, String> parameters = new TreeMap<>();
    Matcher word = WORD.matcher(header);
    while (word.find()) {
      String name = word.group(1).toLowerCase(Locale.ROOT);
      if (word.group(2) != null) {
        parameters.put(name, word.group(2).replaceAll("\\\\(.)", "$1"));
      } else if (word.group(3) != null) {
        parameters.put(name, word.group(3));
      } else {
        parameters = new TreeMap<>();
        if (name.equals("bearer") || name.equals("basic")) {
          known.add(new Challenge(name, parameters));
        }
      }
    }
  }

  boolean isBearer() {
    return scheme.equals("bearer");
  }

  /**
   * The scope that it names, if that is for other repositories than a request's: what stands before
   * a registry may rename them.
   *
   * @param own the request's own scopes
   */
  Optional<String> foreignScope(List<Scope> own) {
    String scope = parameter("scope");
    if (!FOREIGN.matcher(scope).matches()) {
      return Optional.empty();
    }
    for (String one : scope.split(" ", -1)) {
      String name = one.substring(one.indexOf(':') + 1, one.lastIndexOf(':'));
      if (own.stream().anyMatch(known -> known.repository().name().value().equals(name))) {
        return Optional.empty();
      }
    }
    return Optional.of(scope);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
