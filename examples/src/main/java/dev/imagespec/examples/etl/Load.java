package dev.imagespec.examples.etl;

import dev.imagespec.ImageSpec;
import dev.imagespec.Repository;

/** Writes it to where it belongs. Listens on a port, and runs on two platforms. */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "etl",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    platforms = {"linux/amd64", "linux/arm64"},
    classpath = true,
    workingDirectory = "/data",
    ports = "8080",
    user = "1000:1000",
    repository = @Repository)
public final class Load {}
