package dev.imagespec.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The partitions of AWS, with the domains of their registries and their regions. */
public enum AwsPartition {
  AWS(
      "aws",
      "amazonaws.com",
      "on.aws",
      "(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\\d{1,2}",
      "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2"
          + " ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6"
          + " ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1"
          + " eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1"
          + " sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"),
  CHINA(
      "aws-cn",
      "amazonaws.com.cn",
      "on.amazonwebservices.com.cn",
      "cn-[a-z]+-\\d{1,2}",
      "cn-north-1 cn-northwest-1"),
  US_GOV(
      "aws-us-gov",
      "amazonaws.com",
      "on.aws",
      "us-gov-[a-z]+-\\d{1,2}",
      "us-gov-east-1 us-gov-west-1"),
  EUSC("aws-eusc", "amazonaws.eu", "", "eusc-[a-z]+-[a-z]+-\\d{1,2}", "eusc-de-east-1"),
  ISO("aws-iso", "c2s.ic.gov", "", "us-iso-[a-z]+-\\d{1,2}", "us-iso-east-1 us-iso-west-1"),
  ISO_B(
      "aws-iso-b", "sc2s.sgov.gov", "", "us-isob-[a-z]+-\\d{1,2}", "us-isob-east-1 us-isob-west-1"),
  ISO_E("aws-iso-e", "cloud.adc-e.uk", "", "eu-isoe-[a-z]+-\\d{1,2}", "eu-isoe-west-1"),
  ISO_F(
      "aws-iso-f",
      "csp.hci.ic.gov",
      "",
      "us-isof-[a-z]+-\\d{1,2}",
      "us-isof-east-1 us-isof-south-1");

  private final String id;
  private final String suffix;
  private final String dualStackSuffix;
  private final Pattern regionShape;

  @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable list
  private final List<String> regions;

  AwsPartition(
      String id, String suffix, String dualStackSuffix, String regionShape, String regions) {
    this.id = id;
    this.suffix = suffix;
    this.dualStackSuffix = dualStackSuffix;
    this.regionShape = Pattern.compile(regionShape);
    this.regions = List.of(regions.split(" "));
  }

  /** The partition's name in an ARN: {@code aws}, {@code aws-cn}. */
  public String id() {
    return id;
  }

  /** The partition of a region, by the shape of the region's name. */
  static Optional<AwsPartition> ofRegion(String region) {
    return Arrays.stream(values()).filter(p -> p.regionShape.matcher(region).matches()).findFirst();
  }

  /** The first partition whose registries use this domain. */
  static Optional<AwsPartition> ofDomain(String domain, boolean dualStack) {
    return Arrays.stream(values()).filter(p -> p.has(domain, dualStack)).findFirst();
  }

  /** Every region that this release knows. */
  static Stream<String> knownRegions() {
    return Arrays.stream(values()).flatMap(partition -> partition.regions.stream());
  }

  boolean knows(String region) {
    return regions.contains(region);
  }

  /** The domain of this partition's registries. */
  String domain(boolean dualStack) {
    return dualStack && !dualStackSuffix.isEmpty() ? dualStackSuffix : suffix;
  }

  /** Whether the registries of some partition use this domain. */
  static boolean isDomain(String domain) {
    return ofDomain(domain, false).isPresent() || ofDomain(domain, true).isPresent();
  }

  /** Whether registries have dual-stack hosts here. */
  boolean isDualStack() {
    return !dualStackSuffix.isEmpty();
  }

  /** Whether this partition's registries use this domain. */
  boolean has(String domain, boolean dualStack) {
    String own = dualStack ? dualStackSuffix : suffix;
    return !own.isEmpty() && domain.equals(own);
  }
}
