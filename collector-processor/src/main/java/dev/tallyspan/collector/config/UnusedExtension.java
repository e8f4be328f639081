package dev.tallyspan.collector.config;

/**
 * An extension that shows the inside of a Collector: {@code zpages} or {@code pprof}. It is
 * accepted, so that a file can be shared, and has no effect.
 */
record UnusedExtension(String id) implements ExtensionConfig {

  /**
   * @param section the definition, whose keys are not checked
   * @param instead what to use instead
   */
  static UnusedExtension read(String id, Section section, String instead) {
    section.warning("extensions." + id + ": has no effect: " + instead);
    section.keys();
    return new UnusedExtension(id);
  }
}
