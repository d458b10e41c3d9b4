package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imagespec.json.Json;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API answers, and what is said of it. */
class EcrErrorsTest {
  private static final String HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final Repository REPOSITORY =
      new Repository(Registry.parse(HOST), new RepositoryName("team/app"));
  private static final String CANARY = "canary-session-token";

  private final EcrServer ecr = EcrServer.start();
  private final EcrRegistries registries =
      FastEcr.of(Set.of(), Set.of(), Optional.empty(), Clock.systemUTC());

  @BeforeEach
  void start() {
    System.setProperty("aws.accessKeyId", "AKIATEST");
    System.setProperty("aws.secretAccessKey", "test");
    System.setProperty("aws.sessionToken", CANARY);
    System.setProperty("aws.endpointUrlEcr", ecr.endpoint().toString());
  }

  @AfterEach
  void stop() {
    registries.close();
    ecr.close();
    for (String name :
        List.of(
            "aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken", "aws.endpointUrlEcr")) {
      System.clearProperty(name);
    }
  }

  private ImageSpecException failure() {
    ImageSpecException failure =
        catchThrowableOfType(
            ImageSpecException.class,
            () -> registries.images().existing(REPOSITORY, List.of("is1-a")));
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain(CANARY);
    }
    return failure;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400 | ExpiredTokenException | The security token included in the request is expired"
            + " | TOKEN_EXPIRED | aws sso login",
        "400 | RequestExpired | Request has expired | CLOCK_SKEW | timedatectl",
        "400 | InvalidSignatureException | Signature expired: 20260101T000000Z is now earlier than"
            + " 20260102T000000Z (canary-session-token) | CLOCK_SKEW | is now earlier than",
        "400 | InvalidSignatureException | Credential should be scoped to a valid region."
            + " | WRONG_REGION | AWS_ENDPOINT_URL_ECR",
        "400 | InvalidSignatureException | The Canonical String for this request should have been"
            + " x-amz-security-token:canary-session-token | UNAUTHORIZED | secret access key",
        "400 | UnrecognizedClientException | The security token included in the request is invalid."
            + " | UNAUTHORIZED | AWS_PROFILE",
        "400 | MissingAuthenticationTokenException | no | UNAUTHORIZED | without a signature",
        "400 | AccessDeniedException | User: arn:aws:iam::123456789012:user/a is not authorized to"
            + " perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/x"
            + " | DENIED | `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
            + "\"ecr:BatchGetImage\",\"Resource\":\"arn:aws:ecr:us-east-1:123456789012:repository/team/app\"}]}`",
        "400 | AccessDeniedException | User: arn:aws:sts::210987654321:assumed-role/r/s is not"
            + " authorized to perform: ecr:BatchGetImage because no resource-based policy allows it"
            + " | DENIED | `\"Principal\":{\"AWS\":\"arn:aws:iam::210987654321:root\"}`",
        "400 | AccessDeniedException | User: a is not authorized to perform: ecr:BatchGetImage with an"
            + " explicit deny in a service control policy | DENIED | no other policy can allow it",
        "400 | BlockedByOrganizationPolicyException | blocked | DENIED | ecr:BatchGetImage",
        "400 | ThrottlingException | Rate exceeded | THROTTLED | Register again later",
        "400 | LimitExceededException | too many | QUOTA_EXCEEDED | AWS Service Quotas",
        "400 | KmsException | key is disabled | DENIED | kms:CreateGrant",
        "400 | ImageArchivedException | archived | IMAGE_ARCHIVED | archive",
        "400 | UnsupportedImageTypeException | no | UNSUPPORTED_MEDIA_TYPE | media type",
        "400 | InvalidParameterException | bad | PROTOCOL | InvalidParameterException: bad",
        "500 | ServerException | oops | UNREACHABLE | status 500"
      })
  void eachAnswerIsToldFromTheOthersWithTheNextStep(
      int status, String type, String message, FailureCode code, String nextStep) {
    ecr.inject(
        Fault.respond(
            "BatchGetImage",
            99,
            status,
            Json.canonical(Map.of("__type", type, "message", message)),
            Map.of("x-amzn-ErrorType", type)));
    ImageSpecException failure = failure();
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure).hasMessageContaining(nextStep).hasMessageContaining("team/app");
  }

  @Test
  void whatTheApiQuotesOfItsOwnSecretsIsMasked() {
    String key = "canary/secret+access-key-of-40-characters";
    System.setProperty("aws.secretAccessKey", key);
    Registry registry = Registry.parse(HOST);
    String token = registries.credential(registry).orElseThrow().password();
    String pair = base64("AWS:" + token);
    for (String quoted : List.of(CANARY, key, base64(key), token, pair)) {
      for (String type : List.of("InvalidParameterException", "AccessDeniedException")) {
        ecr.inject(
            Fault.respond(
                "BatchGetImage",
                1,
                400,
                Json.canonical(Map.of("__type", type, "message", "not with " + quoted)),
                Map.of("x-amzn-ErrorType", type)));
        ImageSpecException failure =
            catchThrowableOfType(
                ImageSpecException.class,
                () -> registries.images().existing(REPOSITORY, List.of("is1-a")));
        assertThat(failure).hasMessageContaining("not with ***").hasMessageNotContaining(quoted);
        assertThat(failure).hasNoCause();
      }
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMissingRepositoryIsNoErrorWhereImagesAreAskedFor() {
    assertThat(registries.images().existing(REPOSITORY, List.of("is1-a")).repositoryExists())
        .isFalse();
  }

  @Test
  void anotherRegionsApiIsToldFromAWrongKey() {
    try (EcrServer other = EcrServer.builder().region("eu-west-1").start()) {
      System.setProperty("aws.endpointUrlEcr", other.endpoint().toString());
      assertThat(failure().code()).isEqualTo(FailureCode.WRONG_REGION);
    }
  }

  @Test
  void aClockThatStaysWrongIsSaid() {
    try (EcrServer late =
        EcrServer.builder().clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(1))).start()) {
      System.setProperty("aws.endpointUrlEcr", late.endpoint().toString());
      ImageSpecException failure = failure();
      assertThat(failure.code()).isEqualTo(FailureCode.CLOCK_SKEW);
      assertThat(failure).hasMessageContaining("is now earlier than");
    }
  }

  @Test
  void anApiThatIsNotThereIsUnreachable() {
    ecr.close();
    assertThat(failure().code()).isEqualTo(FailureCode.UNREACHABLE);
    System.setProperty("aws.endpointUrlEcr", "http://no.such.host.invalid");
    try (EcrRegistries fresh =
        FastEcr.of(Set.of(), Set.of(), Optional.empty(), Clock.systemUTC())) {
      assertThatThrownBy(() -> fresh.credential(Registry.parse(HOST)))
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.UNREACHABLE))
          .hasMessageContaining("there is no host")
          .hasMessageContaining("no.such.host.invalid");
    }
  }

  @Test
  void anApiThatIsNoneIsSaid() {
    ecr.inject(Fault.respond("BatchGetImage", 99, 200, "<html>", Map.of()));
    assertThat(failure().code()).isIn(FailureCode.PROTOCOL, FailureCode.UNREACHABLE);
  }

  @Test
  void missingCredentialsAreSaidWithTheWaysToGetSome() {
    System.clearProperty("aws.accessKeyId");
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.configFile", "/none");
    System.setProperty("aws.sharedCredentialsFile", "/none");
    try {
      ImageSpecException failure = failure();
      assertThat(failure.code()).isEqualTo(FailureCode.UNAUTHORIZED);
      assertThat(failure).hasMessageContaining("aws sso login").hasMessageContaining("AWS_PROFILE");
    } finally {
      for (String name :
          List.of("aws.disableEc2Metadata", "aws.configFile", "aws.sharedCredentialsFile")) {
        System.clearProperty(name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cn-north-1.amazonaws.com.cn, aws-cn",
    "us-gov-west-1.amazonaws.com, aws-us-gov",
    "eusc-de-east-1.amazonaws.eu, aws-eusc",
    "us-isob-east-1.sc2s.sgov.gov, aws-iso-b"
  })
  void aPolicyNamesTheRepositoryInItsPartition(String domain, String partition) {
    Repository there =
        new Repository(
            Registry.parse("123456789012.dkr.ecr." + domain), new RepositoryName("team/app"));
    assertThat(EcrPolicies.resource(there))
        .startsWith("arn:" + partition + ":ecr:")
        .endsWith(":123456789012:repository/team/app");
  }
}
