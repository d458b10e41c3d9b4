package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/** One function of AWS Lambda: what is asked of it, and changed. */
final class Functions {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** With the waits, about ten minutes: an image of 10 GB takes some. */
  private static final int MOST_ASKED = 120;

  private final Amazon amazon;
  private final FunctionFile file;

  Functions(Amazon amazon, FunctionFile file) {
    this.amazon = amazon;
    this.file = file;
  }

  /** The function as it is; empty if there is none. */
  Optional<GetFunctionResponse> get() {
    return amazon.ask(
        Service.LAMBDA,
        "lambda:GetFunction",
        file.where(),
        () -> {
          try {
            return Optional.of(
                amazon.lambda().getFunction(request -> request.functionName(file.name())));
          } catch (ResourceNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private GetFunctionResponse known() {
    return get()
        .orElseThrow(() -> failed("is not there any more. Somebody deleted it; register again."));
  }

  /**
   * Waits until nothing is done to the function any more.
   *
   * @param first the function as it was found
   * @return the function as it is then
   * @throws ImageSpecException if that ends in a failure, or does not end
   */
  GetFunctionResponse idle(GetFunctionResponse first) throws InterruptedException {
    Duration wait = FIRST_WAIT;
    GetFunctionResponse found = first;
    for (int asked = 0; asked < MOST_ASKED; asked++) {
      FunctionConfiguration now = found.configuration();
      if (now.state() == State.FAILED) {
        throw failed(
            "cannot be run: "
                + now.stateReason()
                + " Correct that, delete the function (`aws lambda delete-function`), and register"
                + " again.");
      }
      if (now.state() != State.PENDING && now.lastUpdateStatus() != LastUpdateStatus.IN_PROGRESS) {
        return found;
      }
      amazon.sleep(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
      found = known();
    }
    throw failed("is still being changed after ten minutes; see `aws lambda get-function`.");
  }

  /**
   * Waits until a change is done.
   *
   * @throws ImageSpecException if it failed: then the function runs what it ran before
   */
  GetFunctionResponse changed() throws InterruptedException {
    GetFunctionResponse found = idle(known());
    if (found.configuration().lastUpdateStatus() == LastUpdateStatus.FAILED) {
      throw failed(
          "could not be changed, and runs what it ran before: "
              + found.configuration().lastUpdateStatusReason());
    }
    return found;
  }

  private ImageSpecException failed(String what) {
    return new ImageSpecException(FailureCode.REGISTRAR, file.where() + " " + what);
  }

  /**
   * Creates the function.
   *
   * @return its version
   */
  String create(ObjectNode tree, Map<String, String> tags) throws InterruptedException {
    CreateFunctionRequest request =
        new RequestReader(Service.LAMBDA.command(), file.file()::wrong)
            .read(tree, CreateFunctionRequest.builder())
            .tags(tags)
            .build();
    return amazon.change(
        Service.LAMBDA,
        "lambda:CreateFunction",
        file.where(),
        () -> amazon.lambda().createFunction(request).version());
  }

  /**
   * Changes parts of its configuration.
   *
   * @param tree the fields that change
   * @param revision what it is changed from
   */
  void configure(ObjectNode tree, String revision) throws InterruptedException {
    UpdateFunctionConfigurationRequest request =
        new RequestReader(Service.LAMBDA.command(), file.file()::wrong)
            .read(
                tree.put("FunctionName", file.name()), UpdateFunctionConfigurationRequest.builder())
            .revisionId(revision)
            .build();
    amazon.change(
        Service.LAMBDA,
        "lambda:UpdateFunctionConfiguration",
        file.where(),
        () -> amazon.lambda().updateFunctionConfiguration(request));
  }

  /**
   * Changes the image that it runs.
   *
   * @param revision what it is changed from
   * @return its version
   */
  String update(String image, String architecture, String revision) throws InterruptedException {
    return amazon.change(
        Service.LAMBDA,
        "lambda:UpdateFunctionCode",
        file.where(),
        () ->
            amazon
                .lambda()
                .updateFunctionCode(
                    request -> {
                      request
                          .functionName(file.name())
                          .imageUri(image)
                          .architecturesWithStrings(architecture)
                          .publish(file.publishes())
                          .revisionId(revision);
                      file.publishTo().ifPresent(request::publishTo);
                    })
                .version());
  }

  /** Publishes it as it is; the newest version if that is the same. */
  String publish(String revision) throws InterruptedException {
    return amazon.change(
        Service.LAMBDA,
        "lambda:PublishVersion",
        file.where(),
        () ->
            amazon
                .lambda()
                .publishVersion(
                    request -> {
                      request.functionName(file.name()).revisionId(revision);
                      file.publishTo().ifPresent(request::publishTo);
                    })
                .version());
  }

  /** Its newest published version; empty if none is published. */
  Optional<String> newestVersion() {
    return amazon.ask(
        Service.LAMBDA,
        "lambda:ListVersionsByFunction",
        file.where(),
        () ->
            amazon
                .lambda()
                .listVersionsByFunctionPaginator(request -> request.functionName(file.name()))
                .versions()
                .stream()
                .map(FunctionConfiguration::version)
                .filter(version -> version.matches("[0-9]{1,18}"))
                .max(Comparator.comparing(Long::valueOf)));
  }

  /** Adds tags, or changes their values. */
  void tag(String arn, Map<String, String> tags) throws InterruptedException {
    amazon.change(
        Service.LAMBDA,
        "lambda:TagResource",
        file.where(),
        () -> amazon.lambda().tagResource(request -> request.resource(arn).tags(tags)));
  }

  /** An alias; empty if it has none of that name. */
  Optional<GetAliasResponse> alias(String name) {
    return amazon.ask(
        Service.LAMBDA,
        "lambda:GetAlias",
        file.where(),
        () -> {
          try {
            return Optional.of(
                amazon.lambda().getAlias(request -> request.functionName(file.name()).name(name)));
          } catch (ResourceNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** Creates an alias of a version. */
  void createAlias(String name, String version) throws InterruptedException {
    amazon.change(
        Service.LAMBDA,
        "lambda:CreateAlias",
        file.where(),
        () ->
            amazon
                .lambda()
                .createAlias(
                    request ->
                        request.functionName(file.name()).name(name).functionVersion(version)));
  }

  /** Moves an alias to a version. */
  void moveAlias(GetAliasResponse alias, String version) throws InterruptedException {
    amazon.change(
        Service.LAMBDA,
        "lambda:UpdateAlias",
        file.where(),
        () ->
            amazon
                .lambda()
                .updateAlias(
                    request ->
                        request
                            .functionName(file.name())
                            .name(alias.name())
                            .functionVersion(version)
                            .revisionId(alias.revisionId())));
  }
}
