package dev.tallyspan.mcp;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.McpBuilder;
import dev.tallyspan.api.McpCall;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Request;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/*
 * The handlers of tools, resources and prompts are wrapped, and not the transport of the server: the
 * SDK runs a handler on a thread of its own choice, where the span must be current for what the
 * handler calls. The id of the JSON-RPC request does not get that far.
 */
/** Records the requests that handlers of a server get. */
final class ReceivedCalls {

  /**
   * Says what a kind of request is about.
   *
   * @param <Q> the type of the request
   */
  interface Description<Q> {
    McpBuilder describe(GenAi genAi, Q request);
  }

  static final Description<CallToolRequest> TOOLS =
      (genAi, request) -> {
        McpBuilder builder = genAi.mcpServer(McpSchema.METHOD_TOOLS_CALL).tool(request.name());
        if (genAi.captures(Kind.TOOL_ARGUMENTS) && request.arguments() != null) {
          builder.arguments(genAi.guard().get(() -> Json.write(request.arguments())));
        }
        return builder;
      };

  static final Description<ReadResourceRequest> RESOURCES =
      (genAi, request) -> genAi.mcpServer(McpSchema.METHOD_RESOURCES_READ).resource(request.uri());

  static final Description<GetPromptRequest> PROMPTS =
      (genAi, request) -> genAi.mcpServer(McpSchema.METHOD_PROMPT_GET).prompt(request.name());

  private final GenAi genAi;

  ReceivedCalls(GenAi genAi) {
    this.genAi = genAi;
  }

  /**
   * Returns a handler that is traced.
   *
   * @param session the id of the session; null if there is none
   */
  @SuppressWarnings("try") // the scope is only closed
  <X, Q extends Request, R> BiFunction<X, Q, R> sync(
      Description<Q> description,
      Function<X, @Nullable String> session,
      BiFunction<X, Q, R> handler) {
    return (exchange, request) -> {
      McpCall call = genAi.guard().get(() -> start(description, session, exchange, request));
      if (call == null) {
        return handler.apply(exchange, request);
      }
      R result;
      try (Scope scope = call.makeCurrent()) {
        result = handler.apply(exchange, request);
      } catch (Throwable t) {
        failed(call, t);
        throw t;
      }
      answered(call, result);
      return result;
    };
  }

  /** The same for a handler that answers later. */
  @SuppressWarnings("try") // the scope is only closed
  <X, Q extends Request, R> BiFunction<X, Q, Mono<R>> async(
      Description<Q> description,
      Function<X, @Nullable String> session,
      BiFunction<X, Q, Mono<R>> handler) {
    return (exchange, request) -> {
      McpCall call = genAi.guard().get(() -> start(description, session, exchange, request));
      if (call == null) {
        return handler.apply(exchange, request);
      }
      Mono<R> answer;
      try (Scope scope = call.makeCurrent()) {
        answer = handler.apply(exchange, request);
      } catch (Throwable t) {
        failed(call, t);
        throw t;
      }
      return answer == null ? ended(call) : traced(call, answer);
    };
  }

  /** A handler must not return null; that is the SDK's to say. */
  private static <R> @Nullable Mono<R> ended(McpCall call) {
    call.end();
    return null;
  }

  @SuppressWarnings("try") // the scope is only closed
  private <R> Mono<R> traced(McpCall call, Mono<R> answer) {
    Mono<R> current =
        Mono.fromDirect(
            subscriber -> {
              try (Scope scope = call.makeCurrent()) {
                answer.subscribe(subscriber);
              }
            });
    return current
        .doOnSuccess(result -> answered(call, result))
        .doOnError(error -> failed(call, error))
        .doOnCancel(call::close);
  }

  private <X, Q extends Request> McpCall start(
      Description<Q> description, Function<X, @Nullable String> session, X exchange, Q request) {
    Context parent = Meta.extract(genAi.propagators(), request.meta());
    SpanContext ambient = Span.current().getSpanContext();
    McpBuilder builder =
        description
            .describe(genAi, request)
            .parent(parent)
            .session(genAi.guard().get(() -> session.apply(exchange)));
    if (!Span.fromContext(parent).getSpanContext().equals(ambient)) {
      builder.link(ambient);
    }
    return builder.startDetached();
  }

  private void answered(McpCall call, @Nullable Object result) {
    if (result instanceof CallToolResult tool) {
      genAi.guard().run(() -> record(call, tool));
    }
    call.end();
  }

  private void record(McpCall call, CallToolResult result) {
    if (Boolean.TRUE.equals(result.isError())) {
      call.toolFailed();
    }
    if (genAi.captures(Kind.TOOL_RESULT)) {
      call.result(Json.result(result.structuredContent(), result.content()));
    }
  }

  private static void failed(McpCall call, Throwable thrown) {
    JSONRPCError error = thrown instanceof McpError mcp ? mcp.getJsonRpcError() : null;
    if (error != null && error.code() != null) {
      call.rpcError(error.code(), error.message());
    } else {
      call.fail(thrown);
    }
    call.close();
  }
}
