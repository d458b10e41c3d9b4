package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.ProgramAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Gets tokens from a program that prints them. Messages quote neither its output nor its arguments,
 * which may be secrets.
 */
final class CommandToken implements TokenSource {
  /** Some programs open a browser. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int MAX_OUTPUT = 1 << 16;

  private final Login.ExternalCommand login;
  private final Session session;
  private final Duration patience;

  CommandToken(Login.ExternalCommand login, Session session, Duration patience) {
    this.login = login;
    this.session = session;
    this.patience = patience;
  }

  @Override
  public Token fetch(String renewal) {
    String token = run();
    session.redaction().add(token);
    if (!Token.isToken(token)) {
      throw failed(token.isEmpty() ? "prints nothing" : "prints something else than a token alone");
    }
    return Token.untimed(token, "", session.header());
  }

  private String run() {
    EnvironmentVariables.requirePrograms("start " + login.program());
    try {
      ProgramAnswer answer =
          ProgramAnswer.of(new ProcessBuilder(login.command()), new byte[0], patience, MAX_OUTPUT);
      if (answer.exitCode() != 0) {
        throw failed("ends with exit code " + answer.exitCode());
      }
      return answer.output().strip();
    } catch (TimeoutException e) {
      throw failed("does not end within " + patience.toSeconds() + " s");
    } catch (IOException e) {
      // Not with the exception, whose message may hold the arguments.
      throw failed("cannot be started; is it on the PATH, and may it be executed?");
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }

  private ImageSpecException failed(String what) {
    return new ImageSpecException(
        FailureCode.UNAUTHORIZED,
        "When asked for a token of "
            + session.endpoint()
            + ", the program "
            + login.program()
            + " "
            + what
            + (what.endsWith("?") ? " " : ". ")
            + "Run it yourself, with its arguments from imagespec.flyte.command or admin.command: it"
            + " must print the token alone, and end with exit code 0.");
  }
}
