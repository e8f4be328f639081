package dev.tallyspan.semconv;

/** What a span is to the bill, as far as the span itself, or the request that it came in, tells. */
public enum Billing {
  /** One call of a provider: billed. It may have no usage, if it failed. */
  CALL,
  /** Shows tokens of calls that have spans of their own: not billed. */
  AGGREGATE,
  /** Tells of a call that another span bills: not billed. Known only beside that span. */
  DUPLICATE,
  /** Neither a call nor the sum of calls: a tool, an agent without tokens. */
  NOT_BILLABLE
}
