package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.findings;
import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static dev.tallyspan.api.Telemetry.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamingTest {

  private static final AttributeKey<Double> FIRST_CHUNK =
      AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().content(ContentCapture.ALL).build();

  @AfterEach
  void nothingFailed() {
    assertThat(genAi.faults()).isZero();
    telemetry.close();
  }

  @Test
  void chunksBecomeOneMessage() {
    ChatCall call =
        genAi.chat("anthropic", "claude-sonnet-4-5").input(Message.user("Hi")).startStream();
    call.chunk(Delta.reasoning("Let me "))
        .chunk(Delta.reasoning("think."))
        .chunk(Delta.text("I look "))
        .chunk(Delta.text("it up."))
        .chunk(Delta.toolCall(0, "call_1", "get_weather", "{\"ci"))
        .chunk(Delta.toolCall(1, "call_2", "get_time", null))
        .chunk(Delta.toolCall(0, null, null, "ty\":\"Paris\"}"))
        .chunk(Delta.finish("tool_use"))
        .usage(TokenUsage.anthropic().input(10).cacheRead(2870).output(3))
        .end();

    SpanData span = telemetry.span();
    assertThat(findings(span)).isEmpty();
    assertThat(text(span, "gen_ai.output.messages"))
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":["
                + "{\"type\":\"reasoning\",\"content\":\"Let me think.\"},"
                + "{\"type\":\"text\",\"content\":\"I look it up.\"},"
                + "{\"type\":\"tool_call\",\"id\":\"call_1\",\"name\":\"get_weather\","
                + "\"arguments\":{\"city\":\"Paris\"}},"
                + "{\"type\":\"tool_call\",\"id\":\"call_2\",\"name\":\"get_time\"}],"
                + "\"finish_reason\":\"tool_call\"}]");
    assertThat(span.getAttributes().get(FINISH_REASONS)).containsExactly("tool_use");
    assertThat(span.getAttributes().get(AttributeKey.booleanKey("gen_ai.request.stream"))).isTrue();
    assertThat(whole(span, "gen_ai.usage.input_tokens")).isEqualTo(2880);
    assertThat(keys(span)).doesNotContain("gen_ai.response.status");
  }

  @Test
  void choicesAreKeptApart() {
    ChatCall call = genAi.chat("openai", "gpt-4o").choiceCount(2).startStream();
    call.chunk(Delta.text("A").ofChoice(1), Delta.text("B"))
        .chunk(Delta.text("a").ofChoice(1), Delta.finish("length").ofChoice(1))
        .chunk(Delta.finish("stop"))
        .end();

    assertThat(text(telemetry.span(), "gen_ai.output.messages"))
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"B\"}],"
                + "\"finish_reason\":\"stop\"},"
                + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Aa\"}],"
                + "\"finish_reason\":\"length\"}]");
    assertThat(telemetry.span().getAttributes().get(FINISH_REASONS))
        .containsExactly("stop", "length");
  }

  @Test
  void timesOfChunks() {
    ChatCall call = genAi.chat("openai", "gpt-4o").startStream();
    telemetry.pass(250);
    call.chunk(); // a chunk without content is one, too
    telemetry.pass(20);
    call.chunk(Delta.text("a"));
    telemetry.pass(40);
    call.chunk(Delta.text("b"), Delta.finish("stop"));
    telemetry.pass(690);
    call.end();

    assertThat(telemetry.span().getAttributes().get(FIRST_CHUNK)).isEqualTo(0.25);
    HistogramPointData first = point("gen_ai.client.inference.time_to_first_chunk");
    assertThat(first.getCount()).isEqualTo(1);
    assertThat(first.getSum()).isEqualTo(0.25);
    HistogramPointData gaps = point("gen_ai.client.inference.time_per_output_chunk");
    assertThat(gaps.getCount()).isEqualTo(2);
    assertThat(gaps.getMin()).isEqualTo(0.02);
    assertThat(gaps.getMax()).isEqualTo(0.04);
    assertThat(point("gen_ai.client.inference.duration").getSum()).isEqualTo(1.0);
  }

  private HistogramPointData point(String metric) {
    return telemetry.metric(metric).getHistogramData().getPoints().iterator().next();
  }

  @Test
  void abandonedStreamEndsWithWhatCame() {
    try (ChatCall call = genAi.chat("openai", "gpt-4o").startStream()) {
      call.chunk(Delta.text("Once upon"));
    }

    SpanData span = telemetry.span();
    assertThat(findings(span)).isEmpty();
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("Once upon")
        .contains("\"finish_reason\":\"error\"");
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(keys(span)).doesNotContain("gen_ai.response.finish_reasons", "error.type");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void streamThatIsCompleteMayBeClosed() {
    try (ChatCall call = genAi.chat("openai", "gpt-4o").startStream()) {
      call.chunk(Delta.text("Hi"), Delta.finish("stop"));
    }

    assertThat(keys(telemetry.span())).doesNotContain("gen_ai.response.status");
  }

  @Test
  void streamThatFailsIsNotAbandoned() {
    ChatCall call = genAi.chat("openai", "gpt-4o").startStream();
    call.chunk(Delta.text("Hi")).fail("overloaded_error").close();

    SpanData span = telemetry.span();
    assertThat(text(span, "error.type")).isEqualTo("overloaded_error");
    assertThat(keys(span)).doesNotContain("gen_ai.response.status");
    assertThat(text(span, "gen_ai.output.messages")).contains("\"finish_reason\":\"error\"");
  }

  @Test
  void outputThatIsSetReplacesTheChunks() {
    ChatCall call = genAi.chat("openai", "gpt-4o").startStream();
    call.chunk(Delta.text("H")).output(Message.assistant("Hello")).finishReasons("stop").end();

    assertThat(text(telemetry.span(), "gen_ai.output.messages")).contains("\"content\":\"Hello\"");
  }

  @Test
  void withoutContentOnlyFactsAreWritten() {
    GenAi quiet = telemetry.genAi().build();
    ChatCall call = quiet.chat("openai", "gpt-4o").startStream();
    call.chunk(Delta.text("secret"), Delta.finish("stop")).end();

    assertThat(telemetry.span().getAttributes().toString()).doesNotContain("secret");
    assertThat(telemetry.span().getAttributes().get(FINISH_REASONS)).containsExactly("stop");
  }

  @Test
  void streamIsNotCurrentUnlessAskedFor() {
    ChatCall call = genAi.chat("openai", "gpt-4o").startStream();
    assertThat(Context.current()).isEqualTo(Context.root());
    try (var scope = call.makeCurrent()) {
      assertThat(scope).isNotNull();
      assertThat(Context.current()).isEqualTo(call.context());
    }
    call.end();
  }
}
