package dev.imagespec.examples;

import dev.imagespec.Env;
import dev.imagespec.ImageSpec;

/** Shares its spec with {@link TrainModel}, in a repository of its own. */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "models/evaluate",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    env = @Env(name = "OMP_NUM_THREADS", value = "1"))
public final class EvaluateModel {}
