/**
 * What registrars share: definition files, the places of images in them, their identity and
 * differences.
 */
// The registrars are compiled after this module, which is theirs alone.
@SuppressWarnings("module")
module dev.imagespec.registrar.definition {
  requires static org.jspecify;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.imagespec.model;
  requires transitive dev.imagespec.runtime;
  requires org.snakeyaml.engine;

  exports dev.imagespec.registrar.definition to
      dev.imagespec.registrar.aws,
      dev.imagespec.registrar.flyte,
      dev.imagespec.registrar.render;
}
