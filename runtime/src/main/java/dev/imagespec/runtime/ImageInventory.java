package dev.imagespec.runtime;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.run.Access;
import dev.imagespec.runtime.run.Listing;
import dev.imagespec.runtime.run.Session;
import java.util.List;

/** Lists the images in the repositories of tasks, and which tasks run in them. Only reads. */
public final class ImageInventory {
  private final Settings settings;
  private final List<TaskSource> sources;
  private final RegistrationListener listener;
  private final CredentialProvider credentials;

  private ImageInventory(
      Settings settings,
      List<TaskSource> sources,
      RegistrationListener listener,
      CredentialProvider credentials) {
    this.settings = settings;
    this.sources = sources;
    this.listener = listener;
    this.credentials = credentials;
  }

  /**
   * An inventory of the repositories that the settings, and the tasks on their class path, name.
   */
  public static ImageInventory of(Settings settings) {
    return of(settings, List.of(TaskSource.of(settings)));
  }

  /** An inventory of the repositories that the settings, and the tasks of these sources, name. */
  public static ImageInventory of(Settings settings, List<TaskSource> sources) {
    return new ImageInventory(
        settings, List.copyOf(sources), RegistrationListener.none(), CredentialProvider.none());
  }

  /** This inventory, with a listener that hears what could not be found out. */
  public ImageInventory withListener(RegistrationListener other) {
    return new ImageInventory(settings, sources, new GuardedListener(other), credentials);
  }

  /** This inventory, with a provider of further credentials. */
  public ImageInventory withCredentials(CredentialProvider provider) {
    return new ImageInventory(settings, sources, listener, provider);
  }

  /**
   * Lists the repositories of the tasks, those of the images in the records, and the one that
   * {@link Settings#registry} and {@link Settings#name} name together.
   *
   * @param records the records of earlier registrations
   * @throws ImageSpecException if there is no repository to list, or a task has no valid repository
   */
  public Inventory list(List<RegistrationRecord> records) {
    Catalog catalog = Catalog.of(sources);
    try (Session session = new Session(settings, Access.of(settings, catalog, credentials))) {
      return new Listing(session, settings, listener).list(catalog, records);
    }
  }
}
