package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static dev.tallyspan.collector.wire.Traces.httpSpan;
import static dev.tallyspan.collector.wire.Traces.llmSpan;
import static dev.tallyspan.collector.wire.Traces.request;
import static dev.tallyspan.collector.wire.Traces.reversed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Names, kinds, statuses and events of spans, as protobuf's generated classes read them. */
class SpanContentEditsTest {

  private static final Status FAILED = Status.newBuilder().setCodeValue(2).setMessage("m").build();

  @Test
  void fieldsAreReplacedInAnyOrder() throws Exception {
    byte[] bytes = reversed(request(llmSpan().setStatus(FAILED), httpSpan()));

    ExportTraceServiceRequest edited = edited(bytes, SpanContentEditsTest::setAll);

    assertThat(edited)
        .isEqualTo(request(withAll(llmSpan().setStatus(FAILED)), withAll(httpSpan())));
  }

  @Test
  void fieldsThatSpansDoNotHaveAreAdded() throws Exception {
    assertThat(edited(request(Span.newBuilder()).toByteArray(), SpanContentEditsTest::setAll))
        .isEqualTo(request(withAll(Span.newBuilder())));
  }

  @Test
  void emptyValuesRemoveFields() throws Exception {
    ExportTraceServiceRequest edited =
        edited(
            request(llmSpan().setStatus(FAILED)).toByteArray(),
            (span, edits) -> {
              edits.setName("");
              edits.setKind(0);
              edits.setStatusCode(0);
              edits.setStatusMessage("");
            });

    assertThat(edited).isEqualTo(request(llmSpan().clearName().clearKind()));
  }

  @Test
  void partsOfAStatusAreIndependentAndUnknownFieldsStay() throws Exception {
    byte[] status =
        new ProtobufWriter()
            .writeString(2, "first")
            .writeString(99, "unknown")
            .writeVarint(3, 1)
            .toByteArray();
    byte[] more = new ProtobufWriter().writeString(2, "second").toByteArray();
    byte[] span = new ProtobufWriter().writeBytes(15, status).writeBytes(15, more).toByteArray();

    byte[] out = splice(enclosed(span), (read, edits) -> edits.setStatusCode(2)).toByteArray();

    byte[] merged =
        new ProtobufWriter()
            .writeString(99, "unknown")
            .writeString(2, "second")
            .writeVarint(3, 2)
            .toByteArray();
    assertThat(out).isEqualTo(enclosed(new ProtobufWriter().writeBytes(15, merged).toByteArray()));
  }

  @Test
  void whatIsThereChangesNothing() throws Exception {
    byte[] bytes = request(withAll(llmSpan()).addEvents(event("e", 1))).toByteArray();

    Slices out =
        splice(
            bytes,
            (span, edits) -> {
              setAll(span, edits);
              edits.event(0).set("n", 1);
              edits.event(0).remove("none");
            });

    assertThat(out.refersTo(bytes, 0, bytes.length)).isTrue();
  }

  @Test
  void eventsAreEditedWhereTheyAre() throws Exception {
    byte[] bytes =
        reversed(
            request(
                llmSpan()
                    .addEvents(event("a", 0))
                    .addEvents(event("b", 1))
                    .addEvents(event("c", 2))
                    .addEvents(event("d", 3))));

    ExportTraceServiceRequest edited =
        edited(
            bytes,
            (span, edits) -> {
              edits.removeEvent(2);
              edits.event(1).set("n", 10);
              edits.event(1).set("new", "text");
              edits.event(3).remove("n");
              edits.set("server.address", "x");
            });

    Span span = edited.getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(span.getEventsList())
        .containsExactly(
            event("a", 0),
            Span.Event.newBuilder()
                .setName("b")
                .addAttributes(attribute("n", 10))
                .addAttributes(attribute("new", "text"))
                .build(),
            Span.Event.newBuilder().setName("d").build());
    assertThat(span.getAttributesList()).contains(attribute("server.address", "x"));
  }

  @Test
  void editsOfOneSpanDoNotReachTheNext() throws Exception {
    byte[] bytes =
        request(llmSpan().addEvents(event("a", 1)), httpSpan().addEvents(event("b", 2)))
            .toByteArray();

    ExportTraceServiceRequest edited =
        edited(
            bytes,
            (span, edits) -> {
              if (span.name().startsWith("chat")) {
                setAll(span, edits);
                edits.event(0).remove("n");
              }
            });

    assertThat(edited.getResourceSpans(0).getScopeSpans(0).getSpans(1))
        .isEqualTo(httpSpan().addEvents(event("b", 2)).build());
  }

  @Test
  void wrongNumbersAreRefused() throws Exception {
    splice(
        request(llmSpan()).toByteArray(),
        (span, edits) -> {
          assertThatThrownBy(() -> edits.setKind(-1)).hasMessageContaining("kind=-1");
          assertThatThrownBy(() -> edits.setStatusCode(-1)).hasMessageContaining("code=-1");
          assertThatThrownBy(() -> edits.event(0)).isInstanceOf(IndexOutOfBoundsException.class);
        });
  }

  @Property(tries = 300)
  void editsUnusualSpansAsProtobufJavaReadsThem(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = RandomTraces.encoded(new Random(seed), size, odd);

    byte[] out = splice(bytes, SpanContentEditsTest::setAllAndEvents).toByteArray();

    assertThat(withoutEventAttributes(spans(out)))
        .containsExactlyElementsOf(
            withoutEventAttributes(
                spans(bytes).stream().map(span -> withAll(span.toBuilder()).build()).toList()));
    assertThat(spans(out))
        .allSatisfy(
            span ->
                assertThat(span.getEventsList())
                    .allSatisfy(
                        event ->
                            assertThat(event.getAttributesList())
                                .filteredOn(it -> it.getKey().equals("n"))
                                .containsExactly(attribute("n", 1))));
    assertThat(splice(out, SpanContentEditsTest::setAllAndEvents).refersTo(out, 0, out.length))
        .isTrue();
  }

  private static List<Span> withoutEventAttributes(List<Span> spans) {
    List<Span> stripped = new ArrayList<>();
    for (Span span : spans) {
      Span.Builder builder = span.toBuilder();
      for (Span.Event.Builder event : builder.getEventsBuilderList()) {
        List<KeyValue> others =
            event.getAttributesList().stream().filter(it -> !it.getKey().equals("n")).toList();
        event.clearAttributes().addAllAttributes(others);
      }
      stripped.add(builder.build());
    }
    return stripped;
  }

  private static void setAllAndEvents(WireSpan span, SpanEdits edits) {
    setAll(span, edits);
    for (int i = 0; i < span.eventCount(); i++) {
      edits.event(i).set("n", 1);
    }
  }

  private static void setAll(WireSpan span, SpanEdits edits) {
    edits.setName("new name");
    edits.setKind(5);
    edits.setStatusCode(1);
    edits.setStatusMessage("fine");
  }

  private static Span.Builder withAll(Span.Builder span) {
    return span.setName("new name")
        .setKindValue(5)
        .setStatus(span.getStatus().toBuilder().setCodeValue(1).setMessage("fine"));
  }

  private static Span.Event event(String name, long number) {
    return Span.Event.newBuilder().setName(name).addAttributes(attribute("n", number)).build();
  }

  private interface Edit {
    void edit(WireSpan span, SpanEdits edits);
  }

  private static Slices splice(byte[] bytes, Edit edit) throws Exception {
    return new TraceSplicer()
        .splice(
            TraceIndexer.ofAllSpans().index(bytes, 0, bytes.length),
            (ordinal, span, edits) -> edit.edit(span, edits));
  }

  private static ExportTraceServiceRequest edited(byte[] bytes, Edit edit) throws Exception {
    return ExportTraceServiceRequest.parseFrom(splice(bytes, edit).toByteArray());
  }

  private static byte[] enclosed(byte[] span) {
    byte[] scope = new ProtobufWriter().writeBytes(2, span).toByteArray();
    byte[] resource = new ProtobufWriter().writeBytes(2, scope).toByteArray();
    return new ProtobufWriter().writeBytes(1, resource).toByteArray();
  }

  private static List<Span> spans(byte[] bytes) throws Exception {
    return ProtobufOracle.spans(
            ProtobufOracle.parse(ExportTraceServiceRequest.getDefaultInstance(), bytes))
        .stream()
        .map(ProtobufOracle.Located::span)
        .toList();
  }
}
