package dev.imagespec.model;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reference to an image, {@code [registry/]repository[:tag][@digest]}, in its normal form.
 * Follows the grammar of the distribution project. Short names of Docker Hub are expanded: {@code
 * ubuntu} becomes {@code docker.io/library/ubuntu:latest}.
 */
public final class ImageReference {
  private static final String DEFAULT_TAG = "latest";
  private static final int MAX_REPOSITORY = 255;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");

  private final Repository repository;
  private final @Nullable String tag;
  private final @Nullable Digest digest;

  private ImageReference(Repository repository, @Nullable String tag, @Nullable Digest digest) {
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if the text is not a reference; the message says which part is
   *     wrong
   */
  public static ImageReference parse(String text) {
    try {
      return read(text);
    } catch (IllegalArgumentException e) {
      throw ReferenceMistake.of(text).map(IllegalArgumentException::new).orElse(e);
    }
  }

  /** Reads a reference; the message says only what is wrong, not what was probably meant. */
  static ImageReference read(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an image reference is needed, such as ubuntu:24.04");
    }
    if (text.contains("://")) {
      throw new IllegalArgumentException(
          "an image reference has no scheme; write \""
              + text.substring(text.indexOf("://") + 3).replaceFirst("^[^/]*@", "")
              + "\"");
    }
    int at = text.indexOf('@');
    Digest digest = at < 0 ? null : Digest.parse(text.substring(at + 1));
    String rest = at < 0 ? text : text.substring(0, at);
    int colon = rest.lastIndexOf(':');
    String tag = null;
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      checkedTag(tag);
    }
    if (IMAGE_ID.matcher(rest).matches()) {
      throw new IllegalArgumentException(
          "64 hex digits are an image's id, not its name; a digest is written name@sha256:<digits>");
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    Registry registry = Registry.DOCKER_HUB;
    String path = rest;
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      registry = Registry.parse(first);
      path = rest.substring(slash + 1);
    }
    if (registry.equals(Registry.DOCKER_HUB) && !path.contains("/")) {
      path = "library/" + path;
    }
    if (path.length() > MAX_REPOSITORY) {
      throw new IllegalArgumentException(
          "a repository name has at most " + MAX_REPOSITORY + " characters");
    }
    if (tag == null && digest == null) {
      tag = DEFAULT_TAG;
    }
    return new ImageReference(new Repository(registry, new RepositoryName(path)), tag, digest);
  }

  /** The image with a digest in a repository. */
  static ImageReference of(Repository repository, Digest digest) {
    return new ImageReference(repository, null, digest);
  }

  /**
   * The image that a tag of a repository names.
   *
   * @throws IllegalArgumentException if the text is not a tag
   */
  static ImageReference of(Repository repository, String tag) {
    return new ImageReference(repository, checkedTag(tag), null);
  }

  /** The registry. */
  public Registry registry() {
    return repository.registry();
  }

  /** The repository, registry included. */
  public Repository repository() {
    return repository;
  }

  public Optional<String> tag() {
    return Optional.ofNullable(tag);
  }

  private static String checkedTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          "a tag has up to 128 letters, digits, _ . or -, and starts with none of . and -; this is \""
              + tag
              + "\"");
    }
    return tag;
  }

  /** Whether a text is a tag by the grammar of the OCI distribution specification. */
  public static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  /**
   * The {@code <reference>} to use in a manifest request: the digest if there is one, else the tag.
   */
  public String manifestReference() {
    return digest != null ? digest.toString() : Objects.requireNonNull(tag);
  }

  /** Whether the reference has a digest, and so always names the same bytes. */
  public boolean isPinned() {
    return digest != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImageReference that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** The normal form. */
  @Override
  public String toString() {
    return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
