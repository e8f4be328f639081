package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.TallyspanAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an operation cost, or why that is not known; written as {@code tallyspan.cost.*}. */
public final class Cost {

  /** What is known about the cost. */
  public enum Status {
    PRICED("priced"),
    /** The price is known to be nothing. */
    FREE("free"),
    /** Some of the billed units have no price. */
    PARTIAL("partial"),
    /** No price is known; never to be taken as nothing. */
    UNPRICED("unpriced"),
    PROVIDER_REPORTED("provider_reported"),
    /** Another span of the trace bills this call. */
    DUPLICATE("duplicate"),
    /** Sums what its children cost; not billed. */
    AGGREGATE("aggregate"),
    NOT_BILLABLE("not_billable");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    /** The value of {@code tallyspan.cost.status}. */
    public String wireName() {
      return wireName;
    }

    /**
     * Whether the span is one of those that sums of costs and tokens are made of: not if another
     * span has its tokens, or if nothing was called.
     */
    public boolean isBilled() {
      return this != DUPLICATE && this != AGGREGATE && this != NOT_BILLABLE;
    }

    private boolean hasTotal() {
      return this == PRICED || this == FREE || this == PARTIAL || this == PROVIDER_REPORTED;
    }
  }

  /** A disjoint part of a cost; parts sum to the total. */
  public enum Part {
    INPUT,
    CACHE_READ,
    CACHE_WRITE,
    OUTPUT,
    REASONING,
    AUDIO,
    IMAGE,
    TOOL,
    REQUEST;

    private final String key;

    Part() {
      key = "tallyspan.cost." + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The attribute that holds it. */
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
    missing = List.copyOf(builder.missing);
  }

  public static Builder builder(Status status) {
    return new Builder(status);
  }

  /**
   * The cost of a span for which no price has to be computed: one that is not billed, or whose cost
   * the provider or a gateway reported; null if it has to be.
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

  public Status status() {
    return status;
  }

  /** The cost of this operation alone; null if there is none for this status. */
  public @Nullable Double total() {
    return total;
  }

  /** The total as a plain decimal, exact; null if there is no total. */
  public @Nullable String totalExact() {
    return totalExact;
  }

  /** ISO 4217; null if there is no total. */
  public @Nullable String currency() {
    return currency;
  }

  /** The total before it was converted, as a plain decimal; null if it was not. */
  public @Nullable String originalTotal() {
    return originalTotal;
  }

  /** The currency before the cost was converted, ISO 4217; null if it was not. */
  public @Nullable String originalCurrency() {
    return originalCurrency;
  }

  /** What one unit of the original currency is worth; null if nothing was converted. */
  public @Nullable String exchangeRate() {
    return exchangeRate;
  }

  public Map<Part, Double> parts() {
    return parts;
  }

  /** The price card, {@code provider/model[#condition]}; null if none was used. */
  public @Nullable String priceKey() {
    return priceKey;
  }

  /** Null if no catalog was used. */
  public @Nullable String catalogVersion() {
    return catalogVersion;
  }

  /**
   * The span that bills this call: its id in hex, after {@code traceId/} if it is in another trace.
   * Null unless the status is duplicate.
   */
  public @Nullable String duplicateOf() {
    return duplicateOf;
  }

  /** The units or conditions that have no price, or the reason; empty unless some are known. */
  public List<String> missing() {
    return missing;
  }

  /**
   * Writes the cost.
   *
   * @param alsoGenAiUsageCost whether the total is also written as {@code gen_ai.usage.cost}, which
   *     backends read as US dollars; as such it is written if it is in dollars, or was before it
   *     was converted. Not to be asked for where the span came with that attribute.
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
  }

  private static void set(AttributeEdits edits, String key, @Nullable String value) {
    if (value != null) {
      edits.set(key, value);
    }
  }

  /** Collects a cost. */
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
    private List<String> missing = List.of();

    Builder(Status status) {
      this.status = Objects.requireNonNull(status, "status");
    }

    /**
     * The total.
     *
     * @param exact as a plain decimal
     * @param isoCurrency ISO 4217
     */
    public Builder total(double amount, String exact, String isoCurrency) {
      total = amount;
      totalExact = Objects.requireNonNull(exact, "exact");
      currency = Objects.requireNonNull(isoCurrency, "isoCurrency");
      return this;
    }

    /**
     * What the total, and its parts, were before they were converted.
     *
     * @param exact as a plain decimal
     * @param isoCurrency ISO 4217
     * @param rate what one unit of it is worth in the currency of the total, as a plain decimal
     */
    public Builder convertedFrom(String exact, String isoCurrency, String rate) {
      originalTotal = Objects.requireNonNull(exact, "exact");
      originalCurrency = Objects.requireNonNull(isoCurrency, "isoCurrency");
      exchangeRate = Objects.requireNonNull(rate, "rate");
      return this;
    }

    /** A part of the total; 0 is as good as none. */
    public Builder part(Part part, double amount) {
      parts.put(part, amount);
      return this;
    }

    /** The price card that was used. */
    public Builder priceKey(@Nullable String key) {
      priceKey = key;
      return this;
    }

    /** The version of the catalog that the price card is in. */
    public Builder catalogVersion(@Nullable String version) {
      catalogVersion = version;
      return this;
    }

    /** The units or conditions that have no price, or the reason. */
    public Builder missing(List<String> reasons) {
      missing = reasons;
      return this;
    }

    /** The span that bills this call, as 16 hex digits. */
    public Builder duplicateOf(@Nullable String spanId) {
      duplicateOf = spanId;
      return this;
    }

    /**
     * @throws IllegalArgumentException if the status wants a total and there is none, or the other
     *     way round: unpriced must never look like nothing
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
