package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.BackendChoice;
import dev.tallyspan.collector.config.BackendProfiles;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.config.KafkaReceiverConfig;
import dev.tallyspan.collector.config.LedgerConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.config.TelemetryConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.recent.StoredTraces;
import dev.tallyspan.collector.output.view.LiveTraces;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.server.HealthChecks;
import dev.tallyspan.collector.server.OwnTelemetry;
import dev.tallyspan.collector.server.Storage;
import dev.tallyspan.collector.server.StorageException;
import dev.tallyspan.collector.server.WarmUp;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.logging.Formatter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs the server. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Receives OTLP over gRPC (4317) and HTTP (4318), converts LLM spans to GenAI spans with their"
          + " cost, and forwards everything.",
      "Without a configuration file, OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS and _PROTOCOL set the"
          + " backend; without these, traces are shown in this terminal and on http://localhost:8787."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {

  @ParentCommand private Main main;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, in the YAML of the OpenTelemetry Collector.")
  private @Nullable Path file;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "Without --config: what the backend needs and reads, see 'tallyspan profile list'. Its address"
              + " is that of OTEL_EXPORTER_OTLP_ENDPOINT, else the usual one. Default: known for some"
              + " endpoints.")
  private @Nullable String profile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "The directory for data that Tallyspan keeps between runs: requests that are not delivered"
            + " yet, and the prices of 'catalog update'; 'none' keeps nothing. Default with"
            + " --config: storage.directory in the file, else TALLYSPAN_DATA, else none. Default"
            + " without: TALLYSPAN_DATA, else the user's state directory."
      })
  private @Nullable String data;

  @Mixin private OnlyOption only;

  @Mixin private ShowOptions show;

  @Option(
      names = "--watch",
      description =
          "Reloads the configuration when its file changes. A signal HUP reloads it in any case.")
  private boolean watch;

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, String> env = System.getenv();
    show.check();
    if (file != null && profile != null) {
      throw CommandFailedException.badConfiguration(
          "--profile: not with --config: set profile on an exporter in the file");
    }
    CollectorConfig config = load(env);
    Backends backends = new Backends(config);
    Attributes resource =
        OwnTelemetry.resource(
            config.telemetry(), VersionCommand.version(), UUID.randomUUID().toString());
    Formatter log = Logs.set(config.telemetry(), resource);
    Notices notices =
        config.allExporters().isEmpty()
            ? Notices.toPerson(main.out(), main.err())
            : Notices.asLog(main.out(), main.err(), log);
    notices.info(
        "Tallyspan " + VersionCommand.version() + (file == null ? "" : ", configured by " + file));
    config.warnings().forEach(warning -> notices.warn(warning.toString()));
    if (config.readsNoSpans()) {
      notices.warn(ConfigCommand.READS_NO_SPANS);
    }
    try (OwnTelemetry telemetry = telemetry(config.telemetry(), resource);
        HealthChecks checks = healthChecks(config, telemetry);
        RunningViewer viewer = viewer(config, backends, env);
        LiveTraces live = show.start(config, backends, main.out(), env)) {
      List<Output> also = new ArrayList<>();
      if (live != null) {
        also.add(live.output());
      }
      if (viewer != null) {
        also.add(viewer.output());
      }
      try (CollectorServer server = start(config, telemetry, also, env, notices)) {
        WarmUp.run(config);
        announce(config, server, notices);
        if (viewer != null) {
          notices.info("Viewer on " + viewer.url());
        }
        backends.warn(notices);
        checks.addresses().forEach(at -> notices.info("Health on " + at));
        manage(env, server, telemetry, notices);
        CountDownLatch ended = endOnSignal(server, viewer, telemetry, notices);
        telemetry.ready(server::isHealthy);
        ended.await();
      }
    }
    return 0;
  }

  private CollectorConfig load(Map<String, String> env) {
    try {
      return read(env);
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }

  private CollectorConfig read(Map<String, String> env) throws ConfigException {
    if (file == null) {
      Path directory = DataDirectory.of(data, env);
      CollectorConfig config =
          profile == null
              ? EnvironmentConfig.from(env)
              : EnvironmentConfig.from(env, BackendProfiles.get(profile));
      CollectorConfig kept = withKeptCatalog(config, directory).withDataDirectory(directory);
      kept = directory == null ? kept : kept.withStoredTraces();
      return directory != null && Ledger.isAvailable()
          ? kept.withLedger(LedgerConfig.DEFAULT)
          : kept;
    }
    CollectorConfig config = ConfigLoader.load(file, env, only.signals());
    return config.withDataDirectory(
        DataDirectory.withFile(data, config.storage().directory(), env));
  }

  /** Lets the configuration be reloaded, if there is a file, and the server show its status. */
  private void manage(
      Map<String, String> env, CollectorServer server, OwnTelemetry telemetry, Notices notices) {
    Supplier<String> lastReload = () -> "";
    if (file != null) {
      Reload reload = new Reload(() -> read(env), server, notices, telemetry.meter(), clock);
      reload.onSignal();
      if (watch) {
        reload.onChange(file);
      }
      lastReload = reload::last;
    }
    telemetry.status(new ServerStatus(server, file, lastReload, clock));
  }

  /** Not used with a configuration file, which has its own setting for prices. */
  private CollectorConfig withKeptCatalog(CollectorConfig config, @Nullable Path directory) {
    KeptCatalog kept = KeptCatalog.of(directory, PriceCatalog.shipped());
    if (kept.reason() != null) {
      main.err().println("tallyspan run: " + kept.reason());
    }
    return kept.config() == null ? config : config.withCatalog(kept.config());
  }

  /** An address that the user did not set, and that is in use, must not prevent the start. */
  private OwnTelemetry telemetry(TelemetryConfig config, Attributes resource) throws IOException {
    try {
      return OwnTelemetry.start(config, resource);
    } catch (IOException | IllegalArgumentException e) {
      if (file != null) {
        throw CommandFailedException.badConfiguration(e);
      }
      main.err().println("tallyspan run: " + e.getMessage() + "; continuing without /metrics");
      return OwnTelemetry.start(config.withoutServer(), resource);
    }
  }

  private HealthChecks healthChecks(CollectorConfig config, OwnTelemetry telemetry) {
    try {
      return HealthChecks.start(config.healthChecks(), telemetry::isReady, clock);
    } catch (IOException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }

  /**
   * Where the viewer keeps traces; none if it does not. A directory that the user did not set, and
   * that cannot be used, must not prevent the start.
   */
  private RunningViewer.TraceStore stored(CollectorConfig config) {
    Path directory = config.storage().directory();
    if (directory == null || config.viewer() == null || !config.viewer().stored()) {
      return RunningViewer.IN_MEMORY;
    }
    RunningViewer.TraceStore onDisk =
        traces ->
            StoredTraces.open(
                StoredTraces.directory(directory),
                traces,
                Storage.keys(config.storage().encryption()));
    if (file != null || DataDirectory.isSet(data, System.getenv())) {
      return onDisk;
    }
    return traces -> {
      try {
        return onDisk.open(traces);
      } catch (IOException e) {
        main.err().println("tallyspan run: " + e.getMessage() + "; traces are kept in memory only");
        return null;
      }
    };
  }

  /**
   * An address that the user did not set, and that is in use, must not prevent the start.
   *
   * @return null if there is no viewer
   */
  private @Nullable RunningViewer viewer(
      CollectorConfig config, Backends backends, Map<String, String> env) {
    if (config.viewer() == null) {
      return null;
    }
    try {
      return RunningViewer.start(
          config.viewer(),
          backends.traceUrl(),
          config.ledger() == null ? null : config.storage().directory(),
          stored(config));
    } catch (IOException | IllegalArgumentException e) {
      if (file != null || !env.getOrDefault("TALLYSPAN_VIEWER_ENDPOINT", "").isBlank()) {
        throw CommandFailedException.badConfiguration(e);
      }
      main.err().println("tallyspan run: " + e.getMessage() + "; continuing without the viewer");
      return null;
    }
  }

  /** A directory that the user did not set, and that cannot be used, must not prevent the start. */
  private CollectorServer start(
      CollectorConfig config,
      OwnTelemetry telemetry,
      List<Output> also,
      Map<String, String> env,
      Notices notices) {
    try {
      try {
        return builder(config, telemetry, also).start();
      } catch (StorageException e) {
        if (file != null || DataDirectory.isSet(data, env)) {
          throw e;
        }
        notices.warn(e.getMessage() + "; continuing without a queue on disk");
        return builder(config.withDataDirectory(null), telemetry, also).start();
      }
    } catch (IOException | IllegalArgumentException | ConfigException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }

  private static CollectorServer.Builder builder(
      CollectorConfig config, OwnTelemetry telemetry, List<Output> also) {
    CollectorServer.Builder builder =
        CollectorServer.builder(config)
            .meter(telemetry.meter())
            .lastReading(telemetry::flush)
            .metricReaders(telemetry::connectorReader);
    also.forEach(builder::also);
    return builder;
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
    for (KafkaReceiverConfig receiver : config.kafkaReceivers()) {
      notices.info("Kafka from " + receiver.brokers() + " as " + receiver.group());
    }
    server.queueDirectory().ifPresent(at -> notices.info("Requests are queued in " + at));
    Path directory = config.storage().directory();
    if (config.ledger() != null && directory != null) {
      notices.info(
          "Billed calls are kept in "
              + Ledger.directory(directory)
              + "; see tallyspan ledger report");
    } else if (file == null && directory != null) {
      notices.info("No ledger is kept: " + Ledger.unavailable());
    }
    new PricesNotice(notices, clock).print(config, server.catalogs());
    for (AnyExporterConfig exporter : config.allExporters()) {
      BackendChoice backend = exporter.profile().backend();
      if (backend != null) {
        notices.info(backend.notice(exporter.id()));
      }
    }
    notices.info(
        config.allExporters().isEmpty()
            ? "No backend is configured: traces are shown here. Set OTEL_EXPORTER_OTLP_ENDPOINT to forward"
                + " them."
            : "Forwarding with "
                + config.pipelines().stream()
                    .flatMap(pipeline -> pipeline.exporters().stream())
                    .distinct()
                    .collect(Collectors.joining(", ")));
  }

  /** When the process receives a signal to end, delivers pending data before it does. */
  private static CountDownLatch endOnSignal(
      CollectorServer server,
      @Nullable RunningViewer viewer,
      OwnTelemetry telemetry,
      Notices notices) {
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  // Not with a logger, because the JVM closes those at the same time.
                  notices.info("Stopping: what is pending is delivered, for up to 10 s");
                  telemetry.draining();
                  server.close();
                  if (viewer != null) {
                    viewer.close(); // Writes what it keeps.
                  }
                  notices.info("Stopped");
                  ended.countDown();
                },
                "shutdown"));
    return ended;
  }
}
