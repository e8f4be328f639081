package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several spans about one call is billed, and what is billed beside the call. */
class EnrichmentUsageTest {

  private static final String TRACE = "0123456789abcdef0123456789abcdef";
  private static final String ANSWER = "msg_01XFDUDYJgAACzvnptvVoYEL";

  @TempDir private Path folder;

  private static Span.Builder call(String spanId, String parentId, long start, long end) {
    return Span.newBuilder()
        .setTraceId(hex(TRACE))
        .setSpanId(hex(spanId))
        .setParentSpanId(hex(parentId))
        .setName("chat m")
        .setKindValue(3)
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(end)
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "acme"))
        .addAttributes(text("gen_ai.request.model", "m"))
        .addAttributes(number("gen_ai.usage.input_tokens", 1000));
  }

  private static Span.Builder answered(String spanId, String parentId, long start, long end) {
    return call(spanId, parentId, start, end)
        .addAttributes(number("gen_ai.usage.output_tokens", 10))
        .addAttributes(text("gen_ai.response.id", ANSWER));
  }

  @Test
  void sameSpanTwiceBillsByItsLastPicture() throws Exception {
    Span.Builder first = call("0000000000000001", "", 5, 9);
    Span.Builder last = call("0000000000000001", "", 5, 9);
    first.addAttributes(number("gen_ai.usage.output_tokens", 3));
    last.addAttributes(number("gen_ai.usage.output_tokens", 500));

    assertThat(verdicts(Map.of("a", List.of(first, last))))
        .containsExactly("duplicate of 0000000000000001", "priced");
    assertThat(verdicts(Map.of("a", List.of(last, first))))
        .containsExactly("priced", "duplicate of 0000000000000001");
  }

  @Test
  void pictureThatEndedLaterCountsWhateverItsTokens() throws Exception {
    Span.Builder early = answered("0000000000000001", "", 5, 9);
    Span.Builder late = call("0000000000000001", "", 5, 12);

    assertThat(verdicts(Map.of("a", List.of(late, early))))
        .containsExactly("priced", "duplicate of 0000000000000001");
  }

  @Test
  void spansThatShareAnIdByMistakeAreTwoCalls() throws Exception {
    Span.Builder one = answered("0000000000000001", "", 5, 9);
    Span.Builder other = call("0000000000000001", "", 5, 9);
    other.addAttributes(text("gen_ai.response.id", "msg_another_answer_altogether"));
    Span.Builder later = call("0000000000000001", "", 20, 29);

    assertThat(verdicts(Map.of("a", List.of(one, other)))).containsOnly("priced");
    assertThat(verdicts(Map.of("a", List.of(one, later)))).containsOnly("priced");
    assertThat(
            verdicts(
                Map.of(
                    "a",
                    List.of(
                        call("0000000000000000", "", 5, 9), call("0000000000000000", "", 5, 9)))))
        .containsOnly("priced");
  }

  @Test
  void clientWithinItsFrameworkBillsIfItHasMoreDetail() throws Exception {
    Span.Builder framework = answered("0000000000000001", "", 1, 9);
    Span.Builder client =
        answered("0000000000000002", "0000000000000001", 2, 8)
            .addAttributes(number("gen_ai.usage.cache_read.input_tokens", 600));

    assertThat(verdicts(scopes("framework", framework, "client", client)))
        .containsExactly("duplicate of 0000000000000002", "priced");
  }

  @Test
  void frameworkBillsIfItAloneHasUsage() throws Exception {
    Span.Builder framework = answered("0000000000000001", "", 1, 9);
    Span.Builder client =
        without(answered("0000000000000002", "0000000000000001", 2, 8), "gen_ai.usage.");

    assertThat(verdicts(scopes("framework", framework, "client", client)))
        .containsExactly("priced", "duplicate of 0000000000000001");
  }

  @Test
  void betweenEqualsTheInnerOneBillsWhateverTheScope() throws Exception {
    Span.Builder outer = answered("0000000000000001", "", 1, 9);
    Span.Builder inner = answered("0000000000000002", "0000000000000001", 1, 9);

    assertThat(verdicts(Map.of("same", List.of(outer, inner))))
        .containsExactly("duplicate of 0000000000000002", "priced");
    assertThat(verdicts(Map.of("same", List.of(inner, outer))))
        .containsExactly("priced", "duplicate of 0000000000000002");
  }

  @Test
  void twinInAnotherTraceIsNamedWithIt() throws Exception {
    Span.Builder framework = answered("0000000000000001", "", 1, 9);
    Span.Builder client =
        answered("0000000000000002", "", 2, 8)
            .setTraceId(hex("aa".repeat(16)))
            .addAttributes(number("gen_ai.usage.cache_read.input_tokens", 600));

    assertThat(verdicts(scopes("framework", framework, "client", client)))
        .containsExactly("duplicate of " + "aa".repeat(16) + "/0000000000000002", "priced");
  }

  @Test
  void parallelCallsOfOneInstrumentationAreTwoCallsEvenWithOneId() throws Exception {
    assertThat(
            verdicts(
                Map.of(
                    "client",
                    List.of(
                        answered("0000000000000001", "", 1, 9),
                        answered("0000000000000002", "", 2, 8)))))
        .containsOnly("priced");
  }

  @Test
  void answerThatAGatewayServesAgainIsASecondCall() throws Exception {
    Span.Builder framework1 = answered("0000000000000001", "", 1, 9);
    Span.Builder client1 = answered("0000000000000002", "0000000000000001", 2, 8);
    Span.Builder framework2 = answered("0000000000000003", "", 3, 11);
    Span.Builder client2 = answered("0000000000000004", "0000000000000003", 4, 10);
    Map<String, List<Span.Builder>> scopes = new LinkedHashMap<>();
    scopes.put("framework", List.of(framework1, framework2));
    scopes.put("client", List.of(client1, client2));

    assertThat(verdicts(scopes))
        .containsExactly(
            "duplicate of 0000000000000002", "duplicate of 0000000000000004", "priced", "priced");
  }

  @Test
  void answersOneAfterTheOtherAreTwoCalls() throws Exception {
    assertThat(
            verdicts(
                scopes(
                    "one",
                    answered("0000000000000001", "", 1, 4),
                    "other",
                    answered("0000000000000002", "", 5, 9))))
        .containsOnly("priced");
  }

  @Test
  void idThatIsNoMoreThanANumberJoinsNothingThatIsNotNested() throws Exception {
    Span.Builder one =
        call("0000000000000001", "", 1, 9).addAttributes(text("gen_ai.response.id", "chatcmpl-7"));
    Span.Builder other =
        call("0000000000000002", "", 2, 8).addAttributes(text("gen_ai.response.id", "chatcmpl-7"));

    assertThat(verdicts(scopes("one", one, "other", other))).containsOnly("priced");
  }

  @Test
  void spanThatWasBilledBeforeKeepsItsVerdict() throws Exception {
    Span.Builder framework =
        answered("0000000000000001", "", 1, 9)
            .addAttributes(text("tallyspan.cost.status", "priced"));
    Span.Builder client =
        answered("0000000000000002", "0000000000000001", 2, 8)
            .addAttributes(number("gen_ai.usage.cache_read.input_tokens", 600));

    assertThat(verdicts(scopes("framework", framework, "client", client)))
        .containsExactly("priced", "duplicate of 0000000000000001");
  }

  @Test
  void processingTwiceEqualsProcessingOnce() throws Exception {
    byte[] request =
        request(
                scopes(
                    "framework",
                    answered("0000000000000001", "", 1, 9),
                    "client",
                    answered("0000000000000002", "0000000000000001", 2, 8)))
            .toByteArray();
    byte[] once = Forwarded.of(enrichment(), Signal.TRACES, request).body().toByteArray();

    assertThat(Forwarded.of(enrichment(), Signal.TRACES, once).body().toByteArray())
        .isEqualTo(once);
  }

  @Test
  void recordsAreThoseOfEachSpanWithItsVerdict() throws Exception {
    Batch batch =
        enrichment()
            .apply(
                Forwarded.batch(
                    Signal.TRACES,
                    request(
                            scopes(
                                "framework",
                                answered("0000000000000001", "", 1, 9),
                                "client",
                                answered("0000000000000002", "0000000000000001", 2, 8)))
                        .toByteArray()));

    assertThat(WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(batch).records())
        .extracting(record -> record.spanId() + " " + record.cost().status().wireName())
        .containsExactly("0000000000000001 duplicate", "0000000000000002 priced");
  }

  @Test
  void toolOnAnotherModelIsPricedByItAndAddedExactly() throws Exception {
    Map<String, String> attributes =
        only(
            openInference(
                "{\"id\":\"r\",\"object\":\"response\",\"model\":\"m\",\"output\":[],"
                    + "\"usage\":{\"input_tokens\":1000,\"output_tokens\":0},"
                    + "\"tool_usage\":{\"image_gen\":{\"input_tokens\":3,\"output_tokens\":7,"
                    + "\"output_tokens_details\":{\"image_tokens\":7}}},"
                    + "\"tools\":[{\"type\":\"image_generation\",\"model\":\"painter\"}]}"));

    // 1000 × 2/M, and of the painter 3 × 5/M + 7 × 30/M
    assertThat(attributes)
        .containsEntry("tallyspan.cost.status", "priced")
        .containsEntry("tallyspan.cost.total_exact", "0.002225")
        .containsEntry("tallyspan.cost.image", "2.1E-4")
        .containsEntry("tallyspan.cost.input", "0.002015")
        .doesNotContainKey("tallyspan.cost.missing");
  }

  @Test
  void toolWhoseModelHasNoPriceMakesItPartial() throws Exception {
    Map<String, String> attributes =
        only(
            openInference(
                "{\"id\":\"r\",\"object\":\"response\",\"model\":\"m\",\"output\":[],"
                    + "\"usage\":{\"input_tokens\":1000,\"output_tokens\":0},"
                    + "\"tool_usage\":{\"image_gen\":{\"input_tokens\":3,\"output_tokens\":7}},"
                    + "\"tools\":[{\"type\":\"image_generation\",\"model\":\"unheard-of\"}]}"));

    assertThat(attributes)
        .containsEntry("tallyspan.cost.status", "partial")
        .containsEntry("tallyspan.cost.total_exact", "0.002");
    assertThat(attributes.get("tallyspan.cost.missing")).startsWith("[image_gen: ");
  }

  @Test
  void unitThatNoCatalogKnowsMakesItPartialAndIsNamed() throws Exception {
    Map<String, String> attributes =
        only(
            openInference(
                "{\"model\":\"m\",\"usage\":{\"input_tokens\":1000,\"output_tokens\":0,"
                    + "\"server_tool_use\":{\"dream_requests\":2}}}"));

    assertThat(attributes)
        .containsEntry("tallyspan.cost.status", "partial")
        .containsEntry("tallyspan.cost.missing", "[dream_requests]")
        .containsEntry("tallyspan.cost.total_exact", "0.002");
  }

  @Test
  void overlapWithinBoundsIsPartialAndNotUnpriced() throws Exception {
    Map<String, String> attributes =
        only(
            openInference(
                "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":0,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":600,\"audio_tokens\":700}}}"));

    assertThat(attributes).containsEntry("tallyspan.cost.status", "partial");
    assertThat(attributes.get("tallyspan.cost.missing")).contains("cache_read: how much of it");
  }

  @Test
  void countsThatNoRuleUnderstoodAreCountedByKeyWithinBounds() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      LlmProcessor enrichment =
          LlmProcessor.builder().catalog(catalog()).meter(metrics.meter("test")).build();
      List<Span.Builder> spans = new ArrayList<>();
      for (int i = 0; i < UnreadKeys.MOST_KEYS + 5; i++) {
        spans.add(
            call("00000000000000" + HexFormat.of().toHexDigits((byte) (i + 1)), "", 1, 9)
                .addAttributes(number("gen_ai.usage.dream" + i + "_tokens", 7)));
      }
      spans.add(
          call("aaaaaaaaaaaaaaaa", "", 1, 9)
              .addAttributes(number("gen_ai.usage.Please summarise_tokens", 7)));
      Forwarded.of(enrichment, Signal.TRACES, request(Map.of("a", spans)).toByteArray());

      assertThat(metrics.prometheusText())
          .contains("tallyspan_unread_counts_total{key=\"gen_ai.usage.dream0_tokens\"} 1")
          .contains("tallyspan_unread_counts_total{key=\"other\"} 6")
          .doesNotContain("summarise");
    }
  }

  private LlmProcessor enrichment() throws Exception {
    return LlmProcessor.builder().catalog(catalog()).build();
  }

  private PriceCatalog catalog() throws Exception {
    Path file = folder.resolve("prices.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD",
         "providers": {"acme": {"models": {
          "m": {"cards": [{"rates": {"input": "2/M", "output": "10/M", "cache_read": "0.2/M",
           "input_audio": "20/M", "cache_read_audio": "0.4/M"}}]},
          "painter": {"cards": [{"rates": {"input": "5/M", "output": "10/M",
           "output_image": "30/M"}}]}}}}}
        """);
    return PriceCatalog.read(file);
  }

  private static Span.Builder openInference(String output) {
    return Span.newBuilder()
        .setTraceId(hex(TRACE))
        .setSpanId(hex("0000000000000001"))
        .setName("call")
        .addAttributes(text("openinference.span.kind", "LLM"))
        .addAttributes(text("llm.provider", "acme"))
        .addAttributes(text("llm.model_name", "m"))
        .addAttributes(text("output.value", output));
  }

  private Map<String, String> only(Span.Builder span) throws Exception {
    return attributes(Map.of("a", List.of(span))).get(0);
  }

  /** Of each span in its order, its status and which span bills it. */
  private List<String> verdicts(Map<String, List<Span.Builder>> scopes) throws Exception {
    List<String> verdicts = new ArrayList<>();
    for (Map<String, String> attributes : attributes(scopes)) {
      String of = attributes.get("tallyspan.cost.duplicate_of");
      verdicts.add(attributes.get("tallyspan.cost.status") + (of == null ? "" : " of " + of));
    }
    return verdicts;
  }

  private List<Map<String, String>> attributes(Map<String, List<Span.Builder>> scopes)
      throws Exception {
    byte[] body =
        Forwarded.of(enrichment(), Signal.TRACES, request(scopes).toByteArray())
            .body()
            .toByteArray();
    List<Map<String, String>> all = new ArrayList<>();
    for (ScopeSpans scope :
        ExportTraceServiceRequest.parseFrom(body).getResourceSpans(0).getScopeSpansList()) {
      for (Span span : scope.getSpansList()) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (KeyValue attribute : span.getAttributesList()) {
          attributes.put(attribute.getKey(), plain(attribute.getValue()));
        }
        all.add(attributes);
      }
    }
    return all;
  }

  private static String plain(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(EnrichmentUsageTest::plain)
              .toList()
              .toString();
      default -> value.toString();
    };
  }

  private static Map<String, List<Span.Builder>> scopes(
      String one, Span.Builder first, String other, Span.Builder second) {
    Map<String, List<Span.Builder>> scopes = new LinkedHashMap<>();
    scopes.put(one, List.of(first));
    scopes.put(other, List.of(second));
    return scopes;
  }

  private static ExportTraceServiceRequest request(Map<String, List<Span.Builder>> scopes) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    scopes.forEach(
        (scope, spans) -> {
          ScopeSpans.Builder scopeSpans =
              ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName(scope));
          spans.forEach(scopeSpans::addSpans);
          resource.addScopeSpans(scopeSpans);
        });
    return ExportTraceServiceRequest.newBuilder().addResourceSpans(resource).build();
  }

  private static Span.Builder without(Span.Builder span, String prefix) {
    List<KeyValue> kept = new ArrayList<>(span.getAttributesList());
    kept.removeIf(attribute -> attribute.getKey().startsWith(prefix));
    return span.clearAttributes().addAllAttributes(kept);
  }

  private static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits));
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
