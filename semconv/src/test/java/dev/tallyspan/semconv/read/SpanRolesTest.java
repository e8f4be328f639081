package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a span is, and whose: told from what it says of itself, without the rest of its trace. */
class SpanRolesTest {

  static Stream<Arguments> sums() {
    return Stream.of(
        Arguments.of("AI SDK's outer span", withUsage("ai.operationId", "ai.generateText")),
        Arguments.of("OpenInference's agent", withUsage("openinference.span.kind", "AGENT")),
        Arguments.of("OpenInference's chain", withUsage("openinference.span.kind", "CHAIN")),
        Arguments.of("OpenLLMetry's workflow", withUsage("traceloop.span.kind", "workflow")),
        Arguments.of("OpenLLMetry's task", withUsage("traceloop.span.kind", "task")),
        Arguments.of("Langfuse's agent", withUsage("langfuse.observation.type", "agent")),
        Arguments.of("Mastra's generation step", withUsage("mastra.span.type", "model_step")),
        Arguments.of("an agent", withUsage("gen_ai.operation.name", "invoke_agent")),
        Arguments.of("a workflow", withUsage("gen_ai.operation.name", "invoke_workflow")),
        Arguments.of("a plan", withUsage("gen_ai.operation.name", "plan")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sums")
  void spanThatSumsUpItsCallsIsNotBilledAndKeepsItsCounts(String name, TestSpan span) {
    LlmSpan llm = span.read();
    assertThat(llm.billing()).isEqualTo(Billing.AGGREGATE);
    assertThat(llm.usage().input()).isEqualTo(100);
    assertThat(span.normalized()).containsEntry("gen_ai.usage.input_tokens", 100L);
  }

  // The same call, on the client's span and on the server's: both say what they are.
  @ParameterizedTest
  @CsvSource({"CLIENT", "SERVER"})
  void bothEndsOfACallAreCallsForTheTraceToTellApart(SpanKind kind) {
    TestSpan span = withUsage("gen_ai.operation.name", "chat").kind(kind);
    assertThat(span.read().billing()).isEqualTo(Billing.CALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fetch_response", "count_tokens", "create_agent"})
  void operationThatGeneratesNothingIsNeverBilled(String operation) {
    assertThat(withUsage("gen_ai.operation.name", operation).client().read().billing())
        .isEqualTo(Billing.NOT_BILLABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"list_models", "create_batch", "upload_file"})
  void operationWithoutTokensIsNotBilled(String operation) {
    assertThat(chat().with("gen_ai.operation.name", operation).read().billing())
        .isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void failedCallKeepsItsPartOfAnAnswerAndIsBilledForItsTokens() {
    LlmSpan llm =
        withUsage("gen_ai.operation.name", "chat")
            .error()
            .with("gen_ai.completion", "Once upon a")
            .event("exception", "exception.type", "ReadTimeout", "exception.message", "secret")
            .read();
    assertThat(llm.errorType()).isEqualTo("ReadTimeout");
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Once upon a"));
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void picturesOfASpanInProgressAreNotBilled() {
    assertThat(
            withUsage("gen_ai.operation.name", "chat")
                .with("logfire.span_type", "pending_span")
                .read()
                .billing())
        .isEqualTo(Billing.NOT_BILLABLE);
  }

  // Some put the tool that a model calls on the span of the call.
  @Test
  void operationThatIsSaidBeatsWhatTheKeysSuggest() {
    LlmSpan llm =
        span("kong.gen_ai")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.tool.name", "weather")
            .with("gen_ai.tool.call.id", "c1")
            .with("gen_ai.request.model", "gpt-4o")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void tokensWithoutAKindMakeAModelsSpanAndPayloadsAloneDoNot() {
    TestSpan payloads = span("x").with("input.value", "a").with("output.value", "b");
    assertThat(payloads.read()).isNull();
    assertThat(payloads.with("llm.token_count.prompt", 3).read().operation()).isEqualTo("chat");
    assertThat(
            span("x")
                .with("openinference.span.kind", "CHAIN")
                .with("input.value", "a")
                .read()
                .operation())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "langchain, , ",
    "gcp.vertex.agent, , ",
    "strands-agents, , ",
    "microsoft.agent_framework, , ",
    "llama_index, , ",
    "google, aiplatform.googleapis.com, gcp.vertex_ai",
    "google, generativelanguage.googleapis.com, gcp.gemini",
    "google, , gcp.gen_ai",
    "Azure, , azure.ai.inference",
    "az.ai.openai, , azure.ai.openai",
    "api.openai.com, , openai",
    "my-gateway, , my-gateway"
  })
  void providerIsWhoServesTheModelNotWhoCallsIt(String written, String host, String provider) {
    TestSpan span = span("chat m").with("gen_ai.system", written).with("gen_ai.request.model", "m");
    if (host != null) {
      span.with("server.address", host);
    }
    assertThat(span.read().provider()).isEqualTo(provider);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/gemini-2.5-pro",
        "anthropic/claude-sonnet-4.5",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude",
        "my-deployment"
      })
  void nameOfTheModelIsNeverRewritten(String model) {
    TestSpan span = chat().with("gen_ai.request.model", model).with("llm.model_name", "other");
    assertThat(span.normalized()).containsEntry("gen_ai.request.model", model);
  }

  @Test
  void vectorsTellTheirLengthInEveryForm() {
    TestSpan array =
        span("x")
            .with("openinference.span.kind", "EMBEDDING")
            .with("embedding.embeddings.0.embedding.vector", List.of(0.1, 0.2, 0.3));
    TestSpan text =
        span("x")
            .with("openinference.span.kind", "EMBEDDING")
            .with("embedding.embeddings.0.embedding.vector", "[0.1,0.2,0.3]");
    TestSpan aiSdk =
        span("x")
            .with("ai.operationId", "ai.embedMany.doEmbed")
            .with("ai.usage.tokens", "12")
            .with("ai.embeddings", List.of("[0.1,0.2,0.3]", "[0.4,0.5,0.6]"));
    for (TestSpan span : List.of(array, text, aiSdk)) {
      assertThat(span.normalized()).containsEntry("gen_ai.embeddings.dimension.count", 3L);
    }
    assertThat(aiSdk.read().usage().input()).isEqualTo(12);
  }

  @Test
  void documentsKeepADistanceApartFromAScore() {
    LlmSpan llm =
        span("x")
            .with("openinference.span.kind", "RETRIEVER")
            .with("retrieval.documents.0.document.id", 7)
            .with("retrieval.documents.0.document.score", "None")
            .with("retrieval.documents.0.document.content", "a")
            .with("retrieval.documents.0.document.metadata", "{\"page\":1}")
            .with("retrieval.documents.1.document.score", "0.5")
            .with("retrieval.documents.1.document.distance", 0.1)
            .read();
    assertThat(TestSpan.plain(llm.retrievalDocuments()))
        .isEqualTo(
            List.of(
                Map.of("id", "7", "content", "a", "metadata", Map.of("page", 1L)),
                Map.of("score", 0.5, "distance", 0.1)));
  }

  // Search units are no tokens, and what is ranked was found by another span.
  @Test
  void rerankingIsNoRetrieval() {
    LlmSpan llm =
        span("x")
            .with("openinference.span.kind", "RERANKER")
            .with("reranker.model_name", "rerank-v3.5")
            .with("reranker.input_documents.0.document.content", "a")
            .read();
    assertThat(llm.operation()).isEqualTo("rerank");
    assertThat(llm.requestModel()).isEqualTo("rerank-v3.5");
    assertThat(llm.usage()).isNull();
    assertThat(llm.retrievalDocuments()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llm.headers", "ai.request.headers.authorization", "gen_ai.headers"})
  void headersAreCopiedNowhere(String key) {
    TestSpan span = chat().with(key, "Bearer secret").with("llm.request.type", "chat");
    assertThat(span.changes().toString()).doesNotContain("secret");
    assertThat(span.read().readings()).noneMatch(reading -> reading.value().contains("secret"));
  }

  // A gateway or an application may say once, on the resource, what holds for all of its spans.
  @Test
  void resourceTellsTheUserAndTheEmitterWhereTheSpanDoesNot() {
    TestSpan onResource = chat().resource("user.id", "u1");
    assertThat(onResource.changes()).containsEntry("user.id", "u1");
    assertThat(chat().with("user.id", "u2").resource("user.id", "u1").normalized())
        .containsEntry("user.id", "u2");
    assertThat(chat().resource("service.name", "openrouter").read().dialects())
        .contains("openrouter");
  }

  @Test
  void callsThatClaudeCodeMakesForItselfAreBilled() {
    assertThat(
            span("claude_code.llm_request")
                .with("span.type", "llm_request")
                .with("query_source", "generate_session_title")
                .with("model", "claude-haiku-4-5")
                .with("input_tokens", 10)
                .with("output_tokens", 2)
                .read()
                .billing())
        .isEqualTo(Billing.CALL);
  }

  @Test
  void judgesAreNoCallsAndTheirCallsAre() {
    assertThat(withUsage("openinference.span.kind", "EVALUATOR").read().billing())
        .isEqualTo(Billing.AGGREGATE);
    assertThat(withUsage("langfuse.observation.type", "evaluator").read().billing())
        .isEqualTo(Billing.AGGREGATE);
    LlmSpan scorer =
        span("x")
            .with("braintrust.span_attributes", "{\"type\":\"llm\",\"purpose\":\"scorer\"}")
            .with("braintrust.metadata", "{\"model\":\"gpt-4o\"}")
            .with("braintrust.metrics", "{\"prompt_tokens\":100,\"completion_tokens\":5}")
            .read();
    assertThat(scorer.billing()).isEqualTo(Billing.CALL);
  }

  private static TestSpan withUsage(String key, String value) {
    return span("x")
        .with(key, value)
        .with("gen_ai.usage.input_tokens", 100)
        .with("gen_ai.usage.output_tokens", 5);
  }
}
