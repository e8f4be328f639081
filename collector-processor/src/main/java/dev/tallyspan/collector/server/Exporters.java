package dev.tallyspan.collector.server;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.auth.RequestHeaders;
import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.DebugConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.FileConfig;
import dev.tallyspan.collector.config.KafkaExporterConfig;
import dev.tallyspan.collector.config.QueuedExporterConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.kafka.KafkaLibrary;
import dev.tallyspan.collector.output.debug.DebugExporter;
import dev.tallyspan.collector.output.debug.DebugSettings;
import dev.tallyspan.collector.output.file.FileExporter;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings;
import dev.tallyspan.collector.output.kafka.KafkaTransport;
import io.opentelemetry.api.metrics.Meter;
import java.time.InstantSource;

/** Creates the exporters of a configuration. */
final class Exporters {

  private Exporters() {}

  /**
   * Creates an exporter that is not after a queue, or does not care.
   *
   * @throws IllegalArgumentException if a value is not valid; the message names it
   */
  static Exporter create(AnyExporterConfig config, Meter meter) {
    if (config instanceof DebugConfig debug) {
      DebugSettings settings = debug.settings();
      return new DebugExporter(
          debug.id(), settings, DebugExporter.target(settings), InstantSource.system(), meter);
    }
    if (config instanceof FileConfig file) {
      return FileExporter.open(file.id(), file.settings(), InstantSource.system(), meter);
    }
    return builder((QueuedExporterConfig) config).meter(meter).build();
  }

  /**
   * Returns a builder of the exporter; the caller sets the meter.
   *
   * @throws IllegalArgumentException if a value is not valid; the message names it
   */
  static OtlpExporter.Builder builder(QueuedExporterConfig any) {
    if (any instanceof KafkaExporterConfig kafka) {
      return kafka(kafka);
    }
    ExporterConfig config = (ExporterConfig) any;
    OtlpExporter.Builder builder =
        OtlpExporter.builder(config.id(), config.protocol())
            .compression(config.compression())
            .compressionLevel(config.compressionLevel())
            .timeout(config.timeout())
            .keepAlive(config.keepAlive())
            .tls(config.tls())
            .retry(config.retry())
            .queue(config.queue())
            .maxRequestBytes(config.maxRequestBytes());
    if (config.endpoint() != null) {
      builder.endpoint(config.endpoint());
    }
    config.signalEndpoints().forEach(builder::endpoint);
    config.headers().forEach(builder::header);
    if (config.auth() instanceof HeadersSettings rules) {
      builder.headerRules(rules);
    } else if (config.auth() != null) {
      builder.auth(headers(config.id(), config.auth()));
    }
    return builder;
  }

  private static OtlpExporter.Builder kafka(KafkaExporterConfig config) {
    KafkaLibrary.require("exporters." + config.id());
    KafkaExportSettings settings = config.settings();
    // As a record that is too large can be split before it is tried.
    return OtlpExporter.builder(config.id(), KafkaTransport.open(config.id(), settings))
        .retry(config.retry())
        .queue(config.queue())
        .maxRequestBytes(Math.min(settings.maxValueBytes(), OtlpExporter.LARGEST_REQUEST_BYTES));
  }

  private static RequestHeaders headers(String exporter, AuthSettings auth) {
    try {
      return auth.headers();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "extensions." + auth.id() + " of exporter " + exporter + ": " + e.getMessage(), e);
    }
  }

  /**
   * Like {@link #builder}, for an exporter after a queue: it retries without end, unless the
   * configuration limits the time.
   */
  static OtlpExporter.Builder patient(QueuedExporterConfig config) {
    OtlpExporter.Builder builder = builder(config).patient(true);
    if (!config.retryLimited()) {
      builder.retry(config.retry().withoutMaxElapsedTime());
    }
    return builder;
  }
}
