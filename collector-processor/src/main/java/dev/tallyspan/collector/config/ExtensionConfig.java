package dev.tallyspan.collector.config;

/** An extension of the configuration. */
interface ExtensionConfig {

  /** The type, optionally followed by a slash and a name. */
  String id();
}
