package dev.tallyspan.benchmarks;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.output.export.WrittenContent;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request costs from the bytes that come to the bytes that leave: found, understood, priced,
 * rewritten. Figures are per request: 64 LLM spans, or 512 others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 2)
@Measurement(iterations = 5, time = 2)
// -Xbatch: on a busy machine the compiler would otherwise still be at work when measuring begins.
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseParallelGC", "-Xbatch"})
public class UnderstandingBenchmark {

  private static final Profile KEEP =
      new Profile(
          ConventionVersion.GENAI_DEV,
          WrittenContent.KEEP,
          /* cacheWriteNames= */ null,
          Set.of(),
          Map.of(),
          /* genAiUsageCost= */ true);

  @Param public LlmLoad load;

  /** Whether content is read and written, or left as it came. */
  @Param({"JSON", "KEEP"})
  public WrittenContent content;

  private final Count sink = new Count();
  private LlmProcessor processor;
  private ProfileRenderer renderer;
  private byte[][] requests;
  private int next;

  /** Makes eight requests, and checks that what is in them is understood. */
  @Setup
  public void setUp() throws Exception {
    boolean keep = content == WrittenContent.KEEP;
    processor =
        LlmProcessor.builder().normalizer(Normalizer.builder().keepContent(keep).build()).build();
    renderer = new ProfileRenderer(keep ? KEEP : Profile.DEFAULT, failure -> {});
    requests =
        load.requests(8, /* seed= */ 42).stream()
            .map(ExportTraceServiceRequest::toByteArray)
            .toArray(byte[][]::new);
    for (byte[] request : requests) {
      ExportTraceServiceRequest out =
          ExportTraceServiceRequest.parseFrom(forwarded(request).toByteArray());
      if (load != LlmLoad.NONE && !isPriced(out)) {
        throw new IllegalStateException("load=" + load + ": a span was not understood");
      }
    }
  }

  private static boolean isPriced(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpansList().stream()
        .allMatch(
            span ->
                span.getAttributesList().stream()
                    .anyMatch(
                        a ->
                            a.getKey().equals("tallyspan.cost.status")
                                && a.getValue().getStringValue().equals("priced")));
  }

  @Benchmark
  public long enrich() throws MalformedRequestException, IOException {
    forwarded(requests[next++ & 7]).writeTo(sink);
    return sink.bytes;
  }

  private Slices forwarded(byte[] request) throws MalformedRequestException {
    SenderAck ack = new SenderAck(outcome -> {});
    return renderer.render(
        processor.apply(
            Batch.of(
                new OtlpRequest(
                    Signal.TRACES, Slices.of(request), LlmLoad.SPANS_PER_REQUEST, ack))));
  }

  /** Takes bytes without keeping them. */
  private static final class Count extends OutputStream {

    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      bytes += length;
    }
  }
}
