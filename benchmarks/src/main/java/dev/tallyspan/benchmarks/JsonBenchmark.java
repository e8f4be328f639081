package dev.tallyspan.benchmarks;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.wire.MalformedRequestException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * Reading a request of OTLP/JSON into protobuf, and beside it the cost of only decoding its UTF-8.
 * All figures are per span.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TraceLoad.SPANS_PER_REQUEST)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "-XX:+UseParallelGC", "-Xbatch"})
public class JsonBenchmark {

  @Param public TraceLoad load;

  private byte[] otlp = {};

  @Setup
  public void encode() throws IOException, InvalidJsonException, MalformedRequestException {
    ExportTraceServiceRequest request = load.requests(1, /* seed= */ 42).get(0);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    ProtoToJson.write(Signal.TRACES, request.toByteArray(), json);
    otlp = json.toByteArray();
    if (!ExportTraceServiceRequest.parseFrom(read()).equals(request)) {
      throw new IllegalStateException("reads something else");
    }
  }

  @Benchmark
  public byte[] read() throws InvalidJsonException {
    return JsonToProto.convert(Signal.TRACES, otlp, 64 << 20);
  }

  /** The least that a reader does with the bytes. */
  @Benchmark
  public String decode() {
    return new String(otlp, StandardCharsets.UTF_8);
  }
}
