package dev.tallyspan.collector.output.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.PolicyReport;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyProcessorTest {

  private static final ByteString TRACE = ByteString.copyFrom(new byte[16]);

  private final List<PolicyReport> reports = new ArrayList<>();

  private Batch apply(
      ContentPolicy policy, TraceBudgets budgets, Signal signal, byte[] bytes, int n)
      throws Exception {
    OtlpRequest request =
        new OtlpRequest(signal, Slices.of(bytes), n, new SenderAck(outcome -> {}));
    return new PolicyProcessor(policy, budgets, (place, key, report) -> reports.add(report))
        .apply(Batch.of(request));
  }

  private List<Span> spans(ContentPolicy policy, long traceBytes, Span... spans) throws Exception {
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
            .build();
    TraceBudgets budgets = new TraceBudgets(traceBytes, 0);
    Batch batch = apply(policy, budgets, Signal.TRACES, request.toByteArray(), spans.length);
    ExportTraceServiceRequest left =
        ExportTraceServiceRequest.parseFrom(batch.request().bytes().contiguous());
    List<Span> all = left.getResourceSpans(0).getScopeSpans(0).getSpansList();
    assertThat(batch.request().items()).isEqualTo(all.size());
    return all;
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  @Test
  void whatIsNotChangedKeepsItsBytesAndUnknownFieldsStay() throws Exception {
    Span plain = Span.newBuilder().setName("GET /").addAttributes(text("http.route", "/")).build();
    Span asked =
        Span.newBuilder()
            .setName("chat")
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                    .build())
            .addEvents(Span.Event.newBuilder().setName("first").setTimeUnixNano(1))
            .addEvents(
                Span.Event.newBuilder()
                    .setName("second")
                    .setTimeUnixNano(2)
                    .addAttributes(text("gen_ai.prompt", "I am ada@example.org")))
            .addLinks(Span.Link.newBuilder().setTraceId(TRACE).addAttributes(text("a", "b")))
            .build();

    List<Span> left = spans(ContentPolicy.of(ContentMode.REDACTED), 0, plain, asked, plain);

    assertThat(left).hasSize(3).first().isEqualTo(plain);
    assertThat(left.get(2)).isEqualTo(plain);
    Span.Builder expected = asked.toBuilder();
    expected.getEventsBuilder(1).setAttributes(0, text("gen_ai.prompt", "I am [EMAIL]"));
    assertThat(left.get(1)).isEqualTo(expected.build());
  }

  @Test
  void requestWithoutFindingsIsTheSameRequest() throws Exception {
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(Span.newBuilder().addAttributes(text("a", "b")))))
            .build()
            .toByteArray();

    Batch batch =
        apply(
            ContentPolicy.of(ContentMode.REDACTED),
            new TraceBudgets(0, 0),
            Signal.TRACES,
            bytes,
            1);

    assertThat(batch.request().bytes().contiguous()).isSameAs(bytes);
    assertThat(reports).containsExactly(PolicyReport.nothing());
  }

  @Test
  void spanThatCannotBeReadDoesNotLeave() throws Exception {
    byte[] broken =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(Span.newBuilder().setName("kept"))
                            .addSpans(
                                Span.newBuilder()
                                    .setName("ada@example.org")
                                    .addAttributes(text("key", "value")))))
            .build()
            .toByteArray();
    // The length of the attribute's value now exceeds the attribute.
    int at = new String(broken, ISO_8859_1).indexOf("value");
    broken[at - 1] = 100;

    Batch batch =
        apply(
            ContentPolicy.of(ContentMode.REDACTED),
            new TraceBudgets(0, 0),
            Signal.TRACES,
            broken,
            2);

    assertThat(new String(batch.request().bytes().contiguous(), UTF_8))
        .contains("kept")
        .doesNotContain("ada@example.org");
    assertThat(batch.request().items()).isEqualTo(1);
    assertThat(reports.get(0).failures()).isEqualTo(1);
  }

  @Test
  void textsThatAreNotUtf8AreMendedInEveryMode() throws Exception {
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(
                                Span.newBuilder()
                                    .setName("a name!")
                                    .addAttributes(text("some key!", "a"))
                                    .addAttributes(text("other", "a text! with \u0000")))))
            .build()
            .toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '!' ? (byte) 0xFF : bytes[i];
    }

    Batch batch =
        apply(ContentPolicy.of(ContentMode.FULL), new TraceBudgets(0, 0), Signal.TRACES, bytes, 1);

    Span span =
        ExportTraceServiceRequest.parseFrom(batch.request().bytes().contiguous())
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);
    assertThat(span.getName()).isEqualTo("a name\uFFFD");
    assertThat(span.getAttributesList())
        .containsExactlyInAnyOrder(
            text("some key\uFFFD", "a"), text("other", "a text\uFFFD with \uFFFD"));
    assertThat(reports.get(0).mended()).isPositive();
  }

  @Test
  void keyThatIsNotUtf8HidesNothing() throws Exception {
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(
                                Span.newBuilder()
                                    .addAttributes(text("prompt!", "ada@example.org")))))
            .build()
            .toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '!' ? (byte) 0xFF : bytes[i];
    }

    Batch redacted =
        apply(
            ContentPolicy.of(ContentMode.REDACTED),
            new TraceBudgets(0, 0),
            Signal.TRACES,
            bytes,
            1);
    Batch none =
        apply(ContentPolicy.of(ContentMode.NONE), new TraceBudgets(0, 0), Signal.TRACES, bytes, 1);

    assertThat(new String(redacted.request().bytes().contiguous(), UTF_8))
        .doesNotContain("ada@example.org")
        .contains("[EMAIL]");
    assertThat(new String(none.request().bytes().contiguous(), UTF_8))
        .doesNotContain("ada@example.org", "prompt");
  }

  @Test
  void spansOfATraceShareItsBudget() throws Exception {
    Span asked =
        Span.newBuilder()
            .setTraceId(TRACE)
            .addAttributes(text("gen_ai.prompt", "word ".repeat(200)))
            .build();

    List<Span> left = spans(ContentPolicy.of(ContentMode.FULL), 1500, asked, asked, asked);

    assertThat(left.get(0)).isEqualTo(asked);
    String second = left.get(1).getAttributes(0).getValue().getStringValue();
    assertThat(second).hasSizeBetween(300, 500).contains("[truncated ");
    assertThat(left.get(2).getAttributesCount()).isZero();
    assertThat(reports.get(0).truncatedBytes()).isGreaterThan(1400);
  }

  @Test
  void conversationThatIsCutIsStillJson() throws Exception {
    String messages =
        "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be brief.\"}]}"
            + ",{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"word word word\"}]}"
                .repeat(50)
            + "]";
    ContentPolicy policy =
        ContentPolicy.builder().mode(ContentMode.FULL).maxAttributeBytes(600).build();

    List<Span> left =
        spans(
            policy,
            0,
            Span.newBuilder().addAttributes(text("gen_ai.input.messages", messages)).build());

    assertThat(left.get(0).getAttributes(0).getValue().getStringValue())
        .hasSizeLessThanOrEqualTo(600)
        .startsWith("[{\"role\":\"system\"")
        .contains("\"tallyspan.truncated\":{\"messages\":")
        .endsWith("}]");
  }

  @Test
  void bodyThatMustNotLeaveIsRemovedAndTheRecordStays() throws Exception {
    ExportLogsServiceRequest request =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(
                                LogRecord.newBuilder()
                                    .setTimeUnixNano(5)
                                    .setBody(AnyValue.newBuilder().setStringValue("Who am I?"))
                                    .addAttributes(text("event.name", "gen_ai.user.message")))
                            .addLogRecords(
                                LogRecord.newBuilder()
                                    .setBody(
                                        AnyValue.newBuilder()
                                            .setStringValue("gen_ai.user.message")))))
            .build();

    Batch batch =
        apply(
            ContentPolicy.of(ContentMode.NONE),
            new TraceBudgets(0, 0),
            Signal.LOGS,
            request.toByteArray(),
            2);

    List<LogRecord> left =
        ExportLogsServiceRequest.parseFrom(batch.request().bytes().contiguous())
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecordsList();
    assertThat(left.get(0))
        .isEqualTo(
            LogRecord.newBuilder()
                .setTimeUnixNano(5)
                .addAttributes(text("event.name", "gen_ai.user.message"))
                .build());
    assertThat(left.get(1).getBody().getStringValue()).isEqualTo("gen_ai.user.message");
  }

  @Test
  void twiceIsTheSameAsOnce() throws Exception {
    Span said =
        Span.newBuilder()
            .setName("a name of ada@example.org " + "long ".repeat(30))
            .addAttributes(text("gen_ai.prompt", "I am ada@example.org"))
            .addEvents(Span.Event.newBuilder().setName("x").addAttributes(text("error", "no")))
            .build();
    for (ContentMode mode : List.of(ContentMode.NONE, ContentMode.METADATA, ContentMode.REDACTED)) {
      List<Span> once = spans(ContentPolicy.of(mode), 0, said);

      assertThat(spans(ContentPolicy.of(mode), 0, once.get(0))).as(mode.name()).isEqualTo(once);
    }
  }
}
