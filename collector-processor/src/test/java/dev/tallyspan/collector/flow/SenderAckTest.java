package dev.tallyspan.collector.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SenderAckTest {

  private static final Outcome BAD = Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad");
  private static final Outcome LATER =
      new Outcome.Refused(StatusCode.UNAVAILABLE, "busy", Duration.ofSeconds(9));

  private final List<Outcome> answers = new ArrayList<>();
  private final SenderAck ack = new SenderAck(answers::add);

  @Test
  void senderIsAnsweredWhenTheLastShareIsSettled() {
    Ack second = ack.retain();
    Ack third = second.retain();
    ack.settle(Outcome.ACCEPTED);
    third.settle(Outcome.ACCEPTED);
    assertThat(answers).isEmpty();

    second.settle(Outcome.ACCEPTED);
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void aShareIsSettledOnce() {
    Ack second = ack.retain();
    second.settle(BAD);
    second.settle(Outcome.ACCEPTED);
    assertThat(answers).isEmpty();

    ack.settle(Outcome.ACCEPTED);
    ack.settle(BAD);
    assertThat(answers).containsExactly(new Outcome.Partial(0, "1 of 2 exporters refused: bad"));
    assertThatIllegalStateException().isThrownBy(ack::retain);
  }

  @Test
  void unavailableWithTheLongestWaitWhenOneMayAcceptLater() {
    Outcome exhausted =
        new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "quota", Duration.ofSeconds(4));

    assertThat(combined(Outcome.ACCEPTED, LATER)).isEqualTo(LATER);
    assertThat(combined(LATER, BAD)).isEqualTo(LATER);
    assertThat(combined(exhausted, LATER))
        .isEqualTo(new Outcome.Refused(StatusCode.UNAVAILABLE, "quota", Duration.ofSeconds(9)));
  }

  @Test
  void refusedWhenAllRefusedForGood() {
    assertThat(combined(BAD, Outcome.refused(StatusCode.UNAUTHENTICATED, "key"))).isEqualTo(BAD);
  }

  @Test
  void partialAsTheShareThatRejectedMost() {
    assertThat(combined(new Outcome.Partial(2, "two"), new Outcome.Partial(4, "four")))
        .isEqualTo(new Outcome.Partial(4, "four"));
    assertThat(combined(new Outcome.Partial(2, "two"), Outcome.ACCEPTED))
        .isEqualTo(new Outcome.Partial(2, "two"));
  }

  @Test
  void unitsOfTheShareThatRejectedMostAreKept() {
    Outcome.Partial some = new Outcome.Partial(2, UnitSet.range(3, 5), "two");

    assertThat(combined(some, Outcome.ACCEPTED)).isEqualTo(some);
    assertThat(((Outcome.Partial) combined(some, BAD)).units()).isEqualTo(UnitSet.range(3, 5));
  }

  @Test
  void withdrawalReachesEveryHolderOnceEvenThoseThatAskLater() {
    AtomicInteger told = new AtomicInteger();
    Ack second = ack.retain();
    ack.onWithdrawal(told::incrementAndGet);
    second.onWithdrawal(told::incrementAndGet);
    assertThat(second.isWithdrawn()).isFalse();

    ack.withdraw();
    ack.withdraw();
    second.onWithdrawal(told::incrementAndGet);

    assertThat(told).hasValue(3);
    assertThat(second.isWithdrawn()).isTrue();
  }

  @Test
  void withdrawalAfterTheAnswerHasNoEffect() {
    AtomicInteger told = new AtomicInteger();
    ack.onWithdrawal(told::incrementAndGet);
    ack.settle(Outcome.ACCEPTED);
    ack.withdraw();

    assertThat(told).hasValue(0);
    assertThat(ack.isWithdrawn()).isFalse();
  }

  private static Outcome combined(Outcome one, Outcome other) {
    List<Outcome> answers = new ArrayList<>();
    SenderAck first = new SenderAck(answers::add);
    Ack second = first.retain();
    first.settle(one);
    second.settle(other);
    return answers.get(0);
  }
}
