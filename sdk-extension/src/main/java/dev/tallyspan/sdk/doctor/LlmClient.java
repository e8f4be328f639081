package dev.tallyspan.sdk.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What records the calls of a client, and what it records of them.
 *
 * @param artifact of the client, or what its name begins with
 * @param agentModule of the Java agent that records its calls; null if there is none
 * @param library that records its calls without the agent, or what its name begins with; null if
 *     there is none
 * @param itself whether the client records its calls by itself
 * @param records what is recorded
 * @param advice what to set for the rest; empty if nothing
 */
record LlmClient(
    String artifact,
    @Nullable String agentModule,
    @Nullable String library,
    boolean itself,
    String records,
    String advice) {

  /** Whether its messages are recorded as events, if their capture is on. */
  boolean hasEvents() {
    return agentModule != null;
  }

  static final LlmClient[] KNOWN = {
    new LlmClient(
        "openai-java-core",
        "openai-java",
        "opentelemetry-openai-java",
        false,
        "chats and embeddings, not the Responses API; messages as events, if their capture is on",
        "ask for usage in streams: streamOptions(includeUsage(true)) in each request"),
    new LlmClient(
        "bedrockruntime",
        "aws-sdk-2.2",
        "opentelemetry-aws-sdk-2.2",
        false,
        "Converse and InvokeModel, streams with usage; messages as events, if their capture is on",
        ""),
    new LlmClient(
        "anthropic-java-core",
        null,
        null,
        true,
        "messages.create with usage; no messages, and nothing before version 2.50",
        ""),
    new LlmClient(
        "spring-ai-model",
        null,
        null,
        true,
        "chats, embeddings, tools and vector stores through Micrometer; messages in the log alone",
        "usage in streams of OpenAI: spring.ai.openai.chat.options.stream-usage=true"),
    new LlmClient(
        "langchain4j-core",
        null,
        "langchain4j-observation",
        false,
        "chats with usage through Micrometer's observations; no messages",
        ""),
    new LlmClient("google-adk", null, null, true, "agents, calls and tools, with messages", ""),
    new LlmClient("google-genai", null, null, false, "", ""),
  };
}
