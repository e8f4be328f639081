package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cost of an operation, or why it is not known; written as {@code tallyspan.cost.*}. */
public final class Cost {

  /** What is known about the cost. */
  public enum Status {
    /** All billed units have a price. */
    PRICED("priced"),
    /** The price is known to be zero. */
    FREE("free"),
    /** Some of the billed units have no price. */
    PARTIAL("partial"),
    /** No price is known; do not treat it as zero. */
    UNPRICED("unpriced"),
    /** The provider or a gateway reported the cost. */
    PROVIDER_REPORTED("provider_reported"),
    /** Another span of the trace bills this call. */
    DUPLICATE("duplicate"),
    /** The span sums the cost of its children; not billed. */
    AGGREGATE("aggregate"),
    /** Neither a call nor a sum of calls; not billed. */
    NOT_BILLABLE("not_billable");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    /** {@return the value of {@code tallyspan.cost.status}} */
    public String wireName() {
      return wireName;
    }

    /**
     * {@return whether sums of costs and tokens include the span} False if another span has its
     * tokens, or if the span is not a call.
     */
    public boolean isBilled() {
      return this != DUPLICATE && this != AGGREGATE && this != NOT_BILLABLE;
    }

    private boolean hasTotal() {
      return this == PRICED || this == FREE || this == PARTIAL || this == PROVIDER_REPORTED;
    }
  }

  /** A disjoint part of a cost; the parts sum to the total. */
  public enum Part {
    /** The prompt, without what other parts cover. */
    INPUT,
    /** What was read from a prompt cache. */
    CACHE_READ,
    /** What was written to a prompt cache. */
    CACHE_WRITE,
    /** The completion, without what other parts cover. */
    OUTPUT,
    /** Reasoning tokens. */
    REASONING,
    /** Audio, in and out. */
    AUDIO,
    /** Images and video, in and out. */
    IMAGE,
    /** Tools that the provider ran. */
    TOOL,
    /** Fees for the call itself. */
    REQUEST;

    private final String key;

    Part() {
      key = "tallyspan.cost." + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** {@return the attribute for the part} */
    public String key() {
      return key;
    }
  }

  private final Status status;
  private final @Nullable Double total;
  private final @Nullable String totalExact;
  private final @Nullable String currency;
  private final @Nullable String originalTotal;
  private final @Nullable String originalCurrency;
  private final @Nullable String exchangeRate;
  private final Map<Part, Double> parts;
  private final @Nullable String priceKey;
  private final @Nullable String catalogVersion;
  private final @Nullable String duplicateOf;
  private final @Nullable String possibleDuplicateOf;
  private final List<String> missing;

  private Cost(Builder builder) {
    status = builder.status;
    total = builder.total;
    totalExact = builder.totalExact;
    currency = builder.currency;
    originalTotal = builder.originalTotal;
    originalCurrency = builder.originalCurrency;
    exchangeRate = builder.exchangeRate;
    parts = Map.copyOf(builder.parts);
    priceKey = builder.priceKey;
    catalogVersion = builder.catalogVersion;
    duplicateOf = builder.duplicateOf;
    possibleDuplicateOf = builder.possibleDuplicateOf;
    missing = List.copyOf(builder.missing);
  }

  /**
   * Creates a builder for a cost with this status.
   *
   * @param status the status
   * @return this
   */
  public static Builder builder(Status status) {
    return new Builder(status);
  }

  /**
   * {@return the cost of a span that needs no price: one that is not billed, or whose cost the
   * provider or a gateway reported} Null if the span has to be priced.
   *
   * @param llm the LLM span
   */
  public static @Nullable Cost withoutPrice(LlmSpan llm) {
    ReportedCost reported = llm.reportedCost();
    return switch (llm.billing()) {
      case AGGREGATE -> builder(Status.AGGREGATE).build();
      case DUPLICATE -> builder(Status.DUPLICATE).duplicateOf(llm.duplicateOf()).build();
      case NOT_BILLABLE -> builder(Status.NOT_BILLABLE).build();
      case CALL ->
          reported == null
              ? null
              : builder(Status.PROVIDER_REPORTED)
                  .total(
                      reported.amount().doubleValue(),
                      reported.amount().toPlainString(),
                      reported.currency())
                  .build();
    };
  }

  /** {@return what is known about the cost} */
  public Status status() {
    return status;
  }

  /**
   * {@return the cost of this operation alone, in {@link #currency()}; null if the status has no
   * total}
   */
  public @Nullable Double total() {
    return total;
  }

  /** {@return the total as an exact plain decimal; null if there is no total} */
  public @Nullable String totalExact() {
    return totalExact;
  }

  /** {@return the currency, ISO 4217; null if there is no total} */
  public @Nullable String currency() {
    return currency;
  }

  /**
   * {@return the total before conversion to another currency, as a plain decimal; null without
   * conversion}
   */
  public @Nullable String originalTotal() {
    return originalTotal;
  }

  /** {@return the currency before conversion, ISO 4217; null without conversion} */
  public @Nullable String originalCurrency() {
    return originalCurrency;
  }

  /**
   * {@return the value of one unit of the original currency, as a plain decimal; null without
   * conversion}
   */
  public @Nullable String exchangeRate() {
    return exchangeRate;
  }

  /** {@return the parts of the total, in {@link #currency()}; empty if they are not known} */
  public Map<Part, Double> parts() {
    return parts;
  }

  /** {@return the price card, {@code provider/model[#condition]}; null if none was used} */
  public @Nullable String priceKey() {
    return priceKey;
  }

  /** {@return the version of the catalog; null if none was used} */
  public @Nullable String catalogVersion() {
    return catalogVersion;
  }

  /**
   * {@return the id of the span that bills this call, in hex; prefixed with {@code traceId/} if
   * that span is in another trace} Null unless the status is {@link Status#DUPLICATE}.
   */
  public @Nullable String duplicateOf() {
    return duplicateOf;
  }

  /**
   * {@return the id, as in {@link #duplicateOf}, of a span that may describe the same call} Both
   * are billed. Null if there is none.
   */
  public @Nullable String possibleDuplicateOf() {
    return possibleDuplicateOf;
  }

  /**
   * {@return the same cost with the span that may describe the same call}
   *
   * @param spanId the id of the other span, in hexadecimal digits
   */
  public Cost withPossibleDuplicateOf(String spanId) {
    Builder builder = builder(status).priceKey(priceKey).catalogVersion(catalogVersion);
    builder.total = total;
    builder.totalExact = totalExact;
    builder.currency = currency;
    builder.originalTotal = originalTotal;
    builder.originalCurrency = originalCurrency;
    builder.exchangeRate = exchangeRate;
    builder.parts = parts;
    return builder.missing(missing).duplicateOf(duplicateOf).possibleDuplicateOf(spanId).build();
  }

  /**
   * {@return the units or conditions that have no price, or the reason why there is no price; empty
   * if there are none}
   */
  public List<String> missing() {
    return missing;
  }

  /**
   * Writes the cost as attributes.
   *
   * @param alsoGenAiUsageCost whether to write the total also as {@code gen_ai.usage.cost}, which
   *     backends read as US dollars. Written only if the total is in USD, or was before conversion.
   *     Pass false if the span arrived with that attribute.
   * @param edits receives the changes
   */
  public void render(AttributeEdits edits, boolean alsoGenAiUsageCost) {
    edits.set(TallyspanAttributes.TALLYSPAN_COST_STATUS.getKey(), status.wireName);
    if (total != null && totalExact != null && currency != null) { // set together
      edits.set(TallyspanAttributes.TALLYSPAN_COST_TOTAL.getKey(), total.doubleValue());
      edits.set(TallyspanAttributes.TALLYSPAN_COST_TOTAL_EXACT.getKey(), totalExact);
      edits.set(TallyspanAttributes.TALLYSPAN_COST_CURRENCY.getKey(), currency);
      set(edits, TallyspanAttributes.TALLYSPAN_COST_ORIGINAL_TOTAL_EXACT.getKey(), originalTotal);
      set(edits, TallyspanAttributes.TALLYSPAN_COST_ORIGINAL_CURRENCY.getKey(), originalCurrency);
      set(edits, TallyspanAttributes.TALLYSPAN_COST_EXCHANGE_RATE.getKey(), exchangeRate);
      if (alsoGenAiUsageCost && currency.equals("USD")) {
        edits.set("gen_ai.usage.cost", total.doubleValue());
      } else if (alsoGenAiUsageCost && "USD".equals(originalCurrency)) {
        edits.set("gen_ai.usage.cost", Double.parseDouble(originalTotal));
      }
    }
    for (Part part : Part.values()) {
      double amount = parts.getOrDefault(part, 0.0);
      if (amount != 0) {
        edits.set(part.key, amount);
      }
    }
    if (!missing.isEmpty()) {
      edits.set(TallyspanAttributes.TALLYSPAN_COST_MISSING.getKey(), missing);
    }
    set(edits, TallyspanAttributes.TALLYSPAN_COST_PRICE.getKey(), priceKey);
    set(edits, TallyspanAttributes.TALLYSPAN_COST_CATALOG.getKey(), catalogVersion);
    set(edits, TallyspanAttributes.TALLYSPAN_COST_DUPLICATE_OF.getKey(), duplicateOf);
    set(
        edits,
        TallyspanAttributes.TALLYSPAN_COST_POSSIBLE_DUPLICATE_OF.getKey(),
        possibleDuplicateOf);
  }

  /**
   * Writes this cost, which has no total, in place of one that was written before.
   *
   * @param written the attributes of the span
   * @param edits receives the changes
   * @throws IllegalStateException if this cost has a total
   */
  public void renderInstead(AttributeView written, AttributeEdits edits) {
    if (total != null) {
      throw new IllegalStateException("total=" + total + ": only a cost without one may replace");
    }
    String usageCost = "gen_ai.usage.cost";
    Value<?> shown = written.get(usageCost);
    Value<?> before = written.get(TallyspanAttributes.TALLYSPAN_COST_TOTAL.getKey());
    if (shown != null && before != null && shown.equals(before)) {
      edits.remove(usageCost);
    }
    for (int i = 0; i < written.size(); i++) {
      if (written.key(i).startsWith("tallyspan.cost.")) {
        edits.remove(written.key(i));
      }
    }
    render(edits, /* alsoGenAiUsageCost= */ false);
  }

  private static void set(AttributeEdits edits, String key, @Nullable String value) {
    if (value != null) {
      edits.set(key, value);
    }
  }

  /** Builds a {@link Cost}. */
  public static final class Builder {
    private final Status status;
    private @Nullable Double total = null;
    private @Nullable String totalExact = null;
    private @Nullable String currency = null;
    private @Nullable String originalTotal = null;
    private @Nullable String originalCurrency = null;
    private @Nullable String exchangeRate = null;
    private Map<Part, Double> parts = new LinkedHashMap<>();
    private @Nullable String priceKey = null;
    private @Nullable String catalogVersion = null;
    private @Nullable String duplicateOf = null;
    private @Nullable String possibleDuplicateOf = null;
    private List<String> missing = List.of();

    Builder(Status status) {
      this.status = Objects.requireNonNull(status, "status");
    }

    /**
     * Sets the total.
     *
     * @param amount the total
     * @param exact the same amount as an exact plain decimal
     * @param isoCurrency the currency, ISO 4217
     * @return this
     */
    public Builder total(double amount, String exact, String isoCurrency) {
      total = amount;
      totalExact = Objects.requireNonNull(exact, "exact");
      currency = Objects.requireNonNull(isoCurrency, "isoCurrency");
      return this;
    }

    /**
     * Sets the total and currency before conversion.
     *
     * @param exact the original total as a plain decimal
     * @param isoCurrency the original currency, ISO 4217
     * @param rate the value of one unit of the original currency in the currency of the total, as a
     *     plain decimal
     * @return this
     */
    public Builder convertedFrom(String exact, String isoCurrency, String rate) {
      originalTotal = Objects.requireNonNull(exact, "exact");
      originalCurrency = Objects.requireNonNull(isoCurrency, "isoCurrency");
      exchangeRate = Objects.requireNonNull(rate, "rate");
      return this;
    }

    /**
     * Sets a part of the total. 0 = no such part.
     *
     * @param part the part of the cost
     * @param amount the amount
     * @return this
     */
    public Builder part(Part part, double amount) {
      parts.put(part, amount);
      return this;
    }

    /**
     * Sets the price card that was used; null = none.
     *
     * @param key the key
     * @return this
     */
    public Builder priceKey(@Nullable String key) {
      priceKey = key;
      return this;
    }

    /**
     * Sets the version of the catalog that contains the price card; null = none.
     *
     * @param version the version
     * @return this
     */
    public Builder catalogVersion(@Nullable String version) {
      catalogVersion = version;
      return this;
    }

    /**
     * Sets the units or conditions that have no price, or the reason why there is no price.
     *
     * @param reasons what has no price, or why
     * @return this
     */
    public Builder missing(List<String> reasons) {
      missing = reasons;
      return this;
    }

    /**
     * Sets the span that bills this call, as described in {@link Cost#duplicateOf}; null = none.
     *
     * @param spanId the id of the other span, in hexadecimal digits
     * @return this
     */
    public Builder duplicateOf(@Nullable String spanId) {
      duplicateOf = spanId;
      return this;
    }

    /**
     * Sets the span that may describe the same call; null = none.
     *
     * @param spanId the id of the other span, in hexadecimal digits
     * @return this
     */
    public Builder possibleDuplicateOf(@Nullable String spanId) {
      possibleDuplicateOf = spanId;
      return this;
    }

    /**
     * Checks the settings and builds.
     *
     * @return the cost
     * @throws IllegalArgumentException if the status requires a total and there is none, or vice
     *     versa: an unpriced cost must never look like zero
     */
    public Cost build() {
      if (status.hasTotal() != (total != null)) {
        throw new IllegalArgumentException(
            "total=" + total + " does not go with status=" + status.wireName);
      }
      return new Cost(this);
    }
  }
}
