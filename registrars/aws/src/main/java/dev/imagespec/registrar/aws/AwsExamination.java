package dev.imagespec.registrar.aws;

import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.IamPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Examines what registering needs: the region, credentials, and whether the identity may ask what
 * is there. What would change something is not tried.
 */
final class AwsExamination {
  /** A definition that nobody has: asking for it needs the same permission. */
  private static final String NOBODYS = "imagespec-doctor-asks-for-nothing";

  /** What a function needs of Amazon ECR, and what makes Lambda allow that to itself. */
  private static final List<String> FOR_LAMBDA =
      List.of(
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
          "ecr:GetRepositoryPolicy",
          "ecr:SetRepositoryPolicy");

  private static final List<String> FOR_VERSIONS =
      List.of("lambda:ListVersionsByFunction", "lambda:PublishVersion");
  private static final List<String> FOR_ALIASES =
      List.of("lambda:GetAlias", "lambda:CreateAlias", "lambda:UpdateAlias");

  private final Amazon amazon;
  private final Set<Service> services = EnumSet.noneOf(Service.class);
  private final boolean movesAlias;
  private final List<Finding> findings = new ArrayList<>();
  private boolean isDenied;

  AwsExamination(Amazon amazon, AwsSettings settings, Collection<Definition> definitions) {
    this.amazon = amazon;
    this.movesAlias = settings.alias().isPresent();
    definitions.forEach(definition -> services.add(Service.of(definition.kind())));
  }

  Diagnosis examine() {
    String region;
    try {
      region = amazon.region().id();
      findings.add(new Finding("region", "aws", Status.OK, region));
    } catch (ImageSpecException e) {
      findings.add(new Finding("region", "aws", Status.FAILED, e.getMessage()));
      return new Diagnosis(findings, Map.of());
    }
    try {
      amazon.requireCredentials();
      findings.add(identity());
      services.forEach(this::permissions);
    } catch (ImageSpecException e) {
      isDenied = e.code() == FailureCode.DENIED;
      findings.add(new Finding("credentials", "aws", Status.FAILED, e.getMessage()));
    }
    return new Diagnosis(findings, isDenied ? Map.of("aws in " + region, policy()) : Map.of());
  }

  private Finding identity() {
    try (StsClient sts = amazon.sts()) {
      return new Finding("identity", "aws", Status.OK, sts.getCallerIdentity().arn());
    } catch (SdkException e) {
      return new Finding(
          "identity",
          "aws",
          Status.WARNING,
          "the AWS Security Token Service does not say whose credentials these are");
    }
  }

  private void permissions(Service service) {
    String action = service.reads().get(0);
    try {
      amazon.ask(service, action, service.title(), () -> probe(service));
      findings.add(new Finding("permission", action, Status.OK, ""));
    } catch (ImageSpecException e) {
      isDenied |= e.code() == FailureCode.DENIED;
      findings.add(new Finding("permission", action, Status.FAILED, e.getMessage()));
    }
    writes(service).stream()
        // Passing a role is needed by each of them, and told once.
        .filter(write -> findings.stream().noneMatch(found -> found.subject().equals(write)))
        .forEach(
            write ->
                findings.add(
                    new Finding(
                        "permission", write, Status.NOT_PROBED, "it would change something")));
  }

  private boolean probe(Service service) {
    try {
      return switch (service) {
        case ECS ->
            amazon.ecs().describeTaskDefinition(request -> request.taskDefinition(NOBODYS)) != null;
        case BATCH ->
            amazon.batch().describeJobDefinitions(request -> request.jobDefinitionName(NOBODYS))
                != null;
        case LAMBDA ->
            amazon.lambda().getFunction(request -> request.functionName(NOBODYS)) != null;
      };
    } catch (ClientException | ResourceNotFoundException e) {
      return true;
    }
  }

  private List<String> writes(Service service) {
    List<String> writes = new ArrayList<>(service.writes());
    if (service == Service.LAMBDA) {
      writes.addAll(FOR_VERSIONS);
      if (movesAlias) {
        writes.addAll(FOR_ALIASES);
      }
    }
    writes.add("iam:PassRole");
    return writes;
  }

  /** All that registering with these services needs. */
  private String policy() {
    Set<String> actions = new TreeSet<>();
    services.forEach(
        service -> {
          actions.addAll(service.reads());
          actions.addAll(writes(service));
        });
    if (services.contains(Service.LAMBDA)) {
      actions.addAll(FOR_LAMBDA);
    }
    Map<String, Set<String>> all = new TreeMap<>();
    all.put("*", actions);
    return IamPolicy.allowing(all);
  }
}
