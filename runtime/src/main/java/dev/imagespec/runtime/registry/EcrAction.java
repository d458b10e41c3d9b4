package dev.imagespec.runtime.registry;

/**
 * The actions of Amazon ECR that requests to its registry count as, with how many a second it takes
 * of an account in a region (Amazon ECR's service quotas).
 */
enum EcrAction {
  PUT_IMAGE("PutImage", 10, true),
  INITIATE_LAYER_UPLOAD("InitiateLayerUpload", 100, true),
  COMPLETE_LAYER_UPLOAD("CompleteLayerUpload", 100, true),
  CHECK_LAYERS("BatchCheckLayerAvailability", 1_000, false),
  GET_IMAGE("BatchGetImage", 2_000, false),
  GET_LAYER("GetDownloadUrlForLayer", 3_000, false);

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

  /** What a request of the OCI distribution protocol counts as. */
  static EcrAction of(String method, String path) {
    if (path.contains("/manifests/")) {
      return method.equals("PUT") ? PUT_IMAGE : GET_IMAGE;
    }
    if (path.contains("/blobs/uploads/")) {
      return method.equals("POST") ? INITIATE_LAYER_UPLOAD : COMPLETE_LAYER_UPLOAD;
    }
    return method.equals("HEAD") ? CHECK_LAYERS : GET_LAYER;
  }

  /** Requests a second that Amazon ECR takes. */
  int perSecond(boolean isPublic) {
    return !isPublic ? perSecond : writes ? PUBLIC_WRITES : PUBLIC_READS;
  }

  /** Its name in a policy of IAM. */
  String iam(boolean isPublic) {
    return (isPublic ? "ecr-public:" : "ecr:") + name;
  }
}
