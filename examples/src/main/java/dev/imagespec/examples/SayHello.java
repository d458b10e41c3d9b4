package dev.imagespec.examples;

import dev.imagespec.ImageSpec;

/**
 * The task of Union's page "ImageSpec with ECR". Its requirements are installed by a step, so
 * registering it needs an engine.
 */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "simple-example-image",
    baseImage = "ghcr.io/flyteorg/flytekit:py3.11-1.16.0",
    requirements = "image-requirements.txt")
public final class SayHello {
  /** Greets somebody. */
  public String run(String name) {
    return "Hello, " + name + "!";
  }
}
