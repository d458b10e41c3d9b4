package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.PayloadConfig;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.work.Once;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that the Java of a base can load the classes that an image gets. What Java a base has, its
 * variable {@code JAVA_VERSION} says; many bases have one.
 */
final class JavaCheck {
  /** The variable that says what Java an image has. */
  private static final String VARIABLE = "JAVA_VERSION";

  /**
   * {@code jdk-17.0.13+11}, {@code jdk8u432-b06}, {@code 21.0.5}, {@code 1.8.0_432}, {@code 17}.
   */
  private static final Pattern VERSION =
      Pattern.compile("(?:jdk|jre|java)?-?(?:1\\.(?=\\d))?(\\d{1,2})(?:[.u+_-].*)?");

  /** The variables with which a Dockerfile says that it brings a Java of its own. */
  private static final List<String> OF_JAVA = List.of(VARIABLE, "JAVA_HOME", "PATH");

  /** Tasks are compiled for this release or a later one. */
  private static final int OLDEST = 17;

  private final BaseImages bases;

  /** Many images have the same classes. */
  private final Once<Digest, Optional<JavaNeed>> needs = new Once<>();

  JavaCheck(BaseImages bases) {
    this.bases = bases;
  }

  /**
   * Checks an image. Asks no registry about an image without classes, or whose spec says that it
   * brings a Java of its own.
   *
   * @throws ImageSpecException with {@link FailureCode#BASE_UNUSABLE} if the base's Java is too old
   */
  void check(ResolvedSpec spec) {
    Draft draft = spec.draft();
    Manifest.Payload payload = draft.manifest().payload();
    boolean hasClasses = payload.usesClassPath() || payload.application().isSet();
    if (!hasClasses || bringsJava(draft.config())) {
      return;
    }
    if (spec.base() instanceof Base.OfDockerfile own
        && OF_JAVA.stream().anyMatch(own.recipe().dockerfile().variables()::contains)) {
      return;
    }
    Optional<JavaNeed> need = need(draft);
    if (need.isEmpty()) {
      return;
    }
    for (Platform platform : spec.base().platforms()) {
      String version = version(spec.base(), platform, draft.config());
      OptionalInt java = release(version);
      if (java.isPresent() && java.getAsInt() < need.get().java()) {
        throw tooOld(bases.get(spec.base(), platform).name(), version, java.getAsInt(), need.get());
      }
    }
  }

  /** Whether the image may run another {@code java} than the base's. */
  private static boolean bringsJava(PayloadConfig config) {
    Map<String, String> env = config.env();
    boolean runsOther =
        !config.entrypoint().isEmpty() && !config.entrypoint().get(0).equals("java");
    return !env.containsKey(VARIABLE)
        && (runsOther
            || env.containsKey("PATH")
            || config.envPrepend().containsKey("PATH")
            || env.containsKey("JAVA_HOME"));
  }

  private Optional<JavaNeed> need(Draft draft) {
    Optional<JavaNeed> newest = Optional.empty();
    for (Layer layer : draft.layers()) {
      if (layer.isClasses() || layer.isApplication()) {
        newest =
            JavaNeed.newer(needs.get(layer.inputDigest(), () -> JavaNeed.newest(layer)), newest);
      }
    }
    return JavaNeed.newer(JavaNeed.ofMainInJar(draft), newest);
  }

  /** What an image says that its Java is; empty if it does not say. */
  private String version(Base base, Platform platform, PayloadConfig config) {
    String own = config.env().get(VARIABLE);
    if (own != null) {
      return own;
    }
    return bases.get(base, platform).config().variable(VARIABLE).orElse("");
  }

  /** The release of Java that a version is of; empty if it has another form. */
  static OptionalInt release(String version) {
    Matcher matcher = VERSION.matcher(version.strip());
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static ImageSpecException tooOld(String base, String version, int java, JavaNeed need) {
    String compile =
        java < OLDEST
            ? "Use"
            : "Compile with --release "
                + java
                + " (in Maven <maven.compiler.release>"
                + java
                + "</maven.compiler.release>), or use";
    return new ImageSpecException(
        FailureCode.BASE_UNUSABLE,
        "The class "
            + Printable.value(need.name())
            + " needs Java "
            + need.java()
            + ", and the base image "
            + base
            + " has Java "
            + java
            + " ("
            + VARIABLE
            + "="
            + Printable.start(Printable.value(version), 100)
            + "). "
            + compile
            + " a base image with Java "
            + need.java()
            + " or later. If the image's steps install another Java, say so: @Env(name = \""
            + VARIABLE
            + "\", value = \""
            + need.java()
            + "\").");
  }
}
