package dev.imagespec.registrar.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.runtime.TaskRegistrar.Planned;
import dev.imagespec.runtime.TaskRegistrar.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EntriesTest {
  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));
  private static final Digest ARM = Digest.parse("sha256:" + "b".repeat(64));

  private record Fixed(String definition, Set<String> tasks, Function<Images, String> id)
      implements Entry {
    @Override
    public Outcome compare(Images images) {
      return Outcome.registered(id.apply(images), List.of("image: " + id.apply(images)));
    }

    @Override
    public Outcome register(Images images) {
      return Outcome.unchanged(id.apply(images));
    }
  }

  private static Registration registration(String... tasks) {
    return new Registration(
        List.of(
            new Registration.Image(
                "r/x@" + DIGEST,
                "r/x",
                "is1-0",
                "0",
                Registration.Action.BUILT,
                List.of("linux/amd64", "linux/arm64"),
                Map.of(Platform.DEFAULT, DIGEST, Platform.parse("linux/arm64"), ARM),
                List.of(tasks),
                0,
                List.of())),
        List.of(),
        List.of(),
        0,
        Duration.ZERO,
        Map.of());
  }

  private static Plan plan(String reference, String... tasks) {
    return new Plan(
        List.of(
            new Plan.Image(
                "r/x",
                "is1-0",
                "0",
                reference,
                Plan.Action.BUILD,
                List.of(),
                Map.of(),
                List.of(tasks),
                "scratch",
                Map.of(),
                List.of(),
                List.of(),
                List.of())),
        List.of(),
        List.of());
  }

  @Test
  void eachTaskOfAnEntryHasItsResult() {
    Fixed both = new Fixed("ecs:f", Set.of("a.One", "a.Two"), images -> images.reference("a.One"));
    assertThat(new Entries(List.of(both), 4).register(registration("a.One", "a.Two")))
        .containsExactlyInAnyOrder(
            new Result.Registered(
                "ecs:f", "a.One", "r/x@" + DIGEST, "r/x@" + DIGEST, Action.UNCHANGED),
            new Result.Registered(
                "ecs:f", "a.Two", "r/x@" + DIGEST, "r/x@" + DIGEST, Action.UNCHANGED));
  }

  @Test
  void anImageThatIsNotPushedYetIsNotKnown() {
    Fixed one =
        new Fixed(
            "lambda:f",
            Set.of("a.One"),
            images -> images.reference("a.One", Platform.parse("linux/arm64")));
    assertThat(new Entries(List.of(one), 4).plan(plan("", "a.One")))
        .containsExactly(
            new Planned.Known(
                "lambda:f", "a.One", Action.REGISTERED, List.of("image: (known after the push)")));
    assertThat(new Entries(List.of(one), 4).register(registration("a.One")))
        .extracting(result -> ((Result.Registered) result).id())
        .containsExactly("r/x@" + ARM);
    Fixed other =
        new Fixed(
            "lambda:f",
            Set.of("a.One"),
            images -> images.reference("a.One", Platform.parse("linux/s390x")));
    assertThat(new Entries(List.of(other), 4).register(registration("a.One")).toString())
        .contains("is not for linux/s390x, only for linux/amd64, linux/arm64; add it");
  }

  @Test
  void anEntryWithATaskWithoutImageIsLeftAsItIs() {
    AtomicInteger called = new AtomicInteger();
    Fixed both =
        new Fixed("ecs:f", Set.of("a.One", "a.Gone"), images -> "id" + called.incrementAndGet());
    Fixed one = new Fixed("ecs:g", Set.of("a.One"), images -> "arn");
    List<Result> results = new Entries(List.of(both, one), 4).register(registration("a.One"));
    assertThat(results).hasSize(3);
    assertThat(results.subList(0, 2))
        .allMatch(
            result ->
                result instanceof Result.Failed failed
                    && failed
                        .message()
                        .contains("ecs:f: left as it is, because a.Gone has no image"));
    assertThat(called).hasValue(0);
    assertThat(new Entries(List.of(both), 4).plan(plan("", "a.One")))
        .allMatch(planned -> planned instanceof Planned.Failed);
  }

  @Test
  void oneFailureDoesNotLoseTheOthersAndOnlyAFewRunAtOnce() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      entries.add(
          new Fixed(
              "ecs:" + number,
              Set.of("a.One"),
              images -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                running.decrementAndGet();
                if (number == 40) {
                  throw new ImageSpecException(FailureCode.THROTTLED, "too many.");
                }
                if (number == 41) {
                  throw new IllegalStateException("odd");
                }
                return "arn:" + number;
              }));
    }
    List<Result> results = new Entries(entries, 3).register(registration("a.One"));
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(results).hasSize(100);
    assertThat(results.get(40)).isEqualTo(new Result.Failed("a.One", "ecs:40: too many."));
    assertThat(results.get(41).toString()).contains("a bug in imagespec");
    assertThat(results.stream().filter(Result.Registered.class::isInstance)).hasSize(98);
  }
}
