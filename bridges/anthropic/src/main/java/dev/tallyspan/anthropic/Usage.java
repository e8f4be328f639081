package dev.tallyspan.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.semconv.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Token counts as Anthropic reports them: the input is what was neither read from nor written to a
 * cache. A stream reports them in parts; a count that a part does not have stays as it was.
 */
final class Usage {

  private long input = TokenUsage.UNKNOWN;
  private long output = TokenUsage.UNKNOWN;
  private long cacheRead = TokenUsage.UNKNOWN;
  private long cacheWrite = TokenUsage.UNKNOWN;
  private long cacheWrite5m = TokenUsage.UNKNOWN;
  private long cacheWrite1h = TokenUsage.UNKNOWN;

  Usage read(JsonNode usage) {
    input = newer(input, usage, "input_tokens");
    output = newer(output, usage, "output_tokens");
    cacheRead = newer(cacheRead, usage, "cache_read_input_tokens");
    cacheWrite = newer(cacheWrite, usage, "cache_creation_input_tokens");
    cacheWrite5m = newer(cacheWrite5m, usage, "cache_creation", "ephemeral_5m_input_tokens");
    cacheWrite1h = newer(cacheWrite1h, usage, "cache_creation", "ephemeral_1h_input_tokens");
    return this;
  }

  private static long newer(long known, JsonNode usage, String... path) {
    long count = Json.count(usage, path);
    return count == TokenUsage.UNKNOWN ? known : count;
  }

  /** Null if no count is known. */
  @Nullable TokenUsage toTokenUsage() {
    return input == TokenUsage.UNKNOWN && output == TokenUsage.UNKNOWN
        ? null
        : TokenUsage.anthropic()
            .input(input)
            .output(output)
            .cacheRead(cacheRead)
            .cacheWrite(cacheWrite)
            .cacheWrite5m(cacheWrite5m)
            .cacheWrite1h(cacheWrite1h)
            .build();
  }
}
