package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A built application to put into the image: a Spring Boot jar or WAR, the folder of a Quarkus
 * fast-jar, or a WAR for a server of the base image.
 *
 * <pre>{@code
 * application = @Application(from = "target/app.jar")
 * application = @Application(from = "target/quarkus-app")
 * application = @Application(from = "target/app.war", to = "/usr/local/tomcat/webapps/ROOT")
 * }</pre>
 *
 * <p>A registration recognizes it by its index files and layout, and never runs it. It is unpacked
 * into layers of its own, which the framework's index names: what changes rarely comes first.
 * Nested jars stay as they are. Root owns the files; their modes are {@code 0644}, those of folders
 * {@code 0755}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Application {
  /**
   * The file or folder that the build makes, relative to the project directory, with {@code /} as
   * separator. Only a registration needs it: it runs after the build's {@code package}.
   */
  String from();

  /**
   * The absolute path of the application's folder in the image; {@code /app} if it is not set. A
   * {@code .war} with it is for a server of the base image: the image runs what the base runs. All
   * else is run by {@code java}, by the framework's own launcher.
   */
  String to() default "";
}
