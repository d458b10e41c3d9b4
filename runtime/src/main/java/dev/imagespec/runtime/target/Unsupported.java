package dev.imagespec.runtime.target;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.List;

/** Rejects requests that only private registries of Amazon ECR support. */
final class Unsupported {
  private Unsupported() {}

  /**
   * Rejects everything but mutable tags.
   *
   * @param registry the registry, as the start of a sentence
   */
  static void refuse(Manifest.Repository asked, String registry) {
    Manifest.Repository possible =
        new Manifest.Repository(asked.mutableTags(), false, "", List.of(), 0);
    if (!asked.equals(possible)) {
      throw new ImageSpecException(
          FailureCode.UNSUPPORTED,
          registry
              + " has no scan on push, KMS key, pull policy or lifecycle policy; remove scanOnPush,"
              + " kmsKey, pullPrincipals and expireAfterDays from @Repository, or push to a private"
              + " registry of Amazon ECR.");
    }
  }
}
