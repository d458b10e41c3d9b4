package dev.imagespec.examples.etl;

import dev.imagespec.ImageSpec;

/** Brings it into shape. Runs in the image that all tasks of this package share. */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "etl",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    classpath = true,
    workingDirectory = "/data")
public final class Transform {}
