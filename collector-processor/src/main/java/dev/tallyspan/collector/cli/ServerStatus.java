package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.Fault;
import dev.tallyspan.collector.config.KafkaReceiverConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.price.CatalogAge;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.telemetry.StatusPage.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the page {@code /status} says about a server, apart from its metrics. */
final class ServerStatus implements Supplier<List<Table>> {

  private final CollectorServer server;
  private final @Nullable Path file;
  private final Supplier<String> lastReload;
  private final InstantSource clock;
  private final Instant start;

  /**
   * @param file the configuration; null if the environment is
   * @param lastReload empty if there was none
   */
  ServerStatus(
      CollectorServer server,
      @Nullable Path file,
      Supplier<String> lastReload,
      InstantSource clock) {
    this.server = server;
    this.file = file;
    this.lastReload = lastReload;
    this.clock = clock;
    start = clock.instant();
  }

  @Override
  public List<Table> get() {
    CollectorConfig config = server.config();
    return List.of(
        new Table("Process", List.of(), process()),
        new Table(
            "Pipelines",
            List.of("pipeline", "receivers", "processors", "exporters", "queue"),
            config.pipelines().stream().map(pipeline -> row(config, pipeline)).toList()),
        new Table("Receivers", List.of("receiver", "protocol", "address"), receivers(config)),
        new Table("Prices", List.of("processor", "catalog"), catalogs()),
        new Table(
            "Warnings",
            List.of(),
            config.warnings().stream().map(Fault::toString).map(List::of).toList()));
  }

  private List<List<String>> process() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("version", VersionCommand.version()));
    rows.add(List.of("running since", Instant.ofEpochSecond(start.getEpochSecond()).toString()));
    Duration up = Duration.ofSeconds(Duration.between(start, clock.instant()).toSeconds());
    rows.add(List.of("running for", up.toString().substring(2).toLowerCase(Locale.ROOT)));
    rows.add(List.of("configuration", file == null ? "environment variables" : file.toString()));
    server
        .queueDirectory()
        .ifPresent(directory -> rows.add(List.of("queue", directory.toString())));
    if (!lastReload.get().isEmpty()) {
      rows.add(List.of("last reload", lastReload.get()));
    }
    return rows;
  }

  private static List<String> row(CollectorConfig config, PipelineConfig pipeline) {
    List<String> outputs = new ArrayList<>(pipeline.exporters());
    outputs.addAll(pipeline.connectors());
    return List.of(
        pipeline.id(),
        String.join(", ", pipeline.receivers()),
        String.join(", ", pipeline.processors()),
        String.join(", ", outputs),
        config.queueMode(pipeline).name().toLowerCase(Locale.ROOT));
  }

  private List<List<String>> receivers(CollectorConfig config) {
    List<List<String>> rows = new ArrayList<>();
    for (ReceiverConfig receiver : config.receivers()) {
      if (receiver.grpc() != null) {
        String host = ListenAddresses.shown(receiver.grpc().endpoint().host());
        rows.add(List.of(receiver.id(), "gRPC", host + ":" + server.grpcPort(receiver.id())));
      }
      if (receiver.http() != null) {
        String host = ListenAddresses.shown(receiver.http().endpoint().host());
        rows.add(List.of(receiver.id(), "HTTP", host + ":" + server.httpPort(receiver.id())));
      }
    }
    for (KafkaReceiverConfig receiver : config.kafkaReceivers()) {
      rows.add(List.of(receiver.id(), "Kafka", receiver.brokers()));
    }
    return rows;
  }

  private List<List<String>> catalogs() {
    List<List<String>> rows = new ArrayList<>();
    server
        .catalogs()
        .forEach(
            (processor, catalog) ->
                rows.add(List.of(processor, CatalogAge.of(catalog, clock).toString())));
    return rows;
  }
}
