package dev.tallyspan.api;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.Cost;
import org.jspecify.annotations.Nullable;

/**
 * Determines the cost of operations as they end. {@link CatalogCosts} does so from a price catalog.
 * Implementations must be thread-safe. If one throws, the span has no cost.
 */
@FunctionalInterface
public interface CallCosts {

  /**
   * Returns the cost of an operation and writes it.
   *
   * @param span the operation so far, without its content; valid only during the call
   * @param edits where to write the cost; does nothing if only the cost is wanted
   * @return the cost; null if it cannot be determined
   */
  @Nullable Cost price(SpanView span, AttributeEdits edits);
}
