package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static dev.tallyspan.collector.wire.Traces.httpSpan;
import static dev.tallyspan.collector.wire.Traces.llmSpan;
import static dev.tallyspan.collector.wire.Traces.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceRewriterTest {

  private final TraceRewriter rewriter =
      new TraceRewriter(KeyPrefixes.of("gen_ai.", "llm."), KeyPrefixes.of("gen_ai.content.prompt"));

  @Test
  void requestWithoutMatchingSpanLeavesAsTheSameBytes() throws Exception {
    byte[] bytes = request(httpSpan(), httpSpan()).toByteArray();

    Rewritten rewritten = rewrite(bytes, (span, edits) -> edits.set("x", 1));

    assertThat(rewritten.unchanged()).isTrue();
    assertThat(rewritten.items()).isEqualTo(2);
    assertThat(rewritten.edited()).isZero();
    bytes[0] ^= 1; // a copy would not see it
    assertThat(rewritten.body().toByteArray()).isEqualTo(bytes);
  }

  @Test
  void attributesAreAppendedInTheOrderTheyWereSet() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(httpSpan(), llmSpan()).toByteArray(),
            (span, edits) -> {
              edits.set("text", "é" + "x".repeat(300));
              edits.set("int", -5);
              edits.set("double", 0.25);
              edits.set("bool", true);
              edits.set("list", List.of("a", "b"));
            });

    Span expected =
        llmSpan()
            .addAttributes(attribute("text", "é" + "x".repeat(300)))
            .addAttributes(attribute("int", -5))
            .addAttributes(attribute("double", AnyValue.newBuilder().setDoubleValue(0.25).build()))
            .addAttributes(attribute("bool", AnyValue.newBuilder().setBoolValue(true).build()))
            .addAttributes(
                attribute(
                    "list",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setStringValue("a"))
                                .addValues(AnyValue.newBuilder().setStringValue("b")))
                        .build()))
            .build();
    assertThat(parse(rewritten)).isEqualTo(request(httpSpan(), expected.toBuilder()));
    assertThat(rewritten.edited()).isEqualTo(1);
    assertThat(rewritten.unchanged()).isFalse();
  }

  @Test
  void setReplacesEveryOccurrence() throws Exception {
    Span.Builder span =
        httpSpan()
            .addAttributes(attribute("gen_ai.system", "a"))
            .addAttributes(attribute("kept", "k"))
            .addAttributes(attribute("gen_ai.system", "b"));

    Rewritten rewritten =
        rewrite(request(span).toByteArray(), (s, edits) -> edits.set("gen_ai.system", "b"));

    assertThat(parse(rewritten))
        .isEqualTo(
            request(
                httpSpan()
                    .addAttributes(attribute("kept", "k"))
                    .addAttributes(attribute("gen_ai.system", "b"))));
  }

  @Test
  void lastSetOfAKeyWins() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(llmSpan()).toByteArray(),
            (s, edits) -> {
              edits.set("a", 1);
              edits.set("b", 2);
              edits.set("a", "three");
              edits.set("c", 4);
              edits.remove("c");
              edits.remove("b");
              edits.set("b", 5);
            });

    assertThat(parse(rewritten))
        .isEqualTo(
            request(
                llmSpan().addAttributes(attribute("a", "three")).addAttributes(attribute("b", 5))));
  }

  @Test
  void settingWhatIsThereChangesNothing() throws Exception {
    byte[] bytes = request(llmSpan()).toByteArray();

    Rewritten rewritten =
        rewrite(
            bytes,
            (span, edits) -> {
              edits.set("gen_ai.usage.input_tokens", 17);
              edits.set("server.address", "api.example.com");
              edits.remove("absent");
            });

    assertThat(rewritten.unchanged()).isTrue();
    assertThat(rewritten.edited()).isZero();
  }

  @Test
  void sameEditsMadeTwiceChangeNothingTheSecondTime() throws Exception {
    TraceRewriter.SpanEditor editor =
        (span, edits) -> {
          edits.set("gen_ai.usage.input_tokens", 18);
          edits.set("tallyspan.cost.total", 0.5);
          edits.remove("server.address");
        };
    byte[] once = rewrite(request(llmSpan()).toByteArray(), editor).body().toByteArray();

    assertThat(rewrite(once, editor).unchanged()).isTrue();
  }

  @Test
  void removedAttributesAndEventsLeave() throws Exception {
    Span.Builder span =
        llmSpan()
            .addEvents(Span.Event.newBuilder().setName("first"))
            .addEvents(Span.Event.newBuilder().setName("second"))
            .addEvents(Span.Event.newBuilder().setName("third"))
            .addAttributes(attribute("last", 1));

    Rewritten rewritten =
        rewrite(
            request(span).toByteArray(),
            (s, edits) -> {
              edits.remove("server.address");
              edits.removeEvent(2);
              edits.removeEvent(0);
              edits.removeEvent(2);
            });

    Span.Builder expected = llmSpan();
    expected
        .removeAttributes(2)
        .addEvents(Span.Event.newBuilder().setName("second"))
        .addAttributes(attribute("last", 1));
    assertThat(parse(rewritten)).isEqualTo(request(expected));
  }

  @Test
  void manyEditsMeetManyAttributes() throws Exception {
    Span.Builder span = llmSpan();
    Span.Builder expected = llmSpan();
    for (int i = 0; i < 1000; i++) {
      span.addAttributes(attribute("llm.input_messages." + i, i));
      expected.addAttributes(attribute("llm.input_messages." + i, -i));
    }

    Rewritten rewritten =
        rewrite(
            request(span, httpSpan(), llmSpan()).toByteArray(),
            (s, edits) -> {
              WireAttributes attributes = s.attributes();
              for (int i = 0; i < attributes.size(); i++) {
                if (attributes.keyStartsWith(i, "llm.input_messages.")) {
                  edits.set(attributes.key(i), 1);
                }
              }
              for (int i = 0; i < attributes.size(); i++) {
                if (attributes.keyStartsWith(i, "llm.input_messages.")) {
                  edits.set(attributes.key(i), -attributes.longValue(i));
                }
              }
            });

    // Number 0 already has its value, so it stays where it is: first in both.
    assertThat(parse(rewritten)).isEqualTo(request(expected, httpSpan(), llmSpan()));
    assertThat(rewritten.edited()).isEqualTo(1);
  }

  @Test
  void spanIsReadableThroughTheView() throws Exception {
    List<String> seen = new ArrayList<>();
    Span.Builder span =
        llmSpan()
            .setParentSpanId(com.google.protobuf.ByteString.fromHex("0a0b0c0d0e0f1011"))
            .addEvents(
                Span.Event.newBuilder()
                    .setName("gen_ai.choice")
                    .setTimeUnixNano(42)
                    .addAttributes(attribute("index", 3)));
    span.getStatusBuilder().setCodeValue(2).setMessage("rate limited");

    rewrite(
        request(span).toByteArray(),
        (s, edits) -> {
          seen.add(s.traceId());
          seen.add(s.spanId());
          seen.add(s.parentSpanId());
          seen.add(s.name());
          seen.add(s.kind() + " " + s.startEpochNanos() + " " + s.endEpochNanos());
          seen.add(s.statusCode() + " " + s.statusMessage());
          seen.add(s.scopeName() + " " + s.scopeVersion());
          seen.add(s.resource().key(0) + "=" + s.resource().stringValue(0));
          WireAttributes a = s.attributes();
          seen.add(a.longValue(a.indexOf("gen_ai.usage.input_tokens")) + " " + a.indexOf("none"));
          seen.add(s.event(0).name() + " " + s.event(0).epochNanos());
          seen.add(s.event(0).attributes().key(0) + "=" + s.event(0).attributes().longValue(0));
        });

    assertThat(seen)
        .containsExactly(
            "000102030405060708090a0b0c0d0e0f",
            "f0f1f2f3f4f5f6f7",
            "0a0b0c0d0e0f1011",
            "chat gpt-4o",
            "3 1700000000000000000 1700000001000000000",
            "2 rate limited",
            "scope 1.2",
            "service.name=shop",
            "17 -1",
            "gen_ai.choice 42",
            "index=3");
  }

  @Test
  void fieldsInTheCollectorsOrderAreRead() throws Exception {
    List<String> seen = new ArrayList<>();

    Rewritten rewritten =
        rewrite(
            Traces.reversed(request(httpSpan(), llmSpan())),
            (s, edits) -> {
              WireAttributes a = s.attributes();
              seen.add(s.name() + " " + s.scopeName() + " " + s.resource().stringValue(0));
              seen.add(a.stringValue(a.indexOf("gen_ai.request.model")));
              edits.set("server.address", "api.example.com");
              edits.set("gen_ai.usage.input_tokens", 18);
            });

    assertThat(seen).containsExactly("chat gpt-4o scope shop", "gpt-4o");
    Span.Builder expected = llmSpan();
    expected.removeAttributes(1).addAttributes(attribute("gen_ai.usage.input_tokens", 18));
    assertThat(parse(rewritten)).isEqualTo(request(httpSpan(), expected));
    assertThat(rewritten.fallbacks()).isZero();
  }

  @Test
  void valueInPartsIsPutTogetherAndCounted() throws Exception {
    List<Long> seen = new ArrayList<>();

    Rewritten rewritten =
        rewrite(spanWithArrayInParts(new byte[0]), (span, edits) -> addLongs(span, seen));

    assertThat(seen).containsExactly(1L, 2L);
    assertThat(rewritten.fallbacks()).isEqualTo(1);
  }

  @Test
  void partBeforeAValueOfAnotherTypeDoesNotCount() throws Exception {
    List<Long> seen = new ArrayList<>();
    byte[] other = new AnyValueWriter().string("x").toByteArray();

    rewrite(spanWithArrayInParts(other), (span, edits) -> addLongs(span, seen));

    assertThat(seen).containsExactly(2L);
  }

  @Test
  void anyNumberOfAttributesMayFollowAValueInParts() throws Exception {
    List<String> seen = new ArrayList<>();
    byte[] attribute =
        new ProtobufWriter()
            .writeString(1, "k")
            .writeBytes(2, new AnyValueWriter().startArray().integer(1).end().toByteArray())
            .writeBytes(2, new AnyValueWriter().startArray().integer(2).end().toByteArray())
            .toByteArray();
    ProtobufWriter request = new ProtobufWriter().startMessage(1).startMessage(2).startMessage(2);
    request.writeBytes(9, attribute);
    for (int i = 0; i < 40; i++) {
      request.writeBytes(9, attribute("gen_ai." + i, "v" + i).toByteArray());
    }
    byte[] bytes = request.endMessage().endMessage().endMessage().toByteArray();

    Rewritten rewritten =
        rewrite(
            bytes,
            (span, edits) -> {
              for (int i = 1; i < span.attributes().size(); i++) {
                seen.add(span.attributes().stringValue(i));
              }
            });

    assertThat(rewritten.failure()).isNull();
    assertThat(seen).hasSize(40).startsWith("v0").endsWith("v39");
  }

  /** A span whose one attribute has the value [1], then another, then [2], and its key between. */
  private static byte[] spanWithArrayInParts(byte[] between) {
    byte[] attribute =
        new ProtobufWriter()
            .writeBytes(2, new AnyValueWriter().startArray().integer(1).end().toByteArray())
            .writeString(1, "gen_ai.x")
            .writeBytes(2, between)
            .writeBytes(2, new AnyValueWriter().startArray().integer(2).end().toByteArray())
            .toByteArray();
    return new ProtobufWriter()
        .startMessage(1)
        .startMessage(2)
        .startMessage(2)
        .writeBytes(9, attribute)
        .endMessage()
        .endMessage()
        .endMessage()
        .toByteArray();
  }

  private static void addLongs(WireSpan span, List<Long> longs) {
    WireValues values = span.attributes().arrayValue(0);
    for (int i = 0; i < values.size(); i++) {
      longs.add(values.longValue(i));
    }
  }

  @Test
  void getterOfAnotherTypeIsAnError() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(llmSpan()).toByteArray(),
            (span, edits) -> edits.set("n", span.attributes().stringValue(1)));

    assertThat(rewritten.failure()).hasMessage("index=1: the value is INT, not STRING");
  }

  @Test
  void threadsShareARewriter() throws Exception {
    List<byte[]> requests =
        IntStream.range(0, 200)
            .mapToObj(i -> request(llmSpan().setName("n".repeat(i)), httpSpan()).toByteArray())
            .toList();

    List<byte[]> rewritten =
        requests.parallelStream()
            .map(
                bytes -> {
                  try {
                    return rewrite(bytes, (span, edits) -> edits.set("name", span.name()))
                        .body()
                        .toByteArray();
                  } catch (MalformedRequestException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();

    for (int i = 0; i < requests.size(); i++) {
      String name = "n".repeat(i);
      assertThat(ExportTraceServiceRequest.parseFrom(rewritten.get(i)))
          .isEqualTo(
              request(llmSpan().setName(name).addAttributes(attribute("name", name)), httpSpan()));
    }
  }

  @Test
  void eventNameShowsASpan() throws Exception {
    List<String> seen = new ArrayList<>();
    Span.Builder span = httpSpan();
    span.addEvents(Span.Event.newBuilder().setName("gen_ai.content.prompt"));

    rewrite(
        request(httpSpan(), span, httpSpan()).toByteArray(),
        (s, edits) -> seen.add(s.event(0).name()));

    assertThat(seen).containsExactly("gen_ai.content.prompt");
  }

  @Test
  void throwingEditorAffectsItsOwnSpanOnly() throws Exception {
    int[] calls = {0};
    RuntimeException thrown = new RuntimeException();

    Rewritten rewritten =
        rewrite(
            request(llmSpan(), llmSpan(), llmSpan()).toByteArray(),
            (span, edits) -> {
              edits.set("n", ++calls[0]);
              if (calls[0] == 2) {
                throw thrown;
              }
            });

    assertThat(parse(rewritten))
        .isEqualTo(
            request(
                llmSpan().addAttributes(attribute("n", 1)),
                llmSpan(),
                llmSpan().addAttributes(attribute("n", 3))));
    assertThat(rewritten.edited()).isEqualTo(2);
    assertThat(rewritten.failed()).isEqualTo(1);
    assertThat(rewritten.failure()).isSameAs(thrown);
  }

  @Test
  void spanWithTooManyValuesLeavesAsItCame() throws Exception {
    ArrayValue.Builder values = ArrayValue.newBuilder();
    for (int i = 0; i <= 1 << 18; i++) {
      values.addValues(AnyValue.getDefaultInstance());
    }
    Span.Builder huge =
        llmSpan()
            .addAttributes(attribute("huge", AnyValue.newBuilder().setArrayValue(values).build()));

    Rewritten rewritten =
        rewrite(request(huge, llmSpan()).toByteArray(), (span, edits) -> edits.set("seen", true));

    assertThat(rewritten.failed()).isEqualTo(1);
    assertThat(rewritten.edited()).isEqualTo(1);
    assertThat(rewritten.failure()).hasMessage("more than 262144 keys and values in one span");
  }

  @Test
  void resourceWithTooManyValuesFailsItsSpans() throws Exception {
    ExportTraceServiceRequest.Builder request = request(llmSpan(), llmSpan()).toBuilder();
    for (int i = 0; i <= 1 << 17; i++) {
      request.getResourceSpansBuilder(0).getResourceBuilder().addAttributes(attribute("k", i));
    }

    Rewritten rewritten =
        rewrite(request.build().toByteArray(), (span, edits) -> edits.set("seen", true));

    assertThat(rewritten.failed()).isEqualTo(2);
    assertThat(rewritten.unchanged()).isTrue();
  }

  @Test
  void editorMayRewriteAnotherRequest() throws Exception {
    byte[] inner = request(llmSpan()).toByteArray();

    Rewritten rewritten =
        rewrite(
            request(llmSpan(), llmSpan()).toByteArray(),
            (span, edits) -> {
              try {
                assertThat(rewrite(inner, (s, e) -> e.set("inner", 1)).edited()).isEqualTo(1);
              } catch (MalformedRequestException e) {
                throw new IllegalStateException(e);
              }
              edits.set("outer", span.attributes().size());
            });

    assertThat(parse(rewritten))
        .isEqualTo(
            request(
                llmSpan().addAttributes(attribute("outer", 3)),
                llmSpan().addAttributes(attribute("outer", 3))));
    assertThat(rewritten.failed()).isZero();
  }

  @Test
  void requestWithinALargerArrayIsRewritten() throws Exception {
    byte[] bytes = request(llmSpan()).toByteArray();
    byte[] larger = new byte[bytes.length + 50];
    Arrays.fill(larger, (byte) 0x7F);
    System.arraycopy(bytes, 0, larger, 20, bytes.length);

    Rewritten rewritten =
        rewriter.rewrite(larger, 20, bytes.length, (span, edits) -> edits.set("n", 1));

    assertThat(parse(rewritten)).isEqualTo(request(llmSpan().addAttributes(attribute("n", 1))));
  }

  @Test
  void faultIsNamedWithItsOffsetInTheRequest() {
    // ResourceSpans, ScopeSpans, and a span whose length has two bytes.
    byte[] bytes = {0, 0, 0x0A, 7, 0x12, 5, 0x12, (byte) 0x84, 7, 0, 0};

    assertThatThrownBy(() -> rewriter.rewrite(bytes, 2, 9, (span, edits) -> {}))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessage("span at offset 4: length 900 exceeds the 2 bytes left");
  }

  @Test
  void valueThatIsNoAnyValueIsRefused() throws Exception {
    rewrite(
        request(llmSpan()).toByteArray(),
        (span, edits) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> edits.setEncoded("key", new byte[] {0x0A, 5, 1}))
                .withMessage("anyValue: value at offset 0: length 5 exceeds the 1 bytes left"));
  }

  @Test
  void bodyIsWrittenAsItsSlices() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(httpSpan(), llmSpan(), httpSpan(), llmSpan()).toByteArray(),
            (span, edits) -> edits.set("n", 1));

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    rewritten.body().writeTo(out);
    assertThat(out.toByteArray()).isEqualTo(rewritten.body().toByteArray());
    assertThat(rewritten.body().size()).isEqualTo(out.size());
  }

  private Rewritten rewrite(byte[] bytes, TraceRewriter.SpanEditor editor)
      throws MalformedRequestException {
    return rewriter.rewrite(bytes, 0, bytes.length, editor);
  }

  private static ExportTraceServiceRequest parse(Rewritten rewritten) throws Exception {
    return ExportTraceServiceRequest.parseFrom(rewritten.body().toByteArray());
  }
}
