package dev.imagespec.runtime.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Platform;

/** The three fields that describe a platform, in configurations and in the entries of an index. */
final class PlatformFields {
  private PlatformFields() {}

  static Platform of(String os, String architecture, String variant)
      throws InvalidDocumentException {
    try {
      return new Platform(os, architecture, variant);
    } catch (IllegalArgumentException e) {
      throw new InvalidDocumentException(
          "it is for no platform that there is: " + Fields.quoted(os + "/" + architecture), e);
    }
  }

  static void write(Platform platform, ObjectNode into) {
    into.put("architecture", platform.architecture());
    into.put("os", platform.os());
    if (!platform.variant().isEmpty()) {
      into.put("variant", platform.variant());
    }
  }
}
