package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.SideUsage;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Maps the terms of spans to those of prices: counts to units, attributes to conditions, statuses
 * to statuses. Every unit is either read from spans or listed as not on spans. A unit that a card
 * bills by and that a span does not report makes the price partial.
 */
final class PriceMapping {

  /**
   * Units that no dialect has an attribute or a payload for. Grounded prompts are counted as web
   * searches; a card without a rate for web searches bills them as one grounded prompt.
   */
  static final Set<Unit> UNITS_NOT_ON_SPANS =
      Collections.unmodifiableSet(
          EnumSet.of(
              Unit.AUDIO_OUTPUT_SECONDS,
              Unit.VIDEO_INPUT_SECONDS,
              Unit.VIDEO_OUTPUT_SECONDS,
              Unit.CHARACTERS_INPUT,
              Unit.CHARACTERS_OUTPUT,
              Unit.IMAGES_OUTPUT,
              Unit.PIXELS_INPUT,
              Unit.PIXELS_OUTPUT,
              Unit.ANNOTATED_PAGES,
              Unit.GROUNDED_PROMPT));

  /** Conditions that no dialect has an attribute or a payload for. */
  static final Set<String> CONDITIONS_NOT_ON_SPANS = Set.of("endpoint", "quality", "size");

  private PriceMapping() {}

  /** The usage of the call itself, including one request if any usage is known. */
  static Usage usage(LlmSpan llm) {
    Usage.Builder usage = Usage.builder();
    llm.forEachBillableCount(usage::addReported);
    if (llm.usage() != null) {
      usage.add(Unit.REQUEST, 1);
    }
    return usage.build();
  }

  /** Usage in addition to the call, without a request of its own. */
  static Usage usage(SideUsage side) {
    Usage.Builder usage = Usage.builder();
    side.forEachBillableCount(usage::addReported);
    return usage.build();
  }

  /** Copies the conditions that the span states. */
  static void conditions(LlmSpan llm, PriceRequest.Builder request) {
    llm.forEachPriceCondition(request::when);
  }

  static Cost.Status status(PriceStatus status) {
    return switch (status) {
      case PRICED -> Cost.Status.PRICED;
      case FREE -> Cost.Status.FREE;
      case PARTIAL -> Cost.Status.PARTIAL;
      case UNPRICED -> Cost.Status.UNPRICED;
    };
  }

  static Cost.Part part(CostPart part) {
    return switch (part) {
      case INPUT -> Cost.Part.INPUT;
      case CACHE_READ -> Cost.Part.CACHE_READ;
      case CACHE_WRITE -> Cost.Part.CACHE_WRITE;
      case OUTPUT -> Cost.Part.OUTPUT;
      case REASONING -> Cost.Part.REASONING;
      case AUDIO -> Cost.Part.AUDIO;
      case IMAGE -> Cost.Part.IMAGE;
      case TOOL -> Cost.Part.TOOL;
      case REQUEST -> Cost.Part.REQUEST;
    };
  }
}
