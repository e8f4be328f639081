package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static dev.tallyspan.collector.wire.Traces.httpSpan;
import static dev.tallyspan.collector.wire.Traces.llmSpan;
import static dev.tallyspan.collector.wire.Traces.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Texts that are added without a copy, between and instead of others. */
class LongTextEditsTest {

  private static final String LONG = "long ".repeat(400);
  private static final String OTHER = "l\u00f6ng \u4e41 ".repeat(400);

  @Test
  void longTextsAreWhereTheyWereSet() throws Exception {
    byte[] bytes = request(llmSpan(), httpSpan(), llmSpan()).toByteArray();

    ExportTraceServiceRequest out =
        edited(
            bytes,
            edits -> {
              edits.set("first", LONG);
              edits.set("between", 7);
              edits.set("second", OTHER);
              edits.set("third", LONG);
              edits.set("last", "short");
            });

    assertThat(out)
        .isEqualTo(request(withFive(llmSpan()), withFive(httpSpan()), withFive(llmSpan())));
  }

  @Test
  void lastValueOfAKeyCounts() throws Exception {
    ExportTraceServiceRequest out =
        edited(
            request(llmSpan()).toByteArray(),
            edits -> {
              edits.set("a", LONG);
              edits.set("b", "short");
              edits.set("c", LONG);
              edits.set("a", "short");
              edits.set("b", OTHER);
              edits.remove("c");
            });

    assertThat(out)
        .isEqualTo(
            request(
                llmSpan()
                    .addAttributes(attribute("a", "short"))
                    .addAttributes(attribute("b", OTHER))));
  }

  @Test
  void longTextThatIsThereChangesNothingAndOneThatDiffersAtItsEndIsReplaced() throws Exception {
    byte[] bytes = request(llmSpan().addAttributes(attribute("a", LONG))).toByteArray();

    assertThat(splice(bytes, edits -> edits.set("a", LONG)).refersTo(bytes, 0, bytes.length))
        .isTrue();
    assertThat(edited(bytes, edits -> edits.set("a", LONG + ".")))
        .isEqualTo(request(llmSpan().addAttributes(attribute("a", LONG + "."))));
    String sameLength = LONG.substring(1) + ".";
    assertThat(edited(bytes, edits -> edits.set("a", sameLength)))
        .isEqualTo(request(llmSpan().addAttributes(attribute("a", sameLength))));
  }

  @Test
  void eventsGetLongTexts() throws Exception {
    Span.Event event = Span.Event.newBuilder().setName("e").build();
    byte[] bytes = request(llmSpan().addEvents(event).addEvents(event)).toByteArray();

    ExportTraceServiceRequest out =
        edited(
            bytes,
            edits -> {
              edits.event(0).set("a", OTHER);
              edits.event(0).set("b", LONG);
              edits.set("c", LONG);
            });

    Span.Event.Builder with =
        event.toBuilder().addAttributes(attribute("a", OTHER)).addAttributes(attribute("b", LONG));
    assertThat(out)
        .isEqualTo(
            request(
                llmSpan().addAttributes(attribute("c", LONG)).addEvents(with).addEvents(event)));
  }

  @Property(tries = 300)
  void anyEditsOfAnyLengthGiveTheirLastValues(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Span.Builder[] spans = new Span.Builder[1 + random.nextInt(4)];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = httpSpan();
      for (int j = random.nextInt(6); j > 0; j--) {
        spans[i].addAttributes(attribute("k" + random.nextInt(4), text(random)));
      }
    }
    byte[] bytes = request(spans).toByteArray();
    Map<String, String> last = new LinkedHashMap<>();
    Editor editor =
        edits -> {
          Random same = new Random(seed + 1);
          for (int i = same.nextInt(8); i > 0; i--) {
            String key = "k" + same.nextInt(6);
            String value = same.nextInt(5) == 0 ? "" : text(same);
            if (value.isEmpty()) {
              edits.remove(key);
            } else {
              edits.set(key, value);
            }
            last.put(key, value);
          }
        };

    byte[] out = splice(bytes, editor).toByteArray();

    List<Span> written =
        ExportTraceServiceRequest.parseFrom(out)
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpansList();
    assertThat(written).hasSize(spans.length);
    for (int i = 0; i < spans.length; i++) {
      assertThat(others(written.get(i), last)).isEqualTo(others(spans[i].build(), last));
      for (Map.Entry<String, String> entry : last.entrySet()) {
        assertThat(written.get(i).getAttributesList())
            .filteredOn(it -> it.getKey().equals(entry.getKey()))
            .isEqualTo(
                entry.getValue().isEmpty()
                    ? List.of()
                    : List.of(attribute(entry.getKey(), entry.getValue())));
      }
    }
    assertThat(splice(out, editor).refersTo(out, 0, out.length)).isTrue();
  }

  private static List<KeyValue> others(Span span, Map<String, String> edited) {
    return span.getAttributesList().stream()
        .filter(it -> !edited.containsKey(it.getKey()))
        .toList();
  }

  /** Few different texts, so that some are there already; around the length that is long. */
  private static String text(Random random) {
    int length = 500 + 6 * random.nextInt(4);
    return (random.nextInt(4) == 0 ? "\u00fc" : "x").repeat(length);
  }

  private static Span.Builder withFive(Span.Builder span) {
    return span.addAttributes(attribute("first", LONG))
        .addAttributes(attribute("between", 7))
        .addAttributes(attribute("second", OTHER))
        .addAttributes(attribute("third", LONG))
        .addAttributes(attribute("last", "short"));
  }

  private interface Editor {
    void edit(SpanEdits edits);
  }

  private static ExportTraceServiceRequest edited(byte[] bytes, Editor editor) throws Exception {
    return ExportTraceServiceRequest.parseFrom(splice(bytes, editor).toByteArray());
  }

  private static Slices splice(byte[] bytes, Editor editor) throws Exception {
    return new TraceSplicer()
        .splice(
            TraceIndexer.ofAllSpans().index(bytes, 0, bytes.length),
            (ordinal, span, edits) -> editor.edit(edits));
  }
}
