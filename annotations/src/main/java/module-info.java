/** The annotations, and what a task's code needs at run time. */
@SuppressWarnings("module") // the modules that the JSON reader is shared with are compiled later
module dev.imagespec.annotations {
  requires static org.jspecify;

  exports dev.imagespec;
  exports dev.imagespec.json to
      dev.imagespec.model,
      dev.imagespec.runtime;
}
