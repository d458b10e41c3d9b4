package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.compose.BegunImage;
import dev.imagespec.runtime.compose.BuiltLayer;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.work.Attempt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One publication of images, as stages that follow each other. A layer travels as soon as its bytes
 * are there, and a manifest as soon as its own blobs are in the repository; no thread waits for
 * another one's work.
 */
final class Publication {
  private final Publisher with;
  private final List<BegunImage> images;

  /** The images that are pushed, by their repositories. */
  private final Map<Repository, List<BegunImage>> pushed = new LinkedHashMap<>();

  private final Map<Digest, CompletableFuture<Attempt<BuiltLayer>>> layers = new HashMap<>();
  private final IdentityHashMap<PlannedImage, CompletableFuture<Attempt<ComposedImage>>> composed =
      new IdentityHashMap<>();
  private final IdentityHashMap<PlannedImage, CompletableFuture<Attempt<Published>>> published =
      new IdentityHashMap<>();
  private final Map<Repository, CompletableFuture<Content>> contents = new HashMap<>();
  private final Routes routes;

  /** Images of which it is not known yet what has to be brought. */
  private final AtomicInteger open;

  Publication(Publisher with, List<BegunImage> images) {
    this.with = with;
    this.images = images;
    this.open = new AtomicInteger(images.size());
    for (BegunImage image : images) {
      published.put(image.plan(), new CompletableFuture<>());
      // A forced build's tag exists, and is never overwritten.
      if (image.plan().existing().isEmpty()) {
        pushed.computeIfAbsent(image.plan().repository(), key -> new ArrayList<>()).add(image);
      }
    }
    routes =
        Routes.of(
            pushed.values().stream().flatMap(List::stream).map(this::parts).toList(), with.twins());
  }

  private Routes.Parts parts(BegunImage image) {
    return new Routes.Parts(image.plan(), image.layersBelow(), inputs(image.plan()));
  }

  private List<Digest> inputs(PlannedImage image) {
    return image.spec().draft().layers().stream().map(Layer::inputDigest).toList();
  }

  List<Attempt<Published>> run() {
    CompletableFuture<?> prepared = with.transferring().start(this::prepare);
    images.forEach(this::compose);
    pushed.forEach((repository, own) -> contents.put(repository, content(prepared, own)));
    pushed.values().forEach(own -> own.forEach(this::bringLayers));
    for (BegunImage image : images) {
      CompletableFuture<?> unused =
          composed(image)
              .thenCompose(attempt -> begun(publish(image.plan(), attempt)))
              .whenComplete(
                  (value, failure) ->
                      BlobFlights.complete(published(image.plan()), value, failure));
    }
    CompletableFuture<Void> over =
        CompletableFuture.allOf(prepared, all(published.values()))
            // Those of images that have failed may read files that go next.
            .thenCompose(done -> with.flights().all());
    with.transferring().await(over);
    return images.stream().map(image -> published(image.plan()).join()).toList();
  }

  /** The images that may have failed because this machine remembers their layers wrongly. */
  List<BegunImage> doubtful() {
    return images.stream().filter(this::isDoubtful).toList();
  }

  private boolean isDoubtful(BegunImage image) {
    return published(image.plan()).join() instanceof Attempt.Failed<Published> failed
        && (failed.cause().code() == FailureCode.DIGEST_MISMATCH
            || failed.cause().code() == FailureCode.PROTOCOL
            // With wrong diff IDs, a forced build would say that the tag names another image.
            || failed.cause().code() == FailureCode.TAG_IMMUTABLE)
        && composed(image).join() instanceof Attempt.Done<ComposedImage> done
        && done.value().isFromMemory();
  }

  private CompletableFuture<Attempt<ComposedImage>> composed(BegunImage image) {
    return Optional.ofNullable(composed.get(image.plan())).orElseThrow();
  }

  private CompletableFuture<Attempt<Published>> published(PlannedImage image) {
    return Optional.ofNullable(published.get(image)).orElseThrow();
  }

  private CompletableFuture<Attempt<BuiltLayer>> layer(Digest input) {
    return Optional.ofNullable(layers.get(input)).orElseThrow();
  }

  private CompletableFuture<Content> content(Repository repository) {
    return Optional.ofNullable(contents.get(repository)).orElseThrow();
  }

  private boolean prepare() {
    with.repositories().prepare(pushed.values().stream().map(own -> own.get(0).plan()).toList());
    return true;
  }

  private static CompletableFuture<Void> all(Collection<? extends CompletableFuture<?>> stages) {
    return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
  }

  /** Composes an image as soon as its payload's layers are built, each of them once. */
  private void compose(BegunImage image) {
    List<CompletableFuture<Attempt<BuiltLayer>>> payload = new ArrayList<>();
    for (Layer layer : image.plan().spec().draft().layers()) {
      payload.add(
          layers.computeIfAbsent(
              layer.inputDigest(),
              key ->
                  with.composing()
                      .start(
                          () ->
                              Attempt.at(
                                  image.plan().subject(), () -> with.composer().build(layer)))));
    }
    composed.put(
        image.plan(),
        all(payload)
            .thenApplyAsync(
                built ->
                    Attempt.at(
                        image.plan().subject(),
                        () ->
                            with.composer()
                                .compose(
                                    image,
                                    payload.stream().map(layer -> layer.join().get()).toList())),
                with.composing()));
  }

  /** What is known of a repository, as soon as that is. */
  private CompletableFuture<Content> content(CompletableFuture<?> prepared, List<BegunImage> own) {
    Repository repository = own.get(0).plan().repository();
    // Of one that exists and is not to be changed, preparing finds nothing that matters here.
    boolean isReady =
        own.stream()
            .map(BegunImage::plan)
            .allMatch(image -> image.repositoryExists() && !with.repositories().isAskedFor(image));
    CompletableFuture<?> ready = isReady ? CompletableFuture.completedFuture(true) : prepared;
    return ready.thenCompose(
        done -> {
          if (with.repositories().isNew(repository)) {
            return CompletableFuture.completedFuture(with.evidence().content(repository));
          }
          if (!with.evidence().isAskedTogether(repository)) {
            return with.transferring().start(() -> read(repository, own));
          }
          return all(own.stream().map(image -> composed(image)).toList())
              .thenApplyAsync(all -> ask(repository, own), with.transferring());
        });
  }

  private Content read(Repository repository, List<BegunImage> own) {
    with.evidence().read(repository, own.stream().map(BegunImage::plan).toList());
    return with.evidence().content(repository);
  }

  private Content ask(Repository repository, List<BegunImage> own) {
    Set<Digest> sent = new HashSet<>();
    for (BegunImage image : own) {
      if (composed(image).join() instanceof Attempt.Done<ComposedImage> done) {
        routes(done.value())
            .forEach(
                (blob, route) -> {
                  if (route.from().isEmpty()) {
                    sent.add(blob.digest());
                  }
                });
      }
    }
    with.evidence().ask(repository, sent);
    return with.evidence().content(repository);
  }

  /**
   * Starts to bring what needs no composed image: the layers below it, and those of its payload.
   */
  private void bringLayers(BegunImage image) {
    Repository to = image.plan().repository();
    for (ComposedImage.Blob layer : image.layersBelow()) {
      Routes.Part part = new Routes.Part(Routes.Kind.BELOW, layer.source().digest());
      start(to, part, layer.source());
    }
    for (Digest input : inputs(image.plan())) {
      Routes.Part part = new Routes.Part(Routes.Kind.PAYLOAD, input);
      CompletableFuture<?> unused =
          layer(input)
              .thenAccept(
                  attempt -> {
                    if (attempt instanceof Attempt.Done<BuiltLayer> built) {
                      start(to, part, built.value().blob());
                    }
                  });
    }
  }

  private void start(Repository to, Routes.Part part, BlobSource blob) {
    Optional<Routes.Route> route = routes.to(to, part);
    if (route.isPresent()) {
      // Who needs it asks for it again, and gets the same.
      CompletableFuture<?> unused = bring(to, blob, route.get());
    }
  }

  private CompletableFuture<Attempt<BlobFlights.Arrival>> bring(
      Repository to, BlobSource blob, Routes.Route route) {
    CompletableFuture<?> after =
        route
            .after()
            .<CompletableFuture<?>>map(this::published)
            .orElseGet(() -> CompletableFuture.completedFuture(true));
    return with.flights().bring(to, blob, route, content(to), after);
  }

  /** The blobs of an image that its repository may not have yet, and how it gets them. */
  private Map<BlobSource, Routes.Route> routes(ComposedImage image) {
    Repository to = image.plan().repository();
    Map<Digest, Routes.Part> payload = new HashMap<>();
    for (Digest input : inputs(image.plan())) {
      payload.put(
          layer(input).join().get().blob().digest(), new Routes.Part(Routes.Kind.PAYLOAD, input));
    }
    Map<BlobSource, Routes.Route> found = new LinkedHashMap<>();
    for (ComposedImage.Blob blob : image.blobs()) {
      Digest digest = blob.source().digest();
      Routes.Part part =
          blob.origin().isPresent()
              ? new Routes.Part(Routes.Kind.BELOW, digest)
              : payload.getOrDefault(digest, Routes.configuration(image.plan()));
      routes.to(to, part).ifPresent(route -> found.put(blob.source(), route));
    }
    return found;
  }

  /** Tells how much is to be done, once that is known of all images. */
  private <T> T begun(T publishing) {
    if (open.decrementAndGet() == 0) {
      with.progress().planned();
    }
    return publishing;
  }

  private CompletableFuture<Attempt<Published>> publish(
      PlannedImage plan, Attempt<ComposedImage> attempt) {
    if (attempt instanceof Attempt.Failed<ComposedImage> failed) {
      return CompletableFuture.completedFuture(failed.of(plan.subject()));
    }
    ComposedImage image = attempt.get();
    if (plan.existing().isPresent()) {
      return with.transferring()
          .start(
              () ->
                  Attempt.at(
                      plan.subject(),
                      () -> Published.of(plan, with.push().compare(image), List.of(), false, 0)));
    }
    Map<BlobSource, Routes.Route> needed = routes(image);
    with.listener()
        .on(
            new RegistrationEvent.ImageComposed(
                plan.repository().image(plan.tag()), layers(image, needed)));
    return bring(plan.repository(), needed).thenCompose(arrivals -> push(image, needed, arrivals));
  }

  private static Map<Digest, Long> layers(
      ComposedImage image, Map<BlobSource, Routes.Route> needed) {
    Map<Digest, Long> layers = new LinkedHashMap<>();
    image.layers().stream()
        .filter(needed::containsKey)
        .forEach(layer -> layers.put(layer.digest(), Math.max(0, layer.size())));
    return layers;
  }

  /** Brings blobs; gives their flights when all are over. */
  private CompletableFuture<Map<BlobSource, CompletableFuture<Attempt<BlobFlights.Arrival>>>> bring(
      Repository to, Map<BlobSource, Routes.Route> needed) {
    Map<BlobSource, CompletableFuture<Attempt<BlobFlights.Arrival>>> arrivals =
        new LinkedHashMap<>();
    needed.forEach((blob, route) -> arrivals.put(blob, bring(to, blob, route)));
    return all(arrivals.values()).thenApply(over -> arrivals);
  }

  private CompletableFuture<Attempt<Published>> push(
      ComposedImage image,
      Map<BlobSource, Routes.Route> needed,
      Map<BlobSource, CompletableFuture<Attempt<BlobFlights.Arrival>>> arrivals) {
    Repository to = image.plan().repository();
    return push(image, arrivals)
        .thenCompose(
            attempt -> {
              if (attempt instanceof Attempt.Done<Optional<Published>> done
                  && done.value().isEmpty()) {
                // It was believed to have a blob that it has not: ask, send, and try once more.
                with.evidence().doubt(to);
                arrivals.forEach((blob, arrival) -> with.flights().disbelieve(to, blob, arrival));
                return bring(to, needed)
                    .thenCompose(again -> push(image, again))
                    .thenApply(last -> last.then(Optional::orElseThrow));
              }
              return CompletableFuture.completedFuture(attempt.then(Optional::orElseThrow));
            });
  }

  /** Pushes the manifests of an image; gives nothing if the registry misses a blob. */
  private CompletableFuture<Attempt<Optional<Published>>> push(
      ComposedImage image,
      Map<BlobSource, CompletableFuture<Attempt<BlobFlights.Arrival>>> arrivals) {
    return CompletableFuture.supplyAsync(
        () -> Attempt.at(image.plan().subject(), () -> pushed(image, arrivals)),
        with.transferring());
  }

  private Optional<Published> pushed(
      ComposedImage image,
      Map<BlobSource, CompletableFuture<Attempt<BlobFlights.Arrival>>> arrivals) {
    PlannedImage plan = image.plan();
    Repository to = plan.repository();
    try {
      with.repositories().require(to);
      boolean isConfirmed = true;
      for (CompletableFuture<Attempt<BlobFlights.Arrival>> arrival : arrivals.values()) {
        isConfirmed &= !arrival.join().get().isBelieved();
      }
      Optional<ImagePush.Result> result = with.push().push(image, isConfirmed);
      if (result.isEmpty()) {
        return Optional.empty();
      }
      with.evidence().pushed(image);
      with.listener()
          .on(new RegistrationEvent.ImagePushed(to.image(plan.tag()), result.get().top().digest()));
      return Optional.of(
          Published.of(
              plan,
              result.get().top(),
              result.get().children(),
              result.get().isOwn(),
              with.flights().count(image)));
    } catch (ImageSpecException e) {
      throw with.repositories().explained(to, e);
    }
  }
}
