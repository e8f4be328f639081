package dev.tallyspan.collector.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random schedules of a queue with outputs that fail in every way, and crashes in between, in
 * virtual time: whatever was acknowledged reaches every output, or its dead letters.
 *
 * <p>{@code -Dqueue.simulations=100000} for the long form; a failure names its seed.
 */
@ExtendWith(SilentLogs.class)
class QueueSimulationTest {

  private static final int SIMULATIONS = Integer.getInteger("queue.simulations", 2000);

  @Test
  void acknowledgedRequestsReachEveryOutput() {
    long first = Long.getLong("queue.seed", 1);
    for (long seed = first; seed < first + SIMULATIONS; seed++) {
      new Simulation(seed).run();
    }
  }

  private static final class Simulation {

    private static final List<String> ROUTES = List.of("traces", "logs");

    private final long seed;
    private final Random random;
    private final SimulatedTime time;
    private final SimulatedLog log;
    private final Map<Integer, List<String>> acknowledged = new HashMap<>();
    private final Map<String, Set<Integer>> arrived = new HashMap<>();
    private Map<String, List<long[]>> saved = new HashMap<>();
    private RequestQueue queue;
    private boolean healthy;
    private int sent;
    private int lives;

    Simulation(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.time = new SimulatedTime(random);
      this.log = new SimulatedLog(random, time);
      queue = open();
    }

    void run() {
      int steps = 50 + random.nextInt(150);
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(40)) {
          case 0 -> crash();
          case 1, 2, 3, 4, 5, 6, 7, 8 -> send();
          default -> time.step();
        }
      }
      healthy = true;
      int left = 100_000;
      while (!(log.isEmpty() && queue.isDrained()) && left-- > 0 && time.step()) {
        // The disk and the outputs work from now on, so everything must settle.
      }
      acknowledged.forEach(
          (request, routes) ->
              routes.forEach(
                  route -> {
                    for (String output : List.of(route + "/a", route + "/b")) {
                      assertThat(arrived.getOrDefault(output, Set.of()))
                          .as("seed %d, output %s", seed, output)
                          .contains(request);
                    }
                  }));
      assertThat(queue.isDrained()).as("seed %d: drained", seed).isTrue();
      assertThat(log.isEmpty()).as("seed %d: discarded", seed).isTrue();
      for (LaneCounts counts : queue.counts()) {
        assertThat(counts.received() + counts.recovered())
            .as("seed %d: balance", seed)
            .isEqualTo(counts.delivered() + counts.dead() + counts.lost() + counts.queuedItems());
        assertThat(counts.queuedItems()).as("seed %d: queued", seed).isZero();
        assertThat(counts.queuedBytes()).as("seed %d: queued", seed).isZero();
      }
    }

    private RequestQueue open() {
      int life = ++lives;
      RequestQueue.Builder builder =
          RequestQueue.builder("durable", log, time)
              .executor(time)
              .clock(time)
              .cursors(saved, done -> save(life, done))
              .deadLetters(
                  (entry, output, refusal, kept) -> {
                    if (!healthy && random.nextInt(4) == 0) {
                      kept.done(false);
                    } else {
                      arrive(output, entry.body());
                      kept.done(true);
                    }
                  });
      for (String route : ROUTES) {
        for (String name : List.of("a", "b")) {
          String output = route + "/" + name;
          builder.output(
              new QueueOutput(output, route, request -> receive(life, output, request), 2));
        }
      }
      RequestQueue opened = builder.build();
      log.forEach(
          entry ->
              opened.recovered(
                  entry.sequence(), entry.items(), entry.labels(), entry.body().size()));
      while (true) {
        try {
          opened.start();
          break;
        } catch (IOException e) {
          // The process would end and be started again.
        }
      }
      return opened;
    }

    private void save(int life, Map<String, List<long[]>> done) throws IOException {
      if (!healthy && random.nextInt(5) == 0) {
        throw new IOException("cannot be written now");
      }
      assertThat(life).isEqualTo(lives);
      saved = new HashMap<>(done);
    }

    private void crash() {
      time.close();
      log.crash();
      if (random.nextInt(4) == 0) {
        LogEntry lost = log.damage();
        if (lost != null) {
          acknowledged.remove(number(lost.body()));
        }
      }
      queue = open();
    }

    private void send() {
      int number = sent++;
      List<String> routes = ROUTES.subList(random.nextInt(2), 1 + random.nextInt(2));
      if (routes.isEmpty()) {
        return;
      }
      Intake intake = queue.intake(routes);
      List<String> to = List.copyOf(routes);
      intake.accept(
          new OtlpRequest(
              Signal.TRACES,
              body(number),
              1 + random.nextInt(3),
              new SenderAck(
                  outcome -> {
                    if (outcome == Outcome.ACCEPTED) {
                      acknowledged.put(number, to);
                    }
                  })));
    }

    private void receive(int life, String output, OtlpRequest request) {
      int what = healthy ? 0 : random.nextInt(12);
      switch (what) {
        case 0, 1, 2 -> accept(output, request);
        case 3, 4 ->
            time.schedule(() -> accept(output, request), random.nextInt(10) * 100_000_000L);
        case 5 -> settle(request, StatusCode.UNAVAILABLE, null);
        case 6 -> settle(request, StatusCode.UNAVAILABLE, Duration.ofSeconds(random.nextInt(60)));
        case 7 -> settle(request, StatusCode.INVALID_ARGUMENT, null);
        case 8 -> {
          arrive(output, request.bytes());
          request.ack().settle(new Outcome.Partial(1, "one"));
        }
        case 9 -> throw new IllegalStateException("an output that fails");
        case 10 -> {
          arrive(output, request.bytes());
          settle(request, StatusCode.UNAVAILABLE, null);
        }
        default ->
            time.schedule(
                () -> settle(request, StatusCode.UNAVAILABLE, null), 30_000_000_000L * life);
      }
    }

    private void accept(String output, OtlpRequest request) {
      arrive(output, request.bytes());
      request.ack().settle(Outcome.ACCEPTED);
    }

    private void arrive(String output, Slices body) {
      arrived.computeIfAbsent(output, name -> new HashSet<>()).add(number(body));
    }

    private static int number(Slices body) {
      return ByteBuffer.wrap(body.toByteArray()).getInt();
    }

    private static void settle(OtlpRequest request, StatusCode code, Duration retryAfter) {
      request.ack().settle(new Outcome.Refused(code, "refused", retryAfter));
    }

    private static Slices body(int number) {
      return Slices.of(ByteBuffer.allocate(4).putInt(number).array());
    }
  }
}
