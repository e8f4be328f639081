package dev.tallyspan.adk;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.agents.RunConfig.StreamingMode;
import com.google.adk.events.Event;
import com.google.adk.plugins.Plugin;
import com.google.genai.errors.ClientException;
import com.google.genai.types.ClientOptions;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import dev.tallyspan.googlegenai.TallyspanGoogleGenAi;
import dev.tallyspan.sdk.LlmEnrichment;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdkTest {

  private final FakeProvider provider = new FakeProvider();
  private Traces traces = new Traces();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private List<Event> ask(StreamingMode mode, Plugin... plugins) {
    Tracer tracer = traces.openTelemetry().getTracer("gcp.vertex.agent");
    try (Weather weather = new Weather(provider, tracer, plugins)) {
      return weather.ask(mode);
    }
  }

  private List<Event> ask(StreamingMode mode) {
    return ask(mode, TallyspanAdk.plugin(GenAi.create(traces.openTelemetry())));
  }

  private void answers() {
    provider.answersJson(GeminiPayloads.FUNCTION_CALL);
    provider.answersJson(GeminiPayloads.CONTENT);
  }

  private List<SpanData> named(String name) {
    return traces.exported().stream().filter(it -> it.getName().equals(name)).toList();
  }

  private static void belongsToTheSession(SpanData span) {
    assertThat(text(span, "gen_ai.conversation.id")).as(span.getName()).isEqualTo("s-1");
    assertThat(text(span, "user.id")).as(span.getName()).isEqualTo("u-1");
  }

  @Test
  void eachSpanOfAdkHasTheSessionAndTheUser() {
    answers();

    List<Event> events = ask(StreamingMode.NONE);

    assertThat(events.get(events.size() - 1).stringifyContent()).contains("It is sunny.");
    assertThat(traces.exported())
        .extracting(SpanData::getName)
        .containsExactly(
            "execute_tool get_weather",
            "call_llm",
            "call_llm",
            "invoke_agent weather",
            "invocation");
    assertThat(traces.exported()).allSatisfy(AdkTest::belongsToTheSession);
  }

  @Test
  void withoutThePluginAdkDoesNotSayWhoseCallItIs() {
    answers();

    ask(StreamingMode.NONE, new Plugin[0]);

    assertThat(traces.exported()).hasSize(5);
    assertThat(named("call_llm"))
        .allSatisfy(
            span -> {
              assertThat(text(span, "gen_ai.conversation.id")).isNull();
              assertThat(text(span, "user.id")).isNull();
              assertThat(text(span, "gen_ai.provider.name")).isNull();
              assertThat(text(span, "gen_ai.response.model")).isNull();
            });
  }

  @Test
  void aModelCallHasItsSettingsAndTheModelThatAnswered() {
    answers();

    ask(StreamingMode.NONE);

    SpanData call = named("call_llm").get(1);
    assertThat(text(call, "gen_ai.provider.name")).isEqualTo("gcp.gen_ai");
    assertThat(text(call, "gen_ai.agent.name")).isEqualTo("weather");
    assertThat(number(call, "gen_ai.request.temperature")).isEqualTo(0.1);
    assertThat(count(call, "gen_ai.request.top_k")).isEqualTo(40);
    assertThat(count(call, "gen_ai.request.seed")).isEqualTo(7);
    assertThat(text(call, "gen_ai.response.model")).isEqualTo("gemini-2.5-flash-001");
    assertThat(number(call, "gen_ai.response.time_to_first_chunk")).isNull();
  }

  @Test
  void aToolHasTheIdOfItsCall() {
    answers();

    ask(StreamingMode.NONE);

    SpanData tool = named("execute_tool get_weather").get(0);
    assertThat(text(tool, "gen_ai.tool.call.id"))
        .startsWith("adk-")
        .isEqualTo(text(tool, "gen_ai.tool_call.id"));
    assertThat(text(tool, "gen_ai.agent.name")).isEqualTo("weather");
    assertThat(tool.getParentSpanId()).isEqualTo(named("call_llm").get(0).getSpanId());
  }

  @Test
  void aStreamedCallHasTheTimeToItsFirstChunk() {
    provider.streams(GeminiPayloads.functionCallStream());
    provider.streams(GeminiPayloads.stream());

    ask(StreamingMode.SSE);

    assertThat(named("execute_tool get_weather")).hasSize(2);
    assertThat(named("call_llm"))
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(number(span, "gen_ai.response.time_to_first_chunk")).isPositive();
              assertThat(span.getAttributes().toString()).contains("gen_ai.request.stream=true");
            });
  }

  @Test
  void aModelThatFailsIsNamed() {
    provider.answersError(429, GeminiPayloads.EXHAUSTED);

    assertThatThrownBy(() -> ask(StreamingMode.NONE)).hasRootCauseInstanceOf(ClientException.class);

    SpanData call = named("call_llm").get(0);
    assertThat(text(call, "error.type")).isEqualTo(ClientException.class.getName());
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    belongsToTheSession(call);
  }

  @Test
  void aToolThatFailsIsNamed() {
    provider.answersJson(GeminiPayloads.FUNCTION_CALL.replace("get_weather", "break"));

    assertThatThrownBy(() -> ask(StreamingMode.NONE)).isInstanceOf(IllegalStateException.class);

    SpanData tool = named("execute_tool break").get(0);
    assertThat(text(tool, "error.type")).isEqualTo(IllegalStateException.class.getName());
  }

  @Test
  void aCallOfATracedClientIsCountedOnce() {
    traces.close();
    traces = new Traces(List.of(LlmEnrichment.create().spanProcessor()));
    answers();
    ClientOptions options =
        TallyspanGoogleGenAi.clientOptions(GenAi.create(traces.openTelemetry()));
    Tracer tracer = traces.openTelemetry().getTracer("gcp.vertex.agent");

    try (Weather weather =
        new Weather(
            provider, options, tracer, TallyspanAdk.plugin(GenAi.create(traces.openTelemetry())))) {
      weather.ask(StreamingMode.NONE);
    }
    List<SpanData> requests = named("generate_content gemini-2.5-flash");
    List<SpanData> calls = named("call_llm");
    assertThat(requests).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(requests.get(i).getParentSpanId()).isEqualTo(calls.get(i).getSpanId());
      assertThat(text(requests.get(i), "tallyspan.cost.status")).isEqualTo("priced");
      assertThat(text(calls.get(i), "tallyspan.cost.status")).isEqualTo("duplicate");
    }
    SpanData agent = named("invoke_agent weather").get(0);
    assertThat(count(agent, "tallyspan.rollup.calls")).isEqualTo(2);
    assertThat(count(agent, "tallyspan.rollup.input_tokens")).isEqualTo(50 + 3000 + 40);
  }

  @Test
  void theIdentityOfTheApplicationComesFirst() {
    answers();
    GenAi genAi = GenAi.create(traces.openTelemetry());

    try (Scope scope = genAi.identity().user("pseudonym").tag("beta").makeCurrent()) {
      ask(StreamingMode.NONE, TallyspanAdk.plugin(genAi));
      assertThat(scope).isNotNull();
    }

    assertThat(traces.exported())
        .hasSize(5)
        .allSatisfy(
            span -> {
              assertThat(text(span, "user.id")).isEqualTo("pseudonym");
              assertThat(text(span, "gen_ai.conversation.id")).isEqualTo("s-1");
              assertThat(Traces.texts(span, "tag.tags")).containsExactly("beta");
            });
  }

  @Test
  void theSdkExtensionMakesThemSpansOfTheConventionsWithCosts() {
    traces.close();
    traces = new Traces(List.of(LlmEnrichment.create().spanProcessor()));
    answers();

    ask(StreamingMode.NONE);

    assertThat(traces.all()).hasSize(5).allSatisfy(AdkTest::belongsToTheSession);
    SpanData call = named("call_llm").get(1);
    assertThat(Traces.texts(call, "tallyspan.dialect")).contains("google-adk");
    assertThat(text(call, "gen_ai.operation.name")).isEqualTo("chat");
    assertThat(text(call, "gen_ai.provider.name")).isEqualTo("gcp.gen_ai");
    assertThat(text(call, "gen_ai.system_instructions")).contains("Be terse.");
    assertThat(text(call, "gen_ai.input.messages")).contains("Weather?", "sunny in Paris");
    assertThat(text(call, "gen_ai.output.messages")).contains("It is sunny.");
    assertThat(text(call, "gen_ai.tool.definitions")).contains("get_weather");
    assertThat(count(call, "gen_ai.usage.input_tokens")).isEqualTo(3000 + 40);
    assertThat(count(call, "gen_ai.usage.output_tokens")).isEqualTo(12 + 100);
    assertThat(count(call, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(2870);
    assertThat(text(call, "tallyspan.cost.status")).isEqualTo("priced");
    SpanData tool = named("execute_tool get_weather").get(0);
    assertThat(text(tool, "gen_ai.tool.call.arguments")).contains("Paris");
    assertThat(text(tool, "gen_ai.tool.call.result")).contains("sunny in Paris");
    SpanData run = named("invocation").get(0);
    assertThat(text(run, "gen_ai.operation.name")).isEqualTo("invoke_workflow");
    assertThat(text(run, "gen_ai.workflow.name")).isEqualTo("travel");
    SpanData agent = named("invoke_agent weather").get(0);
    assertThat(count(agent, "tallyspan.rollup.calls")).isEqualTo(2);
    assertThat(number(agent, "tallyspan.rollup.cost")).isPositive();
  }
}
