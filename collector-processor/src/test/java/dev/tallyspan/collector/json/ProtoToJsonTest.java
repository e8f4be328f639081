package dev.tallyspan.collector.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoToJsonTest {

  @Test
  void canonicalForm() throws Exception {
    LogRecord.Builder log = LogRecord.newBuilder();
    log.setTimeUnixNano(-1).setSeverityNumberValue(9).setFlags(0x80000001).setEventName("e\u0001");
    log.setTraceId(ByteString.copyFrom(new byte[] {(byte) 0xAB, 0, 1}));
    log.getBodyBuilder().setBytesValue(ByteString.copyFrom(new byte[] {-5, -1}));
    log.addAttributesBuilder().setKey("d").getValueBuilder().setDoubleValue(Double.NaN);
    log.addAttributesBuilder().setKey("i").getValueBuilder().setIntValue(-7);
    log.addAttributesBuilder().setKey("s").getValueBuilder().setStringValue("");
    log.addAttributesBuilder().setKey("n").setValue(AnyValue.getDefaultInstance());

    assertThat(json(request(log.build()).toByteArray()))
        .isEqualTo(
            wrapped(
                "\"timeUnixNano\":\"18446744073709551615\",\"severityNumber\":9,"
                    + "\"body\":{\"bytesValue\":\"+/8=\"},\"attributes\":["
                    + "{\"key\":\"d\",\"value\":{\"doubleValue\":\"NaN\"}},"
                    + "{\"key\":\"i\",\"value\":{\"intValue\":\"-7\"}},"
                    + "{\"key\":\"s\",\"value\":{\"stringValue\":\"\"}},"
                    + "{\"key\":\"n\",\"value\":{}}],\"flags\":2147483649,"
                    + "\"traceId\":\"ab0001\",\"eventName\":\"e\\u0001\""));
  }

  @Test
  void emptyRequestIsAnEmptyObject() throws Exception {
    assertThat(json(new byte[0])).isEqualTo("{}");
  }

  @Test
  void laterScalarCountsAndPartsOfAMessageAreMerged() throws Exception {
    LogRecord first = LogRecord.newBuilder().setSeverityText("first").setFlags(1).build();
    LogRecord second = LogRecord.newBuilder().setSeverityText("second").build();
    LogRecord.Builder body = LogRecord.newBuilder();
    body.getBodyBuilder().getArrayValueBuilder().addValuesBuilder().setIntValue(1);
    byte[] record = concat(first.toByteArray(), body.build().toByteArray(), second.toByteArray());
    record = concat(record, body.build().toByteArray());

    assertThat(json(wrap(record)))
        .isEqualTo(
            wrapped(
                "\"severityText\":\"second\",\"body\":{\"arrayValue\":{\"values\":"
                    + "[{\"intValue\":\"1\"},{\"intValue\":\"1\"}]}},\"flags\":1"));
  }

  @Test
  void laterAlternativeErasesTheEarlier() throws Exception {
    byte[] value =
        concat(
            AnyValue.newBuilder().setStringValue("x").build().toByteArray(),
            AnyValue.newBuilder().setBoolValue(false).build().toByteArray());
    byte[] body = LogRecord.newBuilder().setBody(AnyValue.parseFrom(value)).build().toByteArray();
    byte[] record = new byte[2 + value.length];
    record[0] = 5 << 3 | 2;
    record[1] = (byte) value.length;
    System.arraycopy(value, 0, record, 2, value.length);

    assertThat(json(wrap(record)))
        .isEqualTo(json(wrap(body)))
        .isEqualTo(wrapped("\"body\":{\"boolValue\":false}"));
  }

  @Test
  void unknownFieldsAreLeftOutAndThoseWithAnotherWireTypeToo() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                900,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(1)
                    .addFixed32(2)
                    .addFixed64(3)
                    .addLengthDelimited(ByteString.copyFromUtf8("x"))
                    .addGroup(
                        UnknownFieldSet.newBuilder()
                            .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                            .build())
                    .build())
            .addField(3, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
            .build();
    LogRecord record = LogRecord.newBuilder().setFlags(1).setUnknownFields(unknown).build();

    assertThat(json(request(record).toByteArray())).isEqualTo(wrapped("\"flags\":1"));
  }

  @Test
  void invalidUtf8IsReplaced() throws Exception {
    assertThat(json(wrap(new byte[] {3 << 3 | 2, 3, 'a', (byte) 0xff, 'b'})))
        .isEqualTo(wrapped("\"severityText\":\"a\ufffdb\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0a",
        "0aff",
        "00",
        "07",
        "0c",
        "0b",
        "0b14",
        "0a0508ffffffff",
        "0affffffffffffffffff01",
        "08ffffffffffffffffffffff01",
        "0a021205",
        "0afbffffffffffffffff01",
      })
  void halfAMessageIsRefused(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> GeneratedMessages.parse(Signal.LOGS, bytes)).isNotNull();
    assertThatThrownBy(() -> json(bytes))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageStartingWith("not protobuf: ");
  }

  @Test
  void nestingIsBounded() throws Exception {
    byte[] value = new byte[0];
    for (int i = 0; i < 48; i++) {
      value = field(5, field(1, value));
    }
    byte[] deep = value;

    byte[] deepest = wrap(field(5, deep));
    assertThat(json(deepest))
        .isEqualTo(GeneratedMessages.json(GeneratedMessages.parse(Signal.LOGS, deepest)));
    byte[] tooDeep = wrap(field(5, field(5, field(1, deep))));
    assertThatThrownBy(() -> GeneratedMessages.parse(Signal.LOGS, tooDeep)).isNotNull();
    assertThatThrownBy(() -> json(tooDeep)).isInstanceOf(MalformedRequestException.class);
  }

  @Test
  void streamIsNeitherClosedNorFlushed() throws Exception {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }

          @Override
          public void flush() {
            throw new AssertionError("flushed");
          }
        };
    ProtoToJson.write(Signal.LOGS, Slices.of(new byte[0]), bytes);

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("{}");
  }

  private static ExportLogsServiceRequest request(LogRecord record) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(record);
    return request.build();
  }

  private static byte[] wrap(byte[] record) throws IOException {
    return field(1, field(2, field(2, record)));
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, content);
    out.flush();
    return bytes.toByteArray();
  }

  private static String wrapped(String members) {
    return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{" + members + "}]}]}]}";
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static String json(byte[] request) throws IOException, MalformedRequestException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProtoToJson.write(Signal.LOGS, request, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
