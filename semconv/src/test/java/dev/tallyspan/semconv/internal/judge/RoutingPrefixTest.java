package dev.tallyspan.semconv.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.TestSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingPrefixTest {

  private static TestSpan call(String provider, String model) {
    return TestSpan.span("chat")
        .with("gen_ai.operation.name", "chat")
        .with("gen_ai.provider.name", provider)
        .with("gen_ai.request.model", model);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, openai/gpt-4o, gpt-4o",
    "openai, openai/responses/gpt-5, gpt-5",
    "anthropic, anthropic/claude-sonnet-4-5-20250929, claude-sonnet-4-5-20250929",
    "azure.ai.openai, azure/gpt-4o, gpt-4o",
    "aws.bedrock, bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0, us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "gcp.vertex_ai, vertex_ai/gemini-2.5-flash, gemini-2.5-flash",
    "gcp.gemini, gemini/gemini-2.5-flash, gemini-2.5-flash",
    "groq, groq/openai/gpt-oss-120b, openai/gpt-oss-120b",
    "openrouter, openrouter/anthropic/claude-sonnet-4.5, anthropic/claude-sonnet-4.5"
  })
  void modelWithoutItsRouteIsTheOneThatAnswered(String provider, String model, String bare) {
    assertThat(call(provider, model).normalized())
        .containsEntry("gen_ai.request.model", model)
        .containsEntry("gen_ai.response.model", bare);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o",
    "groq, openai/gpt-oss-120b",
    "openai, openai/gpt-oss-20b",
    "together, meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "openrouter, anthropic/claude-sonnet-4.5",
    "mistral_ai, mistralai/Mistral-7B-Instruct-v0.3",
    "openai, azure/gpt-4o",
    "openai, openai/"
  })
  void nameOfAnOrganisationIsPartOfTheModels(String provider, String model) {
    assertThat(call(provider, model).normalized())
        .containsEntry("gen_ai.request.model", model)
        .doesNotContainKey("gen_ai.response.model");
  }

  @Test
  void modelThatAnsweredByItsOwnWordStands() {
    assertThat(
            call("openai", "openai/gpt-4o")
                .with("gen_ai.response.model", "gpt-4o-2024-08-06")
                .normalized())
        .containsEntry("gen_ai.response.model", "gpt-4o-2024-08-06");
  }

  @Test
  void refusedCallIsAnsweredByNoModel() {
    TestSpan refused = call("openai", "openai/gpt-4o").error().with("error.type", "RateLimitError");
    assertThat(refused.normalized()).doesNotContainKey("gen_ai.response.model");
    assertThat(refused.read().billing()).isEqualTo(Billing.NOT_BILLABLE);
  }
}
