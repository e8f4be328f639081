package dev.tallyspan.pricing;

/** The parts into which the cost of one call falls; they are disjoint and sum to the total. */
public enum CostPart {
  /** Fresh input: text tokens, characters and document pages read at the input rate. */
  INPUT("input"),
  /** Input tokens served from the provider's prompt cache. */
  CACHE_READ("cache_read"),
  /** Input tokens written to the provider's prompt cache, whatever their lifetime. */
  CACHE_WRITE("cache_write"),
  /** Generated text without reasoning. */
  OUTPUT("output"),
  /** Reasoning ("thinking") tokens. */
  REASONING("reasoning"),
  /** Audio in either direction, by token or by second. */
  AUDIO("audio"),
  /** Images and video in either direction, by token, piece, pixel or second. */
  IMAGE("image"),
  /** Fees for tools the provider ran: searches, code interpreter sessions. */
  TOOL("tool"),
  /** Fees for the call itself, rerank searches among them. */
  REQUEST("request");

  private final String wireName;

  CostPart(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the last segment of the attribute key, as in {@code tallyspan.cost.<part>}. */
  public String wireName() {
    return wireName;
  }
}
