package dev.tallyspan.mcp;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.bridges.testkit.Traces;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A server in a process of its own, over its standard streams. */
class StdioTest {

  /** Its tool tells the context that it got. */
  static final class Server {
    public static void main(String[] arguments) {
      McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper()))
          .capabilities(ServerCapabilities.builder().tools(false).build())
          .tools(
              Weather.tool(
                  "context",
                  request ->
                      CallToolResult.builder()
                          .addTextContent("" + request.meta().get("traceparent"))
                          .build()))
          .build();
    }
  }

  private static StdioClientTransport process() {
    return new StdioClientTransport(
        ServerParameters.builder(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .args(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName())
            .build(),
        McpJsonDefaults.getMapper());
  }

  @Test
  void theContextReachesTheOtherProcess() {
    try (Traces traces = new Traces();
        McpSyncClient client =
            Weather.client(TallyspanMcp.wrap(traces.genAi(), process())).build()) {
      client.initialize();

      CallToolResult result = client.callTool(Weather.call("context"));

      SpanData span = traces.named("tools/call context");
      assertThat(result.content().toString())
          .contains("00-" + span.getTraceId() + "-" + span.getSpanId() + "-");
      assertThat(text(span, "network.transport")).isEqualTo("pipe");
      assertThat(text(span, "network.protocol.name")).isNull();
    }
  }
}
