package dev.tallyspan.semconv;

/** A generation of the GenAI conventions: which names and types rendering writes. */
public enum Generation {
  /** The last generation in the core conventions, v1.41. */
  CORE_1_41("core-1.41"),
  /** The conventions' own repository since mid-2026, without a release so far. */
  GENAI_DEV("genai-dev");

  private final String wireName;

  Generation(String wireName) {
    this.wireName = wireName;
  }

  /** The name in configuration. */
  public String wireName() {
    return wireName;
  }
}
