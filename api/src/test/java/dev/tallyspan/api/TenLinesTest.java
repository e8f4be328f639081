package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.text;
import static dev.tallyspan.api.Telemetry.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A correct chat span with messages, tool call, usage, cost and first-chunk time. */
class TenLinesTest {

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi =
      telemetry.genAi().content(ContentCapture.ALL).costs(CatalogCosts.shipped()).build();
  private final List<Message> messages = List.of(Message.user("What is the weather in Paris?"));
  private final List<Event> stream =
      List.of(
          new Event(0, "call_1", "get_weather", ""),
          new Event(0, null, null, "{\"city\":\"Paris\"}"));

  private record Event(int index, String id, String name, String arguments) {}

  /** The lines between the marks are in docs/tracing-api.md. */
  private void chat() {
    // begin
    try (ChatCall call = genAi.chat("openai", "gpt-4o").input(messages).startStream()) {
      for (Event event : stream) {
        call.chunk(Delta.toolCall(event.index(), event.id(), event.name(), event.arguments()));
      }
      call.responseId("resp_1").responseModel("gpt-4o-2024-08-06").finishReasons("tool_calls");
      call.usage(TokenUsage.inclusive().input(4000).cacheRead(3000).output(20));
      System.out.println("cost so far: " + call.cost().total());
    }
    // end
  }

  @Test
  void spanIsComplete() {
    chat();

    SpanData span = telemetry.span();
    assertThat(Telemetry.findings(span)).isEmpty();
    assertThat(span.getName()).isEqualTo("chat gpt-4o");
    assertThat(text(span, "gen_ai.input.messages")).contains("weather in Paris");
    assertThat(text(span, "gen_ai.output.messages"))
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"call_1\","
                + "\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\"}}],"
                + "\"finish_reason\":\"tool_call\"}]");
    assertThat(whole(span, "gen_ai.usage.input_tokens")).isEqualTo(4000);
    assertThat(span.getAttributes().get(AttributeKey.doubleKey("tallyspan.cost.total")))
        // 1,000 at 2.50, 3,000 at 1.25 and 20 at 10.00 US dollars per million
        .isEqualTo(0.00645);
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(
            span.getAttributes().get(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk")))
        .isNotNull();
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void itTakesTenLinesAsInTheDocumentation() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("src/test/java/dev/tallyspan/api/TenLinesTest.java"));
    List<String> snippet =
        lines.subList(lines.indexOf("    // begin") + 1, lines.indexOf("    // end")).stream()
            .map(line -> line.substring(4))
            .toList();

    assertThat(snippet).hasSizeLessThanOrEqualTo(10);
    assertThat(Files.readString(Path.of("../docs/tracing-api.md")))
        .contains(snippet.stream().collect(Collectors.joining("\n")));
  }
}
