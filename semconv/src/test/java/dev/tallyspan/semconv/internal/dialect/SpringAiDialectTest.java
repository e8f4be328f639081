package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpringAiDialectTest {

  private static TestSpan chat() {
    return span("chat gpt-4o")
        .scope("org.springframework.boot", "4.1.2")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.system", "openai")
        .with("gen_ai.request.model", "gpt-4o")
        .with("gen_ai.request.temperature", "0.2")
        .with("gen_ai.response.finish_reasons", "[\"STOP\"]")
        .with("gen_ai.usage.input_tokens", "14")
        .with("gen_ai.usage.output_tokens", "9")
        .with("gen_ai.usage.total_tokens", "23");
  }

  private static TestSpan kind(String kind) {
    return span("x").with("spring.ai.kind", kind).with("gen_ai.system", "spring_ai");
  }

  @Test
  void numbersWrittenAsTextBecomeNumbers() {
    assertThat(chat().normalized())
        .contains(
            entry("gen_ai.provider.name", "openai"),
            entry("gen_ai.usage.input_tokens", 14L),
            entry("gen_ai.usage.output_tokens", 9L),
            entry("gen_ai.request.temperature", 0.2),
            entry("gen_ai.response.finish_reasons", List.of("stop")),
            entry("tallyspan.dialect", List.of("spring-ai", "otel-legacy")));
  }

  @Test
  void noneIsNoValue() {
    LlmSpan llm =
        chat()
            .with("gen_ai.response.model", "none")
            .with("gen_ai.response.id", "none")
            .with("gen_ai.response.finish_reasons", "none")
            .read();
    assertThat(llm.responseModel()).isNull();
    assertThat(llm.responseId()).isNull();
    assertThat(llm.get(Slot.FINISH_REASONS)).isNull();
  }

  @Test
  void listWhoseQuotesAreNotEscapedIsStillAList() {
    LlmSpan llm = chat().with("gen_ai.request.stop_sequences", "[\"STOP\", \"a\"b\"]").read();
    assertThat(llm.get(Slot.STOP_SEQUENCES)).isEqualTo(List.of("STOP", "a\"b"));
  }

  @Test
  void anthropicsCacheTokensAreBesideTheInput() {
    LlmSpan llm =
        chat()
            .with("gen_ai.system", "anthropic")
            .with("gen_ai.usage.input_tokens", "100")
            .with("gen_ai.usage.total_tokens", "109")
            .with("gen_ai.usage.cache_read.input_tokens", "40")
            .with("gen_ai.usage.cache_creation.input_tokens", "10")
            .read();
    assertThat(llm.usage().input()).isEqualTo(150);
    assertThat(llm.usage().semantics()).isEqualTo(TokenUsage.Semantics.PRESUMED_EXCLUSIVE);
  }

  @Test
  void openAisCacheTokensAreInsideTheInput() {
    LlmSpan llm = chat().with("gen_ai.usage.cache_read.input_tokens", "10").read();
    assertThat(llm.usage().input()).isEqualTo(14);
  }

  @Test
  void anyScopeWillDoIfCountsAreText() {
    assertThat(chat().scope("my-tracer").read().dialects()).first().isEqualTo("spring-ai");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat_client", "advisor"})
  void spansAroundTheModelHaveNoOperation(String kind) {
    LlmSpan llm = kind(kind).with("gen_ai.operation.name", "framework").read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.provider()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void conversationOfTheChatClientIsTheConversation() {
    LlmSpan llm =
        kind("chat_client").with("spring.ai.chat.client.conversation.id", "sess-42").read();
    assertThat(llm.conversationId()).isEqualTo("sess-42");
  }

  @Test
  void defaultConversationIsNone() {
    LlmSpan llm =
        kind("chat_client").with("spring.ai.chat.client.conversation.id", "default").read();
    assertThat(llm.conversationId()).isNull();
  }

  @Test
  void toolCallsAreToolSpansWhateverTheirOperationSays() {
    Map<String, Object> out =
        kind("tool_call")
            .with("gen_ai.operation.name", "framework")
            .with("spring.ai.tool.definition.name", "get_weather")
            .with("spring.ai.tool.call.arguments", "{\"city\":\"Paris\"}")
            .with("spring.ai.tool.call.result", "\"sunny\"")
            .normalized();
    assertThat(out)
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "get_weather"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"))
        .containsKey("gen_ai.tool.call.result");
  }

  @Test
  void queriesOfVectorStoresAreRetrievals() {
    LlmSpan llm =
        kind("vector_store")
            .with("db.operation.name", "query")
            .with("db.vector.query.content", "refunds?")
            .with("db.vector.query.top_k", "4")
            .read();
    assertThat(llm.operation()).isEqualTo("retrieval");
    assertThat(llm.get(Slot.RETRIEVAL_QUERY)).isEqualTo("refunds?");
    assertThat(llm.get(Slot.RETRIEVAL_TOP_K)).isEqualTo(4L);
  }

  @Test
  void addingToVectorStoresIsNoOperation() {
    assertThat(kind("vector_store").with("db.operation.name", "add").read().operation()).isNull();
  }

  @Test
  void embeddingsHaveInputOnly() {
    LlmSpan llm =
        span("embedding m")
            .scope("org.springframework.boot")
            .with("gen_ai.operation.name", "embedding")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.model", "text-embedding-3-small")
            .with("gen_ai.usage.input_tokens", "11")
            .with("gen_ai.usage.total_tokens", "11")
            .read();
    assertThat(llm.operation()).isEqualTo("embeddings");
    assertThat(llm.usage().input()).isEqualTo(11);
  }
}
