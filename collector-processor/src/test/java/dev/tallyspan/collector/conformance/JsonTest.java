package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From JSON at the receiver to protobuf at the backend. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonTest {

  private static final ByteString TRACE = ByteString.fromHex("5b8efff798038103d269b633813fc60c");
  private static final ByteString SPAN = ByteString.fromHex("eee19b7ec3c1b174");
  private static final String IDS =
      "\"traceId\":\"5B8EFFF798038103d269b633813fc60c\",\"spanId\":\"EEE19b7ec3c1B174\"";

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

  @Test
  @Item(37)
  void idsOfSpansAndLinksAreHex() throws Exception {
    Span span = span(IDS + ",\"parentSpanId\":\"00F067AA0BA902b7\",\"links\":[{" + IDS + "}]");

    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getSpanId()).isEqualTo(SPAN);
    assertThat(span.getParentSpanId()).isEqualTo(ByteString.fromHex("00f067aa0ba902b7"));
    assertThat(span.getLinks(0).getTraceId()).isEqualTo(TRACE);
    assertThat(span.getLinks(0).getSpanId()).isEqualTo(SPAN);
  }

  @Test
  @Item(37)
  void idsOfLogRecordsAndExemplarsAreHexAndOtherBytesAreBase64() throws Exception {
    post(
        "logs",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{"
            + IDS
            + ",\"body\":{\"bytesValue\":\"AP8=\"}}]}]}]}");
    post(
        "metrics",
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"gauge\":{\"dataPoints\":[{"
            + "\"asInt\":\"1\",\"exemplars\":[{"
            + IDS
            + ",\"asInt\":2}]}]}}]}]}]}");

    LogRecord record =
        ExportLogsServiceRequest.parseFrom(backend.arrivals.get(0).body())
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecords(0);
    Exemplar exemplar =
        ExportMetricsServiceRequest.parseFrom(backend.arrivals.get(1).body())
            .getResourceMetrics(0)
            .getScopeMetrics(0)
            .getMetrics(0)
            .getGauge()
            .getDataPoints(0)
            .getExemplars(0);
    assertThat(record.getTraceId()).isEqualTo(TRACE);
    assertThat(record.getSpanId()).isEqualTo(SPAN);
    assertThat(record.getBody().getBytesValue().toByteArray()).containsExactly(0, -1);
    assertThat(exemplar.getTraceId()).isEqualTo(TRACE);
    assertThat(exemplar.getSpanId()).isEqualTo(SPAN);
    assertThat(exemplar.getAsInt()).isEqualTo(2);
  }

  @Test
  @Item(38)
  void enumIsANumberAndItsNameIsTolerated() throws Exception {
    assertThat(span("\"kind\":2").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span("\"kind\":\"SPAN_KIND_SERVER\"").getKind())
        .isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
  }

  @Test
  @Item(39)
  @Item(40)
  void unknownAndOriginalFieldNamesAreIgnored() throws Exception {
    Span span =
        span(
            "\"name\":\"n\",\"dropped_attributes_count\":7,\"new\":{\"resourceSpans\":[1,[]]},"
                + "\"status\":{\"code\":2,\"new\":[]},\"events\":[{\"new\":1,\"name\":\"e\"}],"
                + "\"attributes\":[{\"new\":null,\"key\":\"k\",\"value\":{\"new\":0,\"intValue\":1}}]");

    assertThat(span)
        .isEqualTo(
            Span.newBuilder()
                .setName("n")
                .setStatus(
                    io.opentelemetry.proto.trace.v1.Status.newBuilder()
                        .setCode(
                            io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR))
                .addEvents(Span.Event.newBuilder().setName("e"))
                .addAttributes(Requests.number("k", 1))
                .build());
  }

  @Test
  @Item(41)
  @Item(42)
  @Item(43)
  void valuesHaveTheFormsOfProtobufsJson() throws Exception {
    Span span =
        span(
            """
            "startTimeUnixNano":"18446744073709551615","endTimeUnixNano":1,"name":null,
            "attributes":[
              {"key":"text","value":{"intValue":"-9223372036854775808"}},
              {"key":"number","value":{"intValue":9223372036854775807}},
              {"key":"nan","value":{"doubleValue":"NaN"}},
              {"key":"infinity","value":{"doubleValue":"-Infinity"}},
              {"key":"empty","value":{}},
              {"key":"list","value":{"arrayValue":{"values":[{"boolValue":false},{}]}}},
              {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":""}}]}}},
              {"key":"none","value":null}]""");

    assertThat(span)
        .isEqualTo(
            Span.newBuilder()
                .setStartTimeUnixNano(-1)
                .setEndTimeUnixNano(1)
                .addAttributes(Requests.number("text", Long.MIN_VALUE))
                .addAttributes(Requests.number("number", Long.MAX_VALUE))
                .addAttributes(attribute("nan", AnyValue.newBuilder().setDoubleValue(Double.NaN)))
                .addAttributes(
                    attribute(
                        "infinity", AnyValue.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY)))
                .addAttributes(attribute("empty", AnyValue.newBuilder()))
                .addAttributes(attribute("list", list()))
                .addAttributes(attribute("map", map()))
                .addAttributes(KeyValue.newBuilder().setKey("none"))
                .build());
  }

  private static AnyValue.Builder list() {
    AnyValue.Builder list = AnyValue.newBuilder();
    list.getArrayValueBuilder().addValuesBuilder().setBoolValue(false);
    list.getArrayValueBuilder().addValuesBuilder();
    return list;
  }

  private static AnyValue.Builder map() {
    AnyValue.Builder map = AnyValue.newBuilder();
    map.getKvlistValueBuilder().addValues(Requests.text("k", ""));
    return map;
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return Requests.attribute(key, value);
  }

  private Span span(String members) throws Exception {
    post(
        "traces",
        "{\"new\":1,\"resourceSpans\":[{\"new\":2,\"scopeSpans\":[{\"new\":3,\"spans\":[{"
            + members
            + "}]}]}]}");
    return Requests.firstSpan(backend.arrivals.get(backend.arrivals.size() - 1).traces());
  }

  private void post(String signal, String json) throws Exception {
    assertThat(collector.post("/v1/" + signal, JSON, json.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
  }
}
