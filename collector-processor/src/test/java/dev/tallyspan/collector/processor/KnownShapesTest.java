package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.JsonToProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a processor keeps of the spans it has seen does not show in what it makes of others: real
 * traffic, and the same with values, names and keys exchanged.
 */
class KnownShapesTest {

  private static final int MAX_BYTES = 1 << 24;

  /** Values by which dialects recognise their spans. */
  private static final List<String> RECOGNISED =
      List.of("strands-agents", "gemini-cli", "openlit", "tools/call", "pending_span", "dify");

  @Test
  void spansAreReadAsIfTheyWereTheFirst() throws Exception {
    LlmProcessor experienced = LlmProcessor.builder().build();
    Random random = new Random(1);
    int i = 0;
    for (ExportTraceServiceRequest request : captures()) {
      if (i++ % 4 == 0) {
        assertReadAsFirst(request, experienced);
      } else {
        Forwarded.of(experienced, Signal.TRACES, request.toByteArray());
      }
      assertReadAsFirst(mutated(request, random), experienced);
    }
  }

  private static void assertReadAsFirst(ExportTraceServiceRequest request, LlmProcessor experienced)
      throws Exception {
    byte[] bytes = request.toByteArray();
    byte[] first =
        Forwarded.of(LlmProcessor.builder().build(), Signal.TRACES, bytes).body().toByteArray();
    byte[] later = Forwarded.of(experienced, Signal.TRACES, bytes).body().toByteArray();
    assertThat(ExportTraceServiceRequest.parseFrom(later))
        .isEqualTo(ExportTraceServiceRequest.parseFrom(first));
  }

  private static List<ExportTraceServiceRequest> captures() throws Exception {
    Path folder = Path.of(KnownShapesTest.class.getResource("/captures/files").toURI());
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().contains("__traces__")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(100);
    List<ExportTraceServiceRequest> requests = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      boolean json = file.toString().endsWith(".json");
      requests.add(
          ExportTraceServiceRequest.parseFrom(
              json ? JsonToProto.convert(Signal.TRACES, bytes, MAX_BYTES) : bytes));
    }
    return requests;
  }

  /** The same keys with the values of others, and some with a key less, or the name of another. */
  private static ExportTraceServiceRequest mutated(
      ExportTraceServiceRequest request, Random random) {
    List<AnyValue> values = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("chat x", "completion x", "raw_gen_ai_request"));
    RECOGNISED.forEach(text -> values.add(AnyValue.newBuilder().setStringValue(text).build()));
    ExportTraceServiceRequest.Builder mutated = request.toBuilder();
    for (ResourceSpans.Builder resource : mutated.getResourceSpansBuilderList()) {
      for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
        for (Span.Builder span : scope.getSpansBuilderList()) {
          span.getAttributesList().forEach(attribute -> values.add(attribute.getValue()));
          names.add(span.getName());
          mutate(span, values, names, random);
        }
      }
    }
    return mutated.build();
  }

  private static void mutate(
      Span.Builder span, List<AnyValue> values, List<String> names, Random random) {
    for (KeyValue.Builder attribute : span.getAttributesBuilderList()) {
      if (random.nextInt(4) == 0) {
        attribute.setValue(values.get(random.nextInt(values.size())));
      }
    }
    if (random.nextInt(4) == 0) {
      span.setName(names.get(random.nextInt(names.size())));
    }
    if (random.nextInt(4) == 0 && span.getAttributesCount() > 0) {
      span.removeAttributes(random.nextInt(span.getAttributesCount()));
    }
    if (random.nextInt(4) == 0) {
      span.clearEvents();
    }
  }
}
