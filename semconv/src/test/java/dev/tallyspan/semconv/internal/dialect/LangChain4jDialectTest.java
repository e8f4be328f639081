package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LangChain4jDialectTest {

  private static TestSpan observation(String provider) {
    return span("chatgpt-4o")
        .scope("io.micrometer")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", provider)
        .with("gen_ai.request.model", "gpt-4o")
        .with("gen_ai.response.model", "unknown")
        .with("outcome", "SUCCESS")
        .with("input_tokens", "12")
        .with("output_tokens", "3");
  }

  private static TestSpan quarkus() {
    return span("completion gpt-4o")
        .scope("io.quarkus.opentelemetry")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", "open_ai")
        .with("gen_ai.request.model", "gpt-4o")
        .with("gen_ai.request.temperature", 0.0)
        .with("gen_ai.request.top_p", 0.0)
        .with("gen_ai.response.finish_reasons", "TOOL_EXECUTION")
        .with("gen_ai.usage.prompt_tokens", 12)
        .with("gen_ai.usage.completion_tokens", 3);
  }

  @Test
  void bareTokenKeysAreRead() {
    LlmSpan llm = observation("OPEN_AI").read();
    assertThat(llm.dialects()).contains("langchain4j").doesNotContain("spring-ai");
    assertThat(llm.usage().input()).isEqualTo(12);
    assertThat(llm.usage().output()).isEqualTo(3);
    assertThat(llm.responseModel()).isNull();
  }

  @Test
  void bareTokenKeysOfOthersAreNotRead() {
    assertThat(TestSpan.chat().with("input_tokens", "12").read().usage()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN_AI, openai",
    "AZURE_OPEN_AI, azure.ai.openai",
    "AMAZON_BEDROCK, aws.bedrock",
    "GOOGLE_AI_GEMINI, gcp.gemini",
    "GOOGLE_VERTEX_AI_GEMINI, gcp.vertex_ai",
    "GOOGLE_VERTEX_AI_ANTHROPIC, gcp.vertex_ai",
    "MISTRAL_AI, mistral_ai",
    "WATSONX, ibm.watsonx.ai"
  })
  void providersOfTheEnumAreWellKnown(String written, String expected) {
    assertThat(observation(written).read().provider()).isEqualTo(expected);
  }

  @Test
  void quarkusWritesTheProviderInLowerCase() {
    LlmSpan llm = quarkus().read();
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.usage().input()).isEqualTo(12);
    assertThat(llm.get(Slot.FINISH_REASONS)).asString().isEqualTo("[tool_execution]");
  }

  @Test
  void zeroTopPIsNoneAndZeroTemperatureStays() {
    LlmSpan llm = quarkus().read();
    assertThat(llm.get(Slot.TOP_P)).isNull();
    assertThat(llm.get(Slot.TEMPERATURE)).isEqualTo(0.0);
    assertThat(quarkus().normalized()).containsEntry("gen_ai.request.top_p", 0.0);
  }

  @Test
  void estimatedCostIsReportedWithItsCurrency() {
    LlmSpan llm = quarkus().with("gen_ai.client.estimated_cost", "0.0021USD").read();
    assertThat(llm.reportedCost().amount()).isEqualByComparingTo("0.0021");
    assertThat(llm.reportedCost().currency()).isEqualTo("USD");
  }

  @Test
  void otherIsNoProvider() {
    assertThat(
            quarkus()
                .with("gen_ai.provider.name", "other")
                .with("gen_ai.request.model", "house-model")
                .read()
                .provider())
        .isNull();
  }

  @Test
  void toolSpansAreToldByTheirName() {
    LlmSpan llm = span("langchain4j.tools.getWeather").with("gen_ai.tool.call.id", "c1").read();
    assertThat(llm.operation()).isEqualTo("execute_tool");
    assertThat(llm.toolName()).isEqualTo("getWeather");
  }
}
