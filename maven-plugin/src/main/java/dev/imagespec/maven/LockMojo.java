package dev.imagespec.maven;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/** Writes what every base image means now into {@code imagespec.lock} of the top folder. */
@Mojo(name = "lock", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class LockMojo extends ImageSpecMojo {
  @Override
  void run(Modules modules) {
    registrar(modules).lock().lines().forEach(line -> getLog().info(line));
  }
}
