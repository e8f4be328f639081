package dev.tallyspan.collector.config;

/** An exporter that writes on this machine and sends nothing to a backend. */
public sealed interface LocalExporterConfig extends AnyExporterConfig
    permits DebugConfig, FileConfig {

  /** Texts and files are written in order. */
  @Override
  default int concurrency() {
    return 1;
  }
}
