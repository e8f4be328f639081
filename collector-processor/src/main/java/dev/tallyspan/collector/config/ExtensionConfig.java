package dev.tallyspan.collector.config;

/** A component of the section {@code extensions}. */
interface ExtensionConfig {

  /** The component id, such as {@code health_check} or {@code file_storage/queue}. */
  String id();
}
