package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProviderUsageTest {

  private static TokenUsage read(String json) {
    return ProviderUsage.read(Json.parse(json));
  }

  @Test
  void openAiCountsCacheInside() {
    TokenUsage usage =
        read(
            """
            {"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
             "prompt_tokens_details":{"cached_tokens":40},
             "completion_tokens_details":{"reasoning_tokens":8}}
            """);
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.uncachedInput()).isEqualTo(60);
    assertThat(usage.output()).isEqualTo(20);
    assertThat(usage.reasoning()).isEqualTo(8);
  }

  @Test
  void anthropicCountsCacheBeside() {
    TokenUsage usage =
        read(
            """
            {"input_tokens":9,"output_tokens":25,"cache_read_input_tokens":100,
             "cache_creation_input_tokens":70,
             "cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":10}}
            """);
    assertThat(usage.input()).isEqualTo(179);
    assertThat(usage.uncachedInput()).isEqualTo(9);
    assertThat(usage.cacheWrite1h()).isEqualTo(10);
  }

  @Test
  void bedrockCountsCacheBeside() {
    TokenUsage usage = read("{\"inputTokens\":9,\"outputTokens\":2,\"cacheReadInputTokens\":100}");
    assertThat(usage.input()).isEqualTo(109);
    assertThat(usage.cacheWrite()).isEqualTo(TokenUsage.UNKNOWN);
  }

  @Test
  void geminiCountsThoughtsBeside() {
    TokenUsage usage =
        read(
            """
            {"promptTokenCount":100,"candidatesTokenCount":5,"thoughtsTokenCount":90,
             "toolUsePromptTokenCount":7,"cachedContentTokenCount":40}
            """);
    assertThat(usage.input()).isEqualTo(107);
    assertThat(usage.output()).isEqualTo(95);
    assertThat(usage.reasoning()).isEqualTo(90);
    assertThat(usage.cacheRead()).isEqualTo(40);
  }

  @Test
  void otherObjectsAreNoUsage() {
    assertThat(read("{\"a\":1}")).isNull();
    assertThat(ProviderUsage.read(Json.ABSENT)).isNull();
  }

  @Test
  void liteLlmPutsAnthropicsWordsBesideOpenAis() {
    TokenUsage usage =
        ProviderUsage.read(
            Json.of(
                    "{'completion_tokens': 15, 'prompt_tokens': 3624, 'total_tokens': 3639,"
                        + " 'prompt_tokens_details': {'audio_tokens': None, 'cached_tokens': 19,"
                        + " 'cache_creation_tokens': 3586, 'cache_creation_token_details':"
                        + " {'ephemeral_5m_input_tokens': 3580, 'ephemeral_1h_input_tokens': 6}},"
                        + " 'cache_creation_input_tokens': 3586, 'cache_read_input_tokens': 19}")
                .unwrap());
    assertThat(usage.input()).isEqualTo(3624);
    assertThat(usage.cacheRead()).isEqualTo(19);
    assertThat(usage.cacheWrite()).isEqualTo(3586);
    assertThat(usage.cacheWrite5m()).isEqualTo(3580);
    assertThat(usage.cacheWrite1h()).isEqualTo(6);
  }

  @Test
  void liteLlmWithoutDetails() {
    TokenUsage usage =
        ProviderUsage.read(
            Json.of(
                    "{\"prompt_tokens\":100,\"completion_tokens\":5,"
                        + "\"cache_creation_input_tokens\":30,\"cache_read_input_tokens\":60}")
                .unwrap());
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.cacheRead()).isEqualTo(60);
    assertThat(usage.cacheWrite()).isEqualTo(30);
  }

  @Test
  void titanCountsEachText() {
    TokenUsage usage =
        ProviderUsage.read(
            Json.of(
                    "{\"inputTextTokenCount\":31,\"results\":["
                        + "{\"tokenCount\":15,\"outputText\":\"a\"},{\"tokenCount\":4}]}")
                .unwrap());
    assertThat(usage.input()).isEqualTo(31);
    assertThat(usage.output()).isEqualTo(19);
  }
}
