package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlamaIndexDialectTest {

  private static final String MESSAGES =
      "[{\"role\":\"system\",\"additional_kwargs\":{},\"blocks\":[{\"block_type\":\"text\",\"text\":"
          + "\"Be brief.\"}]},{\"role\":\"user\",\"blocks\":[{\"block_type\":\"text\",\"text\":\"Hi\"}]}]";

  private static TestSpan llamaIndex(String name) {
    return TestSpan.span(name).scope("llamaindex.opentelemetry.tracer");
  }

  @Test
  void chatIsReadFromItsEvents() {
    LlmSpan read =
        llamaIndex("OpenAI.achat")
            .event("LLMChatStartEvent", "messages", MESSAGES, "model_dict.model_name", "gpt-4o")
            .event(
                "LLMChatEndEvent",
                "messages",
                MESSAGES,
                "response.message.role",
                "assistant",
                "response.message.blocks",
                "[{\"block_type\":\"text\",\"text\":\"Hello\"}]",
                "response.raw.id",
                "chatcmpl-1",
                "response.raw.model",
                "gpt-4o-2024-08-06",
                "response.raw.object",
                "chat.completion",
                "response.raw.choices",
                "[{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"content\":\"Hello\","
                    + "\"role\":\"assistant\"}}]",
                "response.raw.usage.prompt_tokens",
                28L,
                "response.raw.usage.completion_tokens",
                9L,
                "response.raw.usage.prompt_tokens_details.cached_tokens",
                20L,
                "response.raw.usage.prompt_tokens_details.cache_write_tokens",
                "null")
            .read();
    assertThat(read.dialects()).containsExactly("llama-index");
    assertThat(read.operation()).isEqualTo("chat");
    assertThat(read.provider()).isEqualTo("openai");
    assertThat(read.requestModel()).isEqualTo("gpt-4o");
    assertThat(read.responseModel()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(read.responseId()).isEqualTo("chatcmpl-1");
    assertThat(read.usage().input()).isEqualTo(28);
    assertThat(read.usage().cacheRead()).isEqualTo(20);
    assertThat(read.usage().output()).isEqualTo(9);
    assertThat(read.inputMessages())
        .containsExactly(Message.text("system", "Be brief."), Message.text("user", "Hi"));
    assertThat(read.outputMessages().get(0).parts()).containsExactly(new MessagePart.Text("Hello"));
    assertThat(read.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void countsOfAnthropicStandBesideTheCache() {
    LlmSpan read =
        llamaIndex("Anthropic.chat")
            .event(
                "LLMChatEndEvent",
                "model_dict.model_name",
                "claude-sonnet-4-5",
                "response.raw.usage.input_tokens",
                9L,
                "response.raw.usage.cache_read_input_tokens",
                2870L,
                "response.raw.usage.output_tokens",
                5L)
            .read();
    assertThat(read.provider()).isEqualTo("anthropic");
    assertThat(read.usage().input()).isEqualTo(2879);
    assertThat(read.usage().cacheRead()).isEqualTo(2870);
  }

  @Test
  void streamHasItsCountsBesideTheAnswer() {
    LlmSpan read =
        llamaIndex("MistralAI.stream_chat")
            .event("LLMChatStartEvent", "messages", MESSAGES, "model_dict.model", "mistral-small")
            .event("LLMChatInProgressEvent", "response.delta", "He")
            .event(
                "LLMChatEndEvent",
                "response.message.role",
                "assistant",
                "response.message.blocks",
                "[{\"block_type\":\"tool_call\",\"tool_call_id\":\"c1\",\"tool_name\":\"w\","
                    + "\"tool_kwargs\":{\"city\":\"Paris\"}}]",
                "response.additional_kwargs.prompt_tokens",
                12L,
                "response.additional_kwargs.completion_tokens",
                3L)
            .read();
    assertThat(read.provider()).isEqualTo("mistral_ai");
    assertThat(read.usage().input()).isEqualTo(12);
    assertThat(read.usage().output()).isEqualTo(3);
    MessagePart.ToolCall call = (MessagePart.ToolCall) read.outputMessages().get(0).parts().get(0);
    assertThat(call.name()).isEqualTo("w");
    assertThat(call.id()).isEqualTo("c1");
  }

  @Test
  void embeddingAndRetrievalAreTold() {
    LlmSpan embedding =
        llamaIndex("OpenAIEmbedding.get_text_embedding_batch")
            .event("EmbeddingStartEvent", "model_dict.model_name", "text-embedding-3-small")
            .read();
    assertThat(embedding.operation()).isEqualTo("embeddings");
    assertThat(embedding.provider()).isEqualTo("openai");

    LlmSpan retrieval =
        llamaIndex("VectorIndexRetriever.retrieve")
            .event("RetrievalStartEvent", "str_or_query_bundle", "refunds?")
            .event(
                "RetrievalEndEvent",
                "nodes",
                "[{\"node\":{\"id_\":\"n1\",\"text\":\"30 days\"},\"score\":0.8}]")
            .read();
    assertThat(retrieval.operation()).isEqualTo("retrieval");
    assertThat(retrieval.billing()).isEqualTo(Billing.NOT_BILLABLE);
    Json document = Json.of(retrieval.retrievalDocuments()).at(0);
    assertThat(document.get("id").text()).isEqualTo("n1");
    assertThat(document.get("content").text()).isEqualTo("30 days");
  }

  @Test
  void spansAroundACallAndOtherSpansWithSuchEventsAreNotRead() {
    assertThat(llamaIndex("OpenAI.predict").event("LLMPredictEndEvent", "output", "Hi").read())
        .isNull();
    assertThat(TestSpan.span("x").scope("mine").event("LLMChatEndEvent", "messages", "[]").read())
        .isNull();
  }

  @Test
  void whatWasReadIsWrittenOnce() {
    TestSpan span =
        llamaIndex("OpenAI.chat")
            .event("LLMChatEndEvent", "messages", MESSAGES, "model_dict.model_name", "gpt-4o");
    Map<String, Object> written = span.normalized();
    assertThat(written).containsEntry("gen_ai.request.model", "gpt-4o");
    assertThat(written).containsEntry("tallyspan.dialect", List.of("llama-index"));
    assertThat(Normalizer.create().markerEventPrefixes()).contains("LLMChat");
  }
}
