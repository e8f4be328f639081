package dev.tallyspan.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.HostileTelemetry;
import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails while recording, the tool is called and its result arrives. */
class HostileTest {

  @AfterEach
  void close() {
    Traces.nothingIsCurrent();
  }

  static Stream<GenAi> hostile() {
    return Stream.concat(
        HostileTelemetry.instances(),
        Stream.of(GenAi.builder(BROKEN_PROPAGATOR).content(ContentCapture.ALL).build()));
  }

  /** Its propagator throws. */
  private static final OpenTelemetry BROKEN_PROPAGATOR =
      new OpenTelemetry() {
        @Override
        public TracerProvider getTracerProvider() {
          return TracerProvider.noop();
        }

        @Override
        public ContextPropagators getPropagators() {
          return ContextPropagators.create(
              new TextMapPropagator() {
                @Override
                public Collection<String> fields() {
                  return List.of();
                }

                @Override
                public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
                  throw new AssertionError("hostile");
                }

                @Override
                public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
                  throw new AssertionError("hostile");
                }
              });
        }
      };

  @ParameterizedTest
  @MethodSource("hostile")
  @SuppressWarnings("try") // one is only closed
  void aCallOfATool(GenAi genAi) throws Exception {
    HttpServletStreamableServerTransportProvider provider =
        HttpServletStreamableServerTransportProvider.builder().build();
    McpSyncServer server =
        McpServer.sync(provider)
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .tools(
                TallyspanMcpServer.wrap(genAi, Weather.tool("weather", request -> Weather.sunny())))
            .build();
    try (LoopbackServer http = new LoopbackServer(provider);
        AutoCloseable closing = server::close; // before the container, which waits for streams
        McpSyncClient client = Weather.client(TallyspanMcp.wrap(genAi, http.transport())).build()) {
      client.initialize();

      assertThat(client.callTool(Weather.call("weather")).content().toString())
          .contains("It is sunny.");
      assertThat(client.listTools().tools()).hasSize(1);
    }
  }
}
