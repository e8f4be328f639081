package dev.tallyspan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.HostileTelemetry;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails while recording, the call is made and its answer arrives. */
class HostileTest {

  private final FakeProvider provider = new FakeProvider();
  private final OpenAIClient plain =
      OpenAIOkHttpClient.builder().baseUrl(provider.baseUrl()).apiKey("none").build();

  @AfterEach
  void close() {
    plain.close();
    provider.close();
    Traces.nothingIsCurrent();
  }

  static Stream<GenAi> hostile() {
    return HostileTelemetry.instances();
  }

  private static ChatCompletionCreateParams parameters() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o-mini")
        .addUserMessage("Hello")
        // Not what the API expects, which is the server's to say.
        .putAdditionalBodyProperty("temperature", JsonValue.from("warm"))
        .putAdditionalBodyProperty("n", JsonValue.from("many"))
        .putAdditionalBodyProperty("tools", JsonValue.from("none"))
        .build();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aCall(GenAi genAi) {
    provider.answersJson(OpenAiPayloads.CHAT);

    var completion = TallyspanOpenAi.wrap(genAi, plain).chat().completions().create(parameters());

    assertThat(completion.id()).isEqualTo("chatcmpl-1");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aStream(GenAi genAi) {
    provider.streams(OpenAiPayloads.chatStream());

    try (StreamResponse<ChatCompletionChunk> stream =
        TallyspanOpenAi.wrap(genAi, plain).chat().completions().createStreaming(parameters())) {
      assertThat(stream.stream().count()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void anAsynchronousCall(GenAi genAi) {
    provider.answersJson(OpenAiPayloads.CHAT);

    var completion =
        TallyspanOpenAi.wrap(genAi, plain)
            .async()
            .chat()
            .completions()
            .create(parameters())
            .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
            .join();

    assertThat(completion.id()).isEqualTo("chatcmpl-1");
  }
}
