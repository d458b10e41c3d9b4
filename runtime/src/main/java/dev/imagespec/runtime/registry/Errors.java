package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.RetryableException;
import java.util.Optional;

/** Turns a registry's answers into failures with plain messages. */
final class Errors {
  private Errors() {}

  /**
   * The failure for an answer.
   *
   * @param sent whether a credential was sent
   */
  static ImageSpecException failure(
      RegistryRules rules, Answer answer, Request request, boolean sent) {
    Repository repository = request.repository();
    Registry registry = repository.registry();
    String said = answer.quoted();
    if (rules.isExpired(answer)) {
      return new ImageSpecException(
          FailureCode.TOKEN_EXPIRED,
          "The token for " + registry + " has expired. Log in again." + said);
    }
    if (answer.status() == 401) {
      return new ImageSpecException(
          FailureCode.UNAUTHORIZED,
          registry
              + (sent ? " refuses the credential for " : " wants a credential for ")
              + repository.name()
              + "."
              + rules.login(registry)
              + absence(request)
              + said);
    }
    if (answer.status() == 403) {
      return new ImageSpecException(
          FailureCode.DENIED,
          "Permission denied on "
              + repository
              + "."
              + said
              + absence(request)
              + rules.remedy(answer, repository, request.operation()));
    }
    if (answer.status() == 413) {
      return new ImageSpecException(
          FailureCode.PROTOCOL,
          repository
              + " does not take a body of "
              + (request.body() == null ? 0 : request.body().size())
              + " bytes (status 413). Raise the limit of the registry or of the proxy before it;"
              + " nginx calls it client_max_body_size."
              + said);
    }
    if (request.operation() == Operation.WRITE_MANIFEST && rules.isImmutable(answer)) {
      return new ImageSpecException(
          FailureCode.TAG_IMMUTABLE, "A tag of " + repository + " exists and is immutable." + said);
    }
    if (answer.status() == 404 && answer.code().equals("NAME_UNKNOWN")) {
      return new ImageSpecException(
          FailureCode.REPOSITORY_NOT_FOUND,
          "The repository " + repository + " does not exist. Create it, or check its name." + said);
    }
    if (answer.code().equals("UNSUPPORTED") || answer.status() == 415) {
      return new ImageSpecException(
          FailureCode.UNSUPPORTED_MEDIA_TYPE,
          repository
              + " does not take a manifest of this media type. Push to a registry that takes OCI"
              + " images."
              + said);
    }
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        repository
            + " answers with status "
            + answer.status()
            + (answer.code().isEmpty() ? "" : " " + answer.code())
            + "."
            + said);
  }

  /** What a refusal to show a manifest may mean as well: registries differ, so both are said. */
  private static String absence(Request request) {
    return request.operation() == Operation.READ_MANIFEST
        ? " Perhaps the repository does not exist, or the credential may not read it: some registries do"
            + " not tell these apart."
        : "";
  }

  /** The failure if a credential is rejected although it was just renewed. */
  static ImageSpecException refusedAgain(RegistryRules rules, Answer answer, Request request) {
    return rules
        .refusedAgain(answer, request.repository().registry())
        .orElseGet(() -> failure(rules, answer, request, true));
  }

  /**
   * The failure if a blob has another length than its manifest says.
   *
   * @param gives how many bytes come instead, such as {@code gives only 9}
   */
  static ImageSpecException wrongSize(
      Repository repository, Digest digest, long size, String gives) {
    return new ImageSpecException(
        FailureCode.PROTOCOL,
        repository
            + " "
            + gives
            + " of the blob "
            + digest
            + ", which has "
            + size
            + " bytes according to its manifest. They were not used; the manifest is wrong, or the registry is broken.");
  }

  /** The failure if bytes do not match their digest; a retry may get the right ones. */
  static RetryableException mismatch(Repository repository, Digest expected, Digest actual) {
    return new RetryableException(
        new ImageSpecException(
            FailureCode.DIGEST_MISMATCH,
            repository
                + " gives bytes with the digest "
                + actual
                + " for "
                + expected
                + ", each time. They were not used; the registry, or what stands before it, is broken."),
        Optional.empty());
  }
}
