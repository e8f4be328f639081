package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static dev.tallyspan.collector.wire.Traces.httpSpan;
import static dev.tallyspan.collector.wire.Traces.llmSpan;
import static dev.tallyspan.collector.wire.Traces.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedRequestTest {

  private final TraceRewriter rewriter = new TraceRewriter(KeyPrefixes.of("gen_ai."));

  @Test
  void requestCutOffAnywhereIsRefusedAsProtobufJavaDoes() {
    Span.Builder span = llmSpan().addEvents(Span.Event.newBuilder().setName("e"));
    span.getStatusBuilder().setCodeValue(1);
    byte[] whole =
        request(span, httpSpan()).toBuilder().mergeFrom(request(httpSpan())).build().toByteArray();
    List<Integer> accepted = new ArrayList<>();
    for (int length = 0; length <= whole.length; length++) {
      byte[] bytes = Arrays.copyOf(whole, length);
      assertThat(refusal(bytes) == null).as("length %d", length).isEqualTo(parses(bytes));
      if (refusal(bytes) == null) {
        accepted.add(length);
      }
    }
    // The empty request, the first of two resources, both.
    assertThat(accepted).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0A                       | resource spans at offset 0: truncated",
        "0A 80                    | resource spans at offset 0: truncated",
        "0A 05 12                 | resource spans at offset 0: length 5 exceeds the 1 bytes left",
        "0A FF FF FF FF 0F        | resource spans at offset 0: length 4294967295 exceeds 2 GiB",
        "0A 81 81 81 81 81 81 81 81 81 81 01"
            + " | resource spans at offset 0: varint of more than 10 bytes",
        "0A 02 12 01              | scope spans at offset 2: length 1 exceeds the 0 bytes left",
        "0A 04 12 02 12 01        | span at offset 4: length 1 exceeds the 0 bytes left",
        "0A 06 12 04 12 02 4A 03  | attribute at offset 6: length 3 exceeds the 0 bytes left",
        "0A 08 12 06 12 04 4A 02 0A 01 | key at offset 8: length 1 exceeds the 0 bytes left",
        "0A 08 12 06 12 04 4A 02 12 7F | value at offset 8: length 127 exceeds the 0 bytes left",
        "00                       | tag at offset 0: field number 0",
        "07                       | tag at offset 0: field number 0",
        "0E                       | tag at offset 0: wire type 6 does not exist",
        "1F                       | tag at offset 0: wire type 7 does not exist",
        "80                       | tag at offset 0: truncated",
        "0C                       | tag at offset 0: end of a group without a start",
        "0B                       | group at offset 0: not ended",
        "0B 14                    | tag at offset 1: end of a group without a start",
        "0D 00 00 00              | field at offset 0: truncated",
        "09 00 00 00 00 00 00 00  | field at offset 0: truncated",
        "08                       | field at offset 0: truncated",
      })
  void faultIsNamed(String hex, String message) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(refusal(bytes)).isEqualTo(message);
    assertThat(parses(bytes)).isFalse();
  }

  @Test
  void varintOfElevenBytesIsRefusedWhateverItsTenth() {
    // protobuf-java 4.36 takes ten bytes for the varint, the tenth being odd, and goes on behind.
    byte[] bytes = HexFormat.of().parseHex("18CEF9FFFFFFFFFFFFFF89");

    assertThat(parses(bytes)).isTrue();
    assertThat(refusal(bytes)).isEqualTo("field at offset 0: varint of more than 10 bytes");
  }

  @Test
  void groupsAreSkipped() throws Exception {
    UnknownFieldSet group =
        UnknownFieldSet.newBuilder()
            .addField(7, Field.newBuilder().addVarint(1).addLengthDelimited(bytes("x")).build())
            .build();
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(900, Field.newBuilder().addGroup(group).addFixed32(1).addFixed64(2).build())
            .build();
    ExportTraceServiceRequest request = request(llmSpan().setUnknownFields(unknown));
    byte[] encoded = request.toByteArray();

    Rewritten rewritten =
        rewriter.rewrite(encoded, 0, encoded.length, (span, edits) -> edits.set("n", 1));

    assertThat(ExportTraceServiceRequest.parseFrom(rewritten.body().toByteArray()))
        .isEqualTo(request(llmSpan().setUnknownFields(unknown).addAttributes(attribute("n", 1))));
  }

  @Test
  void arraysMayBeNestedAsDeepAsInProtobufJava() {
    assertSameLimit(
        value ->
            AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build());
  }

  @Test
  void mapsMayBeNestedAsDeepAsInProtobufJava() {
    assertSameLimit(
        value ->
            AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addValues(attribute("k", value)))
                .build());
  }

  private void assertSameLimit(UnaryOperator<AnyValue> nest) {
    AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      byte[] bytes = request(llmSpan().addAttributes(attribute("deep", value))).toByteArray();
      String refusal = refusal(bytes);
      assertThat(refusal == null).as("nested %d times", i).isEqualTo(parses(bytes));
      if (refusal != null) {
        assertThat(refusal).endsWith("nested deeper than 100 levels");
        refused++;
      }
      value = nest.apply(value);
    }
    assertThat(refused).isBetween(1, 40);
  }

  @Test
  void groupsMayBeNestedAsDeepAsInProtobufJava() {
    int refused = 0;
    for (int depth = 80; depth < 120; depth++) {
      byte[] groups = new byte[2 * depth];
      Arrays.fill(groups, 0, depth, (byte) 0x0B);
      Arrays.fill(groups, depth, 2 * depth, (byte) 0x0C);
      for (byte[] bytes : List.of(groups, wrap(groups, 1), wrap(groups, 3))) {
        assertThat(refusal(bytes) == null).as("nested %d times", depth).isEqualTo(parses(bytes));
        refused += refusal(bytes) == null ? 0 : 1;
      }
    }
    assertThat(refused).isBetween(1, 119);
  }

  /** Puts bytes into so many of the envelopes of a request. */
  private static byte[] wrap(byte[] content, int levels) {
    ProtobufWriter writer = new ProtobufWriter();
    for (int i = 0; i < levels; i++) {
      writer.startMessage(i == 0 ? 1 : 2);
    }
    writer.append(content, 0, content.length);
    for (int i = 0; i < levels; i++) {
      writer.endMessage();
    }
    return writer.toByteArray();
  }

  @Test
  void invalidUtf8StaysAsItIs() throws Exception {
    Span.Builder span =
        llmSpan()
            .addAttributes(
                attribute(
                    "odd",
                    AnyValue.newBuilder().setBytesValue(ByteString.fromHex("41FF42")).build()));
    byte[] bytes = request(span).toByteArray();
    // From bytes_value to string_value, which protobuf-java then refuses.
    bytes[indexOf(bytes, "3A0341FF42")] = 0x0A;
    List<String> seen = new ArrayList<>();

    Rewritten rewritten =
        rewriter.rewrite(
            bytes,
            0,
            bytes.length,
            (s, edits) -> {
              seen.add(s.attributes().stringValue(s.attributes().indexOf("odd")));
              edits.set("n", 1);
            });

    assertThat(parses(bytes)).isFalse();
    assertThat(seen).containsExactly("A\uFFFDB");
    assertThat(indexOf(rewritten.body().toByteArray(), "0A0341FF42")).isPositive();
  }

  @Test
  void hostileRequestsTakeLinearTime() {
    byte[] emptyAttributes = new byte[4 << 20];
    for (int i = 0; i < emptyAttributes.length; i += 2) {
      emptyAttributes[i] = 0x4A;
    }
    byte[] model = request(llmSpan()).toByteArray();
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          // 2 million attributes in one span that nobody sees, and in one that somebody would.
          assertThat(refusal(wrap(emptyAttributes, 3))).isNull();
          byte[] seen = Arrays.copyOf(emptyAttributes, emptyAttributes.length + 12);
          System.arraycopy(
              HexFormat.of().parseHex("4A0A0A0867656E5F61692E78"), 0, seen, seen.length - 12, 12);
          assertThat(refusal(wrap(seen, 3))).isNull();
          // Many resources, each to be looked up for its one span.
          byte[] many = new byte[model.length * 10_000];
          for (int i = 0; i < many.length; i += model.length) {
            System.arraycopy(model, 0, many, i, model.length);
          }
          assertThat(refusal(many)).isNull();
        });
  }

  private static int indexOf(byte[] bytes, String hex) {
    String all = HexFormat.of().withUpperCase().formatHex(bytes);
    int at = all.indexOf(hex);
    assertThat(at % 2).isZero();
    return at / 2;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static boolean parses(byte[] bytes) {
    try {
      ExportTraceServiceRequest.parseFrom(bytes);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  /** Why the bytes are refused; null if they are not. */
  private String refusal(byte[] bytes) {
    try {
      rewriter.rewrite(bytes, 0, bytes.length, (span, edits) -> edits.set("n", 1));
      return null;
    } catch (MalformedRequestException e) {
      return e.getMessage();
    }
  }
}
