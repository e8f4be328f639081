package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void oneAfterTheOtherUntilItIsFull() {
    ByteBudget.Reservation first = budget.open();
    ByteBudget.Reservation second = budget.open();

    assertThat(first.add(60)).isTrue();
    assertThat(second.add(41)).isFalse();
    assertThat(second.add(40)).isTrue();
    assertThat(first.add(1)).isFalse();
    assertThat(budget.used()).isEqualTo(100);
    first.release();
    assertThat(second.add(60)).isTrue();
  }

  @Test
  void whoIsAloneIsLetIn() {
    ByteBudget.Reservation alone = budget.open();
    assertThat(alone.add(90)).isTrue();
    assertThat(alone.add(910)).isTrue();
    assertThat(budget.open().add(1)).isFalse();
    alone.release();
    assertThat(budget.used()).isZero();
  }

  @Test
  void shrinkingAndReleasingTwice() {
    ByteBudget.Reservation reservation = budget.open();
    reservation.add(50);
    reservation.shrinkTo(60);
    assertThat(budget.used()).isEqualTo(50);
    reservation.shrinkTo(20);
    assertThat(budget.used()).isEqualTo(20);
    reservation.release();
    reservation.release();
    reservation.shrinkTo(0);
    assertThat(budget.used()).isZero();
    assertThat(reservation.add(1)).isFalse();
  }

  @Test
  void manyThreadsNeverTakeMoreThanThereIs() throws Exception {
    AtomicLong most = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    // Somebody else always holds a byte, so that nobody is alone.
    budget.open().add(1);
    for (int i = 0; i < 4; i++) {
      Random random = new Random(i);
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int round = 0; round < 20_000; round++) {
                  ByteBudget.Reservation reservation = budget.open();
                  reservation.add(random.nextInt(60));
                  reservation.add(random.nextInt(60));
                  most.accumulateAndGet(budget.used(), Math::max);
                  reservation.shrinkTo(random.nextInt(60));
                  reservation.release();
                }
              });
      thread.start();
      threads.add(thread);
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(budget.used()).isEqualTo(1);
    assertThat(most.get()).isBetween(60L, 100L);
  }
}
