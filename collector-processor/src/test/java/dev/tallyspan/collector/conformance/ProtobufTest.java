package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.PROTOBUF;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Protobuf that is legal but unusual, through a server that rewrites the spans of LLM calls. What
 * it does not understand leaves as it came.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtobufTest {

  private static final String COST = "tallyspan.cost.total_exact";

  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    backend = new HttpBackend();
    collector = StartedCollector.before(backend, directory);
  }

  @AfterEach
  void forget() {
    backend.arrivals.clear();
  }

  @AfterAll
  void close() {
    collector.close();
    backend.close();
  }

  /** 1000 is where instrumentation libraries were before they were scopes. */
  @ParameterizedTest
  @ValueSource(ints = {900, 1000, 536_870_911})
  @Item(45)
  @Item(53)
  void unknownFieldsAreKeptAtEveryLevelOfARequestThatIsRewritten(int number) throws Exception {
    ExportTraceServiceRequest request =
        (ExportTraceServiceRequest)
            Encodings.withUnknownFields(Requests.of(Requests.chat(), plain()), number);

    ExportTraceServiceRequest arrived = forwarded(request.toByteArray());

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, request)).isEqualTo(request);
  }

  @Test
  @Item(45)
  void unknownFieldsOfLogsAndMetricsAreKept() throws Exception {
    ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
    logs.addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .addAttributes(Requests.text("k", "v"));
    ExportMetricsServiceRequest.Builder metrics = ExportMetricsServiceRequest.newBuilder();
    metrics
        .addResourceMetricsBuilder()
        .addScopeMetricsBuilder()
        .addMetricsBuilder()
        .getGaugeBuilder()
        .addDataPointsBuilder()
        .setAsInt(1);

    byte[] unknownLogs = unknown(logs.build());
    byte[] unknownMetrics = unknown(metrics.build());
    collector.post("/v1/logs", PROTOBUF, unknownLogs);
    collector.post("/v1/metrics", PROTOBUF, unknownMetrics);

    assertThat(backend.arrivals)
        .extracting(HttpBackend.Arrival::body)
        .containsExactly(unknownLogs, unknownMetrics);
  }

  private static byte[] unknown(Message message) {
    return Encodings.withUnknownFields(message, 900).toByteArray();
  }

  @Test
  @Item(46)
  @Item(48)
  void fieldsMayHaveAnyOrderAndLengthsAnySize() throws Exception {
    ExportTraceServiceRequest request = Requests.of(Requests.chat(), plain());
    byte[] reversed = Encodings.reversed(request);
    assertThat(ExportTraceServiceRequest.parseFrom(reversed)).isEqualTo(request);

    ExportTraceServiceRequest arrived = forwarded(reversed);

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, request)).isEqualTo(request);
  }

  @Test
  @Item(46)
  @Item(48)
  void unusualEncodingOfSpansThatAreNotRewrittenStays() throws Exception {
    byte[] reversed = Encodings.reversed(Requests.of(plain(), plain()));

    assertThat(collector.post(reversed).statusCode()).isEqualTo(200);

    assertThat(backend.arrivals).extracting(HttpBackend.Arrival::body).containsExactly(reversed);
  }

  @Test
  @Item(47)
  void partsOfAMessageAreMergedAndTheLastScalarCounts() throws Exception {
    Resource.Builder first = Resource.newBuilder().addAttributes(Requests.text("a", "1"));
    Resource.Builder second = Resource.newBuilder().addAttributes(Requests.text("b", "2"));
    byte[] chat =
        Requests.concat(
            Span.newBuilder().setName("before").build().toByteArray(),
            Requests.field(
                9,
                Requests.text("gen_ai.request.model", "gpt-9").toByteArray(),
                // The value again: of two alternatives of a oneof, the later counts.
                KeyValue.newBuilder()
                    .setValue(AnyValue.newBuilder().setStringValue("gpt-4o"))
                    .build()
                    .toByteArray()),
            Requests.chat().toBuilder().removeAttributes(2).build().toByteArray());
    byte[] request =
        Requests.field(
            1,
            ResourceSpans.newBuilder().setResource(first).build().toByteArray(),
            Requests.field(2, Requests.field(2, chat)),
            ResourceSpans.newBuilder().setResource(second).build().toByteArray());
    ExportTraceServiceRequest sent = ExportTraceServiceRequest.parseFrom(request);
    assertThat(sent.getResourceSpans(0).getResource().getAttributesCount()).isEqualTo(2);

    ExportTraceServiceRequest arrived = forwarded(request);

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, sent)).isEqualTo(sent);
    assertThat(Requests.firstSpan(arrived).getName()).isEqualTo("chat gpt-4o");
  }

  @Test
  @Item(49)
  void flagsAreCopiedWithTheirHighBits() throws Exception {
    Span.Builder chat = Requests.chat().toBuilder().setFlags(0xfedc_ba98);
    chat.getLinksBuilder(0).setFlags(0x8000_0301);

    Span arrived = Requests.firstSpan(forwarded(Requests.of(chat.build()).toByteArray()));

    assertThat(Requests.text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(arrived.getFlags()).isEqualTo(0xfedc_ba98);
    assertThat(arrived.getLinks(0).getFlags()).isEqualTo(0x8000_0301);
  }

  @Test
  @Item(50)
  void indexesIntoADictionaryThatTracesDoNotHaveAreKeptAndNotUnderstood() throws Exception {
    Span chat =
        Requests.chat().toBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKeyStrindex(3)
                    .setValue(AnyValue.newBuilder().setStringValue("x")))
            .addAttributes(
                Requests.attribute("user.id", AnyValue.newBuilder().setStringValueStrindex(5)))
            .build();
    ExportTraceServiceRequest request = Requests.of(chat);

    ExportTraceServiceRequest arrived = forwarded(request.toByteArray());

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, request)).isEqualTo(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0102", "00000000000000000000000000000000", "01020304050607080102"})
  @Item(51)
  void idsOfAnyLengthAreForwarded(String hex) throws Exception {
    ByteString id = ByteString.fromHex(hex);
    Span chat =
        Requests.chat().toBuilder().setTraceId(id).setSpanId(id).setParentSpanId(id).build();
    ExportTraceServiceRequest request =
        Requests.of(chat, plain().toBuilder().setTraceId(id).build());

    ExportTraceServiceRequest arrived = forwarded(request.toByteArray());

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, request)).isEqualTo(request);
  }

  @Test
  @Item(52)
  void valuesOfEveryTypeAreKept() throws Exception {
    AnyValue.Builder list = AnyValue.newBuilder();
    list.getArrayValueBuilder()
        .addValues(AnyValue.newBuilder().setStringValue(""))
        .addValues(AnyValue.newBuilder().setDoubleValue(-0.0))
        .addValues(AnyValue.newBuilder())
        .addValuesBuilder()
        .getKvlistValueBuilder()
        .addValues(Requests.text("deep", "ü"));
    AnyValue.Builder map = AnyValue.newBuilder();
    map.getKvlistValueBuilder().addValues(Requests.attribute("list", list));
    Span chat =
        Requests.chat().toBuilder()
            .addAttributes(Requests.attribute("empty", AnyValue.newBuilder()))
            .addAttributes(KeyValue.newBuilder().setKey("none"))
            .addAttributes(
                Requests.attribute(
                    "bytes",
                    AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {0, -1}))))
            .addAttributes(Requests.attribute("map", map))
            .addAttributes(Requests.attribute("", AnyValue.newBuilder().setBoolValue(false)))
            .build();
    ExportTraceServiceRequest request = Requests.of(chat);

    ExportTraceServiceRequest arrived = forwarded(request.toByteArray());

    assertThat(text(arrived, COST)).isEqualTo(Requests.COST_OF_CHAT);
    assertThat(withoutAdditions(arrived, request)).isEqualTo(request);
  }

  @Test
  @Item(53)
  void fieldOfFormerVersionsIsForwarded() throws Exception {
    // instrumentation_library_spans, field 1000 of ResourceSpans, with a span in it.
    byte[] old = Requests.field(2, Requests.chat().toByteArray());
    byte[] lengthOfOld = {(byte) (old.length & 0x7f | 0x80), (byte) (old.length >>> 7)};
    byte[] request =
        Requests.field(
            1,
            new byte[] {(byte) 0xc2, 0x3e},
            lengthOfOld,
            old,
            Requests.field(2, Requests.field(2, Requests.field(5, "GET".getBytes(UTF_8)))));

    assertThat(collector.post(request).statusCode()).isEqualTo(200);

    assertThat(backend.arrivals).extracting(HttpBackend.Arrival::body).containsExactly(request);
  }

  private static Span plain() {
    return Requests.plain("GET /");
  }

  private ExportTraceServiceRequest forwarded(byte[] request) throws Exception {
    assertThat(collector.post(request).statusCode()).isEqualTo(200);
    return backend.arrivals.get(backend.arrivals.size() - 1).traces();
  }

  private static String text(ExportTraceServiceRequest request, String key) {
    return Requests.text(Requests.firstSpan(request), key);
  }

  /** Removes the attributes that the first span has only in the request that arrived. */
  private static ExportTraceServiceRequest withoutAdditions(
      ExportTraceServiceRequest arrived, ExportTraceServiceRequest sent) {
    Span.Builder span = Requests.firstSpan(arrived).toBuilder();
    span.clearAttributes();
    Requests.firstSpan(arrived).getAttributesList().stream()
        .filter(Requests.firstSpan(sent).getAttributesList()::contains)
        .forEach(span::addAttributes);
    ExportTraceServiceRequest.Builder request = arrived.toBuilder();
    request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).setSpans(0, span);
    return request.build();
  }
}
