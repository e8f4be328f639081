package dev.tallyspan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.AnthropicPayloads;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.HostileTelemetry;
import dev.tallyspan.bridges.testkit.Traces;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails while recording, the call is made and its answer arrives. */
class HostileTest {

  private final FakeProvider provider = new FakeProvider();
  private final AnthropicClient plain =
      AnthropicOkHttpClient.builder()
          .baseUrl(provider.baseUrl().replace("/v1", ""))
          .apiKey("none")
          .build();

  @AfterEach
  void close() {
    plain.close();
    provider.close();
    Traces.nothingIsCurrent();
  }

  static Stream<GenAi> hostile() {
    return HostileTelemetry.instances();
  }

  private static MessageCreateParams parameters() {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(10)
        .addUserMessage("Hello")
        // Not what the API expects, which is the server's to say.
        .putAdditionalBodyProperty("system", JsonValue.from(7))
        .putAdditionalBodyProperty("tools", JsonValue.from("none"))
        .build();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aCall(GenAi genAi) {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    assertThat(TallyspanAnthropic.wrap(genAi, plain).messages().create(parameters()).id())
        .isEqualTo("msg_1");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aStream(GenAi genAi) {
    provider.streams(AnthropicPayloads.stream());

    try (StreamResponse<RawMessageStreamEvent> stream =
        TallyspanAnthropic.wrap(genAi, plain).messages().createStreaming(parameters())) {
      assertThat(stream.stream().count()).isPositive();
    }
  }
}
