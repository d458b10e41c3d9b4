/**
 * The code that the compiler and a registration share: references, registries, the manifest, its
 * Dockerfile, and the checks of a spec.
 */
module dev.imagespec.model {
  requires transitive dev.imagespec.annotations;
  requires static org.jspecify;

  exports dev.imagespec.dockerfile;
  exports dev.imagespec.check;
  exports dev.imagespec.model;
}
