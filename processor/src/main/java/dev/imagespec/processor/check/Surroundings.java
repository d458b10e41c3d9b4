package dev.imagespec.processor.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a check has to know besides the spec itself.
 *
 * @param mainRuns whether the spec's main class can be run
 * @param baseIsTask whether the class that the spec names as its base is a task class
 * @param baseCycle the classes by which the spec is based on itself, first and last the same; else
 *     empty
 * @param projectDir where the project's files are; empty if they are not looked for
 * @param extraRegions AWS regions that are right although this release does not know them
 */
public record Surroundings(
    boolean mainRuns,
    boolean baseIsTask,
    List<String> baseCycle,
    Optional<Path> projectDir,
    Set<String> extraRegions) {}
