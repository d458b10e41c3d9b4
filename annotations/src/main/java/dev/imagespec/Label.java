package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A label of the image, or an annotation of its manifest. */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Label {
  /** The key, for example {@code org.opencontainers.image.title}. */
  String name();

  /** The value. */
  String value();
}
