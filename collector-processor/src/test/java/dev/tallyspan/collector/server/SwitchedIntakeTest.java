package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SwitchedIntakeTest {
  private final List<Integer> first = new ArrayList<>();
  private final List<Integer> second = new ArrayList<>();
  private final SwitchedIntake intake = new SwitchedIntake();

  private static Intake into(List<Integer> taken) {
    return request -> {
      taken.add(request.items());
      request.ack().settle(Outcome.ACCEPTED);
    };
  }

  private CompletableFuture<Outcome> send(int items) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Ack ack = new SenderAck(outcome::complete);
    intake.accept(new OtlpRequest(Signal.TRACES, Slices.of(new byte[0]), items, ack));
    return outcome;
  }

  @Test
  void whatArrivesBetweenTwoTargetsWaitsForTheSecond() {
    intake.passTo(into(first));
    send(1);
    intake.hold();
    CompletableFuture<Outcome> held = send(2);
    assertThat(held).isNotDone();

    intake.passTo(into(second));
    send(3);

    assertThat(held).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(first).containsExactly(1);
    assertThat(second).containsExactly(2, 3);
  }

  @Test
  void aFailureOfTheNewTargetIsAnAnswer() {
    CompletableFuture<Outcome> held = send(1);
    intake.passTo(
        request -> {
          throw new IllegalStateException("broken");
        });

    assertThat(held.join())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(StatusCode.INTERNAL));
  }
}
