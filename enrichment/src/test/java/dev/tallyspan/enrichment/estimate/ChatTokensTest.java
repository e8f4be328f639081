package dev.tallyspan.enrichment.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.tallyspan.enrichment.MapSpan;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;

/** In both encodings "hello" is one token. */
class ChatTokensTest {

  private static final Encoding ENCODING = Tokenizers.of(EncodingType.CL100K_BASE);
  private static final String HELLO = "[{\"type\":\"text\",\"content\":\"hello\"}]";

  @Test
  void messageCostsFourTokensAndTheAnswerBeginsWithThree() {
    LlmSpan chat = chatOf("[{\"role\":\"user\",\"parts\":" + HELLO + "}]", "", "");

    assertThat(ChatTokens.count(chat, ENCODING)).isEqualTo(new ChatTokens(3 + 4 + 1, 0));
  }

  @Test
  void nameCostsOneTokenAndItself() {
    LlmSpan chat =
        chatOf("[{\"role\":\"user\",\"name\":\"hello\",\"parts\":" + HELLO + "}]", "", "");

    assertThat(ChatTokens.count(chat, ENCODING).input()).isEqualTo(3 + 4 + 1 + 2);
  }

  @Test
  void systemInstructionsAreAMessage() {
    LlmSpan chat = chatOf("[{\"role\":\"user\",\"parts\":" + HELLO + "}]", HELLO, "");

    assertThat(ChatTokens.count(chat, ENCODING).input()).isEqualTo(3 + 5 + 5);
  }

  @Test
  void allChoicesCountAsTheirTextOnly() {
    String choice = "{\"role\":\"assistant\",\"parts\":" + HELLO + "}";
    LlmSpan chat =
        chatOf(
            "[{\"role\":\"user\",\"parts\":" + HELLO + "}]", "", "[" + choice + "," + choice + "]");

    assertThat(ChatTokens.count(chat, ENCODING).output()).isEqualTo(2);
    assertThat(ChatTokens.characters(chat)).isEqualTo(15);
  }

  @Test
  void encodingThatIsNotForChatsIsRefused() {
    assertThatThrownBy(() -> Tokenizers.of(EncodingType.P50K_BASE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type=P50K_BASE is not an encoding of chats");
  }

  @Test
  void limitMustBePositive() {
    assertThatThrownBy(() -> UsageEstimator.builder().maxCharacters(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxCharacters=0: must be positive");
  }

  private static LlmSpan chatOf(String input, String system, String output) {
    MapSpan span = MapSpan.chat("openai", "gpt-4").with("gen_ai.input.messages", input);
    return Normalizer.create()
        .read(
            span.with("gen_ai.system_instructions", system).with("gen_ai.output.messages", output));
  }
}
