package dev.tallyspan.benchmarks;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.window.TraceWindow;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.KeyClass;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What deciding about whole traces costs: the CPU time to read, price, decide and write a span,
 * with the decision over each request alone, and with a window in which traces wait for each other.
 * Both take turns in one thread; receiving and exporting are left out, so the ratio of whole
 * servers is smaller. Time passes at 20 ms per request.
 */
public final class WindowCost {

  private static final int SPANS_PER_TRACE = 16;
  private static final long NANOS_PER_REQUEST = 20_000_000;
  private static final Set<KeyClass> FILLED =
      Set.of(KeyClass.CONTENT, KeyClass.IDENTITY, KeyClass.CALL);

  /** The variants. */
  private enum Variant {
    /** No decision over several spans. */
    ALONE,
    /** A decision over each request. */
    REQUEST,
    /** A window. */
    WINDOW
  }

  /** Time that passes when the benchmark says so. */
  private static final class ManualTimer implements Timer {
    private record Task(long at, Runnable run) {}

    private final PriorityQueue<Task> tasks =
        new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    private long now;

    void advance(long nanos) {
      now += nanos;
      while (!tasks.isEmpty() && tasks.peek().at <= now) {
        tasks.poll().run.run();
      }
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
      tasks.add(new Task(now + delayNanos, task));
      return () -> {};
    }

    @Override
    public void close() {}
  }

  /**
   * A request whose trace and response ids are replaced each time it is sent, so that traces do not
   * repeat.
   */
  private record Template(byte[] bytes, int[] traceIds, int[] responseIds) {

    static Template of(ExportTraceServiceRequest request) {
      ExportTraceServiceRequest.Builder traces = ExportTraceServiceRequest.newBuilder();
      int spans = 0;
      for (ResourceSpans resource : request.getResourceSpansList()) {
        ResourceSpans.Builder resourceSpans = resource.toBuilder().clearScopeSpans();
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          ScopeSpans.Builder scopeSpans = scope.toBuilder().clearSpans();
          for (Span span : scope.getSpansList()) {
            int trace = spans / SPANS_PER_TRACE;
            boolean root = spans % SPANS_PER_TRACE == 0;
            scopeSpans.addSpans(
                span.toBuilder()
                    .setTraceId(id(trace))
                    .setSpanId(id(1000 + spans).substring(8))
                    .setParentSpanId(
                        root ? ByteString.EMPTY : id(1000 + trace * SPANS_PER_TRACE).substring(8)));
            spans++;
          }
          resourceSpans.addScopeSpans(scopeSpans);
        }
        traces.addResourceSpans(resourceSpans);
      }
      byte[] bytes = traces.build().toByteArray();
      int[] found = new int[spans];
      int count = 0;
      byte[] marker = ByteBuffer.allocate(8).putLong(MARKER).array();
      for (int i = 0; i + 16 <= bytes.length && count < spans; i++) {
        if (bytes[i] == marker[0] && Arrays.equals(bytes, i, i + 8, marker, 0, 8)) {
          found[count++] = i;
          i += 16;
        }
      }
      return new Template(bytes, found, find(bytes, "chatcmpl-"));
    }

    private static int[] find(byte[] bytes, String text) {
      byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
      return IntStream.range(0, bytes.length - 40)
          .filter(
              i ->
                  bytes[i] == wanted[0]
                      && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length))
          .map(i -> i + wanted.length)
          .toArray();
    }

    private static final long MARKER = 0x7A11E5BA9D0C0DE5L;

    private static ByteString id(long low) {
      return ByteString.copyFrom(
          ByteBuffer.allocate(16).putLong(MARKER).putLong(low * 0x9E3779B97F4A7C15L).array());
    }

    byte[] next(long number) {
      byte[] sent = bytes.clone();
      for (int position : traceIds) {
        ByteBuffer.wrap(sent).putLong(position, MARKER ^ number * 0x9E3779B97F4A7C15L);
      }
      byte[] digits = String.format("%012d", number).getBytes(StandardCharsets.US_ASCII);
      for (int position : responseIds) {
        System.arraycopy(digits, 0, sent, position, digits.length);
      }
      return sent;
    }
  }

  private WindowCost() {}

  /** Takes the number of rounds, 7 if there is none, and the loads, all if there are none. */
  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    List<TraceLoad> loads =
        args.length > 1
            ? Arrays.stream(args).skip(1).map(TraceLoad::valueOf).toList()
            : List.of(TraceLoad.values());
    System.out.printf(
        "JDK %s, %d processors, %d rounds%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
    System.out.println();
    System.out.println(
        "| load | alone µs/span | request / alone | window / alone | window / request |");
    System.out.println("|---|---|---|---|---|");
    for (TraceLoad load : loads) {
      run(load, rounds);
    }
  }

  private static void run(TraceLoad load, int rounds) {
    List<Template> templates = load.requests(8, /* seed= */ 42).stream().map(Template::of).toList();
    Map<Variant, List<Double>> times = new TreeMap<>();
    ManualTimer timer = new ManualTimer();
    Map<Variant, Pipeline> pipelines = new TreeMap<>();
    for (Variant variant : Variant.values()) {
      pipelines.put(variant, pipeline(variant, timer));
      times.put(variant, new ArrayList<>());
    }
    int requests = load == TraceLoad.LLM ? 100 : 400;
    long number = 0;
    for (int round = -3; round < rounds; round++) {
      for (Variant variant : Variant.values()) {
        long nanos = 0;
        for (int i = 0; i < requests; i++) {
          byte[] bytes = templates.get(i % templates.size()).next(++number);
          long start = cpu();
          pipelines
              .get(variant)
              .accept(
                  new OtlpRequest(
                      Signal.TRACES,
                      Slices.of(bytes),
                      TraceLoad.SPANS_PER_REQUEST,
                      new SenderAck(outcome -> {})));
          timer.advance(NANOS_PER_REQUEST);
          nanos += cpu() - start;
        }
        if (round >= 0) {
          times.get(variant).add(nanos / 1e3 / requests / TraceLoad.SPANS_PER_REQUEST);
        }
      }
    }
    List<Double> alone = times.get(Variant.ALONE);
    System.out.printf(
        Locale.ROOT,
        "| `%s` | %.2f | %s | %s | %s |%n",
        load,
        median(alone),
        ratio(times.get(Variant.REQUEST), alone),
        ratio(times.get(Variant.WINDOW), alone),
        ratio(times.get(Variant.WINDOW), times.get(Variant.REQUEST)));
  }

  private static Pipeline pipeline(Variant variant, Timer timer) {
    ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});
    Output output =
        batch -> {
          renderer.render(batch);
          batch.request().ack().settle(Outcome.ACCEPTED);
        };
    LlmProcessor processor = LlmProcessor.builder().build();
    return switch (variant) {
      case ALONE -> new Pipeline(List.of(processor), List.of(output));
      case REQUEST ->
          new Pipeline(List.of(processor, WholeTraces.perRequest(FILLED)), List.of(output));
      case WINDOW ->
          new Pipeline(
              List.of(processor),
              List.of(TraceWindow.builder(output, timer).fillGaps(FILLED).build()));
    };
  }

  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime();
  }

  private static String ratio(List<Double> a, List<Double> b) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      ratios.add(a.get(i) / b.get(i));
    }
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        Locale.ROOT, "%.2f (%.2f-%.2f)", median(ratios), sorted[0], sorted[sorted.length - 1]);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
