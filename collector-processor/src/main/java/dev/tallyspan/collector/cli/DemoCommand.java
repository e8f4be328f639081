package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.BackendProfile;
import dev.tallyspan.collector.config.BackendProfiles;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.config.LogEncoding;
import dev.tallyspan.collector.config.ViewerConfig;
import dev.tallyspan.collector.demo.Demo;
import dev.tallyspan.collector.demo.DemoServer;
import dev.tallyspan.collector.exporter.Protocol;
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
import java.util.stream.Stream;
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
      names = "--profile",
      paramLabel = "NAME",
      description =
          "Forwards as this backend needs it, see 'tallyspan profile list'; to its usual address, or to"
              + " that of its own environment variables, unless --forward has another. Default: known for"
              + " some URLs.")
  private @Nullable String profile;

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
    config.warnings().forEach(warning -> main.err().println("tallyspan demo: " + warning));
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
      run(builder, store, url, forwardsTo(config), viewer);
    }
    return 0;
  }

  private void run(
      CollectorServer.Builder builder,
      TraceStore store,
      String url,
      String forwardsTo,
      @Nullable RunningViewer viewer)
      throws IOException, InterruptedException {
    try (CollectorServer server = builder.start()) {
      TerminalOptions options = TerminalOptions.detect(System.getenv()).traceUrl(url).build();
      Running running = new Running(server, store, url, forwardsTo);
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
          address.isEmpty() ? usual : usual.at(ListenEndpoint.parse(address)), url, null);
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration("TALLYSPAN_VIEWER_ENDPOINT: " + e.getMessage());
    } catch (IOException e) {
      return RunningViewer.start(
          usual.at(new ListenEndpoint(usual.endpoint().host(), 0)), url, null);
    }
  }

  private String forwardsTo(CollectorConfig config) {
    if (forward != null) {
      return forward;
    }
    return config.exporters().stream()
        .flatMap(exporter -> Stream.ofNullable(exporter.endpoint()))
        .findFirst()
        .orElse("");
  }

  private void checkOptions() {
    if (forward == null && profile == null && !headers.isEmpty()) {
      throw CommandFailedException.badConfiguration(
          "--header: works only with --forward or --profile");
    }
    if (traceUrl != null && !traceUrl.contains("{traceId}")) {
      throw CommandFailedException.badConfiguration(
          "--trace-url=" + traceUrl + ": does not contain {traceId}");
    }
  }

  private void checkReachable(Backends backends) {
    for (Backends.Unreachable backend : backends.unreachable()) {
      throw CommandFailedException.badInput(
          (forward != null ? "--forward: " : "--profile " + profile + ": ") + backend);
    }
  }

  private CollectorConfig config() {
    Map<String, String> env = new HashMap<>(System.getenv());
    env.keySet().removeIf(name -> name.startsWith("OTEL_EXPORTER_OTLP_"));
    env.put("TALLYSPAN_GRPC_ENDPOINT", "127.0.0.1:0");
    env.put("TALLYSPAN_HTTP_ENDPOINT", "127.0.0.1:0");
    if (forward != null) {
      env.put("OTEL_EXPORTER_OTLP_ENDPOINT", forward);
    }
    if (forward != null || profile != null) {
      env.put("OTEL_EXPORTER_OTLP_HEADERS", headers());
    }
    try {
      BackendProfile backend = profile == null ? null : BackendProfiles.get(profile);
      if (protocol != null) {
        env.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
      } else if (forward != null) {
        env.put("OTEL_EXPORTER_OTLP_PROTOCOL", guessedProtocol(forward, backend));
      }
      return backend == null ? EnvironmentConfig.from(env) : EnvironmentConfig.from(env, backend);
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
  private static String guessedProtocol(String url, @Nullable BackendProfile backend) {
    if (backend != null && !backend.protocols().contains(Protocol.GRPC)) {
      return "http/protobuf";
    }
    return url.matches(".*:" + HTTP_PORT + "/?|https?://[^/]+/.+") ? "http/protobuf" : "grpc";
  }

  private final class Running implements DemoServer {
    private final CollectorServer server;
    private final TraceStore store;
    private final String traceUrl;
    private final String forwardsTo;

    Running(CollectorServer server, TraceStore store, String traceUrl, String forwardsTo) {
      this.server = server;
      this.store = store;
      this.traceUrl = traceUrl;
      this.forwardsTo = forwardsTo;
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
      return forwardsTo;
    }

    @Override
    public String traceUrl() {
      return traceUrl;
    }
  }
}
