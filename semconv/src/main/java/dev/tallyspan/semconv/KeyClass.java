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

  static KeyClass of(Slot slot) {
    return switch (slot) {
      case INPUT_MESSAGES,
          OUTPUT_MESSAGES,
          SYSTEM_INSTRUCTIONS,
          TOOL_DEFINITIONS,
          TOOL_CALL_ARGUMENTS,
          TOOL_CALL_RESULT,
          RETRIEVAL_DOCUMENTS,
          RETRIEVAL_QUERY ->
          CONTENT;
      case AGENT_NAME,
          AGENT_ID,
          AGENT_DESCRIPTION,
          AGENT_VERSION,
          WORKFLOW_NAME,
          CONVERSATION_ID,
          PROMPT_NAME,
          PROMPT_VERSION,
          USER_ID,
          SESSION_ID,
          TAGS ->
          IDENTITY;
      case MAX_TOKENS,
          TEMPERATURE,
          TOP_P,
          TOP_K,
          STOP_SEQUENCES,
          FREQUENCY_PENALTY,
          PRESENCE_PENALTY,
          SEED,
          CHOICE_COUNT,
          STREAM,
          ENCODING_FORMATS,
          REASONING_LEVEL,
          PREVIOUS_RESPONSE_ID,
          OUTPUT_TYPE,
          EMBEDDING_DIMENSIONS,
          RETRIEVAL_TOP_K,
          REQUESTED_SERVICE_TIER ->
          PARAMETERS;
      default -> slot.name().endsWith("_TOKENS") || slot == Slot.WEB_SEARCHES ? USAGE : CALL;
    };
  }
}
