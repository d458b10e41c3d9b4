package dev.imagespec.examples;

import dev.imagespec.ImageSpec;

/**
 * A task with an environment: packages of Debian and of Python, and a command. An engine runs the
 * steps once; after a change of this class none runs again.
 */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "models/forecast",
    baseImage = "python:3.12.7-slim-bookworm",
    aptPackages = "tini=0.19.0-1+b3",
    packages = {"numpy==2.1.0", "pandas==2.2.3"},
    commands = "python3 -c 'import numpy, pandas'",
    entrypoint = {"/usr/bin/tini", "--", "python3"})
public final class Forecast {}
