package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistryLogin;
import dev.imagespec.runtime.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code imagespec login}, a credential helper that follows the docker-credential-helpers protocol:
 * answers and errors go to stdout, and clients compare their exact wording.
 */
@Command(
    name = "login",
    description = {
      "Acts as a Docker credential helper: `get` reads a registry's address from stdin and prints the"
          + " credential that register would use.",
      "To install it, put this script on the PATH as docker-credential-imagespec:",
      "  #!/bin/sh",
      "  exec java -jar /path/to/imagespec.jar login \"$@\"",
      "and name it in ~/.docker/config.json: {\"credHelpers\": {\"HOST\": \"imagespec\"}}"
    },
    mixinStandardHelpOptions = true)
final class LoginCommand implements Callable<Integer> {
  private static final String NOT_FOUND = "credentials not found in native keychain";
  private static final String NO_SERVER = "no credentials server URL";
  private static final int MAX_INPUT = 1 << 16;

  /** The actions of the credential helper protocol. */
  enum Action {
    GET,
    STORE,
    ERASE,
    LIST
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "get|store|erase|list", description = "What to do.")
  private Action action = Action.GET;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean done =
        switch (action) {
          case GET -> get(out);
          case LIST -> {
            out.println("{}");
            yield true;
          }
          case STORE, ERASE -> {
            out.println(
                action.name().toLowerCase(Locale.ROOT)
                    + " is not supported: imagespec keeps no credentials. Those of Amazon ECR come from"
                    + " the AWS credential chain; for other registries, remove imagespec from credHelpers"
                    + " and credsStore of Docker's config.json.");
            yield false;
          }
        };
    out.flush();
    return done ? 0 : ImageSpecCommand.FAILED;
  }

  private static boolean get(PrintWriter out) throws IOException {
    String server = new String(System.in.readNBytes(MAX_INPUT), StandardCharsets.UTF_8).strip();
    if (server.isEmpty()) {
      out.println(NO_SERVER);
      return false;
    }
    try {
      Settings settings =
          Settings.reader()
              .systemProperties(System.getProperties())
              .environment(EnvironmentVariables.ofThisProcess())
              .withoutProjectFile()
              .read();
      Optional<RegistryLogin.Login> login = RegistryLogin.of(settings).login(server);
      out.println(login.map(found -> answer(server, found)).orElse(NOT_FOUND));
      return login.isPresent();
    } catch (ImageSpecException e) {
      out.println(e.getMessage());
      return false;
    }
  }

  private static String answer(String server, RegistryLogin.Login login) {
    return Json.canonical(
        Map.of(
            "ServerURL", server,
            "Username", login.user(),
            "Secret", login.password()));
  }
}
