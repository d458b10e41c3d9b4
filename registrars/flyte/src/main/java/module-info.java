/** Registers tasks in Flyte 1, Flyte 2 and Union. */
module dev.imagespec.registrar.flyte {
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires dev.imagespec.model;
  requires dev.imagespec.registrar.definition;
  requires dev.imagespec.runtime;
  requires java.net.http;
  requires org.slf4j;
  requires org.snakeyaml.engine;

  provides dev.imagespec.runtime.TaskRegistrar with
      dev.imagespec.registrar.flyte.FlyteRegistrar;
}
