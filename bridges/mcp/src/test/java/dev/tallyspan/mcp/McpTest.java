package dev.tallyspan.mcp;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.ToolRun;
import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The SDK's client and server, over streamable HTTP on loopback. */
class McpTest {

  private final Traces traces = new Traces();
  private final GenAi genAi = traces.genAi();
  private final Tracer tracer = traces.openTelemetry().getTracer("test");

  private final AtomicReference<Function<CallToolRequest, CallToolResult>> tool =
      new AtomicReference<>(request -> Weather.sunny());
  private final HttpServletStreamableServerTransportProvider provider =
      HttpServletStreamableServerTransportProvider.builder().build();

  /**
   * Handlers run on the request's thread. On the SDK's default scheduler, Reactor may interrupt a
   * handler that fails before the schedule call has returned, and the answer is then not written.
   */
  private final McpSyncServer server =
      McpServer.sync(provider)
          .immediateExecution(true)
          .capabilities(
              ServerCapabilities.builder()
                  .tools(false)
                  .resources(true, false)
                  .prompts(false)
                  .build())
          .tools(
              TallyspanMcpServer.wrap(
                  genAi, Weather.tool("weather", request -> tool.get().apply(request))))
          .resources(TallyspanMcpServer.wrap(genAi, Weather.resource()))
          .prompts(TallyspanMcpServer.wrap(genAi, Weather.prompt()))
          .build();

  private final LoopbackServer http = new LoopbackServer(provider);
  private final McpSyncClient client =
      Weather.client(TallyspanMcp.wrap(genAi, http.transport())).build();

  @AfterEach
  void close() {
    client.close();
    server.close();
    http.close();
    traces.close();
  }

  private SpanData span(String name, SpanKind kind) {
    List<SpanData> spans =
        traces.allNamed(name).stream().filter(it -> it.getKind() == kind).toList();
    assertThat(spans).as("%s spans %s", kind, name).hasSize(1);
    return spans.get(0);
  }

  private static void isBelow(SpanData span, SpanData parent) {
    assertThat(span.getTraceId()).isEqualTo(parent.getTraceId());
    assertThat(span.getParentSpanId()).isEqualTo(parent.getSpanId());
  }

  @Test
  void aCallOfAToolIsASpanOfTheClientAndOneOfTheServerBelowIt() {
    client.initialize();

    CallToolResult result = client.callTool(Weather.call("weather"));

    assertThat(result.content()).hasSize(1);
    SpanData sent = span("tools/call weather", SpanKind.CLIENT);
    SpanData received = span("tools/call weather", SpanKind.SERVER);
    isBelow(received, sent);
    assertThat(text(sent, "mcp.session.id")).isNotEmpty();
    for (SpanData span : List.of(sent, received)) {
      assertThat(text(span, "mcp.method.name")).isEqualTo("tools/call");
      assertThat(text(span, "gen_ai.operation.name")).isEqualTo("execute_tool");
      assertThat(text(span, "gen_ai.tool.name")).isEqualTo("weather");
      assertThat(text(span, "mcp.session.id")).isEqualTo(text(sent, "mcp.session.id"));
      assertThat(text(span, "gen_ai.tool.call.arguments")).isEqualTo("{\"city\":\"Paris\"}");
      assertThat(text(span, "gen_ai.tool.call.result")).contains("It is sunny.");
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
    assertThat(text(sent, "jsonrpc.request.id")).isNotEmpty();
    assertThat(text(sent, "mcp.protocol.version")).startsWith("20");
    assertThat(text(sent, "network.transport")).isEqualTo("tcp");
    assertThat(text(sent, "network.protocol.name")).isEqualTo("http");
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void theCallOfAToolIsBelowWhatIsCurrent() {
    client.initialize();

    genAi.agent("travel").run(agent -> client.callTool(Weather.call("weather")));

    isBelow(span("tools/call weather", SpanKind.CLIENT), traces.named("invoke_agent travel"));
  }

  @Test
  void whatAToolOfTheServerDoesIsBelowItsSpan() {
    tool.set(
        request -> {
          tracer.spanBuilder("SELECT").startSpan().end();
          return Weather.sunny();
        });
    client.initialize();

    client.callTool(Weather.call("weather"));

    isBelow(traces.named("SELECT"), span("tools/call weather", SpanKind.SERVER));
  }

  @Test
  void aToolThatSaysThatItFailedIsAnError() {
    tool.set(request -> Weather.noSuchCity());
    client.initialize();

    client.callTool(Weather.call("weather"));

    for (SpanData span : traces.allNamed("tools/call weather")) {
      assertThat(text(span, "error.type")).isEqualTo("tool_error");
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(text(span, "gen_ai.tool.call.result")).contains("No such city.");
    }
    assertThat(traces.allNamed("tools/call weather")).hasSize(2);
  }

  @Test
  void anErrorOfTheProtocolHasItsCode() {
    client.initialize();

    assertThatThrownBy(
            () -> client.readResource(ReadResourceRequest.builder("file:///none").build()))
        .isInstanceOf(McpError.class);

    SpanData span = span("resources/read", SpanKind.CLIENT);
    assertThat(text(span, "error.type")).startsWith("-32");
    assertThat(text(span, "rpc.response.status_code")).isEqualTo(text(span, "error.type"));
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void anErrorThatAHandlerThrowsHasItsCode() {
    tool.set(
        request -> {
          throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS).message("no city").build();
        });
    client.initialize();

    assertThatThrownBy(() -> client.callTool(Weather.call("weather"))).isInstanceOf(McpError.class);

    for (SpanData span : traces.allNamed("tools/call weather")) {
      assertThat(text(span, "error.type")).isEqualTo("-32602");
      assertThat(text(span, "rpc.response.status_code")).isEqualTo("-32602");
    }
    assertThat(traces.allNamed("tools/call weather")).hasSize(2);
  }

  @Test
  void anExceptionOfAHandlerIsAnErrorAndPassedOn() {
    tool.set(
        request -> {
          throw new IllegalStateException("broken");
        });
    client.initialize();

    CallToolResult result = null;
    try {
      result = client.callTool(Weather.call("weather"));
    } catch (McpError e) {
      assertThat(e).isNotNull();
    }

    assertThat(result == null || Boolean.TRUE.equals(result.isError())).isTrue();
    assertThat(text(span("tools/call weather", SpanKind.SERVER), "error.type"))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(text(span("tools/call weather", SpanKind.CLIENT), "error.type")).isNotNull();
  }

  @Test
  void listsAreSpans() {
    client.initialize();

    client.listTools();
    client.listResources();
    client.listPrompts();

    assertThat(text(span("tools/list", SpanKind.CLIENT), "mcp.method.name"))
        .isEqualTo("tools/list");
    assertThat(text(span("tools/list", SpanKind.CLIENT), "gen_ai.operation.name")).isNull();
    span("resources/list", SpanKind.CLIENT);
    span("prompts/list", SpanKind.CLIENT);
  }

  @Test
  void aResourceThatIsReadIsASpanOfBoth() {
    client.initialize();

    client.readResource(ReadResourceRequest.builder(Weather.FORECAST).build());

    SpanData sent = span("resources/read", SpanKind.CLIENT);
    SpanData received = span("resources/read", SpanKind.SERVER);
    isBelow(received, sent);
    assertThat(text(sent, "mcp.resource.uri")).isEqualTo(Weather.FORECAST);
    assertThat(text(received, "mcp.resource.uri")).isEqualTo(Weather.FORECAST);
  }

  @Test
  void aPromptThatIsAskedForIsASpanOfBoth() {
    client.initialize();

    client.getPrompt(GetPromptRequest.builder("summary").build());

    SpanData sent = span("prompts/get summary", SpanKind.CLIENT);
    SpanData received = span("prompts/get summary", SpanKind.SERVER);
    isBelow(received, sent);
    assertThat(text(received, "gen_ai.prompt.name")).isEqualTo("summary");
  }

  @Test
  void theStartOfASessionIsRecorded() {
    client.initialize();

    SpanData initialize = span("initialize", SpanKind.CLIENT);
    assertThat(text(initialize, "mcp.protocol.version")).startsWith("20");
    assertThat(text(initialize, "mcp.session.id")).isNotEmpty();
    SpanData initialized = span("notifications/initialized", SpanKind.CLIENT);
    assertThat(text(initialized, "jsonrpc.request.id")).isNull();
  }

  @Test
  void metadataOfTheApplicationArrivesBesideTheContext() {
    AtomicReference<Map<String, Object>> meta = new AtomicReference<>();
    tool.set(
        request -> {
          meta.set(request.meta());
          return Weather.sunny();
        });
    client.initialize();

    client.callTool(
        new CallToolRequest("weather", Map.of("city", "Paris"), Map.of("progressToken", "p-1")));

    assertThat(meta.get()).containsEntry("progressToken", "p-1").containsKey("traceparent");
  }

  @Test
  void aToolThatIsTracedAlreadyGetsTheAttributesAndNoSecondSpan() {
    client.initialize();

    genAi.tool("weather").callId("call_1").run(run -> client.callTool(Weather.call("weather")));

    SpanData run = traces.named("execute_tool weather");
    assertThat(text(run, "mcp.method.name")).isEqualTo("tools/call");
    assertThat(text(run, "mcp.session.id")).isNotEmpty();
    assertThat(text(run, "gen_ai.tool.call.id")).isEqualTo("call_1");
    assertThat(traces.allNamed("tools/call weather")).hasSize(1);
    isBelow(span("tools/call weather", SpanKind.SERVER), run);
  }

  @Test
  void theFailureOfAToolThatIsTracedAlreadyIsItsFailure() {
    tool.set(request -> Weather.noSuchCity());
    client.initialize();

    genAi.tool("weather").run(run -> client.callTool(Weather.call("weather")));

    assertThat(text(traces.named("execute_tool weather"), "error.type")).isEqualTo("tool_error");
  }

  @Test
  void aToolThatCallsAnotherOneHasASpanBelow() {
    client.initialize();

    try (ToolRun run = genAi.tool("plan").start()) {
      client.callTool(Weather.call("weather"));
      assertThat(run.span().isRecording()).isTrue();
    }

    isBelow(span("tools/call weather", SpanKind.CLIENT), traces.named("execute_tool plan"));
  }

  @Test
  void aCallThatTimesOutEndsWithTheTimeout() {
    CountDownLatch answer = new CountDownLatch(1);
    tool.set(
        request -> {
          await(answer);
          return Weather.sunny();
        });
    McpAsyncClient impatient =
        patient(TallyspanMcp.wrap(genAi, http.transport(), Duration.ofMillis(100)));
    try {
      impatient.initialize().block(Weather.LONG);
      impatient.callTool(Weather.call("weather")).subscribe(result -> {}, error -> {});

      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !traces.allNamed("tools/call weather").isEmpty());
      assertThat(text(span("tools/call weather", SpanKind.CLIENT), "error.type"))
          .isEqualTo("timeout");
    } finally {
      answer.countDown();
      impatient.close();
    }
  }

  @Test
  void aCallThatHasNoAnswerWhenTheClientIsClosedEnds() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    tool.set(
        request -> {
          called.countDown();
          await(answer);
          return Weather.sunny();
        });
    McpAsyncClient leaving = patient(TallyspanMcp.wrap(genAi, http.transport()));
    try {
      leaving.initialize().block(Weather.LONG);
      leaving.callTool(Weather.call("weather")).subscribe(result -> {}, error -> {});
      assertThat(called.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(traces.allNamed("tools/call weather")).isEmpty();

      leaving.close();

      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !traces.allNamed("tools/call weather").isEmpty());
      assertThat(text(span("tools/call weather", SpanKind.CLIENT), "error.type"))
          .isEqualTo("closed");
    } finally {
      answer.countDown();
    }
  }

  private static McpAsyncClient patient(McpClientTransport transport) {
    return McpClient.async(transport)
        .requestTimeout(Weather.LONG)
        .initializationTimeout(Weather.LONG)
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void contentIsOnlyWrittenIfItIsCaptured() {
    GenAi none = GenAi.create(traces.openTelemetry());
    try (McpSyncClient other = Weather.client(TallyspanMcp.wrap(none, http.transport())).build()) {
      other.initialize();
      other.callTool(Weather.call("weather"));
    }

    SpanData span = span("tools/call weather", SpanKind.CLIENT);
    assertThat(text(span, "gen_ai.tool.name")).isEqualTo("weather");
    assertThat(span.getAttributes().toString()).doesNotContain("Paris", "sunny");
    assertThat(none.faults()).isZero();
  }

  @Test
  void aTransportThatIsWrappedTwiceWritesOneSpan() {
    try (McpSyncClient other =
        Weather.client(TallyspanMcp.wrap(genAi, TallyspanMcp.wrap(genAi, http.transport())))
            .build()) {
      other.initialize();
      other.listTools();
    }

    span("tools/list", SpanKind.CLIENT);
  }

  @Test
  void aServerThatIsNotThereIsAnError() {
    http.close();

    assertThatThrownBy(client::initialize);

    assertThat(text(span("initialize", SpanKind.CLIENT), "error.type")).isNotEmpty();
  }

  @Test
  void aTimeoutThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> TallyspanMcp.wrap(genAi, http.transport(), Duration.ZERO))
        .hasMessage("requestTimeout=PT0S is not positive");
  }
}
