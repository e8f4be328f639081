package dev.tallyspan.collector.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.mcp.McpEndpoint.Answer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Streamable HTTP without sessions and streams: every request is answered with one JSON object.
 * Handlers run on the calling thread, which waits for them.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports">Transports</a>
 */
final class StatelessTransport implements McpStatelessServerTransport {

  private static final byte[] NOTHING = new byte[0];

  private final McpJsonMapper json;
  private @Nullable McpStatelessServerHandler handler;

  StatelessTransport(McpJsonMapper json) {
    this.json = json;
  }

  /** Called while the server is built, before any message. */
  @Override
  public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
    handler = mcpHandler;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  Answer answer(byte[] body, @Nullable String protocolVersion) {
    if (protocolVersion != null && !protocolVersions().contains(protocolVersion)) {
      return McpEndpoint.error(
          400,
          McpEndpoint.INVALID_REQUEST,
          "MCP-Protocol-Version: must be one of " + String.join(", ", protocolVersions()));
    }
    JSONRPCMessage message;
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      message = McpSchema.deserializeJsonRpcMessage(json, text);
    } catch (CharacterCodingException e) {
      return McpEndpoint.error(400, McpEndpoint.PARSE_ERROR, "the body must be JSON in UTF-8");
    } catch (IOException | RuntimeException e) {
      return McpEndpoint.error(
          400, McpEndpoint.PARSE_ERROR, "the body must be one JSON-RPC message");
    }
    if (message instanceof JSONRPCRequest request) {
      return new Answer(200, bytes(answer(request)));
    }
    if (message instanceof JSONRPCNotification notification) {
      requireNonNull(handler, "handler")
          .handleNotification(McpTransportContext.EMPTY, notification)
          .block();
    }
    return new Answer(202, NOTHING);
  }

  private JSONRPCResponse answer(JSONRPCRequest request) {
    try {
      return requireNonNull(
          requireNonNull(handler, "handler")
              .handleRequest(McpTransportContext.EMPTY, request)
              .block());
    } catch (RuntimeException e) {
      // The SDK throws if parameters are missing or of another type.
      return JSONRPCResponse.error(
          request.id(),
          new JSONRPCResponse.JSONRPCError(
              McpSchema.ErrorCodes.INVALID_PARAMS,
              "the parameters of the request are not what its method takes"));
    }
  }

  private byte[] bytes(JSONRPCResponse response) {
    try {
      return json.writeValueAsBytes(response);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
  }
}
