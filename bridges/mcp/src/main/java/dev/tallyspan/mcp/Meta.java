package dev.tallyspan.mcp;

import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The context in {@code params._meta}, under the keys of the propagators without a prefix, as the
 * MCP conventions of OpenTelemetry and SEP-414 of the protocol define it.
 */
final class Meta {

  private static final TextMapGetter<Map<String, Object>> GETTER =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // older versions of OpenTelemetry call it
        public Iterable<String> keys(Map<String, Object> meta) {
          return meta.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, Object> meta, String key) {
          return meta != null && meta.get(key) instanceof String value ? value : null;
        }
      };

  private Meta() {}

  /**
   * Returns the parameters with the context, in place of one that they have.
   *
   * @return null if there is nothing to add, or no place for it in parameters of this type
   */
  static @Nullable Object inject(
      ContextPropagators propagators, Context context, @Nullable Object params) {
    Map<String, Object> carrier = new LinkedHashMap<>();
    propagators
        .getTextMapPropagator()
        .inject(
            context,
            carrier,
            (map, key, value) -> {
              if (map != null) {
                map.put(key, value);
              }
            });
    return carrier.isEmpty() ? null : with(carrier, params);
  }

  private static @Nullable Object with(Map<String, Object> context, @Nullable Object params) {
    if (params instanceof CallToolRequest it) {
      return new CallToolRequest(it.name(), it.arguments(), meta(it.meta(), context));
    }
    if (params instanceof ReadResourceRequest it) {
      return new ReadResourceRequest(it.uri(), meta(it.meta(), context));
    }
    if (params instanceof GetPromptRequest it) {
      return new GetPromptRequest(it.name(), it.arguments(), meta(it.meta(), context));
    }
    if (params instanceof PaginatedRequest it) {
      return new PaginatedRequest(it.cursor(), meta(it.meta(), context));
    }
    if (params instanceof SubscribeRequest it) {
      return new SubscribeRequest(it.uri(), meta(it.meta(), context));
    }
    if (params instanceof UnsubscribeRequest it) {
      return new UnsubscribeRequest(it.uri(), meta(it.meta(), context));
    }
    if (params instanceof CompleteRequest it) {
      return new CompleteRequest(it.ref(), it.argument(), meta(it.meta(), context), it.context());
    }
    if (params instanceof InitializeRequest it) {
      return new InitializeRequest(
          it.protocolVersion(), it.capabilities(), it.clientInfo(), meta(it.meta(), context));
    }
    return null;
  }

  private static Map<String, Object> meta(
      @Nullable Map<String, Object> meta, Map<String, Object> context) {
    if (meta == null || meta.isEmpty()) {
      return context;
    }
    Map<String, Object> both = new LinkedHashMap<>(meta);
    both.putAll(context);
    return both;
  }

  /** Returns the current context with what has arrived; the current one if nothing has. */
  static Context extract(ContextPropagators propagators, @Nullable Map<String, Object> meta) {
    Context current = Context.current();
    return meta == null
        ? current
        : propagators.getTextMapPropagator().extract(current, meta, GETTER);
  }
}
