package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.view.LiveTraces;
import dev.tallyspan.collector.output.view.TerminalOptions;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.server.OwnTelemetry;
import dev.tallyspan.pricing.PriceCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Formatter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The server. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Receives OTLP over gRPC (4317) and HTTP (4318), makes LLM spans GenAI spans with their cost,"
          + " and forwards everything.",
      "Without a file, OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS and _PROTOCOL name the backend; without"
          + " those, traces are shown in this terminal."
    })
final class RunCommand implements Callable<Integer> {

  @ParentCommand private Main main;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration in the OpenTelemetry Collector's YAML.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Where Tallyspan keeps what outlives a run, such as the prices of 'catalog update'; 'none'"
            + " for nowhere. Default: TALLYSPAN_DATA, else the user's directory for state."
      })
  private String data;

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, String> env = System.getenv();
    CollectorConfig config = load(env);
    Formatter log = Logs.set(config.telemetry().logLevel(), config.telemetry().logEncoding());
    Notices notices =
        config.exporters().isEmpty()
            ? Notices.toPerson(main.out(), main.err())
            : Notices.asLog(main.out(), main.err(), log);
    notices.info(
        "Tallyspan " + VersionCommand.version() + (file == null ? "" : ", configured by " + file));
    config.warnings().forEach(warning -> notices.warn(warning.toString()));
    try (OwnTelemetry telemetry = telemetry(config);
        LiveTraces live = live(config, env)) {
      CollectorServer.Builder builder = CollectorServer.builder(config).meter(telemetry.meter());
      if (live != null) {
        builder.also(live.output());
      }
      try (CollectorServer server = start(builder)) {
        announce(config, server, notices);
        telemetry.ready();
        awaitEnd(server, telemetry);
      }
    }
    return 0;
  }

  private CollectorConfig load(Map<String, String> env) {
    try {
      return file == null
          ? withKeptCatalog(EnvironmentConfig.from(env), env)
          : ConfigLoader.load(file, env);
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(e.getMessage());
    }
  }

  /** A file says itself where its prices come from. */
  private CollectorConfig withKeptCatalog(CollectorConfig config, Map<String, String> env) {
    KeptCatalog kept = KeptCatalog.of(DataDirectory.of(data, env), PriceCatalog.shipped());
    if (kept.reason() != null) {
      main.err().println("tallyspan run: " + kept.reason());
    }
    return kept.config() == null ? config : config.withCatalog(kept.config());
  }

  /** Where nobody named the address, another program on it is no reason not to start. */
  private OwnTelemetry telemetry(CollectorConfig config) throws IOException {
    try {
      return OwnTelemetry.start(config.telemetry().metrics());
    } catch (IOException e) {
      if (file != null) {
        throw CommandFailedException.badConfiguration(e.getMessage());
      }
      main.err().println("tallyspan run: " + e.getMessage() + "; goes on without /metrics");
      return OwnTelemetry.start(/* endpoint= */ null);
    }
  }

  private LiveTraces live(CollectorConfig config, Map<String, String> env) {
    return config.exporters().isEmpty()
        ? LiveTraces.start(main.out(), TerminalOptions.detect(env).build())
        : null;
  }

  private static CollectorServer start(CollectorServer.Builder builder) {
    try {
      return builder.start();
    } catch (IOException | IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration(e.getMessage());
    }
  }

  private void announce(CollectorConfig config, CollectorServer server, Notices notices) {
    for (ReceiverConfig receiver : config.receivers()) {
      if (receiver.grpc() != null) {
        String host = ListenAddresses.shown(receiver.grpc().endpoint().host());
        notices.info("OTLP/gRPC on " + host + ":" + server.grpcPort(receiver.id()));
      }
      if (receiver.http() != null) {
        String host = ListenAddresses.shown(receiver.http().endpoint().host());
        notices.info("OTLP/HTTP on http://" + host + ":" + server.httpPort(receiver.id()));
      }
    }
    new PricesNotice(notices, clock).print(config, server.catalogs());
    notices.info(
        config.exporters().isEmpty()
            ? "No backend is named: traces are shown here. OTEL_EXPORTER_OTLP_ENDPOINT names one."
            : "Forwards by "
                + config.exporters().stream()
                    .map(ExporterConfig::id)
                    .collect(Collectors.joining(", ")));
  }

  /** Runs until the process is told to end, and then drains before it does. */
  private static void awaitEnd(CollectorServer server, OwnTelemetry telemetry)
      throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  telemetry.draining();
                  server.close();
                  ended.countDown();
                },
                "shutdown"));
    ended.await();
  }
}
