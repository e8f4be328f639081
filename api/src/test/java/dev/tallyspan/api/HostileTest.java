package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing that an application passes makes recording throw. */
class HostileTest {

  private final Telemetry telemetry = new Telemetry();

  /** Calls every method with null, in every state. */
  static void allWithNulls(GenAi genAi) {
    ChatCall chat =
        genAi
            .chat(null, null)
            .operation(null)
            .parent(null)
            .server(null, null)
            .conversation(null)
            .attribute(null, null)
            .temperature(null)
            .topP(null)
            .topK(null)
            .maxTokens(null)
            .seed(null)
            .stopSequences((String[]) null)
            .frequencyPenalty(null)
            .presencePenalty(null)
            .choiceCount(null)
            .outputType(null)
            .reasoningLevel(null)
            .previousResponseId(null)
            .serviceTier(null)
            .openAiApi(null)
            .prompt(null, null)
            .promptVariable(null, null)
            .system(null)
            .input((Message[]) null)
            .input((Message) null)
            .input((Collection<Message>) null)
            .tools((String) null)
            .tools((Value<?>) null)
            .tool(null, null, null)
            .start();
    for (int i = 0; i < 2; i++) {
      chat.responseId(null)
          .responseModel(null)
          .finishReasons((String[]) null)
          .finishReasons((Collection<String>) null)
          .finishReasons((String) null)
          .output((Message[]) null)
          .output((Message) null)
          .output((Collection<Message>) null)
          .usage((TokenUsage) null)
          .usage((TokenUsage.Builder) null)
          .serviceTier(null)
          .systemFingerprint(null)
          .conversation(null)
          .chunk((Delta[]) null)
          .chunk((Delta) null)
          .chunk(Delta.text(null), Delta.finish(null), Delta.toolCall(0, null, null, null))
          .attribute(null, null)
          .fail((Throwable) null)
          .fail((String) null);
      chat.cost();
      chat.close();
    }
    genAi
        .embeddings(null, null)
        .dimensions(null)
        .encodingFormats((String[]) null)
        .start()
        .responseModel(null)
        .dimensions(null)
        .inputTokens(null)
        .usage((TokenUsage) null)
        .end();
    genAi
        .retrieval(null)
        .query(null)
        .topK(null)
        .provider(null)
        .model(null)
        .start()
        .documents((Document[]) null)
        .documents((Collection<Document>) null)
        .documents(new Document(null, null, null, null))
        .end();
    genAi
        .tool(null)
        .callId(null)
        .type(null)
        .description(null)
        .agent(null)
        .arguments((String) null)
        .start()
        .result((String) null)
        .result((Value<?>) null)
        .end();
    genAi
        .agent(null)
        .id(null)
        .description(null)
        .version(null)
        .model(null)
        .dataSource(null)
        .system(null)
        .input((Message[]) null)
        .remote(null)
        .start()
        .output((Message[]) null)
        .usage((TokenUsage) null)
        .id(null)
        .conversation(null)
        .end();
    genAi.workflow(null).input((Message[]) null).start().output((Message) null).end();
    genAi
        .mcpClient(null)
        .tool(null)
        .prompt(null)
        .resource(null)
        .session(null)
        .protocolVersion(null)
        .requestId(null)
        .arguments(null)
        .start()
        .result(null)
        .session(null)
        .end();
    genAi.identity().session(null).makeCurrent().close();
  }

  @Test
  void nullIsIgnoredEverywhere() {
    GenAi genAi = telemetry.genAi().content(ContentCapture.ALL).build();
    allWithNulls(genAi);

    assertThat(genAi.faults()).isZero();
    assertThat(telemetry.spans()).hasSize(7);
    assertThat(telemetry.spans()).allSatisfy(span -> assertThat(span.getName()).isNotBlank());
    assertThat(keys(telemetry.span("chat"))).doesNotContain("gen_ai.request.model", "error.type");
    assertThat(Context.current()).isEqualTo(Context.root());
  }

  @Test
  void withoutAnSdkNothingIsRecorded() {
    GenAi genAi = GenAi.noop();
    allWithNulls(genAi);
    genAi.chat("openai", "gpt-4o").input(Message.user("x")).startStream().chunk().end();

    assertThat(genAi.faults()).isZero();
    assertThat(Context.current()).isEqualTo(Context.root());
  }

  @Test
  void numbersThatAreNoneAreLeftOut() {
    telemetry
        .genAi()
        .build()
        .chat("openai", "gpt-4o")
        .temperature(Double.NaN)
        .topP(Double.POSITIVE_INFINITY)
        .run(call -> call.usage(TokenUsage.inclusive().input(-5).output(Long.MAX_VALUE)));

    assertThat(keys(telemetry.span()))
        .doesNotContain(
            "gen_ai.request.temperature",
            "gen_ai.request.top_p",
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.output_tokens");
  }

  @Test
  void brokenTextIsWritten() {
    GenAi genAi = telemetry.genAi().content(ContentCapture.ALL).build();
    genAi
        .chat("openai", "gpt-4o")
        .input(Message.user("\ud800 \u0000 \"").toolCall("1", "f", "{\"a\":"))
        .tools("no json")
        .start()
        .output(new Message(null, Arrays.asList((MessagePart) null), null, null, null))
        .end();

    assertThat(genAi.faults()).isZero();
    assertThat(text(telemetry.span(), "gen_ai.input.messages"))
        .contains("\"arguments\":\"{\\\"a\\\":\"");
    assertThat(keys(telemetry.span())).doesNotContain("gen_ai.tool.definitions");
  }

  @Test
  void valuesNestedTooDeepDoNotBreakTheSpan() {
    Value<?> deep = Value.of("x");
    for (int i = 0; i < 100_000; i++) {
      deep = Value.of(List.of(deep));
    }
    GenAi genAi = telemetry.genAi().content(ContentCapture.ALL).build();
    genAi.tool("t").arguments(deep).start().result("done").end();

    assertThat(text(telemetry.span(), "gen_ai.tool.call.result")).isEqualTo("done");
  }

  @Test
  void contentHookThatThrowsWritesNothing() {
    ContentCapture broken =
        new ContentCapture() {
          @Override
          public boolean captures(Kind kind) {
            return true;
          }

          @Override
          public List<Message> messages(Kind kind, List<Message> messages) {
            throw new IllegalStateException("secret");
          }
        };
    GenAi genAi = telemetry.genAi().content(broken).build();
    genAi
        .chat("openai", "gpt-4o")
        .system("terse")
        .input(Message.user("secret"))
        .run(
            call -> call.responseId("r").output(Message.assistant("secret")).finishReasons("stop"));

    assertThat(telemetry.span().toString()).doesNotContain("secret");
    assertThat(text(telemetry.span(), "gen_ai.system_instructions")).contains("terse");
    assertThat(text(telemetry.span(), "gen_ai.response.id")).isEqualTo("r");
    assertThat(telemetry.metricNames()).contains("gen_ai.client.inference.duration");
    assertThat(genAi.faults()).isEqualTo(2);
  }

  @Test
  void contentDecisionThatThrowsWritesNothing() {
    GenAi genAi =
        telemetry
            .genAi()
            .content(
                kind -> {
                  throw new IllegalStateException();
                })
            .build();
    allWithNulls(genAi);
    genAi.chat("openai", "gpt-4o").input(Message.user("secret")).tools("[]").start().end();

    assertThat(telemetry.spans()).hasSize(8);
    assertThat(telemetry.spans().toString()).doesNotContain("secret");
  }

  @Test
  void openTelemetryThatThrowsIsNotNoticed() {
    OpenTelemetry broken =
        new OpenTelemetry() {
          @Override
          public io.opentelemetry.api.trace.TracerProvider getTracerProvider() {
            return new io.opentelemetry.api.trace.TracerProvider() {
              @Override
              public io.opentelemetry.api.trace.Tracer get(String scope) {
                return name -> {
                  throw new IllegalStateException();
                };
              }

              @Override
              public io.opentelemetry.api.trace.Tracer get(String scope, String version) {
                return get(scope);
              }
            };
          }

          @Override
          public io.opentelemetry.context.propagation.ContextPropagators getPropagators() {
            return io.opentelemetry.context.propagation.ContextPropagators.noop();
          }
        };
    GenAi genAi = GenAi.create(broken);
    allWithNulls(genAi);

    assertThat(genAi.faults()).isEqualTo(7);
  }

  @Test
  void attributeTypesMayChange() {
    GenAi genAi = telemetry.genAi().build();
    genAi
        .chat("openai", "gpt-4o")
        .attribute(AttributeKey.stringKey("gen_ai.request.max_tokens"), "many")
        .maxTokens(5)
        .run(call -> call.attribute(AttributeKey.longKey("gen_ai.request.model"), 5L));

    assertThat(keys(telemetry.span())).doesNotHaveDuplicates();
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void callsMayBeRecordedByManyThreads() throws Exception {
    GenAi genAi =
        telemetry.genAi().content(ContentCapture.ALL).costs(CatalogCosts.shipped()).build();
    ChatCall call = genAi.chat("openai", "gpt-4o").startStream();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> done = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int choice = thread;
      done.add(
          threads.submit(
              () -> {
                start.await();
                for (int i = 0; i < 500; i++) {
                  call.chunk(Delta.text("x").ofChoice(choice));
                  call.usage(TokenUsage.inclusive().input(1000).output(100));
                  call.attribute(AttributeKey.longKey("k" + i % 7), (long) i);
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> each : done) {
      each.get(30, TimeUnit.SECONDS);
    }
    done.clear();
    for (int thread = 0; thread < 4; thread++) {
      done.add(threads.submit(call::end));
    }
    for (Future<?> each : done) {
      each.get(30, TimeUnit.SECONDS);
    }
    threads.shutdown();

    assertThat(genAi.faults()).isZero();
    String all = "\"content\":\"" + "x".repeat(500) + "\"";
    assertThat(text(telemetry.span(), "gen_ai.output.messages").split(all, -1)).hasSize(5);
    assertThat(call.cost().total()).isEqualTo(0.0035);
  }
}
