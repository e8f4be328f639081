package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for dialects whose attributes hold whole payloads, whatever these hold. */
class PayloadDialectsPropertyTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  @Property(tries = 500)
  void neverFailsAndTwiceIsOnce(@ForAll("attributes") Map<String, Object> attributes) {
    TestSpan span = TestSpan.span("x").with(attributes);
    LlmSpan llm = NORMALIZER.read(span);
    if (llm != null) {
      assertThat(llm.faults()).isEmpty();
    }
    assertThat(span.processed(NORMALIZER).changes(NORMALIZER)).isEmpty();
  }

  @Property(tries = 500)
  void partsLieInsideTheirTotals(@ForAll("attributes") Map<String, Object> attributes) {
    LlmSpan llm = NORMALIZER.read(TestSpan.span("x").with(attributes));
    if (llm != null && llm.usage() != null && llm.usage().input() != TokenUsage.UNKNOWN) {
      TokenUsage usage = llm.usage();
      long cache = TokenUsage.known(usage.cacheRead()) + TokenUsage.known(usage.cacheWrite());
      assertThat(usage.input()).isGreaterThanOrEqualTo(cache);
    }
  }

  @Property(tries = 300)
  void orderOfAttributesDoesNotMatter(
      @ForAll("attributes") Map<String, Object> attributes, @ForAll long seed) {
    List<String> keys = new ArrayList<>(attributes.keySet());
    Collections.shuffle(keys, new Random(seed));
    Map<String, Object> shuffled = new LinkedHashMap<>();
    keys.forEach(key -> shuffled.put(key, attributes.get(key)));
    assertThat(TestSpan.span("x").with(shuffled).changes(NORMALIZER))
        .isEqualTo(TestSpan.span("x").with(attributes).changes(NORMALIZER));
  }

  @Provide
  Arbitrary<Map<String, Object>> attributes() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "langfuse.observation.type",
            "langfuse.observation.input",
            "langfuse.observation.output",
            "langfuse.observation.usage_details",
            "langfuse.observation.metadata",
            "langfuse.observation.metadata.ls_model_name",
            "langfuse.observation.completion_start_time",
            "langfuse.observation.level",
            "langsmith.span.kind",
            "langsmith.usage_metadata",
            "langsmith.metadata.thread_id",
            "gen_ai.prompt",
            "gen_ai.completion",
            "braintrust.span_attributes",
            "braintrust.metadata",
            "braintrust.metrics",
            "braintrust.input_json",
            "braintrust.output_json",
            "mlflow.spanType",
            "mlflow.spanInputs",
            "mlflow.spanOutputs",
            "mlflow.chat.tokenUsage",
            "pydantic_ai.all_messages",
            "all_messages_events",
            "final_result",
            "events",
            "logfire.msg",
            "request_data",
            "response_data",
            "hidden_params",
            "llm.request.type",
            "span.input",
            "gen_ai.prompt_json",
            "gen_ai.completion_json",
            "gen_ai.span.kind",
            "dify.app_id",
            "gen_ai.usage.input_tokens");
    return Arbitraries.maps(keys, values()).ofMinSize(1).ofMaxSize(8);
  }

  private static Arbitrary<Object> values() {
    Arbitrary<Object> fixed =
        Arbitraries.of(
            "generation",
            "tool",
            "llm",
            "\"CHAT_MODEL\"",
            "LLM",
            "{\"type\":\"llm\"}",
            "ERROR",
            "[{\"role\":\"user\",\"content\":\"hi\"}]",
            "{\"messages\":[[{\"lc\":1,\"type\":\"constructor\",\"id\":[],\"kwargs\":{}}]]}",
            "{\"generations\":[[]]}",
            "{\"generations\":[[{\"message\":{\"kwargs\":{\"id\":7}}}]]}",
            "{\"choices\":[{\"message\":null}]}",
            "{\"output\":[{\"type\":\"function_call\"}],\"model\":3}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"cut of",
            "\"\\\"1999-01-01T00:00:00Z\\\"\"",
            "{\"response\":{\"a\":[1,2]}}",
            "[[[[[[[[1]]]]]]]]",
            "[\"a\",\"b\"]",
            "null",
            9L);
    Arbitrary<Long> counts = Arbitraries.longs().between(-2, 50);
    Arbitrary<Object> usage =
        counts
            .array(long[].class)
            .ofSize(6)
            .map(
                n ->
                    ("{\"input\":%d,\"output\":%d,\"total\":%d,\"input_cached_tokens\":%d,"
                            + "\"cache_creation_input_tokens\":%d,\"output_reasoning\":%d}")
                        .formatted(n[0], n[1], n[2], n[3], n[4], n[5]));
    Arbitrary<Object> openAi =
        counts
            .array(long[].class)
            .ofSize(5)
            .map(
                n ->
                    ("{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"prompt_cached_tokens\":%d,"
                            + "\"input_tokens\":%d,\"output_tokens\":%d}")
                        .formatted(n[0], n[1], n[2], n[3], n[4]));
    return Arbitraries.oneOf(
        fixed, usage, openAi, Arbitraries.strings().ofMaxLength(20).map(s -> s));
  }
}
