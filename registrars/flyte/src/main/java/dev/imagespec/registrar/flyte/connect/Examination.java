package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out, step by step, what would make requests fail. */
final class Examination {
  private static final int MAX_ANSWER = 1 << 20;
  private static final String SHORT = "/.well-known/oauth-authorization-server";

  private final Configuration configuration;
  private final Channel channel;
  private final Session session;
  private final @Nullable Tokens tokens;
  private final List<Finding> findings = new ArrayList<>();

  /** One step. */
  private interface Step {
    /** Takes it, and says what was found. */
    String run();
  }

  Examination(
      Configuration configuration, Channel channel, Session session, @Nullable Tokens tokens) {
    this.configuration = configuration;
    this.channel = channel;
    this.session = session;
    this.tokens = tokens;
  }

  /** One finding for each step; none for those after a failed one. */
  List<Finding> findings() {
    boolean goesOn =
        passes("configuration", configuration::described) && passes("reach", this::reach);
    if (goesOn && configuration.login() instanceof Login.ClientSecret) {
      goesOn = passes("token endpoint", this::server);
    }
    Tokens needed = tokens;
    if (goesOn && needed != null) {
      if (configuration.login() instanceof Login.DeviceFlow) {
        // Doctor must not wait for somebody.
        findings.add(
            new Finding(
                "credentials",
                subject(),
                Status.NOT_PROBED,
                "a registration asks for a login in a browser"));
      } else {
        passes(
            "credentials",
            () -> {
              needed.get();
              return "got a token with " + configuration.login().described();
            });
      }
    }
    return List.copyOf(findings);
  }

  private String reach() {
    // Whatever it answers, it is there. This answer is short.
    channel.send("GET", configuration.endpoint().resolve(SHORT), Map.of(), null, MAX_ANSWER);
    return channel
        .proxy(configuration.endpoint())
        .map(proxy -> "answers, through " + proxy)
        .orElse("answers");
  }

  private String server() {
    return session.redaction().quotable(session.metadata().server().tokenEndpoint().toString());
  }

  private boolean passes(String check, Step step) {
    try {
      findings.add(new Finding(check, subject(), Status.OK, step.run()));
      return true;
    } catch (ImageSpecException e) {
      findings.add(new Finding(check, subject(), Status.FAILED, e.getMessage()));
      return false;
    }
  }

  private String subject() {
    return configuration.endpoint().toString();
  }
}
