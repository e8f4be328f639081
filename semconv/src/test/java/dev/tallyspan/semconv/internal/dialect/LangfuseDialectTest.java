package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

class LangfuseDialectTest {

  private static final String O = "langfuse.observation.";

  @Test
  void generationIsAChatWithTheProviderThatItsModelTells() {
    assertThat(
            generation()
                .with(O + "input", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .with(O + "output", "Hello.")
                .with(O + "model.parameters", "{\"temperature\":0.2,\"response_format\":\"\"}")
                .with(O + "prompt.name", "greet")
                .with(O + "prompt.version", 3)
                .changes())
        .contains(
            entry("gen_ai.operation.name", "chat"),
            entry("gen_ai.provider.name", "openai"),
            entry("gen_ai.request.model", "gpt-4o"),
            entry("gen_ai.request.temperature", 0.2),
            entry("gen_ai.prompt.name", "greet"),
            entry("gen_ai.prompt.version", "3"),
            entry(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]"),
            entry(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello.\"}],"
                    + "\"finish_reason\":\"stop\"}]"),
            entry("tallyspan.dialect", List.of("langfuse")))
        .doesNotContainKey("gen_ai.output.type");
  }

  @Test
  void bucketsAreDisjointAndAddUp() {
    TokenUsage usage =
        usage("{\"input\":22,\"output\":13,\"total\":227,\"output_reasoning_tokens\":192}");
    assertThat(usage.input()).isEqualTo(22);
    assertThat(usage.output()).isEqualTo(205);
    assertThat(usage.reasoning()).isEqualTo(192);
  }

  @Test
  void cacheBucketsAreBesideTheInput() {
    TokenUsage usage =
        usage("{\"input\":11,\"output\":10,\"input_cached_tokens\":870,\"total\":891}");
    assertThat(usage.input()).isEqualTo(881);
    assertThat(usage.cacheRead()).isEqualTo(870);
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void anthropicsNamesAsBuckets() {
    TokenUsage usage =
        usage(
            "{\"input\":11,\"output\":10,\"cache_creation_input_tokens\":5,"
                + "\"cache_read_input_tokens\":2870}");
    assertThat(usage.input()).isEqualTo(2886);
    assertThat(usage.cacheWrite()).isEqualTo(5);
  }

  @Test
  void totalShowsInclusiveCounts() {
    TokenUsage usage =
        usage(
            "{\"input\":100,\"output\":50,\"total\":150,\"input_cached_tokens\":40,"
                + "\"output_reasoning_tokens\":30}");
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.output()).isEqualTo(50);
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PROVEN_INCLUSIVE);
  }

  @Test
  void openAisOwnUsageIsInclusive() {
    TokenUsage usage =
        usage(
            "{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":40}}");
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.cacheRead()).isEqualTo(40);
  }

  @Test
  void completionStartTimeInTwoLayersOfQuotes() {
    // The test span starts one second after the epoch and takes a second.
    assertThat(
            generation()
                .with(O + "completion_start_time", "\"1970-01-01T00:00:01.250Z\"")
                .changes())
        .containsEntry("gen_ai.response.time_to_first_chunk", 0.25);
    assertThat(generation().with(O + "completion_start_time", "\"1999-01-01T00:00:00Z\"").changes())
        .doesNotContainKey("gen_ai.response.time_to_first_chunk");
  }

  @Test
  void structuredAnswerStaysText() {
    LlmSpan llm = generation().with(O + "output", "{\"answer\":42,\"unit\":\"km\"}").read();
    assertThat(llm.outputMessages())
        .containsExactly(Message.text("assistant", "{\"answer\":42,\"unit\":\"km\"}"));
  }

  @Test
  void toolsNameAsRoleIsAToolsAnswer() {
    LlmSpan llm =
        generation()
            .with(
                O + "input",
                "[{\"role\":\"user\",\"content\":\"w?\"},{\"role\":\"assistant\",\"content\":\"\","
                    + "\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"get_weather\","
                    + "\"arguments\":\"{}\"}}]},{\"role\":\"get_weather\",\"content\":\"14\"}]")
            .read();
    assertThat(llm.inputMessages()).extracting(Message::role).endsWith("assistant", "tool");
    assertThat(llm.inputMessages().get(2).parts().get(0).type()).isEqualTo("tool_call_response");
  }

  @Test
  void toolSpanOfTheLangChainHandler() {
    assertThat(
            TestSpan.span("get_weather")
                .with(O + "type", "tool")
                .with(O + "input", "{\"city\":\"Paris\"}")
                .with(
                    O + "output",
                    "{\"lc\":1,\"type\":\"constructor\",\"id\":[\"ToolMessage\"],\"kwargs\":"
                        + "{\"content\":\"sunny\",\"tool_call_id\":\"c1\"}}")
                .changes())
        .contains(
            entry("gen_ai.operation.name", "execute_tool"),
            entry("gen_ai.tool.name", "get_weather"),
            entry("gen_ai.tool.call.id", "c1"),
            entry("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}"),
            entry("gen_ai.tool.call.result", "sunny"));
  }

  @Test
  void retrieverHasQueryAndDocuments() {
    assertThat(
            TestSpan.span("retrieve")
                .with(O + "type", "retriever")
                .with(O + "input", "refunds?")
                .with(O + "output", "[{\"id\":1,\"score\":0.9,\"content\":\"x\"}]")
                .changes())
        .contains(
            entry("gen_ai.operation.name", "retrieval"),
            entry("gen_ai.retrieval.query.text", "refunds?"),
            entry(
                "gen_ai.retrieval.documents", "[{\"id\":\"1\",\"score\":0.9,\"content\":\"x\"}]"));
  }

  @Test
  void agentWithTheSumOfItsCallsIsNotBilled() {
    LlmSpan llm =
        TestSpan.span("travel_agent")
            .with(O + "type", "agent")
            .with(O + "usage_details", "{\"input\":10,\"output\":5}")
            .read();
    assertThat(llm.operation()).isEqualTo("invoke_agent");
    assertThat(llm.agentName()).isEqualTo("travel_agent");
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
  }

  @Test
  void guardrailAndEvaluatorAreNoOperation() {
    for (String type : List.of("guardrail", "evaluator", "chain", "span", "event")) {
      LlmSpan llm = TestSpan.span("chat x").with(O + "type", type).read();
      assertThat(llm.operation()).isNull();
      assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
    }
  }

  @Test
  void levelErrorIsAnErrorWithTheProvidersStatus() {
    LlmSpan llm =
        generation()
            .with(O + "level", "ERROR")
            .with(O + "status_message", "Error: 429 Rate limit reached for secret-org")
            .read();
    assertThat(llm.errorType()).isEqualTo("429");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
    assertThat(llm.usage()).isNull();
  }

  @Test
  void sessionIsTheConversation() {
    assertThat(
            generation()
                .with("session.id", "s1")
                .with("langfuse.user.id", "u1")
                .with(O + "metadata.ls_model_name", "gpt-4o")
                .with(O + "model.name", "gpt-4o-2024-08-06")
                .changes())
        .contains(
            entry("gen_ai.conversation.id", "s1"),
            entry("user.id", "u1"),
            entry("gen_ai.request.model", "gpt-4o"),
            entry("gen_ai.response.model", "gpt-4o-2024-08-06"));
  }

  @Test
  void reportedCostIsKept() {
    ReportedCost cost =
        generation()
            .with(O + "cost_details", "{\"input\":0.0003,\"output\":0.0006}")
            .read()
            .reportedCost();
    assertThat(cost.amount()).isEqualByComparingTo("0.0009");
    assertThat(cost.currency()).isEqualTo("USD");
  }

  @Test
  void attributesOfTheTraceMakeNoLlmSpan() {
    assertThat(
            TestSpan.span("GET /")
                .with("langfuse.environment", "prod")
                .with("langfuse.trace.tags", List.of("a"))
                .with("session.id", "s")
                .read())
        .isNull();
  }

  private static TestSpan generation() {
    return TestSpan.span("llm").with(O + "type", "generation").with(O + "model.name", "gpt-4o");
  }

  private static TokenUsage usage(String details) {
    return generation().with(O + "usage_details", details).read().usage();
  }

  @Test
  void pythonsMetadataIsInQuotes() {
    LlmSpan llm =
        TestSpan.span("ChatOpenAI")
            .with("langfuse.observation.type", "generation")
            .with("langfuse.observation.model.name", "some-model")
            .with("langfuse.observation.metadata.ls_provider", "\"openai\"")
            .with("langfuse.observation.metadata.langfuse_session_id", "\"s1\"")
            .with("langfuse.observation.metadata.langfuse_user_id", "\"u1\"")
            .read();
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.get(Slot.SESSION_ID)).isEqualTo("s1");
    assertThat(llm.get(Slot.USER_ID)).isEqualTo("u1");
  }
}
