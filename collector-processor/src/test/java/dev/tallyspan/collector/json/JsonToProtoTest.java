package dev.tallyspan.collector.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonToProtoTest {

  private static final String SPAN = "/resourceSpans/0/scopeSpans/0/spans/0";

  @Test
  void idsAreHexInEitherCase() throws Exception {
    Span span =
        span(
            """
            "traceId":"5B8EFFF798038103d269b633813fc60C","spanId":"eEE19b7ec3c1b174",
            "parentSpanId":"","links":[{"traceId":"000102030405060708090a0b0c0d0e0f"}]""");

    assertThat(span.getTraceId()).isEqualTo(hex("5b8efff798038103d269b633813fc60c"));
    assertThat(span.getSpanId()).isEqualTo(hex("eee19b7ec3c1b174"));
    assertThat(span.getParentSpanId()).isEqualTo(ByteString.EMPTY);
    assertThat(span.getLinks(0).getTraceId()).isEqualTo(hex("000102030405060708090a0b0c0d0e0f"));
  }

  @ParameterizedTest
  @CsvSource({
    "traceId, 5b8efff798038103d269b633813fc60, must have 32 hex digits",
    "traceId, W47/95gDgQPSabYzgT/GDA==, must have 32 hex digits",
    "traceId, 5b8efff798038103d269b633813fc60g, must have hex digits only",
    "traceId, 5b8efff798038103d269b633813fc60٣, must have hex digits only",
    "spanId, 5b8efff798038103d269b633813fc60c, must have 16 hex digits",
    "parentSpanId, zzzzzzzzzzzzzzzz, must have hex digits only",
  })
  void badIdIsNamedButNotQuoted(String field, String value, String what) {
    assertThatThrownBy(() -> span("\"" + field + "\":\"" + value + "\""))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage(SPAN + "/" + field + ": " + what);
  }

  @Test
  void otherBytesAreBase64() throws Exception {
    assertThat(value("\"bytesValue\":\"+/8A\"").getBytesValue().toByteArray())
        .containsExactly(0xfb, 0xff, 0);
    assertThat(value("\"bytesValue\":\"-_8\"").getBytesValue().toByteArray())
        .containsExactly(0xfb, 0xff);
    assertThatThrownBy(() -> value("\"bytesValue\":\"=secret=\""))
        .hasMessage(SPAN + "/attributes/0/value/bytesValue: must be base64");
  }

  @Test
  void enumsAreIntegersAndUnknownOnesAreKept() throws Exception {
    assertThat(span("\"kind\":3").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span("\"kind\":77").getKindValue()).isEqualTo(77);
  }

  @Test
  void enumNamesAreTaken() throws Exception {
    assertThat(span("\"kind\":\"SPAN_KIND_CLIENT\"").getKindValue()).isEqualTo(3);
    assertThat(span("\"kind\":\"SPAN_KIND_UNSPECIFIED\"")).isEqualTo(Span.getDefaultInstance());
    assertThat(span("\"status\":{\"code\":\"STATUS_CODE_ERROR\"}").getStatus().getCodeValue())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"CLIENT\"", "\"span_kind_client\"", "\"3\"", "\"\"", "true", "[3]", "{}"})
  void neitherNumberNorNameOfAnEnum(String kind) {
    assertThatThrownBy(() -> span("\"kind\":" + kind))
        .hasMessage(SPAN + "/kind: must be the number or the name of an enum value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'one':'two'} | has no resourceSpans, and no other name that OTLP defines",
        "{'resource_spans':[{}],'x':1} | resource_spans must be resourceSpans: names in OTLP/JSON"
            + " are lowerCamelCase",
        "{'resourceLogs':[{}]} | has no resourceSpans but resourceLogs, which belongs to another signal",
        "{'resource_metrics':[]} | has no resourceSpans but resourceMetrics, which belongs to"
            + " another signal",
      })
  void contentOfWhichNothingIsKnownIsRefused(String json, String what) {
    assertThatThrownBy(() -> convert(Signal.TRACES, json.replace('\'', '"')))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessage("the document: " + what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"resourceSpans\":[]}",
        "{\"resourceSpans\":null}",
        "{\"x\":1,\"resourceSpans\":[]}"
      })
  void emptyRequestIsTaken(String json) throws Exception {
    assertThat(convert(Signal.TRACES, json)).isEmpty();
  }

  @Test
  void snakeCaseNamesAreUnknown() throws Exception {
    Span span = span("\"dropped_attributes_count\":7,\"trace_id\":\"nonsense\",\"name\":\"n\"");

    assertThat(span).isEqualTo(Span.newBuilder().setName("n").build());
  }

  @Test
  void unknownNamesAreIgnoredAtEveryLevel() throws Exception {
    byte[] bytes =
        convert(
            Signal.TRACES,
            """
            {"x":{"resourceSpans":[1]},"resourceSpans":[{"x":[[{}]],"resource":{"x":null},
             "scopeSpans":[{"x":1.5e3,"scope":{"x":true},"spans":[{"x":"y","name":"n",
             "attributes":[{"x":{},"key":"k","value":{"x":[],"kvlistValue":{"x":1,"values":[
             {"key":"i","value":{"arrayValue":{"x":1,"values":[{"x":2}]}}}]}}}],
             "events":[{"x":{}}],"links":[{"x":{}}],"status":{"x":{},"code":2}}]}]}]}""");

    Span span = spanOf(bytes);
    assertThat(span.getName()).isEqualTo("n");
    assertThat(span.getStatus().getCodeValue()).isEqualTo(2);
    assertThat(span.getAttributes(0).getValue().getKvlistValue().getValues(0).getKey())
        .isEqualTo("i");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"123\"', 123", "123, 123", "-5, -5", "'\"-9223372036854775808\"', -9223372036854775808",
    "9223372036854775807, 9223372036854775807", "1e3, 1000", "'\"12.0\"', 12", "0, 0",
  })
  void int64IsNumberOrString(String json, long expected) throws Exception {
    AnyValue value = value("\"intValue\":" + json);

    assertThat(value.hasIntValue()).isTrue();
    assertThat(value.getIntValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "\"\"",
        "\"12a\"",
        "\"+5\"",
        "\" 5\"",
        "\"٣\"",
        "true",
        "\"0x10\"",
        "1e-999999999",
        "\"1e-99\""
      })
  void notAnInteger(String json) {
    assertThatThrownBy(() -> value("\"intValue\":" + json))
        .hasMessageStartingWith(SPAN + "/attributes/0/value/intValue: must be an integer");
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808",
    "-9223372036854775809",
    "1e999999999",
    "'\"1e99\"'",
  })
  void integerOutOfRange(String json) {
    assertThatThrownBy(() -> value("\"intValue\":" + json))
        .hasMessage(SPAN + "/attributes/0/value/intValue: out of range");
  }

  @Test
  void unsignedIntegersHaveTheirOwnRange() throws Exception {
    Span span =
        span(
            "\"startTimeUnixNano\":\"18446744073709551615\",\"flags\":4294967295,"
                + "\"droppedAttributesCount\":\"4294967295\"");

    assertThat(span.getStartTimeUnixNano()).isEqualTo(-1L);
    assertThat(span.getFlags()).isEqualTo(-1);
    assertThat(span.getDroppedAttributesCount()).isEqualTo(-1);
    assertThatThrownBy(() -> span("\"endTimeUnixNano\":-1")).hasMessageEndingWith("out of range");
    assertThatThrownBy(() -> span("\"flags\":4294967296")).hasMessageEndingWith("out of range");
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 1.5", "'\"1.5\"', 1.5", "'\"NaN\"', NaN", "'\"Infinity\"', Infinity",
    "'\"-Infinity\"', -Infinity", "3, 3.0", "-0.0, -0.0", "1E-7, 1e-7",
  })
  void doublesAreNumbersOrStrings(String json, double expected) throws Exception {
    assertThat(value("\"doubleValue\":" + json).getDoubleValue())
        .isEqualTo(Double.valueOf(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"nan\"", "\"1d\"", "\"0x1p3\"", "\"inf\"", "1e400", "true", "\"\""})
  void notADouble(String json) {
    assertThatThrownBy(() -> value("\"doubleValue\":" + json))
        .hasMessageStartingWith(SPAN + "/attributes/0/value/doubleValue: ");
  }

  @Test
  void nullIsAbsence() throws Exception {
    Span span =
        span(
            "\"name\":null,\"traceId\":null,\"attributes\":null,\"status\":null,\"kind\":null,"
                + "\"droppedAttributesCount\":null");

    assertThat(span).isEqualTo(Span.getDefaultInstance());
    assertThat(value("\"stringValue\":null")).isEqualTo(AnyValue.getDefaultInstance());
  }

  @Test
  void nullInAListOfMessagesKeepsItsPlace() throws Exception {
    assertThat(
            value("\"arrayValue\":{\"values\":[{\"intValue\":1},null,{\"intValue\":3}]}")
                .getArrayValue()
                .getValuesList())
        .hasSize(3)
        .element(1)
        .isEqualTo(AnyValue.getDefaultInstance());
  }

  @Test
  void emptyValuesAreKept() throws Exception {
    Span span =
        span(
            """
            "attributes":[{"key":"a","value":{}},{"key":"b","value":{"stringValue":""}},
            {"key":"c","value":{"arrayValue":{}}},{"key":"d","value":{"intValue":"0"}},{"key":"e"}],
            "status":{}""");

    assertThat(span.getAttributes(0).hasValue()).isTrue();
    assertThat(span.getAttributes(0).getValue()).isEqualTo(AnyValue.getDefaultInstance());
    assertThat(span.getAttributes(1).getValue().hasStringValue()).isTrue();
    assertThat(span.getAttributes(2).getValue().hasArrayValue()).isTrue();
    assertThat(span.getAttributes(3).getValue().hasIntValue()).isTrue();
    assertThat(span.getAttributes(4).hasValue()).isFalse();
    assertThat(span.hasStatus()).isTrue();
  }

  @Test
  void optionalNumbersOfMetricsKeepZero() throws Exception {
    byte[] bytes =
        convert(
            Signal.METRICS,
            """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"dataPoints":[
            {"count":"2","sum":0,"min":0.0,"bucketCounts":["1",1],"explicitBounds":[0.5]}]}}]}]}]}""");

    HistogramDataPoint point =
        ExportMetricsServiceRequest.parseFrom(bytes)
            .getResourceMetrics(0)
            .getScopeMetrics(0)
            .getMetrics(0)
            .getHistogram()
            .getDataPoints(0);
    assertThat(point.getBucketCountsList()).containsExactly(1L, 1L);
    assertThat(point.getExplicitBoundsList()).containsExactly(0.5);
    assertThat(point.hasSum()).isTrue();
    assertThat(point.hasMin()).isTrue();
    assertThat(point.hasMax()).isFalse();
  }

  @Test
  void defaultsAreNotWritten() throws Exception {
    assertThat(
            convert(
                Signal.TRACES,
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"\",\"name\":\"\","
                    + "\"kind\":0,\"droppedAttributesCount\":0,\"startTimeUnixNano\":\"0\","
                    + "\"events\":[],\"flags\":0}]}]}]}"))
        .isEqualTo(
            ExportTraceServiceRequest.parseFrom(request(Span.getDefaultInstance()).toByteArray())
                .toByteArray());
  }

  @Test
  void loneSurrogateBecomesTheReplacementCharacter() throws Exception {
    assertThat(span("\"name\":\"a\\ud800b\\udc00\\ud83d\\ude00ü\"").getName())
        .isEqualTo("a\ufffdb\ufffd😀ü");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "[]",
        "null",
        "\"secret\"",
        "{\"resourceSpans\":[",
        "{\"resourceSpans\":[]}}",
        "{} {}",
        "{secret:1}",
        "{\"a\":secret}",
        "{\"resourceSpans\":[{}],}",
        "{\"a\":NaN}",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[\"secret\"]}",
        "{\"resourceSpans\":\"secret\"}"
      })
  void notARequestIsRefusedWithoutQuoting(String json) {
    assertThatThrownBy(() -> convert(Signal.TRACES, json))
        .isInstanceOf(InvalidJsonException.class)
        .message()
        .doesNotContain("secret")
        .isNotEmpty();
  }

  @Test
  void syntaxErrorIsPlaced() {
    assertThatThrownBy(() -> convert(Signal.TRACES, "{\n  \"a\": ?\n}"))
        .hasMessage("line 2, column 8: not well-formed JSON");
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] json = "{\"a\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    json[6] = (byte) 0xff;
    assertThatThrownBy(() -> JsonToProto.convert(Signal.TRACES, json, 100))
        .isInstanceOf(InvalidJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void otherEncodingThatEndsWithinACharacterIsRefused(String encoding) {
    byte[] json = "{\"resourceSpans\":[]}".getBytes(Charset.forName(encoding));

    assertThatThrownBy(
            () -> JsonToProto.convert(Signal.TRACES, Arrays.copyOf(json, json.length - 1), 1 << 20))
        .isInstanceOf(InvalidJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE"})
  void otherEncodingsAreReadWithAndWithoutAByteOrderMark(String encoding) throws Exception {
    String json = "{\"resourceSpans\":[{\"schemaUrl\":\"a\\n\u00e9\ud83d\ude00\"}]}";

    for (String document : List.of(json, "\ufeff" + json)) {
      byte[] proto =
          JsonToProto.convert(Signal.TRACES, document.getBytes(Charset.forName(encoding)), 1 << 20);

      assertThat(ExportTraceServiceRequest.parseFrom(proto).getResourceSpans(0).getSchemaUrl())
          .isEqualTo("a\n\u00e9\ud83d\ude00");
    }
  }

  @Test
  void nestingIsBoundedAsInProtobuf() throws Exception {
    // The value is message 5; each array around it adds two, and protobuf's parser takes 100.
    assertThat(value(nested(47)).hasArrayValue()).isTrue();
    assertThatThrownBy(() -> value(nested(48)))
        .hasMessageEndingWith("nested deeper than 100 messages");
    assertThatThrownBy(() -> span("\"x\":" + "[".repeat(100_000)))
        .hasMessageEndingWith("nested too deep, or a name or number too long");
  }

  @Test
  void documentLargerThanAllowed() throws Exception {
    byte[] json = "{\"resourceSpans\":[]}".getBytes(StandardCharsets.UTF_8);

    assertThat(JsonToProto.convert(Signal.TRACES, json, json.length)).isEmpty();
    assertThatThrownBy(() -> JsonToProto.convert(Signal.TRACES, json, json.length - 1))
        .isInstanceOfSatisfying(InvalidJsonException.class, e -> assertThat(e.tooLarge()).isTrue());
    assertThatThrownBy(
            () ->
                JsonToProto.convert(Signal.TRACES, new ByteArrayInputStream(json), json.length - 1))
        .hasMessage("the request is larger than maxBytes=" + (json.length - 1));
  }

  @Test
  void protobufLargerThanAllowed() {
    // Two characters of JSON are eight bytes of protobuf.
    String bounds = "0,".repeat(1000) + "0";
    String json =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":"
            + "[{\"explicitBounds\":["
            + bounds
            + "]}]}}]}]}]}";
    assertThatThrownBy(
            () ->
                JsonToProto.convert(
                    Signal.METRICS, json.getBytes(StandardCharsets.UTF_8), json.length()))
        .hasMessageStartingWith("the request is larger than maxBytes=");
  }

  @Test
  void longTextIsWhole() throws Exception {
    char[] text = new char[3_000_000];
    Arrays.fill(text, 'ü');
    assertThat(span("\"name\":\"" + new String(text) + "\"").getName()).isEqualTo(new String(text));
  }

  private static String nested(int arrays) {
    return "\"arrayValue\":{\"values\":[{".repeat(arrays) + "}]}".repeat(arrays);
  }

  private static AnyValue value(String member) throws Exception {
    return span("\"attributes\":[{\"key\":\"k\",\"value\":{" + member + "}}]")
        .getAttributes(0)
        .getValue();
  }

  private static Span span(String members) throws Exception {
    return spanOf(
        convert(
            Signal.TRACES,
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + members + "}]}]}]}"));
  }

  private static Span spanOf(byte[] bytes) throws Exception {
    return ExportTraceServiceRequest.parseFrom(bytes)
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  private static ExportTraceServiceRequest request(Span span) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    return request.build();
  }

  private static byte[] convert(Signal signal, String json) throws InvalidJsonException {
    return JsonToProto.convert(signal, json.getBytes(StandardCharsets.UTF_8), 64 << 20);
  }

  private static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits));
  }
}
