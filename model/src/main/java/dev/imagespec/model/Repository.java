package dev.imagespec.model;

/**
 * A repository: a registry and a name.
 *
 * @param registry the registry
 * @param name the repository's name
 */
public record Repository(Registry registry, RepositoryName name) implements Comparable<Repository> {
  /**
   * Reads {@code host[:port]/name}.
   *
   * @throws IllegalArgumentException if the text does not have that form; the message says why
   */
  public static Repository parse(String text) {
    Repository repository = ImageReference.parse(text).repository();
    int slash = text.indexOf('/');
    boolean whole =
        slash > 0
            && text.substring(slash + 1).equals(repository.name().toString())
            && Registry.parse(text.substring(0, slash)).equals(repository.registry());
    if (!whole) {
      throw new IllegalArgumentException(
          "a repository is named with its registry and without a tag, such as " + repository);
    }
    return repository;
  }

  /** The image with this digest. */
  public ImageReference image(Digest digest) {
    return ImageReference.of(this, digest);
  }

  /** The image that a tag names. */
  public ImageReference image(String tag) {
    return ImageReference.of(this, tag);
  }

  @Override
  public int compareTo(Repository other) {
    return toString().compareTo(other.toString());
  }

  /** {@code host[:port]/name}. */
  @Override
  public String toString() {
    return registry + "/" + name;
  }
}
