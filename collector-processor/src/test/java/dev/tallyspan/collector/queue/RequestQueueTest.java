package dev.tallyspan.collector.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.queue.log.MemoryLog;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

  private final SimulatedTime time = new SimulatedTime(new Random(1));
  private final MemoryLog log = new MemoryLog(2000, time);
  private final List<Outcome> answers = new ArrayList<>();
  private final Map<String, List<OtlpRequest>> pending = new HashMap<>();
  private final Map<String, List<long[]>> saved = new HashMap<>();
  private final List<String> deadLetters = new ArrayList<>();

  @Test
  void senderIsAnsweredWhenTheRequestIsStoredAndNotWhenItIsDelivered() throws Exception {
    RequestQueue queue = queue("a");

    send(queue, 10);
    run();

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(pending.get("a")).hasSize(1);
    assertThat(queue.isDrained()).isFalse();
  }

  @Test
  void senderIsToldToRetryWhenThereIsNoRoom() throws Exception {
    RequestQueue queue = queue("a");

    send(queue, 1900);
    send(queue, 200);

    assertThat(answers.get(1))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryable()).isTrue());
  }

  @Test
  void deliveredRequestsMakeRoom() throws Exception {
    RequestQueue queue = queue("a");
    send(queue, 1900);
    run();

    settleAll("a", Outcome.ACCEPTED);
    run();
    send(queue, 1900);

    assertThat(answers).containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED);
  }

  @Test
  void outputThatIsBehindDoesNotDelayAnother() throws Exception {
    RequestQueue queue = queue("a", "b");
    send(queue, 10);
    send(queue, 11);
    run();

    settleAll("b", Outcome.ACCEPTED);
    run();

    assertThat(pending.get("a")).hasSize(2);
    assertThat(counts(queue, 1).delivered()).isEqualTo(2);
    assertThat(counts(queue, 0).queuedRequests()).isEqualTo(2);
    assertThat(counts(queue, 0).queuedBytes()).isEqualTo(21);
  }

  @Test
  void requestsStayUntilEveryOutputIsDoneWithThem() throws Exception {
    RequestQueue queue = queue("a", "b");
    send(queue, 10);
    run();

    settleAll("a", Outcome.ACCEPTED);
    run();
    assertThat(log.start()).isZero();

    settleAll("b", Outcome.ACCEPTED);
    run();
    assertThat(log.start()).isEqualTo(1);
  }

  @Test
  void retryableRefusalIsRetriedAfterTheDelayThatItAsksFor() throws Exception {
    RequestQueue queue = queue("a");
    send(queue, 10);
    run();
    long before = time.nanoTime();

    settleAll("a", new Outcome.Refused(StatusCode.UNAVAILABLE, "closing", Duration.ofSeconds(40)));
    run();

    assertThat(pending.get("a")).hasSize(1);
    assertThat(time.nanoTime() - before).isGreaterThanOrEqualTo(Duration.ofSeconds(40).toNanos());
  }

  @Test
  void permanentRefusalBecomesADeadLetter() throws Exception {
    RequestQueue queue = queue("a");
    send(queue, 10);
    run();

    settleAll("a", Outcome.refused(StatusCode.INVALID_ARGUMENT, "no"));
    run();

    assertThat(deadLetters).containsExactly("a");
    assertThat(counts(queue, 0).dead()).isEqualTo(1);
    assertThat(counts(queue, 0).queuedItems()).isZero();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void outputsOfOtherRoutesDoNotGetARequest() throws Exception {
    RequestQueue queue =
        builder().output(output("a", "traces", 1)).output(output("b", "logs", 1)).build();
    queue.start();

    send(queue, 10);
    run();

    assertThat(pending.get("a")).hasSize(1);
    assertThat(pending).doesNotContainKey("b");
  }

  @Test
  void oneAtATimeKeepsTheOrderOfArrival() throws Exception {
    RequestQueue queue = builder().output(output("a", "traces", 1)).build();
    queue.start();

    for (int size = 1; size <= 20; size++) {
      send(queue, size);
    }
    run();

    assertThat(pending.get("a").stream().map(request -> request.bytes().size()))
        .isSortedAccordingTo(Long::compare)
        .hasSize(20);
  }

  @Test
  void newOutputGetsWhatArrivesFromItsStartOn() throws Exception {
    RequestQueue first = queue("a");
    send(first, 10);
    run();
    first.stop();

    RequestQueue second = builder().output(output("b", "traces", 1)).build();
    second.start();
    send(second, 11);
    run();

    assertThat(pending.get("b").stream().map(request -> request.bytes().size()))
        .containsExactly(11L);
  }

  @Test
  void requestsOfAFormerOutputAreKept() throws Exception {
    RequestQueue first = queue("traces:a");
    send(first, 10);
    run();
    first.stop();

    RequestQueue second = builder().output(output("b", "traces", 1)).build();
    second.recovered(0, 1, List.of("traces"), 10);
    second.start();
    run();

    assertThat(second.formerOutputs()).containsExactly("traces:a");
    assertThat(saved).containsKeys("traces:a", "b");
  }

  @Test
  void formerOutputThatNothingWaitsForIsForgotten() throws Exception {
    RequestQueue first = queue("traces:a");
    send(first, 10);
    run();
    settleAll("traces:a", Outcome.ACCEPTED);
    run();

    RequestQueue second = builder().output(output("b", "traces", 1)).build();
    second.start();

    assertThat(second.formerOutputs()).isEmpty();
    assertThat(saved).containsOnlyKeys("b");
  }

  @Test
  void requestsBeyondTheRoomInMemoryFollowWhenOthersAreDone() throws Exception {
    RequestQueue queue = queue("a");
    for (int i = 0; i < 1200; i++) {
      send(queue, 1);
    }
    run();
    assertThat(pending.get("a")).hasSize(1000);

    settleAll("a", Outcome.ACCEPTED);
    run();

    assertThat(pending.get("a")).hasSize(200);
  }

  @Test
  void closedQueueReadsTheLogNoMore() throws Exception {
    SimulatedLog closing = new SimulatedLog(new Random(7), time);
    RequestQueue queue =
        RequestQueue.builder("durable", closing, time)
            .executor(time)
            .output(output("a", "traces", 1))
            .output(output("b", "traces", 1))
            .build();
    queue.start();
    send(queue, 10);
    run();
    assertThat(closing.openReaders()).isEqualTo(2);

    queue.close();

    assertThat(closing.openReaders()).isZero();
  }

  @Test
  void withdrawnRequestIsNotStored() throws Exception {
    RequestQueue queue = queue("a");
    SenderAck ack = new SenderAck(answers::add);
    ack.withdraw();

    queue
        .intake(List.of("traces"))
        .accept(new OtlpRequest(Signal.TRACES, Slices.of(new byte[10]), 1, ack));

    assertThat(log.end()).isZero();
    assertThat(answers).hasSize(1);
  }

  @Test
  void outputsHaveDifferentNames() {
    RequestQueue.Builder builder =
        builder().output(output("a", "traces", 1)).output(output("a", "logs", 1));

    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("a");
  }

  private RequestQueue queue(String... outputs) throws Exception {
    RequestQueue.Builder builder = builder();
    for (String name : outputs) {
      builder.output(output(name, "traces", 2));
    }
    RequestQueue queue = builder.build();
    queue.start();
    return queue;
  }

  private RequestQueue.Builder builder() {
    return RequestQueue.builder("memory", log, time)
        .executor(time)
        .clock(time)
        .cursors(
            saved,
            done -> {
              saved.clear();
              saved.putAll(done);
            })
        .deadLetters(
            (entry, output, refusal, kept) -> {
              deadLetters.add(output);
              kept.done(true);
            });
  }

  private QueueOutput output(String name, String route, int concurrency) {
    return new QueueOutput(
        name,
        route,
        request -> pending.computeIfAbsent(name, key -> new ArrayList<>()).add(request),
        concurrency);
  }

  private void send(RequestQueue queue, int size) {
    queue
        .intake(List.of("traces"))
        .accept(
            new OtlpRequest(
                Signal.TRACES, Slices.of(new byte[size]), 1, new SenderAck(answers::add)));
  }

  private void settleAll(String output, Outcome outcome) {
    List<OtlpRequest> requests = List.copyOf(pending.get(output));
    pending.get(output).clear();
    requests.forEach(request -> request.ack().settle(outcome));
  }

  private static LaneCounts counts(RequestQueue queue, int output) {
    return queue.counts().get(output);
  }

  private void run() {
    while (time.step()) {
      // Until nothing is left to do.
    }
  }
}
