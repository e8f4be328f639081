package dev.tallyspan.googlegenai;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.bridges.testkit.GeminiPayloads;
import io.opentelemetry.sdk.trace.data.SpanData;

/** What is recorded of {@link GeminiPayloads#CONTENT}, and of the stream with the same content. */
final class TheContent {

  private TheContent() {}

  static void isTheContent(SpanData span) {
    assertThat(span.getName()).isEqualTo("generate_content gemini-2.5-flash");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("resp_1");
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("gemini-2.5-flash-001");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("STOP");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(3000 + 40);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(2870);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(12 + 100);
    assertThat(count(span, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(100);
    assertThat(count(span, "gen_ai.usage.image.input_tokens")).isEqualTo(100);
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"type\":\"reasoning\"", "The user wants weather.", "It is sunny.")
        .contains("\"finish_reason\":\"stop\"");
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text(span, "server.address")).isEqualTo("127.0.0.1");
    assertThat(count(span, "server.port")).isPositive();
  }
}
