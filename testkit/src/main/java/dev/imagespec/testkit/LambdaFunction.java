package dev.imagespec.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A function, its versions, aliases and tags. */
final class LambdaFunction {
  private final String arn;
  private final Map<String, Object> configuration = new LinkedHashMap<>();
  private final Map<String, Object> tags = new TreeMap<>();
  private final List<Map<String, Object>> versions = new ArrayList<>();
  private final Map<String, Map<String, Object>> aliases = new HashMap<>();
  private String image = "";
  private String resolved = "";

  /** How many more requests find it busy. */
  private int busy;

  private String changing = "";
  private String failure = "";

  LambdaFunction(String arn, Map<?, ?> request) {
    this.arn = arn;
    configuration.put("FunctionArn", arn);
    configuration.put("Version", "$LATEST");
    configuration.put("PackageType", "Image");
    configuration.put("Description", "");
    configuration.put("Timeout", 3);
    configuration.put("MemorySize", 128);
    configuration.put("CodeSize", 0);
    configuration.put("Architectures", List.of("x86_64"));
    configuration.put("TracingConfig", Map.of("Mode", "PassThrough"));
    configuration.put("EphemeralStorage", Map.of("Size", 512));
    configuration.put("SnapStart", Map.of("ApplyOn", "None", "OptimizationStatus", "Off"));
    configuration.put(
        "LoggingConfig",
        Map.of("LogFormat", "Text", "LogGroup", "/aws/lambda/" + request.get("FunctionName")));
    configuration.put("State", "Active");
    configuration.put("LastUpdateStatus", "Successful");
    configure(request);
  }

  String arn() {
    return arn;
  }

  Map<String, Object> configuration() {
    return configuration;
  }

  List<Map<String, Object>> versions() {
    return versions;
  }

  Map<String, Map<String, Object>> aliases() {
    return aliases;
  }

  Map<String, Object> tags() {
    return tags;
  }

  String resolved() {
    return resolved;
  }

  /** Takes over what a request says, as a response says it. */
  void configure(Map<?, ?> request) {
    request.forEach(
        (key, value) -> {
          switch (String.valueOf(key)) {
            case "Code", "Publish", "Tags", "RevisionId" -> {}
            case "ImageConfig" ->
                configuration.put("ImageConfigResponse", Map.of("ImageConfig", value));
            case "VpcConfig" -> {
              Map<String, Object> vpc = new LinkedHashMap<>();
              ((Map<?, ?>) value).forEach((name, each) -> vpc.put(String.valueOf(name), each));
              vpc.put("VpcId", "vpc-1");
              configuration.put("VpcConfig", vpc);
            }
            default -> configuration.put(String.valueOf(key), value);
          }
        });
    changed();
  }

  void image(String uri, String byDigest) {
    image = uri;
    resolved = byDigest;
    configuration.put("CodeSha256", byDigest.substring(byDigest.lastIndexOf(':') + 1));
    changed();
  }

  void tag(Map<?, ?> more) {
    more.forEach((key, value) -> tags.put(String.valueOf(key), value));
  }

  /** Each change, and the end of one, gives the function another revision. */
  void changed() {
    configuration.put("RevisionId", UUID.randomUUID().toString());
  }

  /** Refuses a change that was meant for another revision. */
  void require(String revision) {
    if (!revision.isEmpty() && !revision.equals(configuration.get("RevisionId"))) {
      throw otherRevision();
    }
  }

  static ApiException otherRevision() {
    return new ApiException(
        412,
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the"
            + " GetFunction/GetAlias API to retrieve the latest Revision Id");
  }

  /**
   * Starts a change that takes some requests.
   *
   * @param what {@code State} or {@code LastUpdateStatus}
   * @param reason why it fails in the end; empty if it succeeds
   */
  void begin(String what, int requests, String reason) {
    busy = requests;
    changing = what;
    failure = reason;
    configuration.put(what, what.equals("State") ? "Pending" : "InProgress");
  }

  boolean isBusy() {
    return busy > 0;
  }

  /** The answer to who asks for it. */
  Map<String, Object> asked(String registry) {
    if (busy > 0 && --busy == 0) {
      boolean isState = changing.equals("State");
      configuration.put(
          changing, failure.isEmpty() ? (isState ? "Active" : "Successful") : "Failed");
      if (!failure.isEmpty()) {
        configuration.put(changing + "Reason", failure);
        configuration.put(changing + "ReasonCode", "InvalidImage");
      }
      changed();
    }
    return Map.of(
        "Configuration",
        configuration,
        "Code",
        Map.of(
            "RepositoryType",
            "ECR",
            "ImageUri",
            image,
            "ResolvedImageUri",
            resolved,
            "Location",
            "https://" + registry),
        "Tags",
        tags);
  }

  /** A version of what it is now; the newest one if nothing changed since. */
  Map<String, Object> publish() {
    Map<String, Object> version = new LinkedHashMap<>(configuration);
    for (String key :
        List.of("Version", "FunctionArn", "RevisionId", "State", "LastUpdateStatus")) {
      version.remove(key);
    }
    if (!versions.isEmpty()) {
      Map<String, Object> newest = versions.get(versions.size() - 1);
      if (newest.entrySet().containsAll(version.entrySet())) {
        return newest;
      }
    }
    String number = String.valueOf(versions.size() + 1);
    version.put("Version", number);
    version.put("FunctionArn", arn + ":" + number);
    version.put("State", configuration.get("State"));
    version.put("LastUpdateStatus", configuration.get("LastUpdateStatus"));
    versions.add(version);
    return version;
  }
}
