package dev.tallyspan.mcp;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.api.AgentRun;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The SDK's asynchronous client and server. */
class AsyncTest {

  private static final Duration LIMIT = Weather.LONG;

  private final Traces traces = new Traces();
  private final GenAi genAi = traces.genAi();
  private final AtomicReference<Function<CallToolRequest, Mono<CallToolResult>>> tool =
      new AtomicReference<>(request -> Mono.just(Weather.sunny()));
  private final HttpServletStreamableServerTransportProvider provider =
      HttpServletStreamableServerTransportProvider.builder().build();
  private final McpAsyncServer server =
      McpServer.async(provider)
          .capabilities(ServerCapabilities.builder().tools(false).build())
          .tools(
              TallyspanMcpServer.wrap(
                  genAi, Weather.asyncTool("weather", request -> tool.get().apply(request))))
          .build();
  private final LoopbackServer http = new LoopbackServer(provider);
  private final McpAsyncClient client =
      McpClient.async(TallyspanMcp.wrap(genAi, http.transport()))
          .requestTimeout(Weather.LONG)
          .initializationTimeout(Weather.LONG)
          .build();

  @BeforeEach
  void initialize() {
    client.initialize().block(LIMIT);
  }

  @AfterEach
  void close() {
    client.closeGracefully().block(LIMIT);
    server.close();
    http.close();
    traces.close();
  }

  private SpanData only(SpanKind kind) {
    return traces.allNamed("tools/call weather").stream()
        .filter(it -> it.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallIsASpanOfTheClientAndOneOfTheServerBelowIt() {
    client.callTool(Weather.call("weather")).block(LIMIT);

    assertThat(only(SpanKind.SERVER).getParentSpanId())
        .isEqualTo(only(SpanKind.CLIENT).getSpanId());
    assertThat(text(only(SpanKind.CLIENT), "gen_ai.tool.call.result")).contains("It is sunny.");
    assertThat(text(only(SpanKind.SERVER), "gen_ai.tool.call.result")).contains("It is sunny.");
  }

  @Test
  void theParentIsInTheContextOfReactor() {
    try (AgentRun agent = genAi.agent("travel").startDetached()) {
      client
          .callTool(Weather.call("weather"))
          .subscribeOn(Schedulers.boundedElastic())
          .contextWrite(context -> context.put(Context.class, agent.context()))
          .block(LIMIT);
    }

    assertThat(only(SpanKind.CLIENT).getParentSpanId())
        .isEqualTo(traces.named("invoke_agent travel").getSpanId());
  }

  @Test
  void theSpanIsCurrentWhereTheToolOfTheServerIsSubscribedTo() {
    AtomicReference<String> current = new AtomicReference<>();
    tool.set(
        request ->
            Mono.fromSupplier(
                () -> {
                  current.set(Span.current().getSpanContext().getSpanId());
                  return Weather.sunny();
                }));

    client.callTool(Weather.call("weather")).block(LIMIT);

    assertThat(current).hasValue(only(SpanKind.SERVER).getSpanId());
  }

  @Test
  void aToolThatFailsLaterIsAnError() {
    tool.set(request -> Mono.error(new IllegalStateException("broken")));

    Throwable thrown = null;
    try {
      client.callTool(Weather.call("weather")).block(LIMIT);
    } catch (RuntimeException e) {
      thrown = e;
    }

    assertThat(thrown).isNotNull();
    assertThat(text(only(SpanKind.SERVER), "error.type"))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(text(only(SpanKind.CLIENT), "error.type")).startsWith("-32");
  }

  @Test
  void aToolThatFailsAtOnceIsAnError() {
    tool.set(
        request -> {
          throw new IllegalStateException("broken");
        });

    assertThatThrownBy(() -> client.callTool(Weather.call("weather")).block(LIMIT)).isNotNull();

    assertThat(text(only(SpanKind.SERVER), "error.type"))
        .isEqualTo("java.lang.IllegalStateException");
  }
}
