package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.registrar.definition.DefinitionFile;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.batch.model.JobDefinition;
import software.amazon.awssdk.services.batch.model.RegisterJobDefinitionRequest;

/** Job definitions of AWS Batch. */
final class JobDefinitions implements Revisions {
  private static final String ACTIVE = "ACTIVE";

  private final Amazon amazon;
  private final DefinitionFile file;

  JobDefinitions(Amazon amazon, DefinitionFile file) {
    this.amazon = amazon;
    this.file = file;
  }

  /** Reads a file's content as the request that it is. */
  static RegisterJobDefinitionRequest.Builder read(DefinitionFile file, ObjectNode tree) {
    return new RequestReader(Service.BATCH.command(), file::wrong)
        .read(tree, RegisterJobDefinitionRequest.builder());
  }

  @Override
  public Optional<Revision> newest(String name) {
    return amazon
        .ask(
            Service.BATCH,
            "batch:DescribeJobDefinitions",
            where(name),
            () ->
                amazon
                    .batch()
                    .describeJobDefinitionsPaginator(
                        request -> request.jobDefinitionName(name).status(ACTIVE))
                    .jobDefinitions()
                    .stream()
                    .filter(found -> ACTIVE.equals(found.status()))
                    .max(Comparator.comparing(JobDefinition::revision)))
        .map(JobDefinitions::revision);
  }

  private static Revision revision(JobDefinition found) {
    ObjectNode tree = Shapes.tree(found);
    tree.withObject("/tags").remove(TAG);
    return new Revision(found.jobDefinitionArn(), found.tags().getOrDefault(TAG, ""), tree);
  }

  @Override
  public String register(ObjectNode tree, String identity) throws InterruptedException {
    RegisterJobDefinitionRequest asked = read(file, tree).build();
    Map<String, String> tags = new HashMap<>(asked.tags());
    tags.put(TAG, identity);
    RegisterJobDefinitionRequest request = asked.toBuilder().tags(tags).build();
    return amazon.change(
        Service.BATCH,
        "batch:RegisterJobDefinition",
        where(asked.jobDefinitionName()),
        () -> amazon.batch().registerJobDefinition(request).jobDefinitionArn());
  }

  private static String where(String name) {
    return "the job definition " + name;
  }
}
