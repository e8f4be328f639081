package dev.tallyspan.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireSpan;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to read model and tokens of each LLM span and to append five attributes: within the
 * bytes, with protobuf-java, and beside them the cost of copying the bytes. All figures are per
 * span, whether it is an LLM span or not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TraceLoad.SPANS_PER_REQUEST)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 1)
// -Xbatch: on a busy machine the compiler would otherwise still be at work when measuring begins.
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseParallelGC", "-Xbatch"})
public class WireBenchmark {

  static final String MODEL = "gen_ai.response.model";
  static final String INPUT = "gen_ai.usage.input_tokens";
  static final String OUTPUT = "gen_ai.usage.output_tokens";

  @Param public TraceLoad load;

  private final TraceIndexer indexer =
      new TraceIndexer(
          KeyPrefixes.of(
              "ai.",
              "braintrust.",
              "gen_ai.",
              "langfuse.",
              "langsmith.",
              "llm.",
              "mlflow.",
              "openinference.",
              "traceloop."),
          KeyPrefixes.none());

  private final TraceSplicer splicer = new TraceSplicer();
  private final SpanReader reader = new SpanReader();

  private byte[][] requests;
  private Sink sink;
  private int next;

  /** Makes eight requests, more than the caches hold of the largest load, and checks the edits. */
  @Setup
  public void setUp() throws Exception {
    requests =
        load.requests(8, /* seed= */ 42).stream()
            .map(ExportTraceServiceRequest::toByteArray)
            .toArray(byte[][]::new);
    sink = new Sink(2 * requests[0].length);
    for (byte[] request : requests) {
      byte[] spliced = splice(request).toByteArray();
      if (!ExportTraceServiceRequest.parseFrom(spliced)
          .equals(ExportTraceServiceRequest.parseFrom(ObjectEdit.rewrite(request)))) {
        throw new IllegalStateException("load=" + load + ": the two results differ");
      }
    }
  }

  /** The bytes copied once, nothing looked at. */
  @Benchmark
  public byte[] copy() {
    byte[] request = request();
    System.arraycopy(request, 0, sink.bytes, 0, request.length);
    return sink.bytes;
  }

  /** All spans looked at, and LLM spans checked in full; nothing edited. */
  @Benchmark
  public int scan() throws MalformedRequestException {
    byte[] request = request();
    return read(indexer.index(request, 0, request.length)).items();
  }

  /** Edited; the result is a list of slices of the request and of what was added. */
  @Benchmark
  public Slices splice() throws MalformedRequestException {
    return splice(request());
  }

  /** Edited, and the slices copied into one array. */
  @Benchmark
  public byte[] spliceAndCopy() throws MalformedRequestException, IOException {
    sink.size = 0;
    splice(request()).writeTo(sink);
    return sink.bytes;
  }

  /** Parsed, edited and serialised by protobuf-java. */
  @Benchmark
  public byte[] protobufJava() throws InvalidProtocolBufferException {
    return ObjectEdit.rewrite(request());
  }

  private Slices splice(byte[] request) throws MalformedRequestException {
    return splicer.splice(
        read(indexer.index(request, 0, request.length)),
        (ordinal, span, edits) -> edit(span, edits));
  }

  /** Reads every LLM span, as a processor does. */
  private RequestIndex read(RequestIndex index) throws MalformedRequestException {
    for (int i = 0; i < index.size(); i++) {
      reader.read(index, i);
    }
    reader.close();
    return index;
  }

  private byte[] request() {
    return requests[next++ & 7];
  }

  private static void edit(WireSpan span, SpanEdits edits) {
    WireAttributes attributes = span.attributes();
    int model = attributes.indexOf(MODEL);
    int input = attributes.indexOf(INPUT);
    int output = attributes.indexOf(OUTPUT);
    long tokens =
        (input < 0 ? 0 : attributes.longValue(input))
            + (output < 0 ? 0 : attributes.longValue(output));
    edits.set("tallyspan.cost.status", "priced");
    edits.set("tallyspan.cost.total", tokens * 1e-6);
    edits.set("tallyspan.cost.currency", "USD");
    edits.set("tallyspan.cost.price", "openai/" + (model < 0 ? "" : attributes.stringValue(model)));
    edits.set("tallyspan.cost.catalog", "2026-11-22");
  }

  /** An array to be written over again and again. */
  private static final class Sink extends OutputStream {

    private final byte[] bytes;
    private int size;

    Sink(int capacity) {
      bytes = new byte[capacity];
    }

    @Override
    public void write(int b) {
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      System.arraycopy(source, offset, bytes, size, length);
      size += length;
    }
  }
}
