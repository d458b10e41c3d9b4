package dev.imagespec.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoTest {
  private final Memo<String, Integer> memo = new Memo<>();
  private final AtomicInteger computed = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void manyThatNeedAValueAtOnceShareOneComputation() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(threads.submit(() -> memo.get("a", () -> slow(entered, released))));
    }
    entered.await();
    // Another key is not held up meanwhile.
    assertThat(memo.get("b", () -> 7)).isEqualTo(7);
    released.countDown();
    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(1);
    }
    assertThat(computed).hasValue(1);
    assertThat(memo.values()).containsExactlyInAnyOrder(1, 7);
  }

  private int slow(CountDownLatch entered, CountDownLatch released) {
    entered.countDown();
    try {
      assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
    return computed.incrementAndGet();
  }

  @Test
  void aFailureIsThrownAndNotKept() {
    assertThatThrownBy(
            () ->
                memo.get(
                    "a",
                    () -> {
                      throw new IllegalStateException("once");
                    }))
        .hasMessage("once");
    assertThat(memo.get("a", () -> 2)).isEqualTo(2);
  }

  @Test
  void aValueIsForgottenOnlyIfItIsTheOneMeant() {
    Integer first = memo.get("a", () -> 1000);
    memo.forget("a", 2000);
    assertThat(memo.get("a", () -> 3000)).isEqualTo(1000);
    memo.forget("a", first);
    assertThat(memo.get("a", () -> 3000)).isEqualTo(3000);
    memo.forget("a");
    assertThat(memo.get("a", () -> 4000)).isEqualTo(4000);
  }

  @Test
  void whoIsInterruptedWhileWaitingSaysSo() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Future<Integer> slow = threads.submit(() -> memo.get("a", () -> slow(entered, released)));
    entered.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> memo.get("a", () -> 0))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTERRUPTED));
    assertThat(Thread.interrupted()).as("still marked").isTrue();
    released.countDown();
    assertThat(slow.get()).isEqualTo(1);
  }
}
