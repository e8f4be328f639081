package dev.tallyspan.benchmarks.endurance;

import com.google.protobuf.ByteString;
import dev.tallyspan.benchmarks.Arguments;
import dev.tallyspan.benchmarks.TraceLoad;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.Billing;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Requests made of captured spans of LLM calls, with the resource and scope that they came with,
 * and of spans of HTTP servers. Each request is one trace. The same seed gives the same bytes.
 */
final class CapturedRequests {

  /** Shorter ids of responses cannot be made different for each copy. */
  private static final int SHORTEST_ID = 12;

  private static final ByteString TRACE_ID = ByteString.copyFrom(new byte[16]);
  private static final ByteString SPAN_ID = ByteString.copyFrom(new byte[8]);

  /**
   * A captured call.
   *
   * @param library the name of the set-up that it was captured from
   * @param responseId what makes two spans one call; empty if it has none
   */
  private record Call(
      String library, Resource resource, InstrumentationScope scope, Span span, String responseId) {
    int bytes() {
      return span.getSerializedSize();
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private int copies;

  /** Returns the folder of the captures that a program is given; default: that of the tests. */
  static Path folder(Arguments arguments) {
    return Path.of(
        arguments.text("captures", "collector-processor/src/test/resources/captures/files"));
  }

  /**
   * Reads the captures, and takes the calls that are billed. The smallest are left out until the
   * mean size of the others is reached.
   *
   * @param meanBytes the least mean size of a span
   */
  CapturedRequests(Path captures, double meanBytes, long seed)
      throws IOException, MalformedRequestException {
    LlmProcessor processor = LlmProcessor.builder().build();
    List<Path> files;
    try (Stream<Path> all = Files.list(captures)) {
      files =
          all.filter(file -> file.getFileName().toString().matches(".*__traces__.*\\.pb"))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      read(file, processor);
    }
    calls.sort(Comparator.comparingInt(Call::bytes));
    while (!calls.isEmpty() && meanBytes() < meanBytes) {
      calls.remove(0);
    }
    if (calls.isEmpty()) {
      throw new IllegalArgumentException(
          "captures=" + captures + ": no calls of " + meanBytes + " bytes and more on average");
    }
    Collections.shuffle(calls, new Random(seed));
  }

  private void read(Path file, LlmProcessor processor)
      throws IOException, MalformedRequestException {
    byte[] bytes = Files.readAllBytes(file);
    Batch batch =
        processor.apply(
            Batch.of(
                new OtlpRequest(Signal.TRACES, Slices.of(bytes), 1, new SenderAck(outcome -> {}))));
    int item = 0;
    for (ResourceSpans resource :
        ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          for (SpanRecord record : batch.records()) {
            if (record.item() == item && record.llm().billing() == Billing.CALL) {
              String id = record.llm().responseId();
              calls.add(
                  new Call(
                      file.getFileName().toString().split("__")[0],
                      resource.getResource(),
                      scope.getScope(),
                      span,
                      id == null || id.length() < SHORTEST_ID ? "" : id));
            }
          }
          item++;
        }
      }
    }
  }

  /** The mean size of the spans of calls, encoded. */
  double meanBytes() {
    return calls.stream().mapToInt(Call::bytes).average().orElse(0);
  }

  /** How many different calls there are, and of how many set-ups. */
  @Override
  public String toString() {
    TreeSet<String> libraries = new TreeSet<>();
    calls.forEach(call -> libraries.add(call.library));
    return "%d captured calls of %d set-ups, %.0f bytes on average"
        .formatted(calls.size(), libraries.size(), meanBytes());
  }

  /** Returns one request. */
  ExportTraceServiceRequest request(int spans, int llmSpans, long seed) throws IOException {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    int others = spans - llmSpans;
    if (others > 0) {
      for (ResourceSpans resource :
          TraceLoad.NONE.requests(1, seed).get(0).getResourceSpansList()) {
        ResourceSpans.Builder some = resource.toBuilder().clearScopeSpans();
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          int taken = Math.min(others, scope.getSpansCount());
          if (taken > 0) {
            some.addScopeSpans(
                scope.toBuilder().clearSpans().addAllSpans(scope.getSpansList().subList(0, taken)));
          }
          others -= taken;
        }
        if (some.getScopeSpansCount() > 0) {
          request.addResourceSpans(some);
        }
      }
    }
    for (int i = 0; i < llmSpans; i++) {
      Call call = calls.get(copies % calls.size());
      ResourceSpans.Builder resource = request.addResourceSpansBuilder();
      resource.setResource(call.resource);
      resource.addScopeSpansBuilder().setScope(call.scope).addSpans(copy(call));
    }
    boolean root = true;
    for (ResourceSpans.Builder resource : request.getResourceSpansBuilderList()) {
      for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
        for (Span.Builder span : scope.getSpansBuilderList()) {
          span.setTraceId(TRACE_ID).setSpanId(SPAN_ID);
          if (root) {
            span.clearParentSpanId();
          } else {
            span.setParentSpanId(SPAN_ID);
          }
          root = false;
        }
      }
    }
    return request.build();
  }

  /** Returns for each set-up one request with each of its calls once, in an order of its own. */
  Map<String, ExportTraceServiceRequest> requestsBySetUp() {
    Map<String, ExportTraceServiceRequest.Builder> requests = new TreeMap<>();
    for (Call call : calls) {
      ResourceSpans.Builder resource =
          requests
              .computeIfAbsent(call.library, library -> ExportTraceServiceRequest.newBuilder())
              .addResourceSpansBuilder()
              .setResource(call.resource);
      resource
          .addScopeSpansBuilder()
          .setScope(call.scope)
          .addSpans(call.span.toBuilder().clearParentSpanId());
    }
    Map<String, ExportTraceServiceRequest> built = new TreeMap<>();
    requests.forEach((library, request) -> built.put(library, request.build()));
    return built;
  }

  /** The same span with another id of the response, as each call has, and otherwise its bytes. */
  private Span copy(Call call) throws IOException {
    copies++;
    if (call.responseId.isEmpty()) {
      return call.span;
    }
    byte[] id = call.responseId.getBytes(StandardCharsets.UTF_8);
    byte[] own = "%08d".formatted(copies).getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = call.span.toByteArray();
    for (int i = 0; i + id.length <= bytes.length; i++) {
      if (startsWith(bytes, i, id)) {
        System.arraycopy(own, 0, bytes, i + id.length - own.length, own.length);
      }
    }
    return Span.parseFrom(bytes);
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (bytes[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
