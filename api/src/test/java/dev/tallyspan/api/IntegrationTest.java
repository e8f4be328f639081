package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.api.ContentCapture.Kind;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.LinkData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What integrations with libraries need, and applications do not. */
class IntegrationTest {

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void aFailureOfAnIntegrationIsAFault() {
    genAi
        .guard()
        .run(
            () -> {
              throw new AssertionError("hostile");
            });

    assertThat(genAi.faults()).isEqualTo(1);
  }

  @Test
  void whatFailsHasNoValue() {
    String value =
        genAi
            .guard()
            .get(
                () -> {
                  throw new IllegalStateException("hostile");
                });

    assertThat(value).isNull();
    assertThat(genAi.faults()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFailIsNoFault() {
    assertThat(genAi.guard().<String>get(() -> "value")).isEqualTo("value");
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void anIntegrationKnowsWhatIsCaptured() {
    GenAi queries = telemetry.genAi().content(Kind.QUERY::equals).build();

    assertThat(queries.captures(Kind.QUERY)).isTrue();
    assertThat(queries.captures(Kind.DOCUMENTS)).isFalse();
  }

  @Test
  void aCaptureThatThrowsCapturesNothing() {
    GenAi hostile =
        telemetry
            .genAi()
            .content(
                kind -> {
                  throw new AssertionError("hostile");
                })
            .build();

    assertThat(hostile.captures(Kind.QUERY)).isFalse();
    assertThat(hostile.faults()).isEqualTo(1);
  }

  @Test
  void thePropagatorsAreThoseOfOpenTelemetry() {
    OpenTelemetry openTelemetry = telemetry.sdk;

    assertThat(genAi.propagators()).isSameAs(openTelemetry.getPropagators());
  }

  @Test
  void theToolThatRunsIsFound() {
    try (ToolRun tool = genAi.tool("weather").start()) {
      assertThat(ToolRun.from(Context.current())).isSameAs(tool);
      assertThat(tool.name()).isEqualTo("weather");
    }
    assertThat(ToolRun.from(Context.current())).isNull();
  }

  @Test
  @SuppressWarnings("try") // the scope is only closed
  void aSpanBelowAToolIsNotTheTool() {
    try (ToolRun tool = genAi.tool("weather").start();
        Scope scope =
            telemetry.sdk.getTracer("test").spanBuilder("GET").startSpan().makeCurrent()) {
      assertThat(ToolRun.from(Context.current())).isNull();
    }
  }

  @Test
  void anotherSpanIsLinked() {
    Span transport = telemetry.sdk.getTracer("test").spanBuilder("POST").startSpan();

    genAi.mcpServer("tools/call").link(transport.getSpanContext()).run(call -> {});

    assertThat(telemetry.span().getLinks())
        .containsExactly(LinkData.create(transport.getSpanContext()));
  }

  @Test
  void aSpanThatIsNotValidIsNotLinked() {
    genAi.mcpServer("ping").link(null).link(SpanContext.getInvalid()).run(call -> {});

    assertThat(telemetry.span().getLinks()).isEmpty();
  }

  @Test
  void anErrorOfJsonRpcHasItsCode() {
    genAi.mcpClient("tools/call").run(call -> call.rpcError(-32602, "no such tool: secret"));

    assertThat(text(telemetry.span(), "error.type")).isEqualTo("-32602");
    assertThat(text(telemetry.span(), "rpc.response.status_code")).isEqualTo("-32602");
    assertThat(telemetry.span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(telemetry.span().getStatus().getDescription()).isEmpty();
    assertThat(Telemetry.findings(telemetry.span())).isEmpty();
  }

  @Test
  void theMessageOfAnErrorOfJsonRpcIsContent() {
    telemetry
        .genAi()
        .content(ContentCapture.ALL)
        .build()
        .mcpClient("tools/call")
        .tool("weather")
        .run(call -> call.rpcError(-32602, "no such tool"));

    assertThat(telemetry.span().getStatus().getDescription()).isEqualTo("no such tool");
  }
}
