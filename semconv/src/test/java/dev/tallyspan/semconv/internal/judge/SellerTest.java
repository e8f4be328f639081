package dev.tallyspan.semconv.internal.judge;

import static dev.tallyspan.semconv.TestSpan.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sold a call: whose address was called, before whose client library called it. */
class SellerTest {

  @ParameterizedTest
  @CsvSource({
    "https://generativelanguage.googleapis.com/v1beta/openai/, gcp.gemini",
    "https://api.groq.com/openai/v1, groq",
    "https://api.together.xyz/v1, together_ai",
    "https://api.deepseek.com, deepseek",
    "https://openrouter.ai/api/v1, openrouter",
    "https://api.fireworks.ai/inference/v1, fireworks",
    "https://api.x.ai/v1, x_ai",
    "https://my-resource.openai.azure.com/openai/deployments/x, azure.ai.openai",
    "https://my-resource.cognitiveservices.azure.com:443/, azure.ai.openai",
    "https://us-east5-aiplatform.googleapis.com/v1, gcp.vertex_ai",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1, aws.bedrock",
    "https://key@api.cerebras.ai/v1?x=1, cerebras"
  })
  void baseUrlComesBeforeTheNameOfTheClient(String url, String seller) {
    assertThat(chat().with("gen_ai.openai.api_base", url).read().provider()).isEqualTo(seller);
    assertThat(chat().with("openai.api_base", url).read().provider()).isEqualTo(seller);
  }

  @Test
  void addressMayBeInRequestParametersHeadersOrTheClientsHttp() {
    assertThat(
            chat()
                .with("openinference.span.kind", "LLM")
                .with(
                    "llm.invocation_parameters",
                    "{\"model\":\"m\",\"base_url\":\"https://api.groq.com/openai/v1\"}")
                .read()
                .provider())
        .isEqualTo("groq");
    assertThat(chat().with("url.full", "https://api.mistral.ai/v1/chat").read().provider())
        .isEqualTo("mistral_ai");
    assertThat(
            chat()
                .with(
                    "http.request.header.helicone-target-url", List.of("https://api.deepseek.com"))
                .read()
                .provider())
        .isEqualTo("deepseek");
    assertThat(chat().with("server.address", "api.groq.com").read().provider()).isEqualTo("groq");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:4000",
        "http://10.0.0.7:8000/v1",
        "https://llm-gateway.corp.example/v1",
        "not a url",
        ""
      })
  void addressThatTellsNoSellerLeavesTheName(String url) {
    assertThat(chat().with("gen_ai.openai.api_base", url).read().provider()).isEqualTo("openai");
  }

  @Test
  void azuresTwoServicesShareHosts() {
    assertThat(
            chat()
                .with("gen_ai.provider.name", "azure.ai.inference")
                .with("server.address", "x.openai.azure.com")
                .read()
                .provider())
        .isEqualTo("azure.ai.inference");
  }

  @Test
  void spanOfAServerHasAnAddressOfItsOwn() {
    LlmSpan served =
        TestSpan.span("POST /chat")
            .kind(io.opentelemetry.api.trace.SpanKind.SERVER)
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "house-model")
            .with("http.host", "api.groq.com")
            .read();
    assertThat(served.provider()).isNull();
  }

  @Test
  void modelTellsTheSellerOnlyIfItsMakerAloneSellsIt() {
    TestSpan unnamed = TestSpan.span("chat").with("gen_ai.operation.name", "chat");
    assertThat(unnamed.with("gen_ai.request.model", "gpt-6.1-sol").read().provider())
        .isEqualTo("openai");
    assertThat(unnamed.with("gen_ai.request.model", "claude-sonnet-5-5").read().provider())
        .isEqualTo("anthropic");
    for (String open : List.of("gpt-oss-120b", "llama-4-scout", "qwen3-32b", "deepseek-v4-pro")) {
      assertThat(unnamed.with("gen_ai.request.model", open).read().provider()).isNull();
    }
  }
}
