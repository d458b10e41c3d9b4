package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * The builders of the engine in use. Rendezvous hashing over a build's first steps chooses the
 * builder, so that builds with equal first steps share its cache, whichever machine they come from.
 * If a builder fails, the next one in that order is tried. A builder that no longer responds gets
 * no more builds.
 */
public final class EnginePool {
  private final String engine;
  private final List<Member> members;
  private final Map<String, String> broken = new ConcurrentHashMap<>();

  /** A builder, with a permit for each further build that it can take now. */
  private record Member(EngineBuilder builder, Semaphore places) {
    String name() {
      return builder.name();
    }

    boolean runs(Set<Platform> platforms) {
      return platforms.stream().allMatch(builder::runs);
    }
  }

  private EnginePool(String engine, List<EngineBuilder> builders, int perBuilder) {
    this.engine = engine;
    this.members =
        builders.stream().map(b -> new Member(b, new Semaphore(perBuilder, true))).toList();
  }

  /**
   * Chooses an engine: the named one, else the first that can be used.
   *
   * @param engines all engines, in their order
   * @param named the name of the engine to use, or empty
   * @param perBuilder the number of builds that a builder runs at the same time
   * @throws EngineException with {@link EngineException.Kind#MISSING} if none can be used; the
   *     message says why for each engine, and what to install
   */
  public static EnginePool open(
      List<Engine> engines, Optional<String> named, EngineSettings settings, int perBuilder)
      throws EngineException, InterruptedException {
    List<Engine> candidates =
        engines.stream()
            .filter(engine -> named.isEmpty() || named.get().equals(engine.name()))
            .toList();
    if (candidates.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          "there is no engine "
              + named.orElse("")
              + "; there are "
              + engines.stream().map(Engine::name).collect(Collectors.joining(", "))
              + ". Correct the setting imagespec.engine");
    }
    List<String> reasons = new ArrayList<>();
    for (Engine engine : candidates) {
      try {
        return new EnginePool(engine.name(), engine.builders(settings), perBuilder);
      } catch (EngineException e) {
        reasons.add(engine.name() + ": " + e.getMessage());
      }
    }
    throw new EngineException(
        EngineException.Kind.MISSING,
        "no engine can run the steps here:\n  " + String.join(".\n  ", reasons));
  }

  /** The engine's name. */
  public String engine() {
    return engine;
  }

  /** The builders' names, for people. */
  public String builders() {
    return names(members);
  }

  /** Whether all builders can build these platforms in one run. */
  public boolean buildsTogether(Set<Platform> platforms) {
    return members.stream()
        .allMatch(member -> member.builder().buildsPlatformsTogether() && member.runs(platforms));
  }

  /**
   * Builds and pushes on the builder that the hash of the build chooses.
   *
   * @return what {@link EngineBuilder#build} returns
   * @throws EngineException if a step fails, or if no builder is left
   */
  public Optional<Digest> build(EngineBuild build, EngineOutput output)
      throws EngineException, InterruptedException {
    return run(build, output, builder -> builder.build(build, output));
  }

  /**
   * Builds on the builder that the hash of the build chooses, and writes the image to this machine.
   *
   * @param parent the folder in which to make the folder of the image
   * @return an OCI image layout
   * @throws EngineException if a step fails, or if no builder is left
   */
  public Path save(EngineBuild build, Path parent, EngineOutput output)
      throws EngineException, InterruptedException {
    return run(
        build,
        output,
        builder -> {
          Path layout;
          try {
            layout = Files.createTempDirectory(parent, "image-");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          builder.save(build, layout, output);
          return layout;
        });
  }

  /** What a builder does. */
  private interface Work<T> {
    T on(EngineBuilder builder) throws EngineException, InterruptedException;
  }

  private <T> T run(EngineBuild build, EngineOutput output, Work<T> work)
      throws EngineException, InterruptedException {
    Set<Platform> platforms = Set.copyOf(build.platforms());
    List<Member> able = members.stream().filter(member -> member.runs(platforms)).toList();
    if (able.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.PLATFORM,
          names(members)
              + " cannot run programs of "
              + build.platforms().stream().map(Platform::toString).collect(Collectors.joining(", "))
              + ". Install emulation for it (Debian: qemu-user-static), or name a builder of that"
              + " platform with imagespec.engine.builders.");
    }
    EngineException last = null;
    for (Member member : inOrder(able, build.cacheKey())) {
      EngineBuilder builder = member.builder();
      member.places().acquire();
      try {
        if (broken.containsKey(member.name())) {
          continue;
        }
        return work.on(builder);
      } catch (EngineException e) {
        if (e.kind() != EngineException.Kind.BUILDER && e.kind() != EngineException.Kind.MISSING) {
          throw e;
        }
        output.line("(" + e.getMessage() + ")");
        if (!builder.answers()) {
          broken.put(member.name(), e.getMessage());
        }
        last = e;
      } finally {
        member.places().release();
      }
    }
    if (last != null) {
      throw last;
    }
    throw new EngineException(
        EngineException.Kind.BUILDER,
        String.join("; ", able.stream().map(member -> broken.get(member.name())).toList()));
  }

  /** The builders by their weight for a key, the heaviest first (rendezvous hashing). */
  private static List<Member> inOrder(List<Member> members, String key) {
    return members.stream()
        .sorted(
            Comparator.comparing((Member member) -> weight(member, key))
                .reversed()
                .thenComparing(Member::name))
        .toList();
  }

  private static String weight(Member member, String key) {
    return Digest.of((member.name() + "\n" + key).getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String names(List<Member> members) {
    return members.stream().map(Member::name).collect(Collectors.joining(", "));
  }
}
