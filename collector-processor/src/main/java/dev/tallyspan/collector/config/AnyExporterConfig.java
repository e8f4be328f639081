package dev.tallyspan.collector.config;

import dev.tallyspan.collector.tree.TreeSettings;
import org.jspecify.annotations.Nullable;

/** An exporter of any type. */
public sealed interface AnyExporterConfig permits QueuedExporterConfig, LocalExporterConfig {

  /** The component id, such as {@code otlp_http/langfuse}. */
  String id();

  /** How spans are written; the processor sets what this exporter does not. */
  ProfileConfig profile();

  /** How the trees of traces are written; default as they are. */
  TreeSettings traces();

  /** What of the content leaves; null = everything as it is. */
  @Nullable PolicyConfig contentPolicy();

  /** How many requests are written at the same time; with 1, they are written in order. */
  int concurrency();
}
