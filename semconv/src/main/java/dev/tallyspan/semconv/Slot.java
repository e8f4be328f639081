package dev.tallyspan.semconv;

import java.util.Locale;

/**
 * One thing that an LLM span can say. A dialect fills slots; rendering writes them under the
 * attribute that the target generation of the GenAI conventions has for them, if it has one.
 */
enum Slot {
  OPERATION("gen_ai.operation.name", Coercion.OPERATION),
  PROVIDER("gen_ai.provider.name", Coercion.PROVIDER),
  REQUEST_MODEL("gen_ai.request.model", Coercion.TEXT),
  RESPONSE_MODEL("gen_ai.response.model", Coercion.TEXT),
  RESPONSE_ID("gen_ai.response.id", Coercion.TEXT),
  RESPONSE_STATUS("gen_ai.response.status", null, Coercion.TEXT),
  FINISH_REASONS("gen_ai.response.finish_reasons", Coercion.FINISH_REASONS),
  ERROR_TYPE("error.type", Coercion.TEXT),

  MAX_TOKENS("gen_ai.request.max_tokens", Coercion.COUNT),
  TEMPERATURE("gen_ai.request.temperature", Coercion.POSITIVE),
  TOP_P("gen_ai.request.top_p", Coercion.POSITIVE),
  /** A double up to v1.41, an int since. */
  TOP_K("gen_ai.request.top_k", Coercion.COUNT),
  STOP_SEQUENCES("gen_ai.request.stop_sequences", Coercion.TEXTS),
  FREQUENCY_PENALTY("gen_ai.request.frequency_penalty", Coercion.NUMBER),
  PRESENCE_PENALTY("gen_ai.request.presence_penalty", Coercion.NUMBER),
  SEED("gen_ai.request.seed", Coercion.WHOLE),
  CHOICE_COUNT("gen_ai.request.choice.count", Coercion.CHOICES),
  STREAM("gen_ai.request.stream", Coercion.SET_FLAG),
  ENCODING_FORMATS("gen_ai.request.encoding_formats", Coercion.TEXTS),
  REASONING_LEVEL("gen_ai.request.reasoning.level", null, Coercion.TEXT),
  PREVIOUS_RESPONSE_ID("gen_ai.request.previous_response.id", null, Coercion.TEXT),
  OUTPUT_TYPE("gen_ai.output.type", Coercion.OUTPUT_TYPE),
  /** Seconds. */
  TIME_TO_FIRST_CHUNK("gen_ai.response.time_to_first_chunk", Coercion.POSITIVE),
  EMBEDDING_DIMENSIONS("gen_ai.embeddings.dimension.count", Coercion.COUNT),

  INPUT_TOKENS("gen_ai.usage.input_tokens", Coercion.COUNT),
  OUTPUT_TOKENS("gen_ai.usage.output_tokens", Coercion.COUNT),
  CACHE_READ_TOKENS("gen_ai.usage.cache_read.input_tokens", Coercion.COUNT),
  CACHE_WRITE_TOKENS(
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      Coercion.COUNT),
  CACHE_WRITE_5M_TOKENS("tallyspan.usage.cache_write_5m.input_tokens", Coercion.COUNT),
  CACHE_WRITE_1H_TOKENS("tallyspan.usage.cache_write_1h.input_tokens", Coercion.COUNT),
  /** The tokenizer that counted, if it was not the provider. */
  USAGE_ESTIMATOR("tallyspan.usage.estimator", Coercion.TEXT),
  REASONING_TOKENS("gen_ai.usage.reasoning.output_tokens", Coercion.COUNT),
  TEXT_INPUT_TOKENS("gen_ai.usage.text.input_tokens", null, Coercion.COUNT),
  IMAGE_INPUT_TOKENS("gen_ai.usage.image.input_tokens", null, Coercion.COUNT),
  AUDIO_INPUT_TOKENS("gen_ai.usage.audio.input_tokens", null, Coercion.COUNT),
  TEXT_OUTPUT_TOKENS("gen_ai.usage.text.output_tokens", null, Coercion.COUNT),
  IMAGE_OUTPUT_TOKENS("gen_ai.usage.image.output_tokens", null, Coercion.COUNT),
  AUDIO_OUTPUT_TOKENS("gen_ai.usage.audio.output_tokens", null, Coercion.COUNT),
  TEXT_CACHE_READ_TOKENS("gen_ai.usage.text.cache_read.input_tokens", null, Coercion.COUNT),
  IMAGE_CACHE_READ_TOKENS("gen_ai.usage.image.cache_read.input_tokens", null, Coercion.COUNT),
  AUDIO_CACHE_READ_TOKENS("gen_ai.usage.audio.cache_read.input_tokens", null, Coercion.COUNT),
  /** No name in the conventions: known to the price, and on the span only as it came. */
  VIDEO_INPUT_TOKENS(null, Coercion.COUNT),
  VIDEO_OUTPUT_TOKENS(null, Coercion.COUNT),
  /** Evidence only: a total tells whether a part lies inside or beside another. */
  TOTAL_TOKENS(null, Coercion.COUNT),
  /** Evidence only: the input less cache reads and writes. */
  UNCACHED_INPUT_TOKENS(null, Coercion.COUNT),
  /** Searches that the provider ran on the web and bills by number. */
  WEB_SEARCHES(null, Coercion.COUNT),

  /** The tier that served the call; on the span as OpenAI's attribute where OpenAI served it. */
  SERVICE_TIER("openai.response.service_tier", Coercion.TEXT),
  REQUESTED_SERVICE_TIER("openai.request.service_tier", Coercion.TEXT),
  SYSTEM_FINGERPRINT("openai.response.system_fingerprint", Coercion.TEXT),
  OPENAI_API_TYPE("openai.api.type", Coercion.TEXT),
  BATCH(null, Coercion.SET_FLAG),
  SPEED(null, Coercion.TEXT),
  /** Perplexity's size of the search, which decides its fee for a call. */
  SEARCH_CONTEXT_SIZE(null, Coercion.TEXT),
  INFERENCE_GEO(null, Coercion.TEXT),
  CLOUD_REGION(null, Coercion.TEXT),
  /** The place in the path that was called, as Google's APIs have it. */
  LOCATION(null, Coercion.LOCATION),
  SERVER_ADDRESS("server.address", Coercion.TEXT),
  SERVER_PORT("server.port", Coercion.COUNT),

  INPUT_MESSAGES("gen_ai.input.messages", Coercion.INPUT_MESSAGES),
  OUTPUT_MESSAGES("gen_ai.output.messages", Coercion.OUTPUT_MESSAGES),
  SYSTEM_INSTRUCTIONS("gen_ai.system_instructions", Coercion.INSTRUCTIONS),
  TOOL_DEFINITIONS("gen_ai.tool.definitions", Coercion.TOOL_DEFINITIONS),
  TOOL_NAME("gen_ai.tool.name", Coercion.TEXT),
  TOOL_CALL_ID("gen_ai.tool.call.id", Coercion.TEXT),
  TOOL_CALL_ARGUMENTS("gen_ai.tool.call.arguments", Coercion.ARGUMENTS),
  TOOL_CALL_RESULT("gen_ai.tool.call.result", Coercion.RESULT),
  TOOL_DESCRIPTION("gen_ai.tool.description", Coercion.TEXT),
  TOOL_TYPE("gen_ai.tool.type", Coercion.TEXT),
  RETRIEVAL_DOCUMENTS("gen_ai.retrieval.documents", Coercion.DOCUMENTS),
  RETRIEVAL_QUERY("gen_ai.retrieval.query.text", Coercion.TEXT),
  RETRIEVAL_TOP_K("gen_ai.retrieval.top_k", null, Coercion.COUNT),
  DATA_SOURCE_ID("gen_ai.data_source.id", Coercion.TEXT),

  AGENT_NAME("gen_ai.agent.name", Coercion.TEXT),
  AGENT_ID("gen_ai.agent.id", Coercion.TEXT),
  AGENT_DESCRIPTION("gen_ai.agent.description", Coercion.TEXT),
  AGENT_VERSION("gen_ai.agent.version", Coercion.TEXT),
  WORKFLOW_NAME("gen_ai.workflow.name", Coercion.TEXT),
  CONVERSATION_ID("gen_ai.conversation.id", Coercion.TEXT),
  PROMPT_NAME("gen_ai.prompt.name", Coercion.TEXT),
  PROMPT_VERSION("gen_ai.prompt.version", null, Coercion.TEXT),

  USER_ID("user.id", Coercion.TEXT),
  SESSION_ID("session.id", Coercion.TEXT),
  TAGS(null, Coercion.TAGS);

  private final String devKey;
  private final String coreKey;
  private final Coercion coercion;

  Slot(String key, Coercion coercion) {
    this(key, key, coercion);
  }

  Slot(String devKey, String coreKey, Coercion coercion) {
    this.devKey = devKey;
    this.coreKey = coreKey;
    this.coercion = coercion;
  }

  /** The attribute that holds it in this generation; null if there is none. */
  String key(Generation generation) {
    return generation == Generation.CORE_1_41 ? coreKey : devKey;
  }

  /** How values are read, unless a dialect's row says otherwise. */
  Coercion coercion() {
    return coercion;
  }

  /** Whether it holds a number of tokens, the evidence that is never written included. */
  boolean isTokenCount() {
    return name().endsWith("_TOKENS") && this != MAX_TOKENS;
  }

  /** Whether it holds a conversation, which may be there in part. */
  boolean isConversation() {
    return this == INPUT_MESSAGES || this == OUTPUT_MESSAGES || this == SYSTEM_INSTRUCTIONS;
  }

  /** Whether it holds what people, models and tools said, in a shape of its own. */
  boolean isContent() {
    return isConversation()
        || this == TOOL_DEFINITIONS
        || this == TOOL_CALL_ARGUMENTS
        || this == TOOL_CALL_RESULT
        || this == RETRIEVAL_DOCUMENTS;
  }

  /** The name for people: {@code request_model}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
