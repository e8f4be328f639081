package dev.tallyspan.semconv;

/** How a span is billed, as far as the span itself, or the request that it arrived in, shows. */
public enum Billing {
  /** One call of a provider: billed. It may have no usage, if it failed. */
  CALL,
  /** Shows tokens of calls that have their own spans: not billed. */
  AGGREGATE,
  /** Describes a call that another span bills: not billed. Known only if both spans are seen. */
  DUPLICATE,
  /** Neither a call nor a sum of calls: a tool, or an agent without tokens. */
  NOT_BILLABLE
}
