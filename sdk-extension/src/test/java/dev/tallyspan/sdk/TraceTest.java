package dev.tallyspan.sdk;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a span gets from the others of its trace in this process, and from its events. */
class TraceTest {

  private static final AttributeKey<String> STATUS = TestSpans.STATUS;
  private static final AttributeKey<Long> CALLS = longKey("tallyspan.rollup.calls");
  private static final AttributeKey<Double> COST = doubleKey("tallyspan.rollup.cost");
  private static final AttributeKey<String> SESSION = stringKey("session.id");
  private static final AttributeKey<String> INPUT = stringKey("gen_ai.input.messages");
  private static final AttributeKey<String> OUTPUT = stringKey("gen_ai.output.messages");

  /** 1117 tokens in, 463 out. */
  private static final double CHAT = 0.00044535;

  private InMemorySpanExporter exporter;
  private SdkTracerProvider provider;
  private SdkLoggerProvider logs;
  private Tracer tracer;
  private Logger logger;

  @BeforeEach
  void start() {
    startWith(LlmEnrichment.create());
  }

  private void startWith(LlmEnrichment tracing) {
    stop();
    exporter = InMemorySpanExporter.create();
    provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(tracing.spanProcessor())
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    logs = SdkLoggerProvider.builder().addLogRecordProcessor(tracing.logRecordProcessor()).build();
    tracer = provider.get("application");
    logger = logs.get("application");
  }

  @AfterEach
  void stop() {
    if (provider != null) {
      provider.close();
      logs.close();
    }
  }

  @Test
  void agentHasTheSumsOfTheCallsBelowIt() {
    Span root = start("GET /", Context.root());
    Span agent = agent(in(root));
    end(chat(in(agent)));
    Span tool =
        start("execute_tool f", in(agent)).setAttribute("gen_ai.operation.name", "execute_tool");
    Span http = start("POST", in(tool));
    end(chat(in(http)));
    http.end();
    tool.end();
    agent.end();
    root.end();

    assertThat(of(tool).get(CALLS)).isEqualTo(1);
    assertThat(of(http).get(CALLS)).isNull();
    assertThat(of(agent).get(CALLS)).isEqualTo(2);
    assertThat(of(agent).get(COST)).isEqualTo(2 * CHAT);
    assertThat(of(agent).get(longKey("tallyspan.rollup.input_tokens"))).isEqualTo(2234);
    assertThat(of(agent).get(stringKey("tallyspan.rollup.currency"))).isEqualTo("USD");
    assertThat(of(root).get(CALLS)).isEqualTo(2);
    assertThat(of(root).get(COST)).isEqualTo(2 * CHAT);
  }

  @Test
  void firstSpanOfTheProcessHasSumsEvenIfItsParentIsElsewhere() {
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    Span server = start("POST /", Context.root().with(Span.wrap(remote)));
    end(chat(in(server)));
    server.end();

    assertThat(of(server).get(CALLS)).isEqualTo(1);
  }

  @Test
  void agentThatShowsTheTokensOfItsCallsIsNotBilled() {
    Span agent = agent(Context.root());
    agent
        .setAttribute("gen_ai.usage.input_tokens", 1117)
        .setAttribute("gen_ai.usage.output_tokens", 463);
    end(chat(in(agent)));
    agent.end();

    assertThat(of(agent).get(STATUS)).isEqualTo("aggregate");
    assertThat(of(agent).get(COST)).isEqualTo(CHAT);
  }

  @Test
  void callAroundTheSameCallIsADuplicate() {
    Span agent = agent(Context.root());
    Span framework = chat(in(agent));
    Span client = chat(in(framework));
    client.end();
    framework.end();
    agent.end();

    assertThat(of(client).get(STATUS)).isEqualTo("priced");
    assertThat(of(framework).get(STATUS)).isEqualTo("duplicate");
    assertThat(of(framework).get(stringKey("tallyspan.cost.duplicate_of")))
        .isEqualTo(client.getSpanContext().getSpanId());
    assertThat(of(agent).get(CALLS)).isEqualTo(1);
  }

  @Test
  void callWithTheSumOfSeveralCallsInsideIsAnAggregate() {
    Span framework = chat(Context.root());
    framework.setAttribute("gen_ai.usage.input_tokens", 2234);
    framework.setAttribute("gen_ai.usage.output_tokens", 926);
    end(chat(in(framework)));
    end(chat(in(framework)));
    framework.end();

    assertThat(of(framework).get(STATUS)).isEqualTo("aggregate");
    assertThat(of(framework).get(CALLS)).isEqualTo(2);
  }

  @Test
  void callOfAnotherAnswerInsideIsBilledToo() {
    Span outer = chat(Context.root()).setAttribute("gen_ai.response.id", "a");
    Span inner = chat(in(outer)).setAttribute("gen_ai.response.id", "b");
    inner.end();
    outer.end();

    assertThat(of(outer).get(STATUS)).isEqualTo("priced");
    assertThat(of(outer).get(CALLS)).isEqualTo(2);
  }

  @Test
  void failureIsCountedOnceForTheCallThatCausedIt() {
    Span agent = agent(Context.root());
    Span chat = chat(in(agent)).setStatus(StatusCode.ERROR).setAttribute("error.type", "timeout");
    chat.end();
    agent.setStatus(StatusCode.ERROR).setAttribute("error.type", "timeout").end();

    assertThat(of(agent).get(longKey("tallyspan.rollup.errors"))).isEqualTo(1);
  }

  @Test
  void callsThatEndedLaterAreNotInTheSum() {
    Span agent = agent(Context.root());
    Span chat = chat(in(agent));
    agent.end();
    chat.end();

    assertThat(of(agent).get(CALLS)).isNull();
    assertThat(of(chat).get(STATUS)).isEqualTo("priced");
  }

  @Test
  void callWhoseCostTheApplicationWroteItselfIsPartOfTheSum() {
    Span agent = agent(Context.root());
    Span chat = chat(in(agent));
    chat.setAttribute("tallyspan.cost.status", "priced");
    chat.setAttribute("tallyspan.cost.total", 0.5);
    chat.setAttribute("tallyspan.cost.total_exact", "0.5");
    chat.setAttribute("tallyspan.cost.currency", "USD");
    chat.end();
    agent.end();

    assertThat(of(agent).get(CALLS)).isEqualTo(1);
    assertThat(of(agent).get(COST)).isEqualTo(0.5);
  }

  @Test
  void sumsCanBeSwitchedOff() {
    startWith(LlmEnrichment.builder().rollup(false).build());
    Span agent = agent(Context.root());
    end(chat(in(agent)));
    agent.end();

    assertThat(of(agent).get(CALLS)).isNull();
  }

  @Test
  void sessionOfTheRequestIsOnEveryCallBelowIt() {
    Span request = start("GET /", Context.root());
    Span http = start("inner", in(request));
    Span chat = chat(in(http));
    request.setAttribute(SESSION, "s-42").setAttribute("user.id", "u-7"); // after the start
    chat.end();
    http.end();
    request.end();

    assertThat(of(chat).get(SESSION)).isEqualTo("s-42");
    assertThat(of(chat).get(stringKey("user.id"))).isEqualTo("u-7");
    assertThat(of(http).get(SESSION)).isNull();
  }

  @Test
  void sessionOfAParentThatEndedBeforeIsFound() {
    Span request = start("GET /", Context.root()).setAttribute(SESSION, "s-42");
    Span chat = chat(in(request));
    request.end();
    chat.end();

    assertThat(of(chat).get(SESSION)).isEqualTo("s-42");
  }

  @Test
  void sessionOfTheSpanItselfIsKept() {
    Span request = start("GET /", Context.root()).setAttribute(SESSION, "s-42");
    Span chat = chat(in(request)).setAttribute(SESSION, "own");
    chat.end();

    assertThat(of(chat).get(SESSION)).isEqualTo("own");
  }

  @Test
  void onlyTheKeysThatAreNamedAreInherited() {
    startWith(LlmEnrichment.builder().inheritIdentity(List.of("tenant")).build());
    Span request =
        start("GET /", Context.root()).setAttribute(SESSION, "s").setAttribute("tenant", "t");
    Span chat = chat(in(request));
    chat.end();

    assertThat(of(chat).get(SESSION)).isNull();
    assertThat(of(chat).get(stringKey("tenant"))).isEqualTo("t");
  }

  @Test
  void baggageIsReadOnlyForTheKeysThatAreNamed() {
    Context context =
        Context.root().with(Baggage.builder().put("session.id", "s-1").put("other", "x").build());
    Span ignored = chat(context);
    ignored.end();
    assertThat(of(ignored).get(SESSION)).isNull();

    startWith(
        LlmEnrichment.builder()
            .settings(Map.of("identity", Map.of("baggage", "session.id")))
            .build());
    Span chat = chat(context);
    chat.end();

    assertThat(of(chat).get(SESSION)).isEqualTo("s-1");
    assertThat(of(chat).get(stringKey("other"))).isNull();
  }

  @Test
  void messagesThatWereRecordedAsEventsAreOnTheSpan() {
    Span chat = chat(Context.root());
    event(chat, "gen_ai.user.message", Map.of("content", Value.of("Why?")));
    event(chat, "gen_ai.choice", answer("Because."));
    chat.end();

    assertThat(of(chat).get(INPUT)).contains("\"Why?\"");
    assertThat(of(chat).get(OUTPUT)).contains("\"Because.\"").contains("\"stop\"");
  }

  @Test
  void eventsThatHaveTheirNameAsAnAttributeAreJoinedToo() {
    Span chat = chat(Context.root());
    logger
        .logRecordBuilder()
        .setContext(in(chat))
        .setAttribute(stringKey("event.name"), "gen_ai.user.message")
        .setBody(Value.of(Map.of("content", Value.of("Why?"))))
        .emit();
    chat.end();

    assertThat(of(chat).get(INPUT)).contains("\"Why?\"");
  }

  @Test
  void eventsWithoutContentAddNoMessage() {
    Span chat = chat(Context.root());
    event(chat, "gen_ai.user.message", Map.of());
    event(
        chat,
        "gen_ai.choice",
        Map.of(
            "finish_reason",
            Value.of("stop"),
            "index",
            Value.of(0),
            "message",
            Value.of(Map.of())));
    chat.end();

    assertThat(of(chat).get(INPUT)).isNull();
    assertThat(of(chat).get(OUTPUT)).isNull();
  }

  @Test
  void eventsAreNotJoinedIfThatIsSwitchedOff() {
    startWith(LlmEnrichment.builder().joinLogs(Duration.ZERO).build());
    Span chat = chat(Context.root());
    event(chat, "gen_ai.user.message", Map.of("content", Value.of("Why?")));
    chat.end();

    assertThat(of(chat).get(INPUT)).isNull();
  }

  @Test
  void eventsAfterTheEndOrOfNoSpanAreNotKept() {
    LlmEnrichment tracing = LlmEnrichment.create();
    startWith(tracing);
    Span chat = chat(Context.root());
    chat.end();
    event(chat, "gen_ai.user.message", Map.of("content", Value.of("Why?")));
    event(Span.getInvalid(), "gen_ai.user.message", Map.of("content", Value.of("Why?")));

    assertThat(
            tracing
                .events()
                .hasMessages(chat.getSpanContext().getTraceId(), chat.getSpanContext().getSpanId()))
        .isFalse();
  }

  @Test
  void messagesThatAreTooLargeAreLeftOutAsAWhole() {
    Span chat = chat(Context.root());
    event(chat, "gen_ai.user.message", Map.of("content", Value.of("Why?")));
    event(chat, "gen_ai.user.message", Map.of("content", Value.of("x".repeat(3_000_000))));
    event(chat, "gen_ai.choice", answer("Because."));
    chat.end();

    assertThat(of(chat).get(INPUT)).isNull();
    assertThat(of(chat).get(OUTPUT)).isNull();
    assertThat(of(chat).get(STATUS)).isEqualTo("priced");
  }

  @Test
  void timeToFirstChunkIsThatOfTheEventThatMarksIt() {
    Span chat =
        tracer
            .spanBuilder("chat")
            .setStartTimestamp(1, java.util.concurrent.TimeUnit.SECONDS)
            .startSpan();
    TestSpans.chat(chat);
    chat.setAttribute("openinference.span.kind", "LLM");
    chat.addEvent("First Token Stream Event", 1500, java.util.concurrent.TimeUnit.MILLISECONDS);
    chat.end();

    assertThat(of(chat).get(doubleKey("gen_ai.response.time_to_first_chunk"))).isEqualTo(0.5);
  }

  private void event(Span span, String name, Map<String, Value<?>> body) {
    logger
        .logRecordBuilder()
        .setContext(in(span))
        .setEventName(name)
        .setBody(Value.of(body))
        .emit();
  }

  private static Map<String, Value<?>> answer(String text) {
    return Map.of(
        "finish_reason",
        Value.of("stop"),
        "index",
        Value.of(0),
        "message",
        Value.of(Map.of("content", Value.of(text))));
  }

  private Span start(String name, Context parent) {
    return tracer.spanBuilder(name).setParent(parent).startSpan();
  }

  private Span agent(Context parent) {
    return start("invoke_agent", parent).setAttribute("gen_ai.operation.name", "invoke_agent");
  }

  private Span chat(Context parent) {
    Span span = start("chat", parent);
    TestSpans.chat(span);
    return span;
  }

  private static void end(Span span) {
    span.end();
  }

  private static Context in(Span span) {
    return Context.root().with(span);
  }

  private Attributes of(Span span) {
    return exporter.getFinishedSpanItems().stream()
        .filter(data -> data.getSpanId().equals(span.getSpanContext().getSpanId()))
        .findFirst()
        .orElseThrow()
        .getAttributes();
  }
}
