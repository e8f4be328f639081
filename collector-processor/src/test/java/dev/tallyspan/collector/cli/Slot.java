package dev.tallyspan.collector.cli;

import java.util.List;

/** A count of tokens: its names in a capture's truth, and the attributes that carry it. */
enum Slot {
  INPUT("tokens_in", "input", "gen_ai.usage.input_tokens"),
  OUTPUT("tokens_out", "output", "gen_ai.usage.output_tokens"),
  CACHE_READ("cache_read", "cached_input", "gen_ai.usage.cache_read.input_tokens"),
  CACHE_WRITE(
      "cache_write",
      "cache_creation",
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens"),
  REASONING("reasoning", "reasoning", "gen_ai.usage.reasoning.output_tokens");

  /** What the check of its sum is called. */
  final String check;

  /** What the provider's count is called in {@code truth.json}. */
  final String inTruth;

  /** The attributes that carry it; the first that is present counts. */
  final List<String> attributes;

  Slot(String check, String inTruth, String... attributes) {
    this.check = check;
    this.inTruth = inTruth;
    this.attributes = List.of(attributes);
  }
}
