package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static dev.tallyspan.collector.wire.Traces.httpSpan;
import static dev.tallyspan.collector.wire.Traces.llmSpan;
import static dev.tallyspan.collector.wire.Traces.request;
import static dev.tallyspan.collector.wire.Traces.reversed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The parent's span id and the trace state, as protobuf's generated classes read them. */
class SpanFieldEditsTest {

  private static final long PARENT = 0x0102030405060708L;
  private static final ByteString PARENT_BYTES = ByteString.fromHex("0102030405060708");
  private static final ByteString OTHER = ByteString.fromHex("a1a2a3a4a5a6a7a8");

  private final TraceRewriter rewriter = new TraceRewriter(KeyPrefixes.of("gen_ai."));

  @Test
  void spanWithoutParentGetsOne() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(httpSpan(), llmSpan()).toByteArray(),
            (span, edits) -> edits.setParentSpanId(PARENT));

    assertThat(parse(rewritten))
        .isEqualTo(request(httpSpan(), llmSpan().setParentSpanId(PARENT_BYTES)));
  }

  @Test
  void parentIsReplacedInAnyOrderOfFields() throws Exception {
    ExportTraceServiceRequest request = request(llmSpan().setParentSpanId(OTHER), httpSpan());

    Rewritten rewritten =
        rewrite(reversed(request), (span, edits) -> edits.setParentSpanId(PARENT));

    assertThat(parse(rewritten))
        .isEqualTo(request(llmSpan().setParentSpanId(PARENT_BYTES), httpSpan()));
  }

  @Test
  void everyOccurrenceOfAParentLeaves() throws Exception {
    byte[] repeated =
        new ProtobufWriter()
            .writeBytes(4, OTHER.toByteArray())
            .writeBytes(4, PARENT_BYTES.toByteArray())
            .toByteArray();
    byte[] bytes = requestOf(llmSpan().build().toByteArray(), repeated);

    Rewritten rewritten = rewrite(bytes, (span, edits) -> edits.setParentSpanId(PARENT));

    assertThat(rewritten.body().toByteArray())
        .isEqualTo(
            requestOf(
                llmSpan().build().toByteArray(),
                new ProtobufWriter().writeBytes(4, PARENT_BYTES.toByteArray()).toByteArray()));
  }

  @Test
  void spanBecomesARoot() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(llmSpan().setParentSpanId(OTHER)).toByteArray(),
            (span, edits) -> edits.setParentSpanId(0));

    assertThat(parse(rewritten)).isEqualTo(request(llmSpan()));
  }

  @Test
  void parentThatIsThereChangesNothing() throws Exception {
    Rewritten rewritten =
        rewrite(
            request(llmSpan().setParentSpanId(PARENT_BYTES)).toByteArray(),
            (span, edits) -> edits.setParentSpanId(PARENT));

    assertThat(rewritten.unchanged()).isTrue();
  }

  @Test
  void rootThatBecomesARootChangesNothing() throws Exception {
    byte[] empty = new ProtobufWriter().writeBytes(4, new byte[0]).toByteArray();
    byte[] bytes = requestOf(llmSpan().build().toByteArray(), empty);

    assertThat(rewrite(bytes, (span, edits) -> edits.setParentSpanId(0)).unchanged()).isTrue();
    assertThat(
            rewrite(request(llmSpan()).toByteArray(), (span, edits) -> edits.setParentSpanId(0))
                .unchanged())
        .isTrue();
  }

  @Test
  void traceStateIsReadAndReplaced() throws Exception {
    List<String> read = new ArrayList<>();

    Rewritten rewritten =
        rewrite(
            reversed(request(llmSpan().setTraceState("ot=th:8,a=b"))),
            (span, edits) -> {
              read.add(span.traceState());
              edits.setTraceState("ot=th:c,a=b");
            });

    assertThat(read).containsExactly("ot=th:8,a=b");
    assertThat(parse(rewritten)).isEqualTo(request(llmSpan().setTraceState("ot=th:c,a=b")));
  }

  @Test
  void fieldsAttributesAndEventsAreEditedTogether() throws Exception {
    Span.Builder span =
        llmSpan()
            .setParentSpanId(OTHER)
            .setTraceState("x=1")
            .addEvents(Span.Event.newBuilder().setName("e"));

    Rewritten rewritten =
        rewrite(
            reversed(request(span, httpSpan())),
            (it, edits) -> {
              edits.setTraceState("");
              edits.removeEvent(0);
              edits.remove("server.address");
              edits.set("new", 1);
              edits.setParentSpanId(PARENT);
            });

    Span.Builder expected = llmSpan().setParentSpanId(PARENT_BYTES);
    expected.removeAttributes(2);
    List<Span> spans = parse(rewritten).getResourceSpans(0).getScopeSpans(0).getSpansList();
    assertThat(spans.get(0).toBuilder().clearAttributes().build())
        .isEqualTo(expected.clone().clearAttributes().build());
    assertThat(spans.get(0).getAttributesList())
        .containsExactlyInAnyOrderElementsOf(
            expected.addAttributes(attribute("new", 1)).getAttributesList());
    assertThat(spans.get(1)).isEqualTo(httpSpan().build());
  }

  @Test
  void outlineHasTheTraceState() throws Exception {
    byte[] bytes = reversed(request(httpSpan(), llmSpan().setTraceState("ot=th:8")));

    SpanOutlines outlines = SpanOutlines.of(bytes, 0, bytes.length);

    assertThat(outlines.traceState(0)).isEmpty();
    assertThat(outlines.traceState(1)).isEqualTo("ot=th:8");
  }

  @Test
  void malformedItemStaysUnchangedAndTheOthersAreEdited() throws Exception {
    byte[] brokenAttribute = {OtlpFields.SPAN_ATTRIBUTES, 2, OtlpFields.KEY, 9};
    byte[] bytes =
        concat(requestOf(brokenAttribute, new byte[0]), request(llmSpan()).toByteArray());
    SpanOutlines outlines = SpanOutlines.of(bytes, 0, bytes.length);
    List<Throwable> failures = new ArrayList<>();

    byte[] out =
        new TraceSplicer()
            .splice(
                outlines.index(),
                new ItemEditor<WireSpan, SpanEdits>() {
                  @Override
                  public void edit(int ordinal, WireSpan span, SpanEdits edits) {
                    edits.setParentSpanId(PARENT);
                  }

                  @Override
                  public void failed(Throwable cause) {
                    failures.add(cause);
                  }
                })
            .toByteArray();

    assertThat(failures).singleElement().isInstanceOf(MalformedRequestException.class);
    assertThat(out)
        .isEqualTo(
            concat(
                requestOf(brokenAttribute, new byte[0]),
                requestOf(
                    llmSpan().build().toByteArray(),
                    new ProtobufWriter().writeBytes(4, PARENT_BYTES.toByteArray()).toByteArray(),
                    request(llmSpan()))));
  }

  @Property(tries = 300)
  void editsTheFieldsOfUnusualSpansAsProtobufJavaReadsThem(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = RandomTraces.encoded(new Random(seed), size, odd);

    byte[] out = withParentAndState(bytes).toByteArray();

    assertThat(spans(out).stream().map(ProtobufOracle.Located::span))
        .containsExactlyElementsOf(
            spans(bytes).stream()
                .map(
                    located ->
                        located.span().toBuilder()
                            .setParentSpanId(PARENT_BYTES)
                            .setTraceState("ot=th:8")
                            .build())
                .toList());
    assertThat(withParentAndState(out).refersTo(out, 0, out.length)).isTrue();
  }

  /** Edits every span. */
  private static Slices withParentAndState(byte[] bytes) throws Exception {
    return new TraceSplicer()
        .splice(
            TraceIndexer.ofAllSpans().index(bytes, 0, bytes.length),
            (ordinal, span, edits) -> {
              edits.setParentSpanId(PARENT);
              edits.setTraceState("ot=th:8");
            });
  }

  private static List<ProtobufOracle.Located> spans(byte[] bytes) throws Exception {
    return ProtobufOracle.spans(
        ProtobufOracle.parse(ExportTraceServiceRequest.getDefaultInstance(), bytes));
  }

  private static byte[] requestOf(byte[] span, byte[] more) {
    return requestOf(span, more, ExportTraceServiceRequest.getDefaultInstance());
  }

  /** A request with one span in two parts, in the envelopes of another request. */
  private static byte[] requestOf(byte[] span, byte[] more, ExportTraceServiceRequest envelopes) {
    ProtobufWriter scope = new ProtobufWriter();
    ProtobufWriter resource = new ProtobufWriter();
    if (envelopes.getResourceSpansCount() > 0) {
      scope.writeBytes(1, envelopes.getResourceSpans(0).getScopeSpans(0).getScope().toByteArray());
      resource.writeBytes(1, envelopes.getResourceSpans(0).getResource().toByteArray());
    }
    scope.writeBytes(2, concat(span, more));
    resource.writeBytes(2, scope.toByteArray());
    return new ProtobufWriter().writeBytes(1, resource.toByteArray()).toByteArray();
  }

  private static byte[] concat(byte[] a, byte[] b) {
    return ByteString.copyFrom(a).concat(ByteString.copyFrom(b)).toByteArray();
  }

  private Rewritten rewrite(byte[] bytes, TraceRewriter.SpanEditor editor) throws Exception {
    return rewriter.rewrite(bytes, 0, bytes.length, editor);
  }

  private static ExportTraceServiceRequest parse(Rewritten rewritten) throws Exception {
    return ExportTraceServiceRequest.parseFrom(rewritten.body().toByteArray());
  }
}
