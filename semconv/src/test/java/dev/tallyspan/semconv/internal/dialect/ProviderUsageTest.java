package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
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

  @Test
  void geminiCountsModalitiesInEitherCase() {
    TokenUsage camel =
        read(
            """
            {"promptTokenCount":100,"candidatesTokenCount":1300,"cachedContentTokenCount":30,
             "toolUsePromptTokenCount":7,
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":20},
              {"modality":"VIDEO","tokenCount":80}],
             "toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":7}],
             "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":30}],
             "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}
            """);
    assertThat(camel.inputModalities()).isEqualTo(modalities(27, -1, -1, 80));
    assertThat(camel.cacheReadModalities()).isEqualTo(modalities(-1, -1, 30, -1));
    assertThat(camel.outputModalities()).isEqualTo(modalities(-1, 1290, -1, -1));
    TokenUsage snake =
        read(
            """
            {"prompt_token_count":100,"candidates_token_count":9,
             "prompt_tokens_details":[{"modality":"MediaModality.AUDIO","token_count":70}],
             "cache_tokens_details":null}
            """);
    assertThat(snake.inputModalities()).isEqualTo(modalities(-1, -1, 70, -1));
  }

  @Test
  void geminiThoughtsAreInsideTheCandidatesIfTheTotalSaysSo() {
    String counts =
        "{\"promptTokenCount\":10,\"candidatesTokenCount\":50,\"thoughtsTokenCount\":20,";
    assertThat(read(counts + "\"totalTokenCount\":60}").output()).isEqualTo(50);
    assertThat(read(counts + "\"totalTokenCount\":80}").output()).isEqualTo(70);
  }

  @Test
  void openAiCountsModalitiesOfRealtimeAndImages() {
    TokenUsage realtime =
        read(
            """
            {"total_tokens":1855,"input_tokens":1459,"output_tokens":396,
             "input_token_details":{"cached_tokens":1408,"text_tokens":1349,"audio_tokens":110,
              "cached_tokens_details":{"text_tokens":1344,"audio_tokens":64}},
             "output_token_details":{"text_tokens":97,"audio_tokens":299}}
            """);
    assertThat(realtime.inputModalities()).isEqualTo(modalities(1349, -1, 110, -1));
    assertThat(realtime.cacheReadModalities()).isEqualTo(modalities(1344, -1, 64, -1));
    assertThat(realtime.outputModalities()).isEqualTo(modalities(97, -1, 299, -1));
    TokenUsage images =
        read(
            """
            {"input_tokens":60,"input_tokens_details":{"text_tokens":10,"image_tokens":50},
             "output_tokens":272,"total_tokens":332}
            """);
    assertThat(images.inputModalities()).isEqualTo(modalities(10, 50, -1, -1));
  }

  @Test
  void reasoningBesideTheCompletionIsToldByTheTotal() {
    String counts =
        "{\"prompt_tokens\":10,\"completion_tokens\":50,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":40},";
    assertThat(read(counts + "\"total_tokens\":60}").output()).isEqualTo(50);
    assertThat(read(counts + "\"total_tokens\":100}").output()).isEqualTo(90);
  }

  @Test
  void bedrockCountsCacheWritesByLifetime() {
    TokenUsage usage =
        read(
            """
            {"inputTokens":3,"outputTokens":1,"cacheWriteInputTokens":70,
             "cacheDetails":[{"ttl":"1h","inputTokens":60},{"ttl":"5m","inputTokens":10}]}
            """);
    assertThat(usage.cacheWrite5m()).isEqualTo(10);
    assertThat(usage.cacheWrite1h()).isEqualTo(60);
  }

  @Test
  void cohereBillsLessThanItReads() {
    TokenUsage usage =
        read(
            """
            {"billed_units":{"input_tokens":5,"output_tokens":2},
             "tokens":{"input_tokens":71,"output_tokens":8}}
            """);
    assertThat(usage.input()).isEqualTo(5);
    assertThat(usage.output()).isEqualTo(2);
  }

  private static TokenUsage.Modalities modalities(long text, long image, long audio, long video) {
    return new TokenUsage.Modalities(text, image, audio, video);
  }
}
