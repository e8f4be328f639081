package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Lets simulated runs of agents pass through a front, and compares what leaves with the bill.
 *
 * <p>A run whose spans all arrive is billed exactly, apart from spans that are marked as possible
 * duplicates because their twin is in another trace and has no id. If spans are missing, what is
 * billed is never more than the bill, the spans that are marked as possible duplicates, and the
 * sums of agents of whose calls no span arrived; and never less than what the spans that arrived
 * prove. Of parallel calls with equal tokens whose twins lie beside them, those that lost one twin
 * each may prove each other: they prove as many calls as one instrumentation has spans.
 */
final class TraceSimulation {

  private final Front front;
  private final boolean otherTraces;

  /**
   * @param otherTraces whether the spans of one call may be in several traces, which the front then
   *     decides about together
   */
  TraceSimulation(Front front, boolean otherTraces) {
    this.front = front;
    this.otherTraces = otherTraces;
  }

  /** A run whose spans all arrive, in requests of any size and in any order. */
  void complete(long seed) throws Exception {
    Random random = new Random(seed);
    SimulatedRun run = SimulatedAgents.run(random, otherTraces, /* complete= */ true);
    List<Decided> decided = process(run.spans, random);

    assertThat(decided).hasSameSizeAs(run.spans);
    Sum billed = new Sum();
    long calls = 0;
    long unanswered = 0;
    for (Decided span : decided) {
      if (!span.isBilled() || span.mayBeDuplicate()) {
        continue;
      }
      if (span.hasTokens()) {
        billed.add(span);
        calls++;
      } else {
        unanswered++;
      }
    }
    Sum bill = new Sum();
    run.bill.forEach(bill::add);
    assertThat(billed).as("%s", decided).isEqualTo(bill);
    assertThat(calls).as("%s", decided).isEqualTo(run.bill.size());
    assertThat(unanswered).as("%s", decided).isEqualTo(run.unanswered);
    sumsAreThoseOfTheBilledSpans(decided);
  }

  /** A run of which some spans never arrive. */
  void incomplete(long seed) throws Exception {
    Random random = new Random(seed);
    SimulatedRun run =
        SimulatedAgents.run(random, otherTraces && random.nextBoolean(), /* complete= */ false);
    Set<Long> missing = new HashSet<>();
    String lost =
        random.nextInt(3) == 0 ? List.of("gateway", "server", "tools").get(random.nextInt(3)) : "";
    int percent = random.nextInt(40);
    List<Recorded> seen = new ArrayList<>();
    for (Recorded span : run.spans) {
      boolean again = missing.contains(span.id);
      if (again || span.service.equals(lost) || random.nextInt(100) < percent) {
        missing.add(span.id);
      } else {
        seen.add(span);
      }
    }
    seen.removeIf(span -> missing.contains(span.id));
    List<Decided> decided = process(seen, random);

    atMost(run, decided, call -> call.input, Decided::input);
    atMost(run, decided, call -> call.output, Decided::output);
    atLeast(run, seen, decided, "gen_ai.usage.input_tokens", call -> call.input, Decided::input);
    atLeast(run, seen, decided, "gen_ai.usage.output_tokens", call -> call.output, Decided::output);
  }

  /** What leaves is not changed by another pass. */
  void again(long seed) throws Exception {
    Random random = new Random(seed);
    SimulatedRun run = SimulatedAgents.run(random, otherTraces, /* complete= */ true);
    List<ExportTraceServiceRequest> once = front.process(requests(run.spans, random));
    List<ExportTraceServiceRequest> twice = front.process(once);

    assertThat(bytes(twice)).isEqualTo(bytes(once));
  }

  /** In any order of the requests. */
  private static Map<ByteString, Integer> bytes(List<ExportTraceServiceRequest> requests) {
    Map<ByteString, Integer> bytes = new HashMap<>();
    requests.forEach(request -> bytes.merge(request.toByteString(), 1, Integer::sum));
    return bytes;
  }

  private List<Decided> process(List<Recorded> spans, Random random) throws Exception {
    List<Decided> decided = new ArrayList<>(Decided.of(front.process(requests(spans, random))));
    decided.sort(Comparator.comparingLong(span -> span.id));
    return decided;
  }

  private static List<ExportTraceServiceRequest> requests(List<Recorded> spans, Random random) {
    List<Recorded> shuffled = new ArrayList<>(spans);
    Collections.shuffle(shuffled, random);
    List<ExportTraceServiceRequest> requests = new ArrayList<>();
    int from = 0;
    while (from < shuffled.size()) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(40));
      requests.add(Recorded.request(shuffled.subList(from, to)));
      from = to;
    }
    return requests;
  }

  /** Agents, tools and roots show the sums of what is billed inside them. */
  private static void sumsAreThoseOfTheBilledSpans(List<Decided> decided) {
    Map<String, String> parents = new HashMap<>();
    decided.forEach(span -> parents.put(span.key(), span.parentKey()));
    Map<String, Long> inputs = new HashMap<>();
    Map<String, Long> calls = new HashMap<>();
    for (Decided span : decided) {
      if (span.isBilled()) {
        String within = span.key();
        while (within != null) {
          inputs.merge(within, span.input(), Long::sum);
          calls.merge(within, 1L, Long::sum);
          within = parents.get(within);
        }
      }
    }
    for (Decided span : decided) {
      if (span.has("tallyspan.rollup.calls")) {
        assertThat(
                List.of(
                    span.count("tallyspan.rollup.calls"),
                    span.count("tallyspan.rollup.input_tokens")))
            .as("%s of %s", span, decided)
            .isEqualTo(
                List.of(calls.getOrDefault(span.key(), 0L), inputs.getOrDefault(span.key(), 0L)));
      }
    }
  }

  private static void atMost(
      SimulatedRun run,
      List<Decided> decided,
      ToLongFunction<TrueCall> counts,
      ToLongFunction<Decided> tokens) {
    long most = run.bill.stream().mapToLong(counts).sum();
    long billed = 0;
    for (Decided span : decided) {
      if (span.isBilled()) {
        billed += tokens.applyAsLong(span);
        if (span.mayBeDuplicate() || span.name.startsWith("invoke_agent")) {
          most += tokens.applyAsLong(span);
        }
      }
    }
    assertThat(billed).as("%s", decided).isLessThanOrEqualTo(most);
  }

  private static void atLeast(
      SimulatedRun run,
      List<Recorded> seen,
      List<Decided> decided,
      String key,
      ToLongFunction<TrueCall> counts,
      ToLongFunction<Decided> tokens) {
    Set<Recorded> arrived = Collections.newSetFromMap(new IdentityHashMap<>());
    arrived.addAll(seen);
    long least = 0;
    Map<Integer, Map<String, Long>> parallel = new HashMap<>();
    for (TrueCall call : run.bill) {
      if (call.parallel > 0) {
        for (Recorded span : call.counted) {
          if (arrived.contains(span)) {
            parallel
                .computeIfAbsent(call.parallel, group -> new HashMap<>())
                .merge(span.scope, span.count(key), Long::sum);
          }
        }
      } else {
        least += proven(call, arrived, key, counts);
      }
    }
    for (Map<String, Long> byScope : parallel.values()) {
      least += Collections.min(byScope.values());
    }
    long billed = decided.stream().filter(Decided::isBilled).mapToLong(tokens).sum();
    assertThat(billed).as("%s", decided).isGreaterThanOrEqualTo(least);
  }

  private static long proven(
      TrueCall call, Set<Recorded> arrived, String key, ToLongFunction<TrueCall> counts) {
    if (call.exact.stream().anyMatch(arrived::contains)) {
      return counts.applyAsLong(call);
    }
    return call.counted.stream()
        .filter(arrived::contains)
        .mapToLong(span -> span.count(key))
        .min()
        .orElse(0);
  }

  /** Tokens by kind, and dollars. */
  private static final class Sum {
    private long input;
    private long output;
    private long cacheRead;
    private long cacheWrite;
    private BigDecimal cost = BigDecimal.ZERO;

    void add(Decided span) {
      input += span.input();
      output += span.output();
      cacheRead += span.cacheRead();
      cacheWrite += span.cacheWrite();
      cost = cost.add(span.cost());
    }

    void add(TrueCall call) {
      input += call.input;
      output += call.output;
      cacheRead += call.cacheRead;
      cacheWrite += call.cacheWrite;
      cost = cost.add(call.cost());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Sum sum && sum.toString().equals(toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }

    @Override
    public String toString() {
      return "input=%d output=%d cacheRead=%d cacheWrite=%d cost=%s"
          .formatted(
              input, output, cacheRead, cacheWrite, cost.stripTrailingZeros().toPlainString());
    }
  }
}
