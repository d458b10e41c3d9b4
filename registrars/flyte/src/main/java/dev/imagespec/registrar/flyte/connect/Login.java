package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.model.Printable;
import java.util.List;

/** How to prove who asks. */
sealed interface Login {
  /** How it is shown: without a secret. */
  String described();

  /**
   * With nothing.
   *
   * @param why why not, for the message if the endpoint asks for it
   */
  record None(String why) implements Login {
    @Override
    public String described() {
      return "no authentication (" + why + ")";
    }
  }

  /** With a client's id and secret (RFC 6749, section 4.4). Its text form hides the secret. */
  record ClientSecret(String clientId, String secret, String from) implements Login {
    @Override
    public String described() {
      return "the secret of client " + Printable.value(clientId) + " from " + from;
    }

    @Override
    public String toString() {
      return "ClientSecret[" + Printable.value(clientId) + "]";
    }
  }

  /** With the token that a program prints. Its text form hides the arguments. */
  record ExternalCommand(List<String> command) implements Login {
    public ExternalCommand {
      command = List.copyOf(command);
    }

    /** The program, without its arguments, which may hold a secret. */
    String program() {
      return Printable.value(command.get(0));
    }

    @Override
    public String described() {
      return "the token that " + program() + " prints";
    }

    @Override
    public String toString() {
      return "ExternalCommand[" + program() + "]";
    }
  }

  /**
   * With a browser on any device (RFC 8628).
   *
   * @param clientId the client; empty if the endpoint says it
   */
  record DeviceFlow(String clientId) implements Login {
    @Override
    public String described() {
      return "a browser on any device";
    }
  }
}
