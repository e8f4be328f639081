package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.Message;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of an operation: parents, threads, failure, end. */
class OperationTest {

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().build();

  @AfterEach
  void noScopeIsLeft() {
    assertThat(Context.current()).isEqualTo(Context.root());
    telemetry.close();
  }

  @Test
  @SuppressWarnings("try") // the operations are only there to be closed
  void whatStartsWithinIsAChild() {
    try (WorkflowRun workflow = genAi.workflow("w").start()) {
      try (AgentRun agent = genAi.agent("a").start()) {
        try (ChatCall call = genAi.chat("openai", "gpt-4o").start()) {}
        try (ToolRun tool = genAi.tool("t").start()) {
          try (RetrievalCall call = genAi.retrieval("r").start()) {}
        }
      }
    }

    assertParent("invoke_agent a", "invoke_workflow w");
    assertParent("chat gpt-4o", "invoke_agent a");
    assertParent("execute_tool t", "invoke_agent a");
    assertParent("retrieval r", "execute_tool t");
    assertThat(text(telemetry.span("execute_tool t"), "gen_ai.agent.name")).isEqualTo("a");
  }

  private void assertParent(String child, String parent) {
    assertThat(telemetry.span(child).getParentSpanId())
        .isEqualTo(telemetry.span(parent).getSpanId());
  }

  @Test
  void detachedOperationIsAParentByItsContext() {
    AgentRun agent = genAi.agent("a").startDetached();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    genAi.tool("t").parent(agent.context()).start().close();
    agent.end();

    assertParent("execute_tool t", "invoke_agent a");
    assertThat(text(telemetry.span("execute_tool t"), "gen_ai.agent.name")).isEqualTo("a");
  }

  @Test
  void endOnAnotherThreadIsReported() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    ToolRun tool = executor.submit(() -> genAi.tool("t").start()).get();
    tool.end();
    executor.shutdown();

    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(telemetry.spans()).hasSize(1);
    assertThat(genAi.faults()).isEqualTo(1);
  }

  @Test
  void secondEndDoesNothing() {
    ToolRun tool = genAi.tool("t").start();
    tool.close();
    tool.close();
    tool.end();

    assertThat(telemetry.spans()).hasSize(1);
    assertThat(
            telemetry
                .metric("gen_ai.execute_tool.duration")
                .getHistogramData()
                .getPoints()
                .iterator()
                .next()
                .getCount())
        .isEqualTo(1);
  }

  @Test
  void whatIsRecordedAfterTheEndIsIgnored() {
    ChatCall call = genAi.chat("openai", "gpt-4o").start();
    call.end();
    call.responseId("late").chunk(Delta.text("late")).fail("late").output(Message.user("late"));

    assertThat(telemetry.span().getAttributes().toString()).doesNotContain("late");
    assertThat(telemetry.span().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void exceptionOfTheCodeIsPassedOnAndRecorded() {
    assertThatThrownBy(
            () ->
                genAi
                    .tool("t")
                    .call(
                        tool -> {
                          throw new IOException("secret");
                        }))
        .isInstanceOf(IOException.class)
        .hasMessage("secret");

    SpanData span = telemetry.span();
    assertThat(text(span, "error.type")).isEqualTo("java.io.IOException");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void exceptionIsWrittenIfContentIs() {
    GenAi open = telemetry.genAi().content(ContentCapture.ALL).build();
    open.tool("t").start().fail(new CompletionException(new IOException("no route"))).close();

    SpanData span = telemetry.span();
    assertThat(text(span, "error.type")).isEqualTo("java.io.IOException");
    assertThat(span.getStatus().getDescription()).isEqualTo("no route");
    assertThat(span.getEvents()).hasSize(1);
    assertThat(span.getEvents().get(0).getName()).isEqualTo("exception");
    assertThat(span.getEvents().get(0).getAttributes().toString())
        .contains("exception.message=\"no route\"")
        .contains("OperationTest");
  }

  @Test
  void resultOfTheCodeIsReturned() {
    String answer = genAi.chat("openai", "gpt-4o").call(call -> "answer");

    assertThat(answer).isEqualTo("answer");
    assertThat(telemetry.spans()).hasSize(1);
  }

  @Test
  void asynchronousCodeEndsWithItsStage() {
    CompletableFuture<String> response = new CompletableFuture<>();
    var stage =
        genAi
            .chat("openai", "gpt-4o")
            .callAsync(
                call -> {
                  assertThat(Span.current()).isSameAs(call.span());
                  return response.whenComplete((text, thrown) -> call.responseId(text));
                });
    assertThat(telemetry.spans()).isEmpty();
    response.complete("resp_1");

    assertThat(stage.toCompletableFuture()).isCompletedWithValue("resp_1");
    assertThat(text(telemetry.span(), "gen_ai.response.id")).isEqualTo("resp_1");
  }

  @Test
  void asynchronousCodeFailsWithItsStage() {
    CompletableFuture<String> response = new CompletableFuture<>();
    genAi.chat("openai", "gpt-4o").callAsync(call -> response.thenApply(text -> text));
    response.completeExceptionally(new IllegalStateException());

    assertThat(text(telemetry.span(), "error.type")).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void asynchronousCodeThatThrowsFails() {
    assertThatThrownBy(
            () ->
                genAi
                    .tool("t")
                    .callAsync(
                        tool -> {
                          throw new IllegalStateException();
                        }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(text(telemetry.span(), "error.type")).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void hookThatEndsTheOperationDoesNoHarm() {
    ChatCall[] call = new ChatCall[1];
    GenAi hooked =
        telemetry
            .genAi()
            .content(
                ContentCapture.redacting(
                    text -> {
                      call[0].end();
                      return text;
                    }))
            .build();
    call[0] = hooked.chat("openai", "gpt-4o").startDetached();
    call[0].output(Message.assistant("x")).end();

    assertThat(telemetry.spans()).hasSize(1);
    assertThat(text(telemetry.span(), "gen_ai.output.messages")).contains("\"x\"");
    assertThat(hooked.faults()).isZero();
  }

  @Test
  void lastSettingCounts() {
    genAi.chat("openai", "gpt-4o").choiceCount(2).choiceCount(1).stream(true).stream(false)
        .maxTokens(5)
        .maxTokens(6)
        .start()
        .close();

    assertThat(keys(telemetry.span()))
        .doesNotContain("gen_ai.request.choice.count", "gen_ai.request.stream");
    assertThat(Telemetry.whole(telemetry.span(), "gen_ai.request.max_tokens")).isEqualTo(6);
  }

  @Test
  void builderMayBeUsedAgain() {
    ChatBuilder builder = genAi.chat("openai", "gpt-4o").maxTokens(5);
    builder.start().responseId("r1").close();
    builder.start().close();

    assertThat(telemetry.spans()).hasSize(2);
    assertThat(keys(telemetry.spans().get(1)))
        .contains("gen_ai.request.max_tokens")
        .doesNotContain("gen_ai.response.id");
  }
}
