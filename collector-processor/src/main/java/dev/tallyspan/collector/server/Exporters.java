package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.exporter.OtlpExporter;

/** Makes the exporters of a configuration. */
final class Exporters {

  private Exporters() {}

  /**
   * The exporter that this describes; its meter is still to be set.
   *
   * @throws IllegalArgumentException if a value cannot be used, naming it
   */
  static OtlpExporter.Builder builder(ExporterConfig config) {
    OtlpExporter.Builder builder =
        OtlpExporter.builder(config.id(), config.protocol())
            .compression(config.compression())
            .compressionLevel(config.compressionLevel())
            .timeout(config.timeout())
            .tls(config.tls())
            .retry(config.retry())
            .queue(config.queue());
    if (config.endpoint() != null) {
      builder.endpoint(config.endpoint());
    }
    config.signalEndpoints().forEach(builder::endpoint);
    config.headers().forEach(builder::header);
    return builder;
  }
}
