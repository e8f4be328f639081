package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.accounting.Dimension;
import dev.tallyspan.collector.accounting.SpanListener;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConnectorConfig;
import dev.tallyspan.collector.config.LedgerConfig;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.output.budget.AlertSink;
import dev.tallyspan.collector.output.budget.Budget;
import dev.tallyspan.collector.output.budget.Budgets;
import dev.tallyspan.collector.output.budget.KeyNames;
import dev.tallyspan.collector.output.budget.LoggedAlerts;
import dev.tallyspan.collector.output.budget.LoopWatch;
import dev.tallyspan.collector.output.budget.Webhook;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.metrics.MetricSource;
import dev.tallyspan.collector.output.metrics.SpanMetrics;
import dev.tallyspan.collector.pipeline.Output;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connectors of a configuration: outputs of pipelines for spans and log records, and sources of
 * pipelines for metrics.
 */
final class Connectors {

  private static final String SCOPE = "dev.tallyspan.spans";

  /** How many alerts may wait for a webhook. */
  private static final int WAITING_ALERTS = 100;

  private record Connector(MetricSource source, Accounting accounting, @Nullable Webhook webhook) {}

  private final Map<String, Connector> connectors = new LinkedHashMap<>();
  private final @Nullable LedgerWriter ledger;

  private Connectors(@Nullable LedgerWriter ledger) {
    this.ledger = ledger;
  }

  /**
   * Creates the connectors. They count at once, and send metrics when {@link #sendTo} is called.
   *
   * @param readers creates a reader for the metrics of the connector with an id; null for none
   * @param meter records what the ledger does
   * @throws IllegalArgumentException if there is to be a ledger, and its jar is missing
   */
  static Connectors of(
      CollectorConfig config,
      @Nullable Function<String, MetricReader> readers,
      InstantSource clock,
      Meter meter) {
    Connectors created = new Connectors(ledger(config, clock, meter));
    String instance = UUID.randomUUID().toString();
    for (ConnectorConfig connector : config.connectors()) {
      MetricSource.Builder source =
          MetricSource.builder(instance).cardinalityLimit(connector.cardinalityLimit());
      if (readers != null) {
        source.reader(readers.apply(connector.id()));
      }
      if (config.pipelines().stream().anyMatch(it -> it.receivers().contains(connector.id()))) {
        source.interval(connector.interval());
      }
      created.connectors.put(connector.id(), connector(connector, source.build(), clock));
    }
    return created;
  }

  private static @Nullable LedgerWriter ledger(
      CollectorConfig config, InstantSource clock, Meter meter) {
    LedgerConfig settings = config.ledger();
    if (settings == null) {
      return null;
    }
    if (!Ledger.isAvailable()) {
      throw new IllegalArgumentException(Ledger.unavailable() + ", or remove ledger");
    }
    return LedgerWriter.builder(Ledger.directory(requireNonNull(config.storage().directory())))
        .maxAge(settings.maxAge())
        .maxBytes(settings.maxBytes())
        .clock(clock)
        .meter(meter)
        .start();
  }

  private static Connector connector(
      ConnectorConfig config, MetricSource source, InstantSource clock) {
    Meter meter = source.meter(SCOPE);
    ConnectorConfig.Webhook to = config.webhook();
    Webhook webhook =
        to == null
            ? null
            : new Webhook(to.url(), to.headers(), to.timeout(), WAITING_ALERTS, meter);
    AlertSink log = new LoggedAlerts();
    AlertSink alerts =
        webhook == null
            ? log
            : alert -> {
              log.send(alert);
              webhook.send(alert);
            };
    List<Dimension> dimensions = Dimension.of(config.dimensions());
    List<Budget> budgets = config.budgets().stream().map(Connectors::budget).toList();
    List<SpanListener> listeners = new ArrayList<>();
    listeners.add(new SpanMetrics(meter, dimensions));
    if (!budgets.isEmpty()) {
      KeyNames names = config.logKeys() ? KeyNames.PLAIN : KeyNames.HASHED;
      listeners.add(new Budgets(budgets, names, alerts, meter, clock));
    }
    if (config.loopRepeats() > 0) {
      listeners.add(new LoopWatch(config.loopRepeats(), alerts, meter, clock));
    }
    List<Dimension> used = new ArrayList<>(dimensions);
    for (Budget budget : budgets) {
      if (budget.key() != null) {
        used.add(budget.key());
      }
    }
    return new Connector(source, new Accounting(listeners, used), webhook);
  }

  private static Budget budget(ConnectorConfig.Budget budget) {
    return new Budget(
        budget.name(),
        budget.key() == null ? null : Dimension.of(budget.key()),
        budget.window(),
        budget.limit(),
        budget.currency(),
        budget.thresholds(),
        budget.maxKeys());
  }

  /**
   * Returns the output for spans and log records.
   *
   * @param tenantAttribute names the tenant of a call in the ledger
   * @param queued whether a queue keeps requests until the output has settled them
   * @throws NullPointerException if there is no such connector
   */
  Output output(String id, String tenantAttribute, boolean queued) {
    return ledger != null && id.equals(LedgerConfig.ID)
        ? ledger.output(tenantAttribute, queued)
        : connector(id).accounting;
  }

  /** Sets where else the server keeps what people did, for the commands of the ledger. */
  void others(List<PersonalData> places) {
    if (ledger != null) {
      ledger.others(places);
    }
  }

  /** Sends the metrics of each connector to its intake, by id. */
  void sendTo(Function<String, Intake> intakes) {
    connectors.forEach((id, connector) -> connector.source.sendTo(intakes.apply(id)));
  }

  /** Sends what was counted. Blocks until the pipelines have accepted it, up to the limit. */
  void flush(Duration limit) {
    connectors.values().forEach(connector -> connector.source.flush(limit));
  }

  private Connector connector(String id) {
    return requireNonNull(connectors.get(id), id);
  }

  /**
   * Stops counting, and sends the alerts that are waiting.
   *
   * @param limit for the alerts of each connector
   */
  void close(Duration limit) {
    if (ledger != null) {
      ledger.close();
    }
    for (Connector connector : connectors.values()) {
      connector.source.close();
      if (connector.webhook != null) {
        connector.webhook.close(limit);
      }
    }
  }
}
