package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.resolve.Environment;

/**
 * An environment that has been built.
 *
 * @param environment the environment
 * @param repository the repository that has it
 * @param manifest what its tag names there: a manifest, or an index with one for its platform
 */
record LocatedEnvironment(
    Environment environment, RemoteRepository repository, RawManifest manifest) {}
