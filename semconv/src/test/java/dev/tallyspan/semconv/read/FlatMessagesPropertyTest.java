package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Messages, payloads and metadata of the dialects here, with everything in the wrong place. */
class FlatMessagesPropertyTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  private static final List<String> JSON =
      List.of(
          "[{\"role\":\"user\",\"content\":\"hi\"}]",
          "{\"generations\":[[{\"message\":{\"kwargs\":{\"content\":3}}}]]}",
          "{\"usage\":{\"input_tokens\":9,\"output_tokens\":\"x\"},\"object\":\"response\"}",
          "{\"messages\":[{\"content\":[{\"toolRequest\":{}}]}],\"config\":[],\"tools\":{}}",
          "{\"candidates\":[{\"message\":{\"content\":{}}}],\"raw\":{\"usage\":[]}}",
          "{\"anthropic\":{\"usage\":{\"input_tokens\":-1}},\"gateway\":[],\"google\":7}",
          "{\"args\":[{}],\"kwargs\":[]}",
          "{\"output\":{\"kwargs\":{\"tool_call_id\":\"c\"}}}",
          "{\"replies\":[{\"_content\":[{\"tool_call_result\":{}}]}]}",
          "{\"text\":[],\"toolCalls\":[[]],\"reasoning\":[{}]}",
          "{\"a\":[{\"b\":",
          "[[[[[[[[",
          "null",
          "");

  @Property(tries = 500)
  void neverThrowsAndNeverFails(@ForAll("attributes") Map<String, Object> attributes) {
    LlmSpan llm = NORMALIZER.read(TestSpan.span("ChatOpenAI").with(attributes));
    assertThat(llm == null ? List.of() : llm.faults()).isEmpty();
  }

  @Property(tries = 300)
  void processingTwiceIsProcessingOnce(@ForAll("attributes") Map<String, Object> attributes) {
    TestSpan once = TestSpan.span("x").with(attributes).processed(NORMALIZER);
    assertThat(once.changes(NORMALIZER)).isEmpty();
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
    return Arbitraries.maps(Arbitraries.oneOf(flatKeys(), wholeKeys()), values()).ofMaxSize(20);
  }

  private static Arbitrary<String> flatKeys() {
    Arbitrary<String> prefix =
        Arbitraries.of(
            "llm.input_messages.",
            "llm.output_messages.",
            "llm.tools.",
            "llm.prompts.",
            "retrieval.documents.",
            "embedding.embeddings.",
            "gen_ai.prompt.",
            "gen_ai.completion.",
            "llm.request.functions.");
    Arbitrary<String> index = Arbitraries.of("0", "1", "10", "2", "007", "999999999", "-1", "x");
    Arbitrary<String> rest =
        Arbitraries.of(
            "",
            ".role",
            ".content",
            ".user",
            ".tool_calls.0.arguments",
            ".tool_calls.x",
            ".message",
            ".message.role",
            ".message.content",
            ".message.contents.1.message_content.type",
            ".message.contents.1.message_content.image.image.url",
            ".message.tool_calls.0.tool_call.function.name",
            ".tool.json_schema",
            ".document.content",
            ".embedding.vector");
    return Combinators.combine(prefix, index, rest).as((p, i, r) -> p + i + r);
  }

  private static Arbitrary<String> wholeKeys() {
    return Arbitraries.of(
        "openinference.span.kind",
        "input.value",
        "output.value",
        "metadata",
        "llm.invocation_parameters",
        "llm.function_call",
        "traceloop.span.kind",
        "traceloop.entity.input",
        "traceloop.entity.output",
        "gen_ai.input.messages",
        "ai.operationId",
        "ai.prompt",
        "ai.response.text",
        "ai.response.toolCalls",
        "ai.response.reasoning",
        "ai.response.files",
        "ai.response.providerMetadata",
        "ai.embeddings",
        "genkit:metadata:subtype",
        "genkit:name",
        "genkit:input",
        "genkit:output",
        "mastra.span.type",
        "mastra.model_step.input",
        "mastra.model_step.output",
        "mastra.completion_start_time",
        "haystack.component.type",
        "haystack.component.input",
        "haystack.component.output",
        "lmnr.span.type",
        "lmnr.span.output",
        "gen_ai.response.text",
        "gen_ai.response.tool_calls");
  }

  private static Arbitrary<Object> values() {
    Arbitrary<Object> words =
        Arbitraries.of(
            "LLM",
            "TOOL",
            "RETRIEVER",
            "EMBEDDING",
            "AGENT",
            "tool",
            "task",
            "model",
            "model_step",
            "retriever",
            "embedder",
            "OpenAIChatGenerator",
            "ai.generateText.doGenerate",
            "ai.embed",
            "googleai/gemini",
            "/",
            "[1,2]");
    return Arbitraries.oneOf(
        words,
        Arbitraries.of(JSON).map(text -> (Object) text),
        Arbitraries.of(JSON).list().ofMaxSize(2).map(list -> (Object) list),
        Arbitraries.longs().map(n -> (Object) n),
        Arbitraries.doubles().list().ofMaxSize(3).map(list -> (Object) list),
        Arbitraries.strings().ofMaxLength(12).map(text -> (Object) text),
        Arbitraries.of("usage", "text", "role", "args")
            .map(key -> (Object) Map.of(key, List.of(Map.of(key, "v")))));
  }
}
