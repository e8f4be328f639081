package dev.tallyspan.sdk;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** The exporters {@code memory} of SDK autoconfiguration. */
public final class MemoryExporters {

  /* New ones for each SDK, since they take nothing after it was closed. */
  static InMemorySpanExporter spans = InMemorySpanExporter.create();
  static InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();

  private MemoryExporters() {}

  /** Loaded by the service loader. */
  public static final class OfSpans implements ConfigurableSpanExporterProvider {
    @Override
    public SpanExporter createExporter(ConfigProperties config) {
      return spans;
    }

    @Override
    public String getName() {
      return "memory";
    }
  }

  /** Loaded by the service loader. */
  public static final class OfLogs implements ConfigurableLogRecordExporterProvider {
    @Override
    public LogRecordExporter createExporter(ConfigProperties config) {
      return logs;
    }

    @Override
    public String getName() {
      return "memory";
    }
  }
}
