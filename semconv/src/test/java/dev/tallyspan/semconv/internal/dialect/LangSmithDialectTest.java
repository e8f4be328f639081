package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;

class LangSmithDialectTest {

  @Test
  void runOfAModelWithLangChainsConstructors() {
    TestSpan span =
        run("llm")
            .with("gen_ai.system", "langchain")
            .with("langsmith.metadata.ls_provider", "openai")
            .with("langsmith.metadata.ls_model_name", "gpt-4o")
            .with("langsmith.metadata.thread_id", "t1")
            .with("langsmith.metadata.user_id", "u1")
            .with("langsmith.trace.session_id", "a project")
            .with(
                "langsmith.usage_metadata",
                "{\"input_tokens\":66,\"output_tokens\":35,\"total_tokens\":101,"
                    + "\"input_token_details\":{\"cache_read\":10},"
                    + "\"output_token_details\":{\"reasoning\":5}}")
            .with(
                "gen_ai.prompt",
                "{\"messages\":[[{\"lc\":1,\"type\":\"constructor\",\"id\":[\"HumanMessage\"],"
                    + "\"kwargs\":{\"content\":\"hi\"}}]]}")
            .with(
                "gen_ai.completion",
                "{\"generations\":[[{\"text\":\"Hello.\",\"message\":{\"lc\":1,"
                    + "\"type\":\"constructor\",\"id\":[\"AIMessage\"],\"kwargs\":{\"content\":"
                    + "\"Hello.\",\"response_metadata\":{\"model_name\":\"gpt-4o-2024-08-06\","
                    + "\"finish_reason\":\"stop\"}}}}]]}");
    LlmSpan llm = span.read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.requestModel()).isEqualTo("gpt-4o");
    assertThat(llm.responseModel()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).hasSize(1);
    assertThat(llm.usage().input()).isEqualTo(66);
    assertThat(llm.usage().cacheRead()).isEqualTo(10);
    assertThat(llm.usage().reasoning()).isEqualTo(5);
    assertThat(span.changes())
        .contains(entry("gen_ai.conversation.id", "t1"), entry("user.id", "u1"))
        .doesNotContainKey("session.id");
  }

  @Test
  void retrieverThatCallsItselfEmbeddings() {
    assertThat(
            run("retriever")
                .with("gen_ai.operation.name", "embeddings")
                .with("gen_ai.prompt", "{\"input\":\"refunds?\"}")
                .with(
                    "gen_ai.completion",
                    "{\"outputs\":[{\"page_content\":\"x\",\"metadata\":{\"source\":\"p\"}}]}")
                .normalized())
        .contains(
            entry("gen_ai.operation.name", "retrieval"),
            entry("gen_ai.retrieval.query.text", "refunds?"),
            entry(
                "gen_ai.retrieval.documents",
                "[{\"content\":\"x\",\"metadata\":{\"source\":\"p\"},\"id\":\"0\","
                    + "\"score\":0.0,\"score_known\":false}]"))
        .doesNotContainKeys("gen_ai.input.messages", "gen_ai.output.messages");
  }

  @Test
  void toolRun() {
    assertThat(
            run("tool")
                .with("langsmith.trace.name", "get_weather")
                .with("gen_ai.operation.name", "execute_tool")
                .with("gen_ai.prompt", "{\"input\":\"{\\\"city\\\":\\\"Paris\\\"}\"}")
                .with("gen_ai.completion", "{\"output\":\"sunny\"}")
                .normalized())
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "get_weather"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "sunny"))
        .doesNotContainKey("gen_ai.input.messages");
  }

  @Test
  void chainWithUsageIsNotBilled() {
    LlmSpan llm =
        run("chain")
            .with("gen_ai.operation.name", "chain")
            .with("langsmith.usage_metadata", "{\"input_tokens\":5,\"output_tokens\":5}")
            .read();
    assertThat(llm.operation()).isNull();
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void exceptionWithoutStatusIsAnError() {
    LlmSpan llm =
        run("llm")
            .with("gen_ai.request.model", "gpt-4o")
            .event(
                "exception",
                "exception.type",
                "Error",
                "exception.message",
                "Error: 429 Rate limit reached")
            .read();
    assertThat(llm.errorType()).isEqualTo("429");
  }

  @Test
  void pythonsGenerationsHaveATypeOfTheirOwn() {
    LlmSpan llm =
        run("llm")
            .with(
                "gen_ai.completion",
                "{\"generations\":[[{\"text\":\"\",\"type\":\"ChatGeneration\",\"message\":{\"lc\":1,"
                    + "\"type\":\"constructor\",\"id\":[\"AIMessage\"],\"kwargs\":{\"content\":\"Hello.\","
                    + "\"type\":\"ai\",\"tool_calls\":[{\"name\":\"find\",\"args\":{\"city\":\"Rome\"},"
                    + "\"id\":\"c1\",\"type\":\"tool_call\"}]}}}]]}")
            .read();
    assertThat(llm.outputMessages()).hasSize(1);
    assertThat(llm.outputMessages().get(0).parts())
        .hasSize(2)
        .first()
        .isEqualTo(new MessagePart.Text("Hello."));
  }

  @Test
  void nullOutputIsNoAnswer() {
    LlmSpan llm =
        run("llm")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.completion", "{\"output\":null}")
            .event(
                "exception",
                "exception.type",
                "Exception",
                "exception.message",
                "RateLimitError(\"Error code: 429 - slow down\")")
            .read();
    assertThat(llm.outputMessages()).isEmpty();
    assertThat(llm.errorType()).isEqualTo("429");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  private static TestSpan run(String kind) {
    return TestSpan.span("run").with("langsmith.span.kind", kind);
  }
}
