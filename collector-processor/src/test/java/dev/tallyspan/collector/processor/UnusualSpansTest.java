package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spans that are legal, or nearly, and that few senders send: read, priced and otherwise kept. */
class UnusualSpansTest {

  private static final LlmProcessor ENRICHMENT = LlmProcessor.builder().build();

  @Test
  void spanWithoutIdsKindTimesAndScopeIsPriced() throws Exception {
    Span out = enriched(call().build());
    assertThat(attributes(out).get("tallyspan.cost.status").getStringValue()).isEqualTo("priced");
    assertThat(out.toBuilder().clearAttributes().build()).isEqualTo(Span.getDefaultInstance());
  }

  // Some gateways write a UUID's text where eight bytes belong.
  @Test
  void idsThatAreNoneStayAsTheyCame() throws Exception {
    ByteString uuid = ByteString.copyFromUtf8("5f2b8a1e-3c44-4e7a-9a53-000000000000");
    Span out = enriched(call().setTraceId(uuid).setSpanId(uuid).setParentSpanId(uuid).build());
    assertThat(out.getTraceId()).isEqualTo(uuid);
    assertThat(out.getSpanId()).isEqualTo(uuid);
    assertThat(attributes(out)).containsKey("tallyspan.cost.total");
  }

  @Test
  void spanThatEndsBeforeItBeginsIsPricedByItsStart() throws Exception {
    Span out =
        enriched(
            call()
                .setStartTimeUnixNano(1_795_000_001_000_000_000L)
                .setEndTimeUnixNano(1_795_000_000_000_000_000L)
                .build());
    assertThat(out.getEndTimeUnixNano()).isEqualTo(1_795_000_000_000_000_000L);
    assertThat(attributes(out).get("tallyspan.cost.status").getStringValue()).isEqualTo("priced");
  }

  @Test
  void firstOfTwoAttributesWithOneKeyCountsAndBothStay() throws Exception {
    Span out =
        enriched(
            call()
                .addAttributes(attribute("gen_ai.response.model", "gpt-4o-mini"))
                .addAttributes(attribute("gen_ai.response.model", "gpt-4o"))
                .build());
    assertThat(attributes(out).get("tallyspan.cost.price").getStringValue())
        .startsWith("openai/gpt-4o-mini");
    assertThat(out.getAttributesList())
        .filteredOn(a -> a.getKey().equals("gen_ai.response.model"))
        .hasSize(2);
  }

  @Test
  void unknownFieldsStay() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    Span out = enriched(call().setUnknownFields(unknown).build());
    assertThat(out.getUnknownFields()).isEqualTo(unknown);
  }

  @Test
  void oneSpanThatSaysNonsenseTakesNoOtherDown() throws Exception {
    Span nonsense =
        Span.newBuilder()
            .addAttributes(attribute("gen_ai.usage.input_tokens", "a lot"))
            .addAttributes(attribute("gen_ai.input.messages", "[{\"role\":"))
            .build();
    List<Span> out = process(nonsense, call().build());
    assertThat(out).hasSize(2);
    assertThat(attributes(out.get(0)).get("gen_ai.usage.input_tokens").getStringValue())
        .isEqualTo("a lot");
    assertThat(attributes(out.get(1)).get("tallyspan.cost.status").getStringValue())
        .isEqualTo("priced");
  }

  private static Span.Builder call() {
    return Span.newBuilder()
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", "10"))
        .addAttributes(attribute("gen_ai.usage.output_tokens", "2"));
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Span enriched(Span span) throws Exception {
    return process(span).get(0);
  }

  private static List<Span> process(Span... spans) throws Exception {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addAllSpans(List.of(spans));
    Forwarded processed = Forwarded.of(ENRICHMENT, Signal.TRACES, request.build().toByteArray());
    return ExportTraceServiceRequest.parseFrom(processed.body().toByteArray())
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpansList();
  }

  private static Map<String, AnyValue> attributes(Span span) {
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    span.getAttributesList().forEach(a -> attributes.putIfAbsent(a.getKey(), a.getValue()));
    return attributes;
  }
}
