package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.Cost;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenInferenceRendererTest {

  private static final String PROMPT =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Weather in Oslo?\"}]}]";
  private static final String ANSWER =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"call_1\","
          + "\"name\":\"get_weather\",\"arguments\":{\"city\":\"Oslo\"}}],"
          + "\"finish_reason\":\"tool_call\"}]";

  private static final OpenInferenceRenderer RENDERER =
      OpenInferenceRenderer.of(SpanRenderer.builder().build(), ConventionVersion.GENAI_DEV);

  private static final Cost PRICED =
      Cost.builder(Cost.Status.PRICED)
          .total(0.007, "0.007", "USD")
          .part(Cost.Part.INPUT, 0.003)
          .part(Cost.Part.CACHE_READ, 0.001)
          .part(Cost.Part.OUTPUT, 0.002)
          .part(Cost.Part.REASONING, 0.001)
          .build();

  @Test
  void writesACallAsAnInstrumentationOfOpenInferenceWould() {
    TestSpan chat =
        TestSpan.chat()
            .with("gen_ai.response.model", "gpt-4o-2024-08-06")
            .with("gen_ai.request.temperature", 0.5)
            .with("gen_ai.input.messages", PROMPT)
            .with("gen_ai.output.messages", ANSWER)
            .with("gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"Be brief.\"}]")
            .with(
                "gen_ai.tool.definitions",
                "[{\"type\":\"function\",\"name\":\"get_weather\",\"parameters\":{\"type\":"
                    + "\"object\"}}]")
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.output_tokens", 20)
            .with("gen_ai.usage.cache_read.input_tokens", 40)
            .with("gen_ai.usage.reasoning.output_tokens", 5)
            .with("gen_ai.conversation.id", "conv-7")
            .with("user.id", "maya");

    Map<String, Object> written = written(chat, PRICED);

    assertThat(written)
        .containsEntry("openinference.span.kind", "LLM")
        .containsEntry("llm.model_name", "gpt-4o-2024-08-06")
        .containsEntry("llm.provider", "openai")
        .containsEntry("llm.system", "openai")
        .containsEntry("llm.input_messages.0.message.role", "system")
        .containsEntry("llm.input_messages.0.message.content", "Be brief.")
        .containsEntry("llm.input_messages.1.message.role", "user")
        .containsEntry("llm.input_messages.1.message.content", "Weather in Oslo?")
        .containsEntry("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call_1")
        .containsEntry(
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "get_weather")
        .containsEntry(
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
            "{\"city\":\"Oslo\"}")
        .containsEntry("input.value", "Weather in Oslo?")
        .containsEntry("output.value", "get_weather({\"city\":\"Oslo\"})")
        .containsEntry("llm.token_count.prompt", 100L)
        .containsEntry("llm.token_count.completion", 20L)
        .containsEntry("llm.token_count.total", 120L)
        .containsEntry("llm.token_count.prompt_details.cache_read", 40L)
        .containsEntry("llm.token_count.completion_details.reasoning", 5L)
        .containsEntry("llm.cost.total", 0.007)
        .containsEntry("llm.cost.prompt", 0.004)
        .containsEntry("llm.cost.completion", 0.003)
        .containsEntry("session.id", "conv-7");
    assertThat(written.get("llm.invocation_parameters"))
        .isEqualTo("{\"model\":\"gpt-4o\",\"temperature\":0.5}");
    assertThat((String) written.get("llm.tools.0.tool.json_schema"))
        .contains("\"function\":{\"name\":\"get_weather\"");
  }

  @Test
  void writesDocumentsWithTextIdScoreAndMetadata() {
    TestSpan retrieval =
        TestSpan.span("retrieval kb")
            .with("gen_ai.operation.name", "retrieval")
            .with("gen_ai.retrieval.query.text", "refunds")
            .with(
                "gen_ai.retrieval.documents",
                "[{\"id\":\"d1\",\"score\":0.9,\"content\":\"Thirty days.\",\"page\":3}]");

    assertThat(written(retrieval, notBillable()))
        .containsEntry("openinference.span.kind", "RETRIEVER")
        .containsEntry("input.value", "refunds")
        .containsEntry("retrieval.documents.0.document.id", "d1")
        .containsEntry("retrieval.documents.0.document.score", 0.9)
        .containsEntry("retrieval.documents.0.document.content", "Thirty days.")
        .containsEntry("retrieval.documents.0.document.metadata", "{\"page\":3}");
  }

  @Test
  void doesNotMixWithMessagesOfTheSender() {
    TestSpan sent =
        TestSpan.span("ChatOpenAI")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "gpt-4o")
            .with("llm.input_messages.0.message.role", "user")
            .with("llm.input_messages.0.message.content", "Hi");

    Map<String, Object> written = written(sent, notBillable());

    assertThat(written.keySet()).noneMatch(key -> key.startsWith("llm.input_messages"));
    assertThat(written)
        .doesNotContainKeys("gen_ai.input.messages", "openinference.span.kind", "llm.model_name");
  }

  @Test
  void writesNoCountsAndCostsOnSpansThatAreNotBilled() {
    TestSpan agent =
        TestSpan.span("invoke_agent planner")
            .with("gen_ai.operation.name", "invoke_agent")
            .with("gen_ai.agent.name", "planner")
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.output_tokens", 20);

    Map<String, Object> written = written(agent, Cost.builder(Cost.Status.AGGREGATE).build());

    assertThat(written)
        .containsEntry("openinference.span.kind", "AGENT")
        .containsEntry("agent.name", "planner");
    assertThat(written.keySet())
        .noneMatch(key -> key.startsWith("llm.token_count") || key.startsWith("llm.cost"));
  }

  @Test
  void writesCostsInDollarsOnly() {
    Cost euros = Cost.builder(Cost.Status.PRICED).total(0.01, "0.01", "EUR").build();

    assertThat(written(TestSpan.chat().with("gen_ai.usage.input_tokens", 9), euros).keySet())
        .noneMatch(key -> key.startsWith("llm.cost"));
  }

  @Test
  void keepsTheStandardFormOfWhatHasNoPlace() {
    String stored =
        "[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]";
    TestSpan chat =
        TestSpan.span("x")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.prompt", stored);

    assertThat(written(chat, notBillable())).containsKey("gen_ai.input.messages");
  }

  @Test
  void doesNotDropOriginals() {
    SpanRenderer dropping = SpanRenderer.builder().dropOriginals(Set.of(KeyClass.CONTENT)).build();

    assertThatThrownBy(() -> OpenInferenceRenderer.of(dropping, ConventionVersion.GENAI_DEV))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsSpansThatAreNoCallsAsPartsOfAChain() {
    TestSpan workflow =
        TestSpan.span("invoke_workflow plan").with("gen_ai.operation.name", "invoke_workflow");

    assertThat(written(workflow, notBillable())).containsEntry("openinference.span.kind", "CHAIN");
  }

  @Test
  void showsTheTextsOfAnEmbedding() {
    TestSpan embeddings =
        TestSpan.span("embeddings")
            .with("gen_ai.operation.name", "embeddings")
            .with("gen_ai.request.model", "text-embedding-3-small")
            .with("tag.tags", List.of("nightly"));

    assertThat(written(embeddings, notBillable()))
        .containsEntry("openinference.span.kind", "EMBEDDING")
        .containsEntry("embedding.model_name", "text-embedding-3-small")
        .doesNotContainKey("tag.tags");
  }

  private static Cost notBillable() {
    return Cost.builder(Cost.Status.NOT_BILLABLE).build();
  }

  private static Map<String, Object> written(TestSpan span, Cost cost) {
    return TestSpan.edits(edits -> RENDERER.render(span.read(), span, edits, cost));
  }
}
