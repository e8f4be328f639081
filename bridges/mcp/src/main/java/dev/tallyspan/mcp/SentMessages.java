package dev.tallyspan.mcp;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.McpBuilder;
import dev.tallyspan.api.McpCall;
import dev.tallyspan.api.ToolRun;
import dev.tallyspan.semconv.GenAiAttributes;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records what one client sends. */
final class SentMessages {

  private static final AttributeKey<String> REQUEST_ID =
      AttributeKey.stringKey("jsonrpc.request.id");
  private static final AttributeKey<String> STATUS_CODE =
      AttributeKey.stringKey("rpc.response.status_code");

  private final GenAi genAi;
  private final Connection connection;
  private volatile @Nullable String protocolVersion;

  SentMessages(GenAi genAi, McpClientTransport transport) {
    this.genAi = genAi;
    connection = Connection.of(transport);
  }

  /** Null for messages that are not recorded. */
  @Nullable SentMessage start(JSONRPCMessage message, Context parent) {
    if (message instanceof JSONRPCRequest request) {
      String id = request.id() == null ? null : request.id().toString();
      ToolRun run = runOf(request, parent);
      if (run != null) {
        run.attribute(GenAiAttributes.MCP_METHOD_NAME, request.method())
            .attribute(GenAiAttributes.MCP_SESSION_ID, session())
            .attribute(GenAiAttributes.MCP_PROTOCOL_VERSION, protocolVersion)
            .attribute(REQUEST_ID, id);
        return new SentMessage(withContext(request, run.context()), run);
      }
      McpCall call =
          builder(request.method(), request.params(), parent).requestId(id).startDetached();
      boolean tool = McpSchema.METHOD_TOOLS_CALL.equals(request.method());
      return new SentMessage(withContext(request, call.context()), call, tool);
    }
    if (message instanceof JSONRPCNotification notification) {
      McpCall call = builder(notification.method(), notification.params(), parent).startDetached();
      return new SentMessage(notification, call, /* toolCall= */ false);
    }
    return null;
  }

  /** The tool that runs in this context and that the request calls; null if there is none. */
  private static @Nullable ToolRun runOf(JSONRPCRequest request, Context parent) {
    ToolRun run = ToolRun.from(parent);
    return run != null
            && McpSchema.METHOD_TOOLS_CALL.equals(request.method())
            && request.params() instanceof CallToolRequest call
            && call.name().equals(run.name())
        ? run
        : null;
  }

  private McpBuilder builder(String method, @Nullable Object params, Context parent) {
    McpBuilder builder =
        genAi
            .mcpClient(method)
            .parent(parent)
            .session(session())
            .protocolVersion(protocolVersion)
            .attribute(Connection.NETWORK_TRANSPORT, connection.networkTransport())
            .attribute(Connection.NETWORK_PROTOCOL_NAME, connection.networkProtocol());
    if (params instanceof CallToolRequest call) {
      builder.tool(call.name());
      if (genAi.captures(Kind.TOOL_ARGUMENTS) && call.arguments() != null) {
        builder.arguments(genAi.guard().get(() -> Json.write(call.arguments())));
      }
    } else if (params instanceof GetPromptRequest prompt) {
      builder.prompt(prompt.name());
    } else if (params instanceof ReadResourceRequest resource) {
      builder.resource(resource.uri());
    } else if (params instanceof SubscribeRequest resource) {
      builder.resource(resource.uri());
    } else if (params instanceof UnsubscribeRequest resource) {
      builder.resource(resource.uri());
    }
    return builder;
  }

  private @Nullable String session() {
    return genAi.guard().get(connection::session);
  }

  private JSONRPCMessage withContext(JSONRPCRequest request, Context context) {
    Object params =
        genAi.guard().get(() -> Meta.inject(genAi.propagators(), context, request.params()));
    return params == null
        ? request
        : new JSONRPCRequest(request.jsonrpc(), request.method(), request.id(), params);
  }

  void answered(SentMessage request, JSONRPCResponse response) {
    JSONRPCError error = response.error();
    McpCall call = request.call();
    if (error != null) {
      int code = error.code() == null ? McpSchema.ErrorCodes.INTERNAL_ERROR : error.code();
      if (call == null) {
        request.attribute(STATUS_CODE, Integer.toString(code));
        request.failed(Integer.toString(code));
      } else {
        call.rpcError(code, error.message());
      }
    } else if (response.result() instanceof Map<?, ?> result) {
      if (request.isToolCall()) {
        toolAnswered(request, result);
      }
      if (result.get("protocolVersion") instanceof String version) {
        protocolVersion = version;
        request.attribute(GenAiAttributes.MCP_PROTOCOL_VERSION, version);
        request.attribute(GenAiAttributes.MCP_SESSION_ID, session());
      }
    }
  }

  private void toolAnswered(SentMessage request, Map<?, ?> result) {
    McpCall call = request.call();
    if (call != null && genAi.captures(Kind.TOOL_RESULT)) {
      genAi
          .guard()
          .run(
              () ->
                  call.result(Json.result(result.get("structuredContent"), result.get("content"))));
    }
    if (Boolean.TRUE.equals(result.get("isError"))) {
      request.failed("tool_error");
    }
  }
}
