package dev.tallyspan.mcp;

import dev.tallyspan.api.McpCall;
import dev.tallyspan.api.Operation;
import dev.tallyspan.api.ToolRun;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A request or notification, and the operation that it is recorded on: one of its own, or a tool
 * that runs already, which is not ended here.
 */
final class SentMessage {

  private final JSONRPCMessage message;
  private final Operation<?> operation;
  private final boolean toolCall;
  private volatile @Nullable Disposable expiry;

  SentMessage(JSONRPCMessage message, McpCall call, boolean toolCall) {
    this.message = message;
    this.operation = call;
    this.toolCall = toolCall;
  }

  /** A call of a tool that is traced already. */
  SentMessage(JSONRPCMessage message, ToolRun run) {
    this.message = message;
    this.operation = run;
    this.toolCall = true;
  }

  /** The message as it is sent. */
  JSONRPCMessage message() {
    return message;
  }

  /** Of the request; null for a notification. */
  @Nullable Object id() {
    return message instanceof JSONRPCRequest request ? request.id() : null;
  }

  boolean isToolCall() {
    return toolCall;
  }

  Scope makeCurrent() {
    return operation.makeCurrent();
  }

  /** Null if a tool that runs already has a result of its own. */
  @Nullable McpCall call() {
    return operation instanceof McpCall call ? call : null;
  }

  <T> void attribute(AttributeKey<T> key, @Nullable T value) {
    operation.attribute(key, value);
  }

  void expiresWith(Disposable expiry) {
    this.expiry = expiry;
  }

  void fail(Throwable error) {
    operation.fail(error);
    end();
  }

  void fail(String errorType) {
    operation.fail(errorType);
    end();
  }

  /** Sets the type of the error without ending. */
  void failed(String errorType) {
    operation.fail(errorType);
  }

  void end() {
    Disposable timer = expiry;
    if (timer != null) {
      timer.dispose();
    }
    if (operation instanceof McpCall) {
      operation.end();
    }
  }
}
