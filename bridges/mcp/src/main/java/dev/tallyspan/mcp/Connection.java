package dev.tallyspan.mcp;

import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpTransportSession;
import io.opentelemetry.api.common.AttributeKey;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection of a transport.
 *
 * @param networkTransport {@code tcp}, {@code pipe}; null for transports that are not the SDK's
 * @param networkProtocol {@code http}; null if there is none or it is not known
 */
record Connection(
    McpClientTransport transport,
    @Nullable String networkTransport,
    @Nullable String networkProtocol,
    @Nullable Field sessions) {

  static final AttributeKey<String> NETWORK_TRANSPORT = AttributeKey.stringKey("network.transport");
  static final AttributeKey<String> NETWORK_PROTOCOL_NAME =
      AttributeKey.stringKey("network.protocol.name");

  /** The SDK's transports go by their names: not every version has each of them. */
  static Connection of(McpClientTransport transport) {
    Class<?> type = transport.getClass();
    return switch (type.getSimpleName()) {
      case "HttpClientStreamableHttpTransport" ->
          new Connection(transport, "tcp", "http", sessions(type));
      case "HttpClientSseClientTransport" -> new Connection(transport, "tcp", "http", null);
      case "StdioClientTransport" -> new Connection(transport, "pipe", null, null);
      default -> new Connection(transport, null, null, null);
    };
  }

  /**
   * The transport does not show the session of the protocol, which it gets and sends in a header.
   * Without access to it, spans of the client have no session.
   */
  private static @Nullable Field sessions(Class<?> type) {
    try {
      Field field = type.getDeclaredField("activeSession");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** The id of the session; null if there is none yet, or it is not known. */
  @Nullable String session() {
    try {
      return sessions != null
              && sessions.get(transport) instanceof AtomicReference<?> reference
              && reference.get() instanceof McpTransportSession<?> session
          ? session.sessionId().orElse(null)
          : null;
    } catch (IllegalAccessException e) {
      return null;
    }
  }
}
