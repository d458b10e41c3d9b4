package dev.imagespec.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OnceTest {
  private static final int WAITING = 15;

  /** Two keys of one hash code, which share a bin of every hash table. */
  private static final String KEY = "Aa";

  private static final String COLLIDING = "BB";

  private final List<Thread> made = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work);
            made.add(thread);
            return thread;
          });
  private final Once<String, Integer> once = new Once<>();
  private final AtomicInteger computed = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aValueIsComputedOnceHoweverManyAskForIt() throws Exception {
    List<Future<Integer>> answers = askedByMany(computed::incrementAndGet);
    end.countDown();
    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(1);
    }
    assertThat(once.get(KEY, computed::incrementAndGet)).isEqualTo(1);
    assertThat(computed).hasValue(1);
  }

  @Test
  void aFailureReachesAllThatWaitAsWhatItIsAndIsForgotten() throws Exception {
    ImageSpecException failure = new ImageSpecException(FailureCode.BASE_UNUSABLE, "no");
    List<Future<Integer>> answers =
        askedByMany(
            () -> {
              computed.incrementAndGet();
              throw failure;
            });
    end.countDown();
    for (Future<Integer> answer : answers) {
      assertThatThrownBy(answer::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isSameAs(failure);
    }
    assertThat(computed).hasValue(1);
    assertThat(once.get(KEY, computed::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void anErrorStaysAnError() throws Exception {
    List<Future<Integer>> answers =
        askedByMany(
            () -> {
              throw new StackOverflowError();
            });
    end.countDown();
    for (Future<Integer> answer : answers) {
      assertThatThrownBy(answer::get).hasCauseInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void aComputationHoldsNoOtherKeyUp() throws Exception {
    assertThat(KEY.hashCode()).isEqualTo(COLLIDING.hashCode());
    List<Future<Integer>> answers = askedByMany(computed::incrementAndGet);
    assertThat(threads.submit(() -> once.get(COLLIDING, () -> 7)).get()).isEqualTo(7);
    assertThat(answers).noneMatch(Future::isDone);
    end.countDown();
  }

  @Test
  void aComputationMayAskForAnotherKey() {
    assertThat(once.get(KEY, () -> once.get(COLLIDING, () -> 7) + 1)).isEqualTo(8);
  }

  @Test
  void aValueIsForgottenOnlyIfItIsTheOneMeant() {
    Integer first = once.get(KEY, () -> 1000);
    once.forget(KEY, 2000);
    assertThat(once.get(KEY, () -> 3000)).isEqualTo(1000);
    once.forget(KEY, first);
    assertThat(once.get(KEY, () -> 3000)).isEqualTo(3000);
    once.forget(KEY);
    assertThat(once.values()).isEmpty();
    assertThat(once.get(KEY, () -> 4000)).isEqualTo(4000);
    assertThat(once.values()).containsExactly(4000);
  }

  @Test
  void whoIsInterruptedWhileWaitingSaysSo() throws Exception {
    List<Future<Integer>> answers = askedByMany(computed::incrementAndGet);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> once.get(KEY, computed::incrementAndGet))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTERRUPTED));
    assertThat(Thread.interrupted()).as("still marked").isTrue();
    end.countDown();
    assertThat(answers.get(0).get()).isEqualTo(1);
  }

  /** Many threads ask for the key: one computes until the end is allowed, the others wait. */
  private List<Future<Integer>> askedByMany(Supplier<Integer> computation) throws Exception {
    List<Future<Integer>> answers = new ArrayList<>();
    answers.add(threads.submit(() -> once.get(KEY, () -> atTheEnd(computation))));
    begun.await();
    for (int i = 0; i < WAITING; i++) {
      answers.add(threads.submit(() -> once.get(KEY, computation)));
    }
    while (made.stream().filter(thread -> thread.getState() == Thread.State.WAITING).count()
        <= WAITING) {
      Thread.sleep(1);
    }
    return answers;
  }

  private int atTheEnd(Supplier<Integer> computation) {
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return computation.get();
  }
}
