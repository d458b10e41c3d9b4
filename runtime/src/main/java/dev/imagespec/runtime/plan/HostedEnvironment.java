package dev.imagespec.runtime.plan;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.resolve.Environment;

/**
 * An environment in one registry. Images use the environments of their own registry alone: whoever
 * may push to another one has no say in what they are built on.
 *
 * @param registry the registry of the images
 * @param environment the environment
 */
public record HostedEnvironment(Registry registry, Environment environment) {}
