package dev.tallyspan.googlegenai;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.googlegenai.TheContent.isTheContent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.GenerateContentResponse;
import dev.tallyspan.api.AgentRun;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamTest {

  private static final String MODEL = "gemini-2.5-flash";

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();
  private final Client client = Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi));

  @AfterEach
  void close() {
    client.close();
    provider.close();
    traces.close();
  }

  @Test
  void aStreamIsASpan() {
    provider.streams(GeminiPayloads.stream());

    StringBuilder answer = new StringBuilder();
    try (var stream = client.models.generateContentStream(MODEL, "Weather?", null)) {
      Traces.nothingIsCurrent();
      stream.forEach(it -> answer.append(it.text()));
    }

    assertThat(answer.toString()).endsWith("It is sunny.");
    SpanData span = traces.only();
    isTheContent(span);
    assertThat(number(span, "gen_ai.response.time_to_first_chunk")).isPositive();
    assertThat(text(span, "gen_ai.response.status")).isNull();
  }

  @Test
  void aStreamThatIsReadToItsEndNeedNotBeClosed() {
    provider.streams(GeminiPayloads.stream());

    for (GenerateContentResponse chunk :
        client.models.generateContentStream(MODEL, "Weather?", null)) {
      assertThat(chunk).isNotNull();
    }

    isTheContent(traces.only());
  }

  @Test
  void anAsynchronousStreamIsAChildOfItsCaller() {
    provider.streams(GeminiPayloads.stream());

    try (AgentRun agent = genAi.agent("weather").start()) {
      try (var stream =
          client
              .async
              .models
              .generateContentStream(MODEL, "Weather?", null)
              .orTimeout(60, TimeUnit.SECONDS)
              .join()) {
        stream.forEach(it -> {});
      }
      assertThat(agent.span().isRecording()).isTrue();
    }

    SpanData span = traces.named("generate_content gemini-2.5-flash");
    isTheContent(span);
    assertThat(span.getParentSpanId()).isEqualTo(traces.named("invoke_agent weather").getSpanId());
  }

  @Test
  void toolCallsOfAStreamAreRecorded() {
    provider.streams(GeminiPayloads.functionCallStream());

    try (var stream = client.models.generateContentStream(MODEL, "Weather?", null)) {
      stream.forEach(it -> {});
    }

    assertThat(text(traces.only(), "gen_ai.output.messages"))
        .contains("\"arguments\":{\"city\":\"Paris\"}", "\"arguments\":{\"city\":\"Rome\"}");
    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(20);
  }

  @Test
  void aStreamThatIsClosedEarlyEndsWithWhatHasArrived() {
    String[] events = GeminiPayloads.stream();
    provider.streamsAndHangs(events[0], events[1]);

    try (var stream = client.models.generateContentStream(MODEL, "Weather?", null)) {
      var chunks = stream.iterator();
      chunks.next();
    }

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(text(span, "gen_ai.output.messages")).contains("The user wants weather.");
    assertThat(text(span, "error.type")).isNull();
  }

  @Test
  void anErrorInAStreamFailsTheSpan() {
    provider.streams(
        GeminiPayloads.stream()[0], "data: " + GeminiPayloads.EXHAUSTED.strip() + "\r\n\r\n");

    try (var stream = client.models.generateContentStream(MODEL, "Weather?", null)) {
      stream.forEach(it -> {});
    } catch (RuntimeException e) {
      // Whether the SDK throws here is its own decision.
    }

    assertThat(text(traces.only(), "error.type")).isEqualTo("RESOURCE_EXHAUSTED");
  }

  @Test
  void aStreamThatIsRefusedIsAFailedSpan() {
    provider.answersError(403, "no JSON");

    assertThatThrownBy(() -> client.models.generateContentStream(MODEL, "Weather?", null))
        .isInstanceOf(ClientException.class);

    assertThat(text(traces.only(), "error.type")).isEqualTo("403");
    assertThat(text(traces.only(), "gen_ai.response.status")).isNull();
  }
}
