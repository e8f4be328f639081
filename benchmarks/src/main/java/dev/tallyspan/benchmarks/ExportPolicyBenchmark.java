package dev.tallyspan.benchmarks;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.policy.PolicyProcessor;
import dev.tallyspan.collector.output.policy.SizeLimitProcessor;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.output.policy.TraceBudgets;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs an exporter of the collector that a content policy, or the limits of its backend,
 * apply to whole requests, per span; and beside them the cost of copying the bytes. A request has
 * 64 calls with about 10 KB of messages each.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LlmLoad.SPANS_PER_REQUEST)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
// -Xbatch: on a busy machine the compiler would otherwise still be at work when measuring begins.
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "-XX:+UseParallelGC", "-Xbatch"})
public class ExportPolicyBenchmark {

  private static final SizeLimits WIDE = new SizeLimits(64 << 10, 0, 0);
  private static final SizeLimits COUNTED = new SizeLimits(64 << 10, 0, 1L << 40);
  private static final SizeLimits TEMPO = new SizeLimits(2048, 0, 0);

  private Slices[] requests = {};
  private byte[] sink = {};
  private int next;
  private final SizeLimitProcessor wide = limits(WIDE);
  private final SizeLimitProcessor counted = limits(COUNTED);
  private final SizeLimitProcessor tempo = limits(TEMPO);
  private final PolicyProcessor metadata = policy(ContentMode.METADATA);
  private final PolicyProcessor redacted = policy(ContentMode.REDACTED);

  private static SizeLimitProcessor limits(SizeLimits limits) {
    return new SizeLimitProcessor(limits, (place, key, report) -> {});
  }

  private static PolicyProcessor policy(ContentMode mode) {
    return new PolicyProcessor(
        ContentPolicy.of(mode), new TraceBudgets(0, 0), (place, key, report) -> {});
  }

  /** Makes four requests. */
  @Setup
  public void setUp() {
    requests =
        LlmLoad.OTEL.requests(4, /* seed= */ 42).stream()
            .map(ExportTraceServiceRequest::toByteArray)
            .map(Slices::of)
            .toArray(Slices[]::new);
    long most = 0;
    for (Slices request : requests) {
      most = Math.max(most, request.size());
    }
    sink = new byte[(int) most];
  }

  private Batch batch() {
    return Batch.of(
        new OtlpRequest(
            Signal.TRACES,
            requests[next++ & 3],
            LlmLoad.SPANS_PER_REQUEST,
            new SenderAck(outcome -> {})));
  }

  /** The bytes copied once, nothing looked at. */
  @Benchmark
  public byte[] copy() {
    byte[] request = requests[next++ & 3].contiguous();
    System.arraycopy(request, 0, sink, 0, request.length);
    return sink;
  }

  /** A limit of attributes that none exceeds. */
  @Benchmark
  public Batch limit() {
    return wide.apply(batch());
  }

  /** The same, and a limit of traces, for which the content of every span counts. */
  @Benchmark
  public Batch limitOfTraces() {
    return counted.apply(batch());
  }

  /** A limit of 2 KiB for each attribute, so that the messages of every call are cut. */
  @Benchmark
  public Batch cut() {
    return tempo.apply(batch());
  }

  /** Texts replaced by their lengths. */
  @Benchmark
  public Batch metadata() throws MalformedRequestException {
    return metadata.apply(batch());
  }

  /** Secrets and personal data masked; there are none. */
  @Benchmark
  public Batch redacted() throws MalformedRequestException {
    return redacted.apply(batch());
  }
}
