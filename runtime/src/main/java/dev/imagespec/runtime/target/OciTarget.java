package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.ImageReader;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A registry that offers only the OCI distribution protocol. It creates repositories itself on
 * their first push.
 */
final class OciTarget implements Target {
  private final Registry registry;
  private final RegistryClient client;
  private final CredentialSource credentials;

  OciTarget(Registry registry, RegistryClient client, CredentialSource credentials) {
    this.registry = registry;
    this.client = client;
    this.credentials = credentials;
  }

  @Override
  public void check(Manifest.Repository asked) {
    Unsupported.refuse(asked, registry + " is not Amazon ECR, and");
  }

  /** A question for one tag. */
  private record Question(Repository repository, String tag, Collection<Platform> platforms) {}

  /**
   * Each tag is a question of its own. The first of each repository goes ahead: it gets the token
   * for the others, and if the repository does not answer, the others are not asked.
   */
  @Override
  public Map<Repository, Attempt<Existing<ImageDigests>>> images(
      Map<Repository, Map<String, Collection<Platform>>> wanted) {
    List<Question> first = new ArrayList<>();
    List<Question> others = new ArrayList<>();
    wanted.forEach(
        (repository, tags) -> {
          client.expectPush(repository);
          List<Question> own = new ArrayList<>();
          tags.forEach((tag, platforms) -> own.add(new Question(repository, tag, platforms)));
          first.addAll(own.subList(0, Math.min(1, own.size())));
          others.addAll(own.subList(Math.min(1, own.size()), own.size()));
        });
    Map<Repository, Answers> answers = new LinkedHashMap<>();
    wanted.forEach((repository, tags) -> answers.put(repository, new Answers(repository, tags)));
    ask(first, answers);
    others.removeIf(question -> of(question, answers).failure.isPresent());
    ask(others, answers);
    Map<Repository, Attempt<Existing<ImageDigests>>> found = new LinkedHashMap<>();
    answers.forEach((repository, own) -> found.put(repository, own.found()));
    return found;
  }

  /** What one repository has answered. */
  private static final class Answers {
    private final Subject subject;
    private final Map<String, Collection<Platform>> tags;
    private final Map<String, ImageDigests> images = new LinkedHashMap<>();
    private final Map<String, RawManifest> indexes = new LinkedHashMap<>();
    private Optional<ImageSpecException> failure = Optional.empty();

    Answers(Repository repository, Map<String, Collection<Platform>> tags) {
      this.subject = new Subject(List.of(), repository);
      this.tags = tags;
    }

    void add(Question question, Attempt<Optional<Named>> answer) {
      if (answer instanceof Attempt.Failed<Optional<Named>> failed) {
        failure = failure.or(() -> Optional.of(failed.cause()));
        return;
      }
      answer
          .get()
          .ifPresent(
              named ->
                  named
                      .index()
                      .ifPresentOrElse(
                          index -> indexes.put(question.tag(), index),
                          () ->
                              images.put(
                                  question.tag(),
                                  ImageDigests.of(
                                      named.digest(), question.platforms().iterator().next()))));
    }

    /**
     * In the protocol, only an error's words distinguish a missing repository from a missing tag.
     */
    Attempt<Existing<ImageDigests>> found() {
      if (failure.isPresent()) {
        return new Attempt.Failed<>(subject, failure.get());
      }
      Existing<ImageDigests> read = images(new Existing<>(true, indexes, Map.of()), tags);
      images.putAll(read.found());
      return new Attempt.Done<>(subject, new Existing<>(true, images, read.unknown()));
    }
  }

  private void ask(List<Question> questions, Map<Repository, Answers> answers) {
    List<Attempt<Optional<Named>>> named =
        Workers.atOnce(
            questions,
            MOST_QUESTIONS,
            question ->
                Attempt.at(new Subject(List.of(), question.repository()), () -> named(question)));
    for (int i = 0; i < questions.size(); i++) {
      of(questions.get(i), answers).add(questions.get(i), named.get(i));
    }
  }

  private static Answers of(Question question, Map<Repository, Answers> answers) {
    return Optional.ofNullable(answers.get(question.repository())).orElseThrow();
  }

  /** What a tag names: the digest of a manifest, which need not be read, or a whole index. */
  private record Named(Digest digest, Optional<RawManifest> index) {}

  /** Only an index lists the manifests of its platforms: a single manifest need not be read. */
  private Optional<Named> named(Question question) {
    Repository repository = question.repository();
    return question.platforms().size() == 1
        ? client
            .manifests()
            .digest(repository, question.tag())
            .map(digest -> new Named(digest, Optional.empty()))
        : client
            .manifests()
            .get(repository, question.tag())
            .map(index -> new Named(index.digest(), Optional.of(index)));
  }

  static Existing<ImageDigests> images(
      Existing<RawManifest> manifests, Map<String, Collection<Platform>> tags) {
    return manifests.map(
        (tag, manifest) -> ImageDigests.of(tag, manifest, tags.getOrDefault(tag, List.of())));
  }

  @Override
  public Existing<RawManifest> manifests(Repository repository, Collection<String> tags) {
    client.expectPush(repository);
    Map<String, RawManifest> found = new LinkedHashMap<>();
    for (String tag : tags) {
      client.manifests().get(repository, tag).ifPresent(manifest -> found.put(tag, manifest));
    }
    // In the protocol, only an error's words distinguish a missing repository from a missing tag.
    return new Existing<>(true, found, Map.of());
  }

  /** The protocol does not tell; a registry refuses when the tag is written. */
  @Override
  public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
    return Map.of();
  }

  @Override
  public Optional<List<StoredImage>> stored(Repository repository, Workers workers) {
    ImageReader reader = new ImageReader(client);
    return client
        .tags()
        .list(repository)
        .map(
            tags ->
                workers.map(tags, tag -> reader.read(repository, tag)).stream()
                    .flatMap(Optional::stream)
                    .toList());
  }

  @Override
  public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
    return Map.of();
  }

  @Override
  public boolean refusesMissingBlobs() {
    return false;
  }

  @Override
  public boolean asksForManyBlobs() {
    return false;
  }

  @Override
  public Map<Digest, Long> available(Repository repository, Collection<Digest> blobs) {
    throw new IllegalStateException("the protocol has no question for many blobs");
  }

  @Override
  public boolean changesExisting(Manifest.Repository asked) {
    return false;
  }

  @Override
  public void prepare(List<Wish> wishes, PreparationListener listener) {
    // The registry does that itself.
  }

  @Override
  public ImageSpecException explained(Repository repository, ImageSpecException failure) {
    return failure;
  }

  @Override
  public Optional<ImageSpecException> archived(Repository repository, String tag) {
    return Optional.empty();
  }

  @Override
  public Examination examine(
      Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment) {
    return new OciExaminer(client, credentials).examine(registry, repositories.keySet());
  }
}
