package dev.tallyspan.collector.scoring;

/**
 * A span that waits for the webhook.
 *
 * @param json what the webhook gets, an object in UTF-8; must not be modified
 */
record ScoredSpan(String traceId, String spanId, String service, byte[] json) {

  /** The ids as one key. */
  static String key(String traceId, String spanId) {
    return traceId + "/" + spanId;
  }

  String key() {
    return key(traceId, spanId);
  }

  /** Contains only the ids, because everything else may be personal. */
  @Override
  public String toString() {
    return "ScoredSpan[" + key() + "]";
  }
}
