package dev.tallyspan.semconv.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.TestSpan;
import io.opentelemetry.api.trace.SpanKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillingTest {

  @ParameterizedTest
  @CsvSource({
    "chat, CLIENT, true, CALL",
    "chat, INTERNAL, false, CALL",
    "embedding, CLIENT, true, CALL",
    "rerank, CLIENT, false, CALL",
    "invoke_agent, INTERNAL, true, AGGREGATE",
    "invoke_agent, INTERNAL, false, NOT_BILLABLE",
    "invoke_workflow, INTERNAL, true, AGGREGATE",
    "execute_tool, INTERNAL, true, NOT_BILLABLE",
    "fetch_response, CLIENT, true, NOT_BILLABLE",
    "moderate, CLIENT, true, CALL",
    "moderate, INTERNAL, true, AGGREGATE",
    "moderate, CLIENT, false, NOT_BILLABLE"
  })
  void operationDecides(String operation, SpanKind kind, boolean usage, Billing expected) {
    TestSpan span = TestSpan.chat().with("gen_ai.operation.name", operation).kind(kind);
    if (usage) {
      span.with("gen_ai.usage.input_tokens", 5).with("gen_ai.usage.output_tokens", 5);
    }
    assertThat(span.read().billing()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "429, , NOT_BILLABLE",
    "RateLimitError, , NOT_BILLABLE",
    "invalid_request_error, , NOT_BILLABLE",
    "TimeoutError, , CALL",
    "request_cancelled, , CALL",
    "500, chatcmpl-1, CALL"
  })
  void callThatFailedWithoutAnAnswerIsNotBilled(String error, String responseId, Billing expected) {
    TestSpan span = TestSpan.chat().with("error.type", error);
    if (responseId != null) {
      span.with("gen_ai.response.id", responseId);
    }
    assertThat(span.read().billing()).isEqualTo(expected);
  }
}
