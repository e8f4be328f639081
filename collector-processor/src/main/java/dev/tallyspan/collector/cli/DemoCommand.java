package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.config.LogEncoding;
import dev.tallyspan.collector.config.ViewerConfig;
import dev.tallyspan.collector.demo.Demo;
import dev.tallyspan.collector.demo.DemoServer;
import dev.tallyspan.collector.output.view.SpanRow;
import dev.tallyspan.collector.output.view.StoreOutput;
import dev.tallyspan.collector.output.view.TerminalOptions;
import dev.tallyspan.collector.output.view.TraceStore;
import dev.tallyspan.collector.server.CollectorServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs the server with a sample application. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the server on free ports, sends sample agent traces through it over OTLP, and shows"
            + " the result, in a terminal also in the browser.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {

  private static final int HTTP_PORT = 4318;

  @ParentCommand private Main main;

  @Option(
      names = "--forward",
      paramLabel = "URL",
      description = "Also forward to this backend, such as http://localhost:4317 (Jaeger).")
  private @Nullable String forward;

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      description =
          "The protocol of the backend: grpc or http/protobuf. Default: http/protobuf for port 4318 or a"
              + " URL with a path, else grpc.")
  private @Nullable String protocol;

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description =
          "A header for the backend. May be repeated. Other users of this machine can see it;"
              + " OTEL_EXPORTER_OTLP_HEADERS is used too, and they cannot see that.")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(
      names = "--trace-url",
      paramLabel = "URL",
      description =
          "Where the backend shows a trace, with {traceId} in place of the id. Default: known for"
              + " Jaeger, Phoenix, Langfuse and MLflow.")
  private @Nullable String traceUrl;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logs.set(Level.INFO, LogEncoding.CONSOLE);
    checkOptions();
    CollectorConfig config = config();
    Backends backends = new Backends(config);
    checkReachable(backends);
    String url = traceUrl != null ? traceUrl : backends.traceUrl();
    TraceStore store = TraceStore.builder().build();
    CollectorServer.Builder builder =
        CollectorServer.builder(config).also(new StoreOutput(store, rows -> {}));
    // The viewer is for people, who press a key when they have looked.
    try (RunningViewer viewer = TerminalOptions.isTerminal() ? viewer(url) : null) {
      if (viewer != null) {
        builder.also(viewer.output());
      }
      run(builder, store, url, viewer);
    }
    return 0;
  }

  private void run(
      CollectorServer.Builder builder, TraceStore store, String url, @Nullable RunningViewer viewer)
      throws IOException, InterruptedException {
    try (CollectorServer server = builder.start()) {
      TerminalOptions options = TerminalOptions.detect(System.getenv()).traceUrl(url).build();
      Running running = new Running(server, store, url);
      try {
        new Demo(main.out(), running, options, InstantSource.system()).run();
      } catch (IOException e) {
        // What the backend does not accept is not worth waiting for.
        server.close(Duration.ZERO);
        throw CommandFailedException.badInput(e);
      }
      if (viewer != null) {
        main.out().println();
        main.out().println("Look at these traces: " + viewer.url() + "  (Enter ends the demo)");
        main.out().flush();
        System.in.read();
      }
    }
  }

  /**
   * Starts the viewer on its usual port, or on a free one.
   *
   * @return null if the user wants none
   */
  private static @Nullable RunningViewer viewer(String url) throws IOException {
    String address = System.getenv().getOrDefault("TALLYSPAN_VIEWER_ENDPOINT", "").trim();
    if (address.equals("none")) {
      return null;
    }
    ViewerConfig usual = ViewerConfig.DEFAULT;
    try {
      return RunningViewer.start(
          address.isEmpty() ? usual : usual.at(ListenEndpoint.parse(address)), url);
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration("TALLYSPAN_VIEWER_ENDPOINT: " + e.getMessage());
    } catch (IOException e) {
      return RunningViewer.start(usual.at(new ListenEndpoint(usual.endpoint().host(), 0)), url);
    }
  }

  private void checkOptions() {
    if (forward == null && !headers.isEmpty()) {
      throw CommandFailedException.badConfiguration("--header: works only with --forward");
    }
    if (traceUrl != null && !traceUrl.contains("{traceId}")) {
      throw CommandFailedException.badConfiguration(
          "--trace-url=" + traceUrl + ": does not contain {traceId}");
    }
  }

  private static void checkReachable(Backends backends) {
    for (Backends.Unreachable backend : backends.unreachable()) {
      throw CommandFailedException.badInput("--forward: " + backend);
    }
  }

  private CollectorConfig config() {
    Map<String, String> env = new HashMap<>();
    env.put("TALLYSPAN_GRPC_ENDPOINT", "127.0.0.1:0");
    env.put("TALLYSPAN_HTTP_ENDPOINT", "127.0.0.1:0");
    if (forward != null) {
      env.put("OTEL_EXPORTER_OTLP_ENDPOINT", forward);
      env.put(
          "OTEL_EXPORTER_OTLP_PROTOCOL", protocol != null ? protocol : guessedProtocol(forward));
      env.put("OTEL_EXPORTER_OTLP_HEADERS", headers());
    }
    try {
      return EnvironmentConfig.from(env);
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(
          String.valueOf(e.getMessage())
              .replace("OTEL_EXPORTER_OTLP_ENDPOINT", "--forward")
              .replace("OTEL_EXPORTER_OTLP_PROTOCOL", "--protocol")
              .replace("OTEL_EXPORTER_OTLP_HEADERS", "--header"));
    }
  }

  /** Returns the headers of the environment, then those of the command line. */
  private String headers() {
    List<String> all = new ArrayList<>();
    all.add(System.getenv().getOrDefault("OTEL_EXPORTER_OTLP_HEADERS", ""));
    headers.forEach(
        (name, value) ->
            all.add(
                name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")));
    return String.join(",", all);
  }

  /** A URL with a path is for OTLP/HTTP, since gRPC has no paths. */
  private static String guessedProtocol(String url) {
    return url.matches(".*:" + HTTP_PORT + "/?|https?://[^/]+/.+") ? "http/protobuf" : "grpc";
  }

  private final class Running implements DemoServer {
    private final CollectorServer server;
    private final TraceStore store;
    private final String traceUrl;

    Running(CollectorServer server, TraceStore store, String traceUrl) {
      this.server = server;
      this.store = store;
      this.traceUrl = traceUrl;
    }

    @Override
    public URI httpEndpoint() {
      return URI.create("http://127.0.0.1:" + server.httpPort("otlp"));
    }

    @Override
    public List<SpanRow> await(int count, Duration timeout) throws InterruptedException {
      store.await(count, timeout);
      return store.spans();
    }

    @Override
    public String forwardsTo() {
      return forward == null ? "" : forward;
    }

    @Override
    public String traceUrl() {
      return traceUrl;
    }
  }
}
