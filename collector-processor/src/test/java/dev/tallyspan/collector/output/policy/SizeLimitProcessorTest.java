package dev.tallyspan.collector.output.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.content.PolicyReport;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeLimitProcessorTest {

  private static final String PROMPT = "gen_ai.prompt";
  private static final String LONG = "What is the capital of France? ".repeat(100);

  private final List<PolicyReport> reports = new ArrayList<>();

  private SizeLimitProcessor processor(int attribute, long span, long trace) {
    return new SizeLimitProcessor(
        new SizeLimits(attribute, span, trace), (place, key, report) -> reports.add(report));
  }

  private static byte[] apply(SizeLimitProcessor processor, Signal signal, byte[] bytes, int n) {
    OtlpRequest request =
        new OtlpRequest(signal, Slices.of(bytes), n, new SenderAck(outcome -> {}));
    Batch batch = processor.apply(Batch.of(request));
    assertThat(batch.request().items()).isEqualTo(n);
    return batch.request().bytes().contiguous();
  }

  private static List<Span> spans(SizeLimitProcessor processor, Span... spans) throws Exception {
    byte[] left = apply(processor, Signal.TRACES, request(spans), spans.length);
    return ExportTraceServiceRequest.parseFrom(left)
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpansList();
  }

  private static byte[] request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("process.command", LONG)))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build()
        .toByteArray();
  }

  private static Span asked(int trace, String text) {
    return Span.newBuilder()
        .setTraceId(
            ByteString.copyFrom(
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, (byte) trace}))
        .setName("chat")
        .addAttributes(text("gen_ai.request.model", "gpt-4o"))
        .addAttributes(text(PROMPT, text))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static int length(Span span) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(PROMPT))
        .mapToInt(attribute -> attribute.getValue().getStringValue().getBytes(UTF_8).length)
        .sum();
  }

  @Test
  void onlyTheAttributeOverTheLimitIsCutAndTheCutIsCounted() throws Exception {
    Span fits = asked(1, "short");
    Span exceeds = asked(1, LONG);

    List<Span> left = spans(processor(500, 0, 0), fits, exceeds);

    assertThat(left.get(0)).isEqualTo(fits);
    assertThat(length(left.get(1))).isBetween(400, 500);
    assertThat(left.get(1).getAttributes(0)).isEqualTo(exceeds.getAttributes(0));
    assertThat(reports).singleElement();
    assertThat(reports.get(0).truncatedBytes()).isEqualTo(LONG.length() - length(left.get(1)));
  }

  @Test
  void whatIsNotContentIsNotCut() throws Exception {
    Span span = Span.newBuilder().addAttributes(text("url.full", "https://a.test/" + LONG)).build();

    List<Span> left = spans(processor(500, 0, 0), span);

    assertThat(left).containsExactly(span);
  }

  @Test
  void attributesAndEventsOfASpanShareItsLimit() throws Exception {
    Span span =
        asked(1, LONG).toBuilder()
            .addAttributes(text("gen_ai.completion", LONG))
            .addEvents(Span.Event.newBuilder().setName("e").addAttributes(text(PROMPT, LONG)))
            .build();

    Span left = spans(processor(0, 1000, 0), span).get(0);

    assertThat(left.toByteArray().length).isLessThan(1300);
    assertThat(length(left)).isBetween(300, 500);
  }

  @Test
  void spansOfATraceShareItsLimitAcrossRequests() throws Exception {
    SizeLimitProcessor processor = processor(0, 0, LONG.length() + 1000);

    Span first = spans(processor, asked(1, LONG)).get(0);
    Span second = spans(processor, asked(1, LONG)).get(0);
    Span other = spans(processor, asked(2, LONG)).get(0);

    assertThat(length(first)).isEqualTo(LONG.length());
    assertThat(length(second)).isBetween(800, 1000);
    assertThat(length(other)).isEqualTo(LONG.length());
  }

  @Test
  void requestWithinTheLimitsIsTheSame() {
    byte[] bytes = request(asked(1, LONG));

    assertThat(apply(processor(10_000, 100_000, 0), Signal.TRACES, bytes, 1)).isSameAs(bytes);
    assertThat(reports).isEmpty();
  }

  @Test
  void charactersThatSomeDatabasesRefuseStayWhereNothingIsCut() throws Exception {
    Span odd = asked(1, "a\0b".repeat(50));

    List<Span> left = spans(processor(500, 0, 0), odd, asked(1, LONG));

    assertThat(left.get(0)).isEqualTo(odd);
  }

  @Test
  void spanThatCannotBeReadLeavesAsItCame() {
    byte[] broken = request(asked(1, "unreadable"), asked(1, LONG));
    // The length of the attribute's value now exceeds the attribute.
    int at = new String(broken, ISO_8859_1).indexOf("unreadable");
    broken[at - 1] = 100;

    byte[] left = apply(processor(500, 0, 0), Signal.TRACES, broken, 2);

    assertThat(new String(left, ISO_8859_1)).contains("unreadable").contains("truncated");
  }

  @Test
  void textsThatAreNotUtf8StayAsTheyCame() {
    byte[] bytes = request(asked(1, LONG).toBuilder().setName("caf_").build());
    int at = new String(bytes, ISO_8859_1).indexOf("caf_") + 3;
    bytes[at] = (byte) 0xE9;

    byte[] left = apply(processor(500, 0, 0), Signal.TRACES, bytes, 1);

    assertThat(new String(left, ISO_8859_1)).contains("caf\u00e9").contains("truncated");
  }

  @Test
  void logsAreNotCut() {
    byte[] logs =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(
                                LogRecord.newBuilder()
                                    .setBody(AnyValue.newBuilder().setStringValue(LONG)))))
            .build()
            .toByteArray();

    assertThat(apply(processor(500, 0, 0), Signal.LOGS, logs, 1)).isSameAs(logs);
  }

  @Test
  void limitsWithoutRoomForANoteAreRefused() {
    assertThatThrownBy(() -> new SizeLimits(63, 0, 0))
        .hasMessage("attributeBytes=63 is less than 64; 0 = no limit");
    assertThatThrownBy(() -> new SizeLimits(0, -1, 0)).hasMessageContaining("spanBytes=-1");
  }
}
