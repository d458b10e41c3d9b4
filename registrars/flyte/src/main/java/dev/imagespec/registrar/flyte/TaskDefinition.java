package dev.imagespec.registrar.flyte;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.Images;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A task that Flyte is told of, as a class or a file defines it.
 *
 * @param definition the file or class, for people
 * @param tasks the binary names of the task classes whose images it has
 * @param name what Flyte calls it, without a version
 * @param version the version that was chosen for it; empty if its content decides
 * @param content its template without an identifier, in the form of the interface, with images
 */
record TaskDefinition(
    String definition,
    Set<String> tasks,
    TaskId name,
    Optional<String> version,
    Function<Images, ObjectNode> content) {

  /** The identifier of a version. */
  TaskId id(String ofVersion) {
    return new TaskId(name.org(), name.project(), name.domain(), name.name(), ofVersion);
  }

  ObjectNode template(Images images) {
    return content.apply(images);
  }
}
