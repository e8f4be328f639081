package dev.tallyspan.mcp;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Servers without sessions, and handlers alone. */
class StatelessTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Map<String, Object> REMOTE =
      Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01");

  private final Traces traces = new Traces();
  private final GenAi genAi = traces.genAi();

  @AfterEach
  void close() {
    traces.close();
  }

  private SyncToolSpecification weather() {
    return TallyspanMcpServer.wrap(
        genAi,
        new SyncToolSpecification(Weather.named("weather"), (context, request) -> Weather.sunny()));
  }

  private void call(Map<String, Object> meta) {
    weather()
        .callHandler()
        .apply(
            McpTransportContext.EMPTY,
            CallToolRequest.builder("weather").arguments(Map.of()).meta(meta).build());
  }

  @Test
  void overHttpTheSpanOfTheServerIsBelowThatOfTheClient() {
    HttpServletStatelessServerTransport transport =
        HttpServletStatelessServerTransport.builder().messageEndpoint("/mcp").build();
    McpStatelessSyncServer server =
        McpServer.sync(transport)
            .capabilities(
                ServerCapabilities.builder()
                    .tools(false)
                    .resources(false, false)
                    .prompts(false)
                    .build())
            .tools(weather())
            .resourceTemplates(
                TallyspanMcpServer.wrap(
                    genAi,
                    new SyncResourceTemplateSpecification(
                        ResourceTemplate.builder("file:///{name}.txt", "files").build(),
                        (context, request) -> Weather.forecast(request))))
            .prompts(
                TallyspanMcpServer.wrap(
                    genAi,
                    new SyncPromptSpecification(
                        Prompt.builder("summary").build(),
                        (context, request) -> Weather.summary())))
            .build();
    try (LoopbackServer http = new LoopbackServer(transport);
        McpSyncClient client = Weather.client(TallyspanMcp.wrap(genAi, http.transport())).build()) {
      client.initialize();
      client.callTool(Weather.call("weather"));
      client.readResource(ReadResourceRequest.builder(Weather.FORECAST).build());
      client.getPrompt(GetPromptRequest.builder("summary").build());
    } finally {
      server.close();
    }

    isBelowTheClient("tools/call weather");
    isBelowTheClient("resources/read");
    isBelowTheClient("prompts/get summary");
    assertThat(genAi.faults()).isZero();
  }

  private void isBelowTheClient(String name) {
    SpanData client = only(name, SpanKind.CLIENT);
    SpanData server = only(name, SpanKind.SERVER);
    assertThat(server.getParentSpanId()).isEqualTo(client.getSpanId());
    assertThat(text(client, "mcp.session.id")).isNull();
    assertThat(text(server, "mcp.session.id")).isNull();
  }

  private SpanData only(String name, SpanKind kind) {
    return traces.allNamed(name).stream()
        .filter(it -> it.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  @Test
  @SuppressWarnings("try") // the scope is only closed
  void theSpanOfTheTransportIsLinkedIfTheRequestCarriesAContext() {
    Span post = traces.openTelemetry().getTracer("http").spanBuilder("POST").startSpan();
    try (Scope scope = post.makeCurrent()) {
      call(REMOTE);
    }

    SpanData span = traces.only();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(PARENT);
    assertThat(span.getLinks()).containsExactly(LinkData.create(post.getSpanContext()));
  }

  @Test
  @SuppressWarnings("try") // the scope is only closed
  void theSpanOfTheTransportIsTheParentIfTheRequestCarriesNoContext() {
    Span post = traces.openTelemetry().getTracer("http").spanBuilder("POST").startSpan();
    try (Scope scope = post.makeCurrent()) {
      call(Map.of("progressToken", "p-1"));
    }

    SpanData span = traces.only();
    assertThat(span.getParentSpanId()).isEqualTo(post.getSpanContext().getSpanId());
    assertThat(span.getLinks()).isEmpty();
  }

  @Test
  void aContextThatCannotBeReadIsNoParent() {
    call(Map.of("traceparent", 7, "tracestate", "x"));

    assertThat(traces.only().getParentSpanContext().isValid()).isFalse();
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void aCallThatIsCancelledEnds() {
    TallyspanMcpServer.wrap(
            genAi,
            new AsyncToolSpecification(
                Weather.named("weather"), (context, request) -> Mono.never()))
        .callHandler()
        .apply(McpTransportContext.EMPTY, Weather.call("weather"))
        .subscribe()
        .dispose();

    assertThat(traces.only().hasEnded()).isTrue();
  }
}
