package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * Sums the billed calls below a span, for {@code tallyspan.rollup.*}. Costs in more than one
 * currency have no sum. Not thread-safe.
 */
public final class Rollup {

  /** Hides the noise of adding doubles. */
  private static final MathContext DIGITS = new MathContext(15);

  private double cost;
  private @Nullable String currency;
  private boolean mixed;
  private long input;
  private long output;
  private long cacheRead;
  private long calls;
  private long unpriced;
  private long errors;

  /** Creates an empty rollup: no calls, no errors, no cost. */
  public Rollup() {}

  /**
   * Adds a call; does nothing if it is not billed.
   *
   * @param call what is known about it
   */
  public void add(Enriched call) {
    Cost of = call.cost();
    if (!of.status().isBilled()) {
      return;
    }
    calls++;
    TokenUsage usage = call.llm().usage();
    if (usage != null) {
      input += Math.max(0, usage.input());
      output += Math.max(0, usage.output());
      cacheRead += Math.max(0, usage.cacheRead());
    }
    Double total = of.total();
    if (total != null && of.currency() != null) {
      addCost(total, of.currency());
    }
    if (of.status() == Cost.Status.UNPRICED || of.status() == Cost.Status.PARTIAL) {
      unpriced++;
    }
  }

  /** Adds a failed operation that did not fail because of an operation below it. */
  public void addError() {
    errors++;
  }

  /**
   * Adds the sums of another span.
   *
   * @param other the sums
   */
  public void add(Rollup other) {
    if (other.currency != null) {
      addCost(other.cost, other.currency);
    }
    mixed |= other.mixed;
    input += other.input;
    output += other.output;
    cacheRead += other.cacheRead;
    calls += other.calls;
    unpriced += other.unpriced;
    errors += other.errors;
  }

  private void addCost(double amount, String of) {
    mixed |= currency != null && !currency.equals(of);
    currency = of;
    cost += amount;
  }

  /** {@return the number of billed calls} */
  public long calls() {
    return calls;
  }

  /** {@return the number of failed operations} */
  public long errors() {
    return errors;
  }

  /** {@return whether there is nothing to write} */
  public boolean isEmpty() {
    return calls == 0 && errors == 0;
  }

  /**
   * Writes the sums as attributes. Next to the number of calls, what is absent is zero.
   *
   * @param edits where to
   */
  public void render(AttributeEdits edits) {
    if (currency != null && !mixed) {
      edits.set(
          TallyspanAttributes.TALLYSPAN_ROLLUP_COST.getKey(),
          new BigDecimal(cost, DIGITS).doubleValue());
      edits.set(TallyspanAttributes.TALLYSPAN_ROLLUP_CURRENCY.getKey(), currency);
    }
    edits.set(TallyspanAttributes.TALLYSPAN_ROLLUP_CALLS.getKey(), calls);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_INPUT_TOKENS, input, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_OUTPUT_TOKENS, output, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_CACHE_READ_TOKENS, cacheRead, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_UNPRICED_CALLS, unpriced, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_ERRORS, errors, edits);
  }

  private static void setUnlessZero(AttributeKey<Long> key, long count, AttributeEdits edits) {
    if (count > 0) {
      edits.set(key.getKey(), count);
    }
  }
}
