package dev.imagespec.model;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reference to an image by the grammar of the distribution project: {@code
 * [registry/]repository[:tag][@digest]}, in its normal form. Docker Hub's short names are written
 * out: {@code ubuntu} is {@code docker.io/library/ubuntu:latest}.
 */
public final class ImageReference {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DEFAULT_TAG = "latest";
  private static final int MAX_REPOSITORY = 255;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");

  private final RegistryHost registry;
  private final RepositoryName repository;
  private final @Nullable String tag;
  private final @Nullable Digest digest;

  private ImageReference(
      RegistryHost registry,
      RepositoryName repository,
      @Nullable String tag,
      @Nullable Digest digest) {
    this.registry = registry;
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if the text is none; the message says which part is wrong
   */
  public static ImageReference parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an image reference is needed, such as ubuntu:24.04");
    }
    if (text.contains("://")) {
      throw new IllegalArgumentException(
          "an image reference has no scheme; write \""
              + text.substring(text.indexOf("://") + 3)
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
      if (!isTag(tag)) {
        throw new IllegalArgumentException(
            "a tag has up to 128 letters, digits, _ . or -, and starts with none of . and -; this is \""
                + tag
                + "\"");
      }
    }
    if (IMAGE_ID.matcher(rest).matches()) {
      throw new IllegalArgumentException(
          "64 hex digits are an image's id, not its name; a digest is written name@sha256:<digits>");
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    RegistryHost registry;
    String path;
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      registry = new RegistryHost(first.equals("index.docker.io") ? DOCKER_HUB : first, "");
      path = rest.substring(slash + 1);
    } else {
      registry = new RegistryHost(DOCKER_HUB, "");
      path = rest;
    }
    if (registry.host().equals(DOCKER_HUB) && !path.contains("/")) {
      path = "library/" + path;
    }
    if (path.length() > MAX_REPOSITORY) {
      throw new IllegalArgumentException(
          "a repository name has at most " + MAX_REPOSITORY + " characters");
    }
    if (tag == null && digest == null) {
      tag = DEFAULT_TAG;
    }
    return new ImageReference(registry, new RepositoryName(path), tag, digest);
  }

  /** The reference of an image by its digest. */
  public static ImageReference of(RegistryHost registry, RepositoryName repository, Digest digest) {
    return new ImageReference(new RegistryHost(registry.host(), ""), repository, null, digest);
  }

  /** Whether a text is a tag by the grammar of the distribution specification. */
  public static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  public RegistryHost registry() {
    return registry;
  }

  public RepositoryName repository() {
    return repository;
  }

  public Optional<String> tag() {
    return Optional.ofNullable(tag);
  }

  public Optional<Digest> digest() {
    return Optional.ofNullable(digest);
  }

  /** What a registry is asked for: the digest where there is one, else the tag. */
  public String manifestReference() {
    return digest != null ? digest.toString() : Objects.requireNonNull(tag);
  }

  /** Whether this names the same bytes for ever. */
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
    return registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
