/** The {@code @ImageSpec} annotations and the vocabulary of image references. */
module dev.imagespec.annotations {
  requires static org.jspecify;

  exports dev.imagespec;
  exports dev.imagespec.model;
}
