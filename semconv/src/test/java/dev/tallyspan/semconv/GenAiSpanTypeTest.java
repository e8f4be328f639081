package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenAiSpanTypeTest {

  @ParameterizedTest
  @CsvSource({
    "chat, CLIENT, INFERENCE",
    "text_completion, INTERNAL, INFERENCE",
    "embeddings, CLIENT, EMBEDDINGS",
    "invoke_agent, CLIENT, INVOKE_AGENT_CLIENT",
    "invoke_agent, INTERNAL, INVOKE_AGENT_INTERNAL",
    "upsert_memory, CLIENT, MEMORY",
    "rerank, CLIENT, "
  })
  void operationTellsTheTypeAndTheKindWhereAnAgentRuns(
      String operation, SpanKind kind, GenAiSpanType type) {
    assertThat(GenAiSpanType.of(operation, kind)).isEqualTo(type);
  }

  @Test
  void nameIsTheOperationWithItsSubject() {
    assertThat(GenAiSpanType.INFERENCE.spanName("chat", "gpt-4o")).isEqualTo("chat gpt-4o");
    assertThat(GenAiSpanType.INFERENCE.spanName("chat", null)).isEqualTo("chat");
    assertThat(GenAiSpanType.FETCH_RESPONSE.spanName("fetch_response", "resp_1"))
        .isEqualTo("fetch_response");
    assertThat(GenAiSpanType.MCP_SERVER.spanName("tools/call", "weather"))
        .isEqualTo("tools/call weather");
  }

  @Test
  void idDependsOnTheGeneration() {
    assertThat(GenAiSpanType.INFERENCE.id(ConventionVersion.GENAI_DEV))
        .isEqualTo("gen_ai.client.inference");
    assertThat(GenAiSpanType.INFERENCE.id(ConventionVersion.CORE_1_41))
        .isEqualTo("gen_ai.inference.client");
    assertThat(GenAiSpanType.PLAN.id(ConventionVersion.CORE_1_41)).isNull();
  }

  @Test
  void metricHasItsNameInEachGenerationAndBoundariesThatRise() {
    GenAiMetric duration = GenAiMetrics.GEN_AI_CLIENT_INFERENCE_DURATION;
    assertThat(duration.name(ConventionVersion.GENAI_DEV))
        .isEqualTo("gen_ai.client.inference.duration");
    assertThat(duration.name(ConventionVersion.CORE_1_41))
        .isEqualTo("gen_ai.client.operation.duration");
    assertThat(duration.unit()).isEqualTo("s");
    assertThat(duration.buckets()).hasSize(14).isSorted().startsWith(0.01).endsWith(81.92);
    assertThat(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.buckets()).isEmpty();
    assertThat(GenAiMetrics.GEN_AI_CLIENT_TOKEN_USAGE.buckets()).endsWith(67108864.0);
  }

  @Test
  void variableOfAPromptHasAKeyOfItsOwn() {
    assertThat(GenAiAttributes.genAiPromptVariable("city").getKey())
        .isEqualTo("gen_ai.prompt.variable.city");
  }
}
