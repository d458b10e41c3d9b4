package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.DefinitionFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Task definitions of Amazon ECS. */
final class TaskDefinitions implements Revisions {
  private static final String NONE = "Unable to describe task definition";

  private final Amazon amazon;
  private final DefinitionFile file;

  TaskDefinitions(Amazon amazon, DefinitionFile file) {
    this.amazon = amazon;
    this.file = file;
  }

  /** Reads a file's content as the request that it is. */
  static RegisterTaskDefinitionRequest.Builder read(DefinitionFile file, ObjectNode tree) {
    return new RequestReader(Service.ECS.command(), file::wrong)
        .read(tree, RegisterTaskDefinitionRequest.builder());
  }

  @Override
  public Optional<Revision> newest(String name) {
    return amazon
        .ask(Service.ECS, "ecs:DescribeTaskDefinition", where(name), () -> describe(name))
        .filter(found -> found.taskDefinition().status() != TaskDefinitionStatus.INACTIVE)
        .map(TaskDefinitions::revision);
  }

  private Optional<DescribeTaskDefinitionResponse> describe(String name) {
    try {
      return Optional.of(
          amazon
              .ecs()
              .describeTaskDefinition(
                  request -> request.taskDefinition(name).include(TaskDefinitionField.TAGS)));
    } catch (ClientException e) {
      if (ServiceErrors.said(e).startsWith(NONE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Revision revision(DescribeTaskDefinitionResponse found) {
    ObjectNode tree = Shapes.tree(found.taskDefinition());
    List<Tag> others = found.tags().stream().filter(tag -> !tag.key().equals(TAG)).toList();
    others.forEach(tag -> tree.withArray("/tags").add(Shapes.tree(tag)));
    return new Revision(
        found.taskDefinition().taskDefinitionArn(),
        found.tags().stream()
            .filter(tag -> tag.key().equals(TAG))
            .map(Tag::value)
            .findFirst()
            .orElse(""),
        tree);
  }

  @Override
  public String register(ObjectNode tree, String identity) throws InterruptedException {
    RegisterTaskDefinitionRequest asked = read(file, tree).build();
    List<Tag> tags = new ArrayList<>(asked.tags());
    tags.add(Tag.builder().key(TAG).value(identity).build());
    RegisterTaskDefinitionRequest request = asked.toBuilder().tags(tags).build();
    return amazon.change(
        Service.ECS,
        "ecs:RegisterTaskDefinition",
        where(asked.family()),
        () -> amazon.ecs().registerTaskDefinition(request).taskDefinition().taskDefinitionArn());
  }

  private static String where(String name) {
    return "the task definition " + name;
  }
}
