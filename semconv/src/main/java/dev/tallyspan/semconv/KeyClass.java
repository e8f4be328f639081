package dev.tallyspan.semconv;

/** What an attribute tells of: a coarse division, by which originals are kept or dropped. */
public enum KeyClass {
  /** What people, models and tools said: messages, tools, arguments, results, documents. */
  CONTENT("content"),
  /** Counts of tokens and searches. */
  USAGE("usage"),
  /** What the call cost, as somebody reported it. */
  COST("cost"),
  /** Whom it belongs to: user, session, conversation, agent, workflow, prompt. */
  IDENTITY("identity"),
  /** What was asked for beside the content: temperature, limits, formats. */
  PARAMETERS("parameters"),
  /** What was called and how it ended: operation, provider, models, ids, reasons, errors. */
  CALL("call");

  private final String wireName;

  KeyClass(String wireName) {
    this.wireName = wireName;
  }

  /** The name in configuration. */
  public String wireName() {
    return wireName;
  }
}
