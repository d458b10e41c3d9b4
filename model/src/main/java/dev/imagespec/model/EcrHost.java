package dev.imagespec.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host of a private registry of Amazon ECR, in any partition: {@code
 * 123456789012.dkr.ecr.us-east-1.amazonaws.com}, its FIPS form ({@code dkr.ecr-fips}) and its
 * dual-stack form ({@code 123456789012.dkr-ecr.us-east-1.on.aws}).
 *
 * @param account the 12 digits of the account that owns the registry
 * @param region the region's name
 * @param partition the partition of the region and of the host's domain
 * @param fips whether this is the FIPS endpoint
 * @param dualStack whether this is the dual-stack endpoint
 */
public record EcrHost(
    String account, String region, AwsPartition partition, boolean fips, boolean dualStack) {

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "([0-9]{12})\\.dkr([.-])ecr(-fips)?\\.([a-z]{2,4}(?:-[a-z]+)++-[0-9]{1,2})\\.([a-z0-9.-]+)");

  /** Domains that are Amazon's alone, or are written to be taken for one of them. */
  private static final Pattern RESEMBLANCE =
      Pattern.compile(
          "amazonaws|amazonwebservices|(?:^|[.-])ecr\\.aws(?:$|\\.)|(?:^|\\.)ecr-public\\.aws\\.com"
              + "|dkr[._-]?ecr.*\\.aws(?:$|\\.)");

  private static final Pattern REGISTRY = Pattern.compile("dkr|ecr");

  /** The hosts of Amazon ECR Public: the usual one and the dual-stack one. */
  private static final Set<String> PUBLIC = Set.of("public.ecr.aws", "ecr-public.aws.com");

  private static final String AMAZON = "amazonaws";

  /**
   * Reads the host name of an ECR registry, without a port. Accepts an unknown region as it is
   * written; see {@link #regionMeant}.
   *
   * @return the host, or empty if it is not in a domain of Amazon's: emulators and own hosts may
   *     have the same form
   * @throws IllegalArgumentException if the host imitates a domain of Amazon's but is no registry;
   *     the message says what to write instead
   */
  public static Optional<EcrHost> parse(String host) {
    Matcher matcher = GRAMMAR.matcher(host);
    if (!matcher.matches()) {
      if (resembles(host)) {
        throw new IllegalArgumentException(
            "this resembles a registry of Amazon ECR but is none; its form is"
                + " <12 digits of the account>.dkr.ecr.<region>.amazonaws.com");
      }
      return Optional.empty();
    }
    boolean dualStack = matcher.group(2).equals("-");
    String region = matcher.group(4);
    String domain = matcher.group(5);
    Optional<AwsPartition> byRegion = AwsPartition.ofRegion(region);
    Optional<AwsPartition> partition =
        byRegion
            .or(() -> AwsPartition.ofDomain(domain, dualStack))
            .filter(candidate -> candidate.has(domain, dualStack));
    if (partition.isPresent()) {
      return Optional.of(
          new EcrHost(
              matcher.group(1), region, partition.get(), matcher.group(3) != null, dualStack));
    }
    if (!resembles(host) && !AwsPartition.isDomain(domain)) {
      // An emulator, or a host of one's own.
      return Optional.empty();
    }
    String form = dualStack ? "dkr-ecr" : "dkr.ecr";
    throw new IllegalArgumentException(
        "registries of region "
            + region
            + " do not stand under "
            + form
            + " and "
            + domain
            + byRegion.map(right -> "; write " + right(matcher, right)).orElse(""));
  }

  /**
   * The host that was probably meant: in the partition of its region, in the form of its domain.
   */
  private static String right(Matcher matcher, AwsPartition partition) {
    boolean wanted = matcher.group(2).equals("-");
    boolean dualStack =
        partition.has(matcher.group(5), !wanted) ? !wanted : wanted && partition.isDualStack();
    return matcher.group(1)
        + (dualStack ? ".dkr-ecr" : ".dkr.ecr")
        + (matcher.group(3) == null ? "" : matcher.group(3))
        + "."
        + matcher.group(4)
        + "."
        + partition.domain(dualStack);
  }

  /** Whether a host is Amazon ECR Public. */
  static boolean isPublic(String host) {
    return PUBLIC.contains(host);
  }

  /** Whether the host looks like an ECR registry, by mistake or to deceive. */
  private static boolean resembles(String host) {
    String plain = Lookalikes.plain(host);
    if (isPublic(host)) {
      return false;
    }
    if (RESEMBLANCE.matcher(plain).find() || isPublic(plain)) {
      return true;
    }
    String[] labels = plain.split("\\.", -1);
    for (int i = 0; i < labels.length; i++) {
      if (Spelling.isClose(labels[i], AMAZON)
          // Others have names like Amazon's, too, but no registry of Amazon ECR below them.
          && (REGISTRY.matcher(plain).find() || Arrays.asList(labels).indexOf("com") == i + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this release knows the region. A newer region works too. */
  public boolean isRegionKnown() {
    return partition.knows(region);
  }

  /**
   * The known region that was probably meant, if this region is unknown and differs from that one
   * by a typing error. Empty for a known region, for a new number of a known place, and for a
   * region that is not close to any: the last two may be new regions.
   */
  public Optional<String> regionMeant() {
    if (AwsPartition.knownRegions().anyMatch(region::equals)) {
      return Optional.empty();
    }
    String letters = withoutNumber(region);
    // Another number of a known place is probably a new region, not a typing error.
    if (AwsPartition.knownRegions().map(EcrHost::withoutNumber).anyMatch(letters::equals)) {
      return Optional.empty();
    }
    return Spelling.meant(region, AwsPartition.knownRegions());
  }

  private static String withoutNumber(String region) {
    return region.substring(0, region.lastIndexOf('-'));
  }
}
