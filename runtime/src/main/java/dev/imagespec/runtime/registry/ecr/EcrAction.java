package dev.imagespec.runtime.registry.ecr;

import dev.imagespec.runtime.registry.Operation;
import java.util.Optional;

/**
 * The ECR actions that requests to Amazon ECR's registries count as, with the number of requests
 * per second that an account may make in a region (Amazon ECR's service quotas).
 */
enum EcrAction {
  PUT_IMAGE("PutImage", 10, true),
  INITIATE_LAYER_UPLOAD("InitiateLayerUpload", 100, true),
  COMPLETE_LAYER_UPLOAD("CompleteLayerUpload", 100, true),
  CHECK_LAYERS("BatchCheckLayerAvailability", 1_000, false),
  GET_IMAGE("BatchGetImage", 2_000, false),
  GET_LAYER("GetDownloadUrlForLayer", 3_000, false),
  LIST_IMAGES("ListImages", EcrAction.UNPUBLISHED, false);

  private static final int UNPUBLISHED = 0;
  private static final int PUBLIC_WRITES = 10;
  private static final int PUBLIC_READS = 200;

  private final String name;
  private final int perSecond;
  private final boolean writes;

  EcrAction(String name, int perSecond, boolean writes) {
    this.name = name;
    this.perSecond = perSecond;
    this.writes = writes;
  }

  /** The action that a request counts as. */
  static EcrAction of(Operation operation) {
    return switch (operation) {
      case READ_MANIFEST -> GET_IMAGE;
      case WRITE_MANIFEST -> PUT_IMAGE;
      case CHECK_BLOB -> CHECK_LAYERS;
      case READ_BLOB -> GET_LAYER;
      case START_UPLOAD -> INITIATE_LAYER_UPLOAD;
      case FINISH_UPLOAD -> COMPLETE_LAYER_UPLOAD;
      case LIST_TAGS -> LIST_IMAGES;
    };
  }

  /** The quota in requests per second; empty if Amazon ECR documents none. */
  Optional<Integer> perSecond(boolean isPublic) {
    int rate = !isPublic ? perSecond : writes ? PUBLIC_WRITES : PUBLIC_READS;
    return Optional.of(rate).filter(known -> known != UNPUBLISHED);
  }

  /** Its name in an IAM policy. */
  String iam(boolean isPublic) {
    return (isPublic ? "ecr-public:" : "ecr:") + name;
  }
}
