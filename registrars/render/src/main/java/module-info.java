/** Writes copies of text files in which names of task classes are replaced by their images. */
module dev.imagespec.registrar.render {
  requires static org.jspecify;
  requires dev.imagespec.model;
  requires dev.imagespec.registrar.definition;
  requires dev.imagespec.runtime;
  requires org.snakeyaml.engine;

  provides dev.imagespec.runtime.TaskRegistrar with
      dev.imagespec.registrar.render.RenderRegistrar;
}
