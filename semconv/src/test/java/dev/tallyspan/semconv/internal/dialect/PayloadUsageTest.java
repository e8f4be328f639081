package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.SideUsage;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the payload of a provider says of usage, on spans of several dialects. */
class PayloadUsageTest {

  private static final String GEMINI_IMAGE =
      """
      {"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}],
       "modelVersion":"gemini-2.5-flash-image","usageMetadata":{"promptTokenCount":20,
       "candidatesTokenCount":1300,"totalTokenCount":1320,
       "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}}
      """;

  private static LlmSpan openInference(String provider, String model, String output) {
    return span("call")
        .with("openinference.span.kind", "LLM")
        .with("llm.provider", provider)
        .with("llm.model_name", model)
        .with("output.value", output)
        .read();
  }

  private static LlmSpan openAi(String members) {
    return openInference(
        "openai",
        "gpt-5.5",
        "{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"gpt-5.5\",\"output\":[],"
            + "\"usage\":{\"input_tokens\":10,\"output_tokens\":2}"
            + members
            + "}");
  }

  private static LlmSpan withUsage(String usage) {
    return openInference(
        "anthropic", "m", "{\"id\":\"x\",\"model\":\"m\",\"usage\":" + usage + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openinference", "adk", "langsmith", "mlflow", "langfuse", "logfire", "vercel"})
  void generatedImagesAreNoTextWhateverTheDialect(String dialect) {
    TestSpan span =
        switch (dialect) {
          case "openinference" ->
              span("generate_content")
                  .with("openinference.span.kind", "LLM")
                  .with("llm.model_name", "gemini-2.5-flash-image")
                  .with("output.value", GEMINI_IMAGE);
          case "adk" ->
              span("call_llm")
                  .with("gen_ai.request.model", "gemini-2.5-flash-image")
                  .with("gcp.vertex.agent.llm_response", GEMINI_IMAGE);
          case "langsmith" ->
              span("ChatGoogle")
                  .with("langsmith.span.kind", "llm")
                  .with("gen_ai.request.model", "gemini-2.5-flash-image")
                  .with("gen_ai.completion", GEMINI_IMAGE);
          case "mlflow" ->
              span("Models._generate_content")
                  .with("mlflow.spanType", "\"CHAT_MODEL\"")
                  .with("mlflow.spanOutputs", GEMINI_IMAGE);
          case "langfuse" ->
              span("generate")
                  .with("langfuse.observation.type", "generation")
                  .with("langfuse.observation.output", GEMINI_IMAGE);
          case "logfire" ->
              span("Generate content with gemini")
                  .scope("logfire.google_genai")
                  .with("gen_ai.operation.name", "chat")
                  .with("gen_ai.request.model", "gemini-2.5-flash-image")
                  .with("response_data", GEMINI_IMAGE);
          default ->
              span("ai.generateText.doGenerate")
                  .with("ai.operationId", "ai.generateText.doGenerate")
                  .with("ai.model.id", "gemini-2.5-flash-image")
                  .with("ai.model.provider", "google.generative-ai")
                  .with("ai.response.providerMetadata", "{\"google\":" + GEMINI_IMAGE + "}");
        };
    assertThat(span.read().billableCounts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("input", 20L, "output", 10L, "output_image", 1290L));
  }

  @Test
  void countsByModalityAreWrittenUnderTheConventionsNames() {
    assertThat(
            span("generate_content")
                .with("openinference.span.kind", "LLM")
                .with("llm.model_name", "gemini-2.5-flash-image")
                .with("output.value", GEMINI_IMAGE)
                .normalized())
        .containsEntry("gen_ai.usage.image.output_tokens", 1290L)
        .doesNotContainKey("gen_ai.usage.audio.output_tokens");
  }

  @Test
  void compactionIsCountedAndPricedAsAPassOfItsOwn() {
    LlmSpan llm =
        withUsage(
            """
            {"input_tokens":23000,"output_tokens":1000,"iterations":[
             {"type":"compaction","input_tokens":180000,"output_tokens":3500},
             {"type":"message","input_tokens":23000,"output_tokens":1000}]}
            """);
    assertThat(llm.usage().input()).isEqualTo(203_000);
    assertThat(llm.usage().output()).isEqualTo(4500);
    assertThat(llm.usage().source()).isEqualTo(TokenUsage.Source.RECOVERED);
    assertThat(llm.billableCounts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("input", 23_000L, "output", 1000L));
    assertThat(llm.sideUsages()).hasSize(1);
    SideUsage side = llm.sideUsages().get(0);
    assertThat(side.model()).isNull();
    assertThat(side.billableCounts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("input", 180_000L, "output", 3500L));
    assertThat(llm.billingGaps()).isEmpty();
  }

  @Test
  void advisorOnAnotherModelIsNoneOfTheCallsTokens() {
    LlmSpan llm =
        withUsage(
            """
            {"input_tokens":12,"output_tokens":30,"cache_read_input_tokens":0,"iterations":[
             {"type":"message","input_tokens":5,"output_tokens":10,"cache_read_input_tokens":0},
             {"type":"advisor_message","model":"claude-opus-4-8","input_tokens":823,
              "output_tokens":1612},
             {"type":"message","input_tokens":7,"output_tokens":20,"cache_read_input_tokens":0}]}
            """);
    assertThat(llm.usage().input()).isEqualTo(12);
    assertThat(llm.usage().output()).isEqualTo(30);
    assertThat(llm.sideUsages()).hasSize(1);
    assertThat(llm.sideUsages().get(0).model()).isEqualTo("claude-opus-4-8");
    assertThat(llm.sideUsages().get(0).billableCounts()).containsEntry("output", 1612L);
  }

  @Test
  void advisorWithoutAModelIsAGap() {
    LlmSpan llm =
        withUsage(
            """
            {"input_tokens":5,"output_tokens":10,"iterations":[
             {"type":"message","input_tokens":5,"output_tokens":10},
             {"type":"advisor_message","input_tokens":823,"output_tokens":1612}]}
            """);
    assertThat(llm.sideUsages()).isEmpty();
    assertThat(llm.billingGaps()).containsExactly("advisor_message: its model is not known");
  }

  @Test
  void hostedImageToolIsBilledByItsOwnModel() {
    LlmSpan llm =
        openAi(
            """
            ,"tool_usage":{"image_gen":{"input_tokens":60,"output_tokens":7024,
             "output_tokens_details":{"image_tokens":7024}},"web_search":{"num_requests":2}},
             "tools":[{"type":"image_generation","model":"gpt-image-2"}]
            """);
    assertThat(llm.sideUsages()).hasSize(1);
    assertThat(llm.sideUsages().get(0).model()).isEqualTo("gpt-image-2");
    assertThat(llm.sideUsages().get(0).billableCounts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("input", 60L, "output_image", 7024L));
    assertThat(llm.billableCounts()).containsEntry("web_searches", 2L);
  }

  @Test
  void imagesOfAToolWithoutModelOrUsageAreAGap() {
    assertThat(
            openAi(",\"tool_usage\":{\"image_gen\":{\"input_tokens\":6,\"output_tokens\":7}}")
                .billingGaps())
        .containsExactly("image_gen: its model is not known");
    LlmSpan called =
        openInference(
            "openai",
            "gpt-5.5",
            "{\"id\":\"r\",\"object\":\"response\",\"model\":\"gpt-5.5\",\"output\":"
                + "[{\"type\":\"image_generation_call\",\"id\":\"ig_1\"}],"
                + "\"usage\":{\"input_tokens\":10,\"output_tokens\":2}}");
    assertThat(called.billingGaps()).containsExactly("image_gen: its tokens are not known");
  }

  @Test
  void searchesAmongTheItemsOfAResponseAreCounted() {
    LlmSpan llm =
        openInference(
            "openai",
            "gpt-5.5",
            """
            {"id":"r","object":"response","model":"gpt-5.5","output":[
             {"type":"web_search_call","action":{"type":"search","query":"a"}},
             {"type":"web_search_call","action":{"type":"open_page","url":"b"}},
             {"type":"file_search_call"},{"type":"file_search_call"},
             {"type":"code_interpreter_call","container_id":"c1"},
             {"type":"code_interpreter_call","container_id":"c1"}],
             "usage":{"input_tokens":10,"output_tokens":2}}
            """);
    assertThat(llm.billableCounts())
        .containsEntry("web_searches", 1L)
        .containsEntry("file_searches", 2L)
        .containsEntry("code_interpreter_sessions", 1L);
  }

  @Test
  void googlesSearchesAreItsQueries() {
    LlmSpan llm =
        openInference(
            "google",
            "gemini-3-pro",
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},
             "groundingMetadata":{"webSearchQueries":["a","b","a",""]}}],
             "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":2}}
            """);
    assertThat(llm.billableCounts()).containsEntry("web_searches", 2L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server_tool_use|{\"web_search_requests\":3,\"web_fetch_requests\":4}|web_searches|3",
        "server_tool_use|{\"code_execution_requests\":2}|code_execution_requests|2",
        "num_search_queries|18|web_searches|18",
        "num_sources_used|5|num_sources_used|5",
        "server_side_tool_usage_details|{\"x_search_calls\":2,\"mcp_calls\":9}|x_search_calls|2",
        "citation_tokens|19|citation|19",
        "prompt_audio_seconds|12|input_audio_seconds|12000",
      })
  void whatIsBilledBesideTheTokensHasAUnitOrItsOwnName(
      String member, String value, String unit, long count) {
    LlmSpan llm =
        withUsage("{\"input_tokens\":10,\"output_tokens\":2,\"" + member + "\":" + value + "}");
    assertThat(llm.billableCounts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("input", 10L, "output", 2L, unit, count));
  }

  @Test
  void rerankIsBilledByItsSearchUnits() {
    LlmSpan llm =
        span("rerank")
            .with("gen_ai.operation.name", "rerank")
            .with("openinference.span.kind", "LLM")
            .with("llm.provider", "cohere")
            .with("llm.model_name", "rerank-v3.5")
            .with(
                "output.value",
                "{\"id\":\"a\",\"results\":[],\"meta\":{\"billed_units\":{\"search_units\":3}}}")
            .read();
    assertThat(llm.billableCounts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("rerank_searches", 3L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"cost\":{\"total_cost\":0.0123}}|0.0123",
        "{\"cost\":0.25,\"cost_details\":{\"upstream_inference_cost\":null}}|0.25",
        "{\"cost\":0.01,\"is_byok\":true,\"cost_details\":{\"upstream_inference_cost\":0.2}}|0.21",
        "{\"cost_in_usd_ticks\":37756000}|0.0037756",
      })
  void costThatTheProviderChargedIsReported(String members, String amount) {
    String rest = members.substring(1);
    LlmSpan llm = withUsage("{\"prompt_tokens\":10,\"completion_tokens\":2," + rest);
    assertThat(llm.reportedCost().amount()).isEqualByComparingTo(new BigDecimal(amount));
  }

  @ParameterizedTest
  @CsvSource({
    "PROVISIONED_THROUGHPUT, provisioned_throughput",
    "TrafficType.PROVISIONED_THROUGHPUT, provisioned_throughput",
    "ON_DEMAND_PRIORITY, priority",
    "ON_DEMAND_FLEX, flex",
    "ON_DEMAND,"
  })
  void trafficIsATier(String traffic, String tier) {
    for (String member : new String[] {"trafficType", "traffic_type"}) {
      LlmSpan llm =
          openInference(
              "google",
              "gemini-2.5-pro",
              "{\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":2,\""
                  + member
                  + "\":\""
                  + traffic
                  + "\"}}");
      assertThat(llm.serviceTier()).isEqualTo(tier);
    }
  }

  @Test
  void usageOfAStreamIsInItsLastChunk() {
    LlmSpan llm =
        openInference(
            "openai",
            "gpt-4o",
            """
            [{"id":"c1","choices":[{"index":0,"delta":{"content":"ok"}}],"usage":null},
             {"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}]
            """);
    assertThat(llm.usage().input()).isEqualTo(9);
    LlmSpan several =
        openInference(
            "openai",
            "gpt-4o",
            """
            [{"id":"c1","usage":{"prompt_tokens":9,"completion_tokens":4}},
             {"id":"c2","usage":{"prompt_tokens":9,"completion_tokens":4}}]
            """);
    assertThat(several.usage()).isNull();
  }

  @Test
  void memberThatNoRuleReadsIsNamed() {
    LlmSpan llm =
        withUsage(
            """
            {"input_tokens":10,"output_tokens":2,"total_tokens":12,"dream_tokens":7,
             "input_tokens_details":{"cached_tokens":0,"smell_tokens":3},"latency":5}
            """);
    assertThat(llm.unreadCounts())
        .containsExactly(
            "output.value#dream_tokens", "output.value#input_tokens_details.smell_tokens");
    assertThat(llm.billingGaps()).isEmpty();
  }

  @Test
  void memberThatTheTotalIncludesIsAGap() {
    LlmSpan llm =
        withUsage(
            "{\"input_tokens\":10,\"output_tokens\":2,\"total_tokens\":19,\"dream_tokens\":7}");
    assertThat(llm.billingGaps()).containsExactly("tokens of the total that no rule reads");
  }

  @Test
  void usageWithinTheUsageIsAGap() {
    LlmSpan llm =
        withUsage(
            """
            {"input_tokens":10,"output_tokens":2,
             "judge":{"input_tokens":100,"output_tokens":50},
             "raw":{"input_tokens":100,"output_tokens":50}}
            """);
    assertThat(llm.unreadCounts()).containsExactly("output.value#judge");
    assertThat(llm.billingGaps()).containsExactly("judge: a usage of its own that no rule reads");
  }

  @Test
  void imagesBesideTheOutputAreToldByTheTotal() {
    LlmSpan llm =
        span("call")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "m")
            .with("llm.token_count.prompt", 20)
            .with("llm.token_count.completion", 10)
            .with("llm.token_count.completion_details.image", 1290)
            .with("llm.token_count.total", 1320)
            .read();
    assertThat(llm.usage().output()).isEqualTo(1300);
    assertThat(llm.billingGaps()).isEmpty();
  }

  @Test
  void lifetimeThatNobodyKnowsIsAGapWhereTheEmitterMixesThem() {
    TestSpan span =
        span("claude_code.llm_request")
            .with("span.type", "llm_request")
            .with("model", "claude-fable-5")
            .with("input_tokens", 10)
            .with("output_tokens", 20)
            .with("cache_creation_tokens", 500);
    assertThat(span.read().billingGaps()).hasSize(1);
    LlmSpan known = span.read().withCacheWriteLifetime(/* anHour= */ true, "the cost");
    assertThat(known.billingGaps()).isEmpty();
    assertThat(known.billableCounts()).containsEntry("cache_write_1h", 500L);
    assertThat(chat().with("gen_ai.usage.cache_write.input_tokens", 500).read().billingGaps())
        .isEmpty();
  }

  @Test
  void costThatAClientComputedIsNoBill() {
    LlmSpan llm =
        span("claude_code.llm_request")
            .with("span.type", "llm_request")
            .with("model", "claude-fable-5")
            .with("input_tokens", 10)
            .with("cost_usd", 0.5)
            .read();
    assertThat(llm.clientCost().amount()).isEqualByComparingTo("0.5");
    assertThat(llm.reportedCost()).isNull();
  }
}
