package dev.imagespec.runtime.target;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;

/** Failures for repositories of Amazon ECR that do not exist. */
final class Missing {
  private Missing() {}

  /**
   * The failure if the settings forbid creating repositories.
   *
   * @param command the command that creates it
   */
  static ImageSpecException notCreated(Repository repository, String command) {
    return new ImageSpecException(
        FailureCode.REPOSITORY_NOT_FOUND,
        "The repository "
            + repository
            + " does not exist, and imagespec.create-repository is never. Create it: "
            + command);
  }

  /** The failure if no template created the repository on its first push. */
  static ImageSpecException noTemplate(Repository repository, ImageSpecException cause) {
    return new ImageSpecException(
        FailureCode.REPOSITORY_NOT_FOUND,
        "No repository creation template has made "
            + repository
            + " when it was pushed to. Create a template for its prefix that is applied for"
            + " CREATE_ON_PUSH (`aws ecr create-repository-creation-template`), or set"
            + " imagespec.create-repository to create.",
        cause);
  }
}
