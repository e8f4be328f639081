package dev.tallyspan.semconv;

/** What a span is to the bill, judged by itself alone, without the rest of its trace. */
public enum Billing {
  /** One call of a provider: billed. It may have no usage, if it failed. */
  CALL,
  /** Shows tokens of calls that have spans of their own: not billed. */
  AGGREGATE,
  /** Neither a call nor the sum of calls: a tool, an agent without tokens. */
  NOT_BILLABLE
}
