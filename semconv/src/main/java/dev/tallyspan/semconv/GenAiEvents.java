package dev.tallyspan.semconv;

/** Names of the events of the GenAI conventions, of all generations. */
public final class GenAiEvents {

  /** The details of a call, recorded separately from its span. */
  public static final String GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS =
      "gen_ai.client.inference.operation.details";

  /** An evaluation of a response. */
  public static final String GEN_AI_EVALUATION_RESULT = "gen_ai.evaluation.result";

  /** An exception that ended an operation. */
  public static final String GEN_AI_CLIENT_OPERATION_EXCEPTION =
      "gen_ai.client.operation.exception";

  /** A system message; up to v1.36. */
  public static final String GEN_AI_SYSTEM_MESSAGE = "gen_ai.system.message";

  /** A user message; up to v1.36. */
  public static final String GEN_AI_USER_MESSAGE = "gen_ai.user.message";

  /** An earlier message from the model; up to v1.36. */
  public static final String GEN_AI_ASSISTANT_MESSAGE = "gen_ai.assistant.message";

  /** The result of a tool call; up to v1.36. */
  public static final String GEN_AI_TOOL_MESSAGE = "gen_ai.tool.message";

  /** A choice in the model's response; up to v1.36. */
  public static final String GEN_AI_CHOICE = "gen_ai.choice";

  /** The whole prompt; up to v1.27. */
  public static final String GEN_AI_CONTENT_PROMPT = "gen_ai.content.prompt";

  /** The whole completion; up to v1.27. */
  public static final String GEN_AI_CONTENT_COMPLETION = "gen_ai.content.completion";

  private GenAiEvents() {}
}
