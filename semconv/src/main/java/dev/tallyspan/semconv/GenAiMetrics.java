package dev.tallyspan.semconv;

/** Metrics of the GenAI conventions, in the newest generation that has them. */
public final class GenAiMetrics {

  /** How long a call of a model took. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_DURATION =
      GenAiMetric.histogram(
          "gen_ai.client.inference.duration",
          "gen_ai.client.operation.duration",
          "s",
          "How long a call of a model took.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /**
   * How long an operation of a client took; in {@code genai-dev} of those that are no inference.
   */
  public static final GenAiMetric GEN_AI_CLIENT_OPERATION_DURATION =
      GenAiMetric.histogram(
          "gen_ai.client.operation.duration",
          "gen_ai.client.operation.duration",
          "s",
          "How long an operation of a client took; in `genai-dev` of those that are no inference.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /** How long the first chunk of a stream took. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK =
      GenAiMetric.histogram(
          "gen_ai.client.inference.time_to_first_chunk",
          "gen_ai.client.operation.time_to_first_chunk",
          "s",
          "How long the first chunk of a stream took.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /** How long each further chunk of a stream took. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK =
      GenAiMetric.histogram(
          "gen_ai.client.inference.time_per_output_chunk",
          "gen_ai.client.operation.time_per_output_chunk",
          "s",
          "How long each further chunk of a stream took.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /** Tokens of a call, by {@code gen_ai.token.type}. */
  public static final GenAiMetric GEN_AI_CLIENT_TOKEN_USAGE =
      GenAiMetric.histogram(
          "gen_ai.client.token.usage",
          "gen_ai.client.token.usage",
          "{token}",
          "Tokens of a call, by `gen_ai.token.type`.",
          "1 4 16 64 256 1024 4096 16384 65536 262144 1048576 4194304 16777216 67108864");

  /** Input tokens, cache reads and writes included, by {@code gen_ai.token.modality}. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS =
      GenAiMetric.counter(
          "gen_ai.client.inference.usage.input_tokens",
          null,
          "{token}",
          "Input tokens, cache reads and writes included, by `gen_ai.token.modality`.");

  /** Output tokens, reasoning included, by {@code gen_ai.token.modality}. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS =
      GenAiMetric.counter(
          "gen_ai.client.inference.usage.output_tokens",
          null,
          "{token}",
          "Output tokens, reasoning included, by `gen_ai.token.modality`.");

  /** Input tokens read from a cache, by {@code gen_ai.token.modality}. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS =
      GenAiMetric.counter(
          "gen_ai.client.inference.usage.cache_read.input_tokens",
          null,
          "{token}",
          "Input tokens read from a cache, by `gen_ai.token.modality`.");

  /** Input tokens written to a cache, by {@code gen_ai.token.modality}. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS =
      GenAiMetric.counter(
          "gen_ai.client.inference.usage.cache_write.input_tokens",
          null,
          "{token}",
          "Input tokens written to a cache, by `gen_ai.token.modality`.");

  /** Output tokens spent on thinking, by {@code gen_ai.token.modality}. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS =
      GenAiMetric.counter(
          "gen_ai.client.inference.usage.reasoning.output_tokens",
          null,
          "{token}",
          "Output tokens spent on thinking, by `gen_ai.token.modality`.");

  /** Input tokens of a call. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS =
      GenAiMetric.histogram(
          "gen_ai.client.inference.operation.input_tokens",
          null,
          "{token}",
          "Input tokens of a call.",
          "1 4 16 64 256 1024 4096 16384 65536 262144 1048576 4194304 16777216 67108864");

  /** Output tokens of a call. */
  public static final GenAiMetric GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS =
      GenAiMetric.histogram(
          "gen_ai.client.inference.operation.output_tokens",
          null,
          "{token}",
          "Output tokens of a call.",
          "1 4 16 64 256 1024 4096 16384 65536 262144 1048576 4194304 16777216 67108864");

  /** How long an agent in this process took. */
  public static final GenAiMetric GEN_AI_INVOKE_AGENT_DURATION =
      GenAiMetric.histogram(
          "gen_ai.invoke_agent.duration",
          null,
          "s",
          "How long an agent in this process took.",
          "0.1 0.2 0.4 0.8 1.6 3.2 6.4 12.8 25.6 51.2 102.4 204.8 409.6");

  /** An agent's own calls of models. */
  public static final GenAiMetric GEN_AI_INVOKE_AGENT_INFERENCE_CALLS =
      GenAiMetric.histogram(
          "gen_ai.invoke_agent.inference_calls",
          null,
          "{inference_call}",
          "An agent's own calls of models.",
          "1 2 4 8 16 32 64 128");

  /** An agent's own calls of tools. */
  public static final GenAiMetric GEN_AI_INVOKE_AGENT_TOOL_CALLS =
      GenAiMetric.histogram(
          "gen_ai.invoke_agent.tool_calls",
          null,
          "{tool_call}",
          "An agent's own calls of tools.",
          "1 2 4 8 16 32 64 128");

  /** How long a tool took. */
  public static final GenAiMetric GEN_AI_EXECUTE_TOOL_DURATION =
      GenAiMetric.histogram(
          "gen_ai.execute_tool.duration",
          null,
          "s",
          "How long a tool took.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /** How long a workflow took. */
  public static final GenAiMetric GEN_AI_INVOKE_WORKFLOW_DURATION =
      GenAiMetric.histogram(
          "gen_ai.invoke_workflow.duration",
          null,
          "s",
          "How long a workflow took.",
          "1 5 10 30 60 120 300 600 1800 3600 7200");

  /** How long a model server took for a request. */
  public static final GenAiMetric GEN_AI_SERVER_REQUEST_DURATION =
      GenAiMetric.histogram(
          "gen_ai.server.request.duration",
          "gen_ai.server.request.duration",
          "s",
          "How long a model server took for a request.",
          "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92");

  /** How long a model server took for each token after the first. */
  public static final GenAiMetric GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN =
      GenAiMetric.histogram(
          "gen_ai.server.time_per_output_token",
          "gen_ai.server.time_per_output_token",
          "s",
          "How long a model server took for each token after the first.",
          "0.01 0.025 0.05 0.075 0.1 0.15 0.2 0.3 0.4 0.5 0.75 1 2.5");

  /** How long a model server took for the first token. */
  public static final GenAiMetric GEN_AI_SERVER_TIME_TO_FIRST_TOKEN =
      GenAiMetric.histogram(
          "gen_ai.server.time_to_first_token",
          "gen_ai.server.time_to_first_token",
          "s",
          "How long a model server took for the first token.",
          "0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10");

  /** How long a request or notification took, at the sender's. */
  public static final GenAiMetric MCP_CLIENT_OPERATION_DURATION =
      GenAiMetric.histogram(
          "mcp.client.operation.duration",
          "mcp.client.operation.duration",
          "s",
          "How long a request or notification took, at the sender's.",
          "");

  /** How long a request or notification took, at the receiver's. */
  public static final GenAiMetric MCP_SERVER_OPERATION_DURATION =
      GenAiMetric.histogram(
          "mcp.server.operation.duration",
          "mcp.server.operation.duration",
          "s",
          "How long a request or notification took, at the receiver's.",
          "");

  /** How long a session lasted, at the client's. */
  public static final GenAiMetric MCP_CLIENT_SESSION_DURATION =
      GenAiMetric.histogram(
          "mcp.client.session.duration",
          "mcp.client.session.duration",
          "s",
          "How long a session lasted, at the client's.",
          "");

  /** How long a session lasted, at the server's. */
  public static final GenAiMetric MCP_SERVER_SESSION_DURATION =
      GenAiMetric.histogram(
          "mcp.server.session.duration",
          "mcp.server.session.duration",
          "s",
          "How long a session lasted, at the server's.",
          "");

  private GenAiMetrics() {}
}
