package dev.imagespec.registrar.aws;

import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AssumedRole;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/**
 * The settings {@code imagespec.aws.*}.
 *
 * @param region the region of the definitions; empty for the AWS SDK's
 * @param role the role to assume; empty to use the AWS SDK's credentials directly
 * @param alias the alias that each function's new version gets; empty for none
 */
record AwsSettings(Optional<Region> region, Optional<AssumedRole> role, Optional<String> alias) {
  private static final String REGION = "region";
  private static final String ROLE = "role";
  private static final String EXTERNAL_ID = "external-id";
  private static final String ALIAS = "lambda-alias";

  /** Their names. */
  static final Set<String> NAMES = Set.of(REGION, ROLE, EXTERNAL_ID, ALIAS);

  private static final Pattern REGIONS = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}");
  private static final Pattern ROLES =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+");
  private static final Pattern ALIASES = Pattern.compile("(?![0-9]+$)[a-zA-Z0-9-_]{1,128}");

  /**
   * Reads them.
   *
   * @throws ImageSpecException if one is wrong
   */
  static AwsSettings of(Map<String, String> values) {
    Optional<String> role =
        text(
            values,
            ROLE,
            ROLES,
            "the ARN of a role, such as arn:aws:iam::123456789012:role/deploy");
    Optional<String> externalId = Optional.ofNullable(values.get(EXTERNAL_ID));
    if (externalId.isPresent() && role.isEmpty()) {
      throw wrong(EXTERNAL_ID, "is only used with a role; set imagespec.aws.role, too");
    }
    return new AwsSettings(
        text(values, REGION, REGIONS, "a region of AWS, such as us-east-1")
            .map(AwsSettings::region),
        role.map(arn -> AssumedRole.of(arn, externalId.orElse(null))),
        text(
            values,
            ALIAS,
            ALIASES,
            "the name of an alias: letters, digits, - and _, not digits alone"));
  }

  private static Optional<String> text(
      Map<String, String> values, String name, Pattern form, String what) {
    Optional<String> value = Optional.ofNullable(values.get(name)).filter(set -> !set.isEmpty());
    if (value.isPresent() && !form.matcher(value.get()).matches()) {
      throw wrong(
          name,
          "must be " + what + "; it is " + Printable.value(Printable.start(value.get(), 100)));
    }
    return value;
  }

  /** One that this release does not know may be newer, unless it is almost one that it knows. */
  private static Region region(String name) {
    Spelling.meant(
            name,
            Region.regions().stream()
                .map(Region::id)
                .filter(known -> known.endsWith(name.substring(name.lastIndexOf('-')))))
        .ifPresent(
            meant -> {
              throw wrong(REGION, "is " + name + "; did you mean " + meant + "?");
            });
    return Region.of(name);
  }

  private static ImageSpecException wrong(String name, String problem) {
    return new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "imagespec.aws." + name + " " + problem + (problem.endsWith("?") ? "" : "."));
  }
}
