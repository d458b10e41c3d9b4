package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.Identity;

/**
 * The versions of tasks that name none themselves: {@code is} and the first 40 hex digits of the
 * SHA-256 over the template with its images by digest, without its identifier. So the same content
 * has the same version, in each domain, and other content another.
 */
final class Versions {
  private static final String PREFIX = "is";
  private static final int DIGITS = 40;

  private Versions() {}

  /** The version of a template whose images are known. */
  static String of(ObjectNode template) {
    return PREFIX + Identity.of(template).substring(0, DIGITS);
  }
}
