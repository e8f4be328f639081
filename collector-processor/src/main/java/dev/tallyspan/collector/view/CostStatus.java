package dev.tallyspan.collector.view;

/** How a span's cost was decided: {@code tallyspan.cost.status}. */
enum CostStatus {
  PRICED,
  FREE,
  /** Some of what was billed has no price: the total is a lower bound. */
  PARTIAL,
  PROVIDER_REPORTED,
  UNPRICED,
  DUPLICATE,
  AGGREGATE,
  NOT_BILLABLE,
  /** There is no status, or one that this version does not know. */
  UNKNOWN;

  static CostStatus of(SpanRow row) {
    return switch (GenAi.text(row, "tallyspan.cost.status")) {
      case "priced" -> PRICED;
      case "free" -> FREE;
      case "partial" -> PARTIAL;
      case "provider_reported" -> PROVIDER_REPORTED;
      case "unpriced" -> UNPRICED;
      case "duplicate" -> DUPLICATE;
      case "aggregate" -> AGGREGATE;
      case "not_billable" -> NOT_BILLABLE;
      default -> UNKNOWN;
    };
  }

  /** Whether the span's own cost counts in sums. */
  boolean billed() {
    return this == PRICED || this == FREE || this == PARTIAL || this == PROVIDER_REPORTED;
  }

  /** Whether another span accounts for this one's tokens and cost. */
  boolean countedElsewhere() {
    return this == DUPLICATE || this == AGGREGATE;
  }
}
