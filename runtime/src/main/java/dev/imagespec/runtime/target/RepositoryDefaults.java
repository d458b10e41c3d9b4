package dev.imagespec.runtime.target;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the settings ask of repositories, in addition to specs.
 *
 * @param creation what to do if a repository does not exist
 * @param pullPrincipals accounts and ARNs that may pull from every repository
 * @param mutableTagFilters filters for tags that can be moved even if others cannot
 */
public record RepositoryDefaults(
    RepositoryCreation creation,
    Collection<String> pullPrincipals,
    List<String> mutableTagFilters) {
  public RepositoryDefaults {
    pullPrincipals = List.copyOf(pullPrincipals);
    mutableTagFilters = List.copyOf(mutableTagFilters);
  }

  /** What these settings ask for. */
  public static RepositoryDefaults of(Settings settings) {
    return new RepositoryDefaults(
        settings.createRepository(), settings.pullPrincipals(), settings.ecrMutableTagFilters());
  }

  /** The repository that a spec and the settings ask for together. */
  WantedRepository wanted(Manifest.Repository asked) {
    Set<String> principals = new TreeSet<>(asked.pullPrincipals());
    principals.addAll(pullPrincipals);
    return new WantedRepository(
        asked.mutableTags(),
        mutableTagFilters,
        asked.scanOnPush(),
        asked.kmsKey(),
        new ArrayList<>(principals),
        asked.expireAfterDays());
  }
}
