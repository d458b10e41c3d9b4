/** The annotations, and the code that a task needs at run time. */
@SuppressWarnings("module") // the modules that share the JSON reader are compiled later
module dev.imagespec.annotations {
  requires static org.jspecify;

  exports dev.imagespec;
  exports dev.imagespec.flyte;
  exports dev.imagespec.json to
      dev.imagespec.model,
      dev.imagespec.runtime;
}
