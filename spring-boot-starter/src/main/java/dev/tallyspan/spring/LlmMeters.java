package dev.tallyspan.spring;

import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts LLM spans by what is known about their cost, and the cost and the tokens of billed calls,
 * from what the enrichment wrote on the span. The meters have the names of the collector's metrics.
 *
 * <p>Model names come from callers of the application, so only the first {@value #MOST} pairs of
 * provider and model are distinguished.
 */
final class LlmMeters implements SpanProcessor {

  static final int MOST = 100;

  private static final String OTHER = "other";
  private static final Set<String> BILLED =
      Set.of("priced", "free", "partial", "provider_reported", "unpriced");
  private static final AttributeKey<String> STATUS = TallyspanAttributes.TALLYSPAN_COST_STATUS;

  private final Supplier<@Nullable MeterRegistry> meters;
  private final Set<Seller> distinguished = ConcurrentHashMap.newKeySet();

  /**
   * @param meters asked for when the first LLM span ends, because the registry may itself depend on
   *     the SDK that this processor is part of; may return null
   */
  LlmMeters(Supplier<@Nullable MeterRegistry> meters) {
    this.meters = meters;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    String status = span.getAttribute(STATUS);
    if (status == null) {
      return;
    }
    MeterRegistry registry = meters.get();
    if (registry == null) {
      return;
    }
    registry.counter("tallyspan.llm.spans", "status", status).increment();
    if (BILLED.contains(status)) {
      Attributes attributes = span.toSpanData().getAttributes();
      cost(registry, attributes);
      tokens(registry, attributes);
    }
  }

  private void cost(MeterRegistry registry, Attributes attributes) {
    Double total = attributes.get(TallyspanAttributes.TALLYSPAN_COST_TOTAL);
    String currency = attributes.get(TallyspanAttributes.TALLYSPAN_COST_CURRENCY);
    if (total != null && currency != null) {
      Seller seller = distinguished(Seller.of(attributes));
      registry
          .counter(
              "tallyspan.llm.cost",
              Tags.of("currency", currency, "provider", seller.provider, "model", seller.model))
          .increment(total);
    }
  }

  /** The kinds do not overlap. */
  private static void tokens(MeterRegistry registry, Attributes attributes) {
    long read = count(attributes, GenAiAttributes.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS);
    long written = count(attributes, GenAiAttributes.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS);
    long input = count(attributes, GenAiAttributes.GEN_AI_USAGE_INPUT_TOKENS);
    long reasoning = count(attributes, GenAiAttributes.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS);
    long output = count(attributes, GenAiAttributes.GEN_AI_USAGE_OUTPUT_TOKENS);
    add(registry, "input", input - read - written);
    add(registry, "cache_read", read);
    add(registry, "cache_write", written);
    add(registry, "output", output - reasoning);
    add(registry, "reasoning", reasoning);
  }

  private static void add(MeterRegistry registry, String kind, long tokens) {
    if (tokens > 0) {
      registry.counter("tallyspan.llm.tokens", "kind", kind).increment(tokens);
    }
  }

  private static long count(Attributes attributes, AttributeKey<Long> key) {
    Long count = attributes.get(key);
    if (count != null) {
      return count;
    }
    // Older SDKs keep the text that an instrumentation wrote.
    String text = attributes.get(AttributeKey.stringKey(key.getKey()));
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Seller distinguished(Seller seller) {
    if (distinguished.contains(seller)) {
      return seller;
    }
    // Threads that race for the last place may exceed the limit by their number.
    return distinguished.size() < MOST && distinguished.add(seller) ? seller : Seller.OF_OTHERS;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  /**
   * Who is paid.
   *
   * @param provider as named on the span
   * @param model as named on the span
   */
  private record Seller(String provider, String model) {

    static final Seller OF_OTHERS = new Seller(OTHER, OTHER);

    static Seller of(Attributes attributes) {
      String provider = attributes.get(GenAiAttributes.GEN_AI_PROVIDER_NAME);
      String model = attributes.get(GenAiAttributes.GEN_AI_RESPONSE_MODEL);
      if (model == null) {
        model = attributes.get(GenAiAttributes.GEN_AI_REQUEST_MODEL);
      }
      return new Seller(
          Objects.requireNonNullElse(provider, OTHER), Objects.requireNonNullElse(model, OTHER));
    }
  }
}
