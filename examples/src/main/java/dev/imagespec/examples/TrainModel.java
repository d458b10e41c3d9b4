package dev.imagespec.examples;

import dev.imagespec.Env;
import dev.imagespec.ImageSpec;

/** Asks for exactly what {@link EvaluateModel} asks for, under another name: it is built once. */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "models/train",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    env = @Env(name = "OMP_NUM_THREADS", value = "1"))
public final class TrainModel {}
