package dev.tallyspan.collector.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP/HTTP backend for {@link NumberedTraces} that notes which process delivered which spans.
 * Each process has an endpoint of its own.
 */
final class TraceSink implements AutoCloseable {

  static {
    // Without it, each response of the JDK's server waits 40 ms for the client's TCP to confirm.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final int ALL = (1 << NumberedTraces.SPANS) - 1;

  /** What one process delivered of one trace. */
  private static final class Part {
    private int spans;

    /** Whether the agent came with the sums over some of the calls. */
    private boolean partial;
  }

  private final HttpServer server;
  private final ExecutorService handlers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "traces");
            thread.setDaemon(true);
            return thread;
          });

  // Guarded by this.
  /** By the number of the trace, then by process. */
  private final Map<Integer, Map<String, Part>> traces = new HashMap<>();

  private final List<String> damaged = new ArrayList<>();
  private long deliveries;

  TraceSink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.setExecutor(handlers);
    server.start();
  }

  /** The endpoint of a process. */
  String url(String process) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + process;
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = exchange.getRequestBody();
      // Throws if the process is killed while it sends.
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(gzip ? new GZIPInputStream(body) : body);
      keep(exchange.getRequestURI().getPath().split("/")[1], request);
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private synchronized void keep(String process, ExportTraceServiceRequest request) {
    request
        .getResourceSpansList()
        .forEach(
            resource ->
                resource
                    .getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> keep(process, span))));
  }

  private void keep(String process, Span span) {
    long number = span.getSpanId().asReadOnlyByteBuffer().getLong();
    int trace = NumberedTraces.trace(number);
    if (!span.getName().equals("span " + number)
        || span.getTraceId().asReadOnlyByteBuffer().getLong() != trace) {
      damaged.add("span " + number + " has another name or trace");
      return;
    }
    deliveries++;
    Part part =
        traces
            .computeIfAbsent(trace, each -> new HashMap<>())
            .computeIfAbsent(process, each -> new Part());
    part.spans |= 1 << NumberedTraces.place(number);
    if (NumberedTraces.place(number) == NumberedTraces.CALLS) {
      part.partial = !NumberedTraces.isWhole(span);
    }
  }

  /** Returns what arrived and should not have. */
  synchronized List<String> damaged() {
    return List.copyOf(damaged);
  }

  /** Returns how many spans arrived, each as often as it did. */
  synchronized long deliveries() {
    return deliveries;
  }

  /** Returns how many different spans arrived, from whatever process. */
  synchronized long spans() {
    return traces.values().stream().mapToInt(TraceSink::together).map(Integer::bitCount).sum();
  }

  /** Returns how many traces arrived in all their spans, from whatever process. */
  synchronized long complete() {
    return traces.values().stream().filter(parts -> together(parts) == ALL).count();
  }

  private static int together(Map<String, Part> parts) {
    return parts.values().stream().mapToInt(each -> each.spans).reduce(0, (a, b) -> a | b);
  }

  /** Returns the processes that delivered anything. */
  synchronized Set<String> processes() {
    return traces.values().stream()
        .flatMap(parts -> parts.keySet().stream())
        .collect(Collectors.toSet());
  }

  /**
   * Returns the traces that came from several processes, of which none delivered all spans or one
   * had the sums over some of the calls.
   */
  synchronized List<Integer> split() {
    return traces(
        parts ->
            parts.size() > 1
                && (parts.stream().noneMatch(each -> each.spans == ALL)
                    || parts.stream().anyMatch(each -> each.partial)));
  }

  /** Returns the traces that came from one process, and not with the sums over all calls. */
  synchronized List<Integer> wrong() {
    return traces(parts -> parts.size() == 1 && parts.iterator().next().partial);
  }

  private List<Integer> traces(Predicate<Collection<Part>> those) {
    return traces.keySet().stream()
        .filter(each -> those.test(traces.get(each).values()))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    handlers.shutdownNow();
  }
}
