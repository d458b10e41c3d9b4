package dev.imagespec.runtime.aws;

import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * The AWS profile that {@code AWS_PROFILE} or the system property {@code aws.profile} names. The
 * SDK passes over one that does not exist, and goes on to the machine's own identity, if it has
 * one.
 */
final class NamedProfile {
  private static final String DEFAULT = "default";

  /** More are no help in a message. */
  private static final int MOST_NAMES = 10;

  /** What the SDK prefers to a profile. */
  private static final Set<SdkSystemSetting> BEFORE =
      Set.of(SdkSystemSetting.AWS_ACCESS_KEY_ID, SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE);

  private NamedProfile() {}

  /**
   * Checks that the profile exists, if one is named and would be used.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it does not; the message
   *     names the files, and the profiles that exist
   */
  static void require() {
    Optional<String> name =
        ProfileFileSystemSetting.AWS_PROFILE.getStringValue().filter(set -> !set.isEmpty());
    if (name.isEmpty()
        || name.get().equals(DEFAULT)
        || BEFORE.stream().anyMatch(setting -> setting.getStringValue().isPresent())) {
      return;
    }
    ProfileFile file = ProfileFile.defaultProfileFile();
    if (file.profile(name.get()).isPresent()) {
      return;
    }
    String setting =
        System.getProperty(ProfileFileSystemSetting.AWS_PROFILE.property()) == null
            ? "AWS_PROFILE"
            : "the system property aws.profile";
    throw new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "The AWS profile "
            + Printable.line(name.get())
            + ", which "
            + setting
            + " names, does not exist in "
            + files()
            + "."
            + existing(new TreeSet<>(file.profiles().keySet()))
            + " Correct the name, or create the profile (`aws configure --profile "
            + Printable.line(name.get())
            + "`).");
  }

  private static String files() {
    return Stream.of(
            ProfileFileLocation.configurationFilePath(), ProfileFileLocation.credentialsFilePath())
        .map(path -> Printable.line(path.toString()))
        .reduce((config, credentials) -> config + " or " + credentials)
        .orElse("");
  }

  private static String existing(Set<String> names) {
    if (names.isEmpty()) {
      return " There are no profiles.";
    }
    return names.size() > MOST_NAMES
        ? ""
        : " There are: " + Printable.line(String.join(", ", names)) + ".";
  }
}
