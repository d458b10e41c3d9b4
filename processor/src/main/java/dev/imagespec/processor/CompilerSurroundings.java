package dev.imagespec.processor;

import dev.imagespec.check.MainMethod;
import dev.imagespec.check.Surroundings;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.processor.read.Reading;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the compiler and its options know besides the spec. */
final class CompilerSurroundings implements Surroundings {
  private final Reading reading;
  private final @Nullable ProjectDirectory projectDirectory;
  private final Set<String> extraRegions;

  CompilerSurroundings(
      Reading reading, @Nullable ProjectDirectory projectDirectory, Set<String> extraRegions) {
    this.reading = reading;
    this.projectDirectory = projectDirectory;
    this.extraRegions = extraRegions;
  }

  @Override
  public MainMethod mainMethod() {
    return reading.mainMethod();
  }

  @Override
  public boolean baseIsTask() {
    return reading.baseIsTask();
  }

  @Override
  public List<String> baseCycle() {
    return reading.baseCycle();
  }

  @Override
  public Optional<ProjectDirectory> projectDirectory() {
    return Optional.ofNullable(projectDirectory);
  }

  @Override
  public boolean admitsRegion(String region) {
    return extraRegions.contains(region);
  }
}
