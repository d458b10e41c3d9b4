package dev.imagespec.maven;

import dev.imagespec.runtime.ImageInventory;
import dev.imagespec.runtime.Inventory;
import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/** Lists what is in the repositories of the tasks. */
@Mojo(name = "images", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class ImagesMojo extends ImageSpecMojo {
  @Override
  void run(Modules modules) throws MojoFailureException {
    Inventory inventory =
        ImageInventory.of(modules.settings(), modules.taskSources())
            .withCredentials(credentials())
            .withListener(this::log)
            .list(List.of());
    for (Inventory.Repository repository : inventory.repositories()) {
      getLog().info(repository.name() + (repository.exists() ? "" : ": does not exist yet"));
      for (Inventory.Image image : repository.images()) {
        getLog()
            .info(
                "  "
                    + image.tag()
                    + " "
                    + image.state()
                    + " "
                    + image.digest()
                    + " "
                    + String.join(", ", image.tasks()));
      }
    }
    require(inventory.failures(), modules);
  }
}
