package dev.tallyspan.semconv;

/** A generation of the GenAI conventions: determines the names and types that rendering writes. */
public enum ConventionVersion {
  /** The last generation in the core conventions, v1.41. */
  CORE_1_41("core-1.41"),
  /** The separate repository of the GenAI conventions since mid-2026, which has no release yet. */
  GENAI_DEV("genai-dev");

  private final String wireName;

  ConventionVersion(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the name in configuration} */
  public String wireName() {
    return wireName;
  }
}
