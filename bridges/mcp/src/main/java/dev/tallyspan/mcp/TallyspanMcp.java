package dev.tallyspan.mcp;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.api.GenAi;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Traces clients of the MCP Java SDK.
 *
 * <pre>{@code
 * McpSyncClient client = McpClient.sync(TallyspanMcp.wrap(genAi, transport)).build();
 * }</pre>
 *
 * <p>Each request and notification that the client sends is a span: {@code tools/call}, {@code
 * tools/list}, {@code resources/read}, {@code prompts/get}, {@code initialize} and all others. The
 * trace context goes with the request in {@code params._meta}, so that spans of the server are its
 * children. For servers, see {@link TallyspanMcpServer}.
 *
 * <p>A call of a tool inside a {@link dev.tallyspan.api.ToolRun} of the same name is no second
 * span: the attributes of MCP are added to the one that is there.
 *
 * <p>The parent of a span is the OpenTelemetry context in the Reactor context, under the key {@code
 * io.opentelemetry.context.Context.class}, or else the one that is current where the request is
 * subscribed to. That is the thread of the caller, once the client is initialized.
 */
public final class TallyspanMcp {

  private TallyspanMcp() {}

  /**
   * Returns a transport that is traced. The SDK does not tell a transport that a request has timed
   * out: its span ends when the transport is closed. Use {@link #wrap(GenAi, McpClientTransport,
   * Duration)} to end it in time.
   *
   * @param genAi writes the spans
   * @param transport of the client
   * @return the transport to build the client with; it fails as the given one does
   */
  public static McpClientTransport wrap(GenAi genAi, McpClientTransport transport) {
    return traced(genAi, transport, /* requestTimeout= */ null);
  }

  /**
   * Returns a transport that is traced.
   *
   * @param genAi writes the spans
   * @param transport of the client
   * @param requestTimeout that the client is built with; the span of a request without an answer
   *     ends after it, with {@code error.type} {@code timeout}
   * @return the transport to build the client with; it fails as the given one does
   * @throws IllegalArgumentException if the timeout is not positive
   */
  public static McpClientTransport wrap(
      GenAi genAi, McpClientTransport transport, Duration requestTimeout) {
    if (requestTimeout.isNegative() || requestTimeout.isZero()) {
      throw new IllegalArgumentException("requestTimeout=" + requestTimeout + " is not positive");
    }
    return traced(genAi, transport, requestTimeout);
  }

  private static McpClientTransport traced(
      GenAi genAi, McpClientTransport transport, @Nullable Duration requestTimeout) {
    requireNonNull(genAi, "genAi");
    requireNonNull(transport, "transport");
    return transport instanceof TracedTransport
        ? transport
        : new TracedTransport(genAi, transport, requestTimeout);
  }
}
