package dev.tallyspan.semconv;

/** What an attribute is about: coarse classes, by which original attributes are kept or dropped. */
public enum KeyClass {
  /** What people, models and tools said: messages, tools, arguments, results, documents. */
  CONTENT("content"),
  /** Counts of tokens and searches. */
  USAGE("usage"),
  /** What the call cost, as reported by the emitter or a gateway. */
  COST("cost"),
  /** What the span belongs to: user, session, conversation, agent, workflow, prompt. */
  IDENTITY("identity"),
  /** What was requested in addition to the content: temperature, limits, formats. */
  PARAMETERS("parameters"),
  /** What was called and how it ended: operation, provider, models, ids, reasons, errors. */
  CALL("call");

  private final String wireName;

  KeyClass(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the name in configuration} */
  public String wireName() {
    return wireName;
  }
}
