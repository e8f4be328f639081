package dev.tallyspan.pricing;

/** The parts of the cost of one call. They are disjoint and sum to the total. */
public enum CostPart {
  /** Input that is not cached: text tokens, characters and document pages. */
  INPUT("input"),
  /** Input tokens served from the provider's prompt cache. */
  CACHE_READ("cache_read"),
  /** Input tokens written to the provider's prompt cache, for any lifetime. */
  CACHE_WRITE("cache_write"),
  /** Generated text without reasoning. */
  OUTPUT("output"),
  /** Reasoning ("thinking") tokens. */
  REASONING("reasoning"),
  /** Audio input and output, by token or by second. */
  AUDIO("audio"),
  /** Image and video input and output, by token, image, pixel or second. */
  IMAGE("image"),
  /** Fees for tools that the provider ran: searches, code interpreter sessions. */
  TOOL("tool"),
  /** Fees for the call itself, including rerank searches. */
  REQUEST("request");

  private final String wireName;

  CostPart(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the last segment of the attribute key, as in {@code tallyspan.cost.<part>}} */
  public String wireName() {
    return wireName;
  }
}
