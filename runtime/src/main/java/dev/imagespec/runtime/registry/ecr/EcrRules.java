package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Quota;
import dev.imagespec.runtime.registry.Answer;
import dev.imagespec.runtime.registry.Operation;
import dev.imagespec.runtime.registry.RegistryRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How Amazon ECR and Amazon ECR Public differ from the specification. Requests stay below the
 * account's quota for each action in a region; a fifth of it is left for other users of the
 * account.
 */
public final class EcrRules implements RegistryRules {
  private static final double SHARE = 0.8;
  private static final Pattern DENIED =
      Pattern.compile("not authorized to perform: (ecr(?:-public)?:[A-Za-z]+)");

  private final String owner;
  private final boolean isPublic;

  private EcrRules(String owner, boolean isPublic) {
    this.owner = owner;
    this.isPublic = isPublic;
  }

  /** The rules of a private registry. All endpoints of a region share the account's quotas. */
  public static EcrRules of(EcrHost host) {
    return new EcrRules(host.account() + " " + host.region(), false);
  }

  /** The rules of an emulator of private registries. */
  public static EcrRules ofEmulator(Registry registry) {
    return new EcrRules(registry.toString(), false);
  }

  /** The rules of Amazon ECR Public. */
  public static EcrRules ofPublic() {
    return new EcrRules("public", true);
  }

  @Override
  public Optional<Quota> quota(Operation operation) {
    EcrAction action = EcrAction.of(operation);
    return action
        .perSecond(isPublic)
        .map(rate -> new Quota(owner + " " + action.iam(isPublic), SHARE * rate));
  }

  @Override
  public boolean isExpired(Answer answer) {
    return answer.message().contains("token has expired");
  }

  @Override
  public String remedy(Answer answer, Repository repository, Operation operation) {
    String action =
        DENIED
            .matcher(answer.message())
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseGet(() -> EcrAction.of(operation).iam(isPublic));
    return EcrPolicies.remedy(List.of(action), repository, answer.message());
  }

  /** Amazon ECR also says "expired" for tokens of another region. */
  @Override
  public Optional<ImageSpecException> refusedAgain(Answer answer, Registry registry) {
    if (!isExpired(answer)) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageSpecException(
            FailureCode.WRONG_REGION,
            registry
                + " takes a token that was made just now for an expired one: it comes from another"
                + " region. Check that AWS_ENDPOINT_URL_ECR, where it is set, is an end point of the"
                + " registry's own region, and imagespec.ecr.region the emulator's."
                + answer.quoted()));
  }

  /** Private registries accept only Basic credentials. */
  @Override
  public boolean allowsBearer() {
    return isPublic;
  }

  @Override
  public String login(Registry registry) {
    return " Log in with `docker login " + registry + "`; Amazon ECR takes the AWS credentials.";
  }
}
