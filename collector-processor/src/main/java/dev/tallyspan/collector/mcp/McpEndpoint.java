package dev.tallyspan.collector.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.recent.TraceReports;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers the messages of MCP clients. Knows no HTTP: who may ask is decided by the server that
 * passes the messages on.
 *
 * <p>The SDK is loaded with the first message, on a thread of the endpoint, because most servers
 * are never asked. Messages are answered on at most two threads, which end when there is nothing to
 * do; if too many wait, further ones are refused.
 */
public final class McpEndpoint implements AutoCloseable {

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON in UTF-8; empty if there is nothing to say
   */
  public record Answer(int status, byte[] body) {}

  private static final Logger LOGGER = System.getLogger(McpEndpoint.class.getName());

  private static final int THREADS = 2;
  private static final int MOST_WAITING = 32;
  private static final int IDLE_SECONDS = 30;

  /** The codes of JSON-RPC 2.0; from -32000 to -32099 they are the server's own. */
  static final int PARSE_ERROR = -32700;

  static final int INVALID_REQUEST = -32600;
  static final int INTERNAL_ERROR = -32603;
  static final int UNAVAILABLE = -32000;

  private final TraceReports reports;
  private final @Nullable Path ledger;
  private final String version;
  private final ThreadPoolExecutor executor;

  // Guarded by this.
  private @Nullable StatelessTransport transport;

  /**
   * @param ledger the data directory of a server that keeps a ledger; null if it keeps none
   * @param version that clients are told
   */
  public McpEndpoint(TraceReports reports, @Nullable Path ledger, String version) {
    this.reports = requireNonNull(reports, "reports");
    this.ledger = ledger;
    this.version = requireNonNull(version, "version");
    executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "viewer-mcp");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Whether the jar with the SDK is beside the main one. */
  static boolean isAvailable() {
    return McpEndpoint.class
            .getClassLoader()
            .getResource("io/modelcontextprotocol/spec/McpStatelessServerTransport.class")
        != null;
  }

  /**
   * Answers one message. Does not block.
   *
   * @param body the message
   * @param protocolVersion the header {@code MCP-Protocol-Version}; null if there is none
   * @param to is called once, on a thread of the endpoint or at once
   */
  public void answer(byte[] body, @Nullable String protocolVersion, Consumer<Answer> to) {
    try {
      executor.execute(() -> to.accept(answer(body, protocolVersion)));
    } catch (RejectedExecutionException e) {
      to.accept(error(503, UNAVAILABLE, "too many requests wait for an answer; try again"));
    }
  }

  private Answer answer(byte[] body, @Nullable String protocolVersion) {
    try {
      return isAvailable()
          ? transport().answer(body, protocolVersion)
          : error(
              503,
              UNAVAILABLE,
              "the MCP endpoint needs mcp.jar beside tallyspan.jar: unpack the whole archive");
    } catch (RuntimeException | LinkageError e) {
      // The class alone: a message may quote content.
      LOGGER.log(Level.ERROR, "cannot answer an MCP client: " + e.getClass().getName());
      return error(500, INTERNAL_ERROR, "internal error");
    }
  }

  private synchronized StatelessTransport transport() {
    StatelessTransport started = transport;
    if (started == null) {
      started = TraceTools.start(reports, ledger, version);
      transport = started;
    }
    return started;
  }

  /**
   * Returns an error that answers no request in particular.
   *
   * @param message a constant, without characters that JSON escapes
   */
  static Answer error(int status, int code, String message) {
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":"
            + code
            + ",\"message\":\""
            + message
            + "\"}}";
    return new Answer(status, json.getBytes(UTF_8));
  }

  /** Stops answering; what waits gets no answer. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
