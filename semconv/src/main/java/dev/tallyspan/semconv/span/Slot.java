package dev.tallyspan.semconv.span;

import static dev.tallyspan.semconv.KeyClass.CALL;
import static dev.tallyspan.semconv.KeyClass.CONTENT;
import static dev.tallyspan.semconv.KeyClass.IDENTITY;
import static dev.tallyspan.semconv.KeyClass.PARAMETERS;
import static dev.tallyspan.semconv.KeyClass.USAGE;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fact that an LLM span can contain. Dialects fill slots; rendering writes each slot as the
 * attribute that the target generation of the GenAI conventions defines for it, if there is one.
 *
 * @param <T> the type of the slot's value: text, a number, a flag, a list of texts, messages or
 *     parts, or a value of any shape
 */
public final class Slot<T> {

  private static final String STANDARD_USAGE = "gen_ai.usage.";
  private static final String OWN_USAGE = "tallyspan.usage.";

  private static final List<Slot<?>> ALL = new ArrayList<>();

  /** {@code gen_ai.operation.name}. */
  public static final Slot<String> OPERATION = slot(CALL, "operation", "gen_ai.operation.name");

  /** {@code gen_ai.provider.name}. */
  public static final Slot<String> PROVIDER = slot(CALL, "provider", "gen_ai.provider.name");

  /** {@code gen_ai.request.model}. */
  public static final Slot<String> REQUEST_MODEL =
      slot(CALL, "request_model", "gen_ai.request.model");

  /** {@code gen_ai.response.model}. */
  public static final Slot<String> RESPONSE_MODEL =
      slot(CALL, "response_model", "gen_ai.response.model");

  /** {@code gen_ai.response.id}. */
  public static final Slot<String> RESPONSE_ID = slot(CALL, "response_id", "gen_ai.response.id");

  /** {@code gen_ai.response.status}. */
  public static final Slot<String> RESPONSE_STATUS =
      slot(CALL, "response_status", "gen_ai.response.status", null);

  /** {@code gen_ai.response.finish_reasons}. */
  public static final Slot<List<String>> FINISH_REASONS =
      slot(CALL, "finish_reasons", "gen_ai.response.finish_reasons");

  /** {@code error.type}. */
  public static final Slot<String> ERROR_TYPE = slot(CALL, "error_type", "error.type");

  /** {@code gen_ai.request.max_tokens}. */
  public static final Slot<Long> MAX_TOKENS =
      slot(PARAMETERS, "max_tokens", "gen_ai.request.max_tokens");

  /** {@code gen_ai.request.temperature}. */
  public static final Slot<Double> TEMPERATURE =
      slot(PARAMETERS, "temperature", "gen_ai.request.temperature");

  /** {@code gen_ai.request.top_p}. */
  public static final Slot<Double> TOP_P = slot(PARAMETERS, "top_p", "gen_ai.request.top_p");

  /** A double up to v1.41, an int since. */
  public static final Slot<Long> TOP_K = slot(PARAMETERS, "top_k", "gen_ai.request.top_k");

  /** {@code gen_ai.request.stop_sequences}. */
  public static final Slot<List<String>> STOP_SEQUENCES =
      slot(PARAMETERS, "stop_sequences", "gen_ai.request.stop_sequences");

  /** {@code gen_ai.request.frequency_penalty}. */
  public static final Slot<Double> FREQUENCY_PENALTY =
      slot(PARAMETERS, "frequency_penalty", "gen_ai.request.frequency_penalty");

  /** {@code gen_ai.request.presence_penalty}. */
  public static final Slot<Double> PRESENCE_PENALTY =
      slot(PARAMETERS, "presence_penalty", "gen_ai.request.presence_penalty");

  /** {@code gen_ai.request.seed}. */
  public static final Slot<Long> SEED = slot(PARAMETERS, "seed", "gen_ai.request.seed");

  /** {@code gen_ai.request.choice.count}. */
  public static final Slot<Long> CHOICE_COUNT =
      slot(PARAMETERS, "choice_count", "gen_ai.request.choice.count");

  /** {@code gen_ai.request.stream}. */
  public static final Slot<Boolean> STREAM = slot(PARAMETERS, "stream", "gen_ai.request.stream");

  /** {@code gen_ai.request.encoding_formats}. */
  public static final Slot<List<String>> ENCODING_FORMATS =
      slot(PARAMETERS, "encoding_formats", "gen_ai.request.encoding_formats");

  /** {@code gen_ai.request.reasoning.level}. */
  public static final Slot<String> REASONING_LEVEL =
      slot(PARAMETERS, "reasoning_level", "gen_ai.request.reasoning.level", null);

  /** {@code gen_ai.request.previous_response.id}. */
  public static final Slot<String> PREVIOUS_RESPONSE_ID =
      slot(PARAMETERS, "previous_response_id", "gen_ai.request.previous_response.id", null);

  /** {@code gen_ai.output.type}. */
  public static final Slot<String> OUTPUT_TYPE =
      slot(PARAMETERS, "output_type", "gen_ai.output.type");

  /** Seconds. */
  public static final Slot<Double> TIME_TO_FIRST_CHUNK =
      slot(CALL, "time_to_first_chunk", "gen_ai.response.time_to_first_chunk");

  /** {@code gen_ai.embeddings.dimension.count}. */
  public static final Slot<Long> EMBEDDING_DIMENSIONS =
      slot(PARAMETERS, "embedding_dimensions", "gen_ai.embeddings.dimension.count");

  /** {@code gen_ai.usage.input_tokens}. */
  public static final Slot<Long> INPUT_TOKENS =
      slot(USAGE, "input_tokens", "gen_ai.usage.input_tokens");

  /** {@code gen_ai.usage.output_tokens}. */
  public static final Slot<Long> OUTPUT_TOKENS =
      slot(USAGE, "output_tokens", "gen_ai.usage.output_tokens");

  /** {@code gen_ai.usage.cache_read.input_tokens}. */
  public static final Slot<Long> CACHE_READ_TOKENS =
      slot(USAGE, "cache_read_tokens", "gen_ai.usage.cache_read.input_tokens");

  /** {@code gen_ai.usage.cache_write.input_tokens}. */
  public static final Slot<Long> CACHE_WRITE_TOKENS =
      slot(
          USAGE,
          "cache_write_tokens",
          "gen_ai.usage.cache_write.input_tokens",
          "gen_ai.usage.cache_creation.input_tokens");

  /** {@code tallyspan.usage.cache_write_5m.input_tokens}. */
  public static final Slot<Long> CACHE_WRITE_5M_TOKENS =
      slot(USAGE, "cache_write_5m_tokens", "tallyspan.usage.cache_write_5m.input_tokens");

  /** {@code tallyspan.usage.cache_write_1h.input_tokens}. */
  public static final Slot<Long> CACHE_WRITE_1H_TOKENS =
      slot(USAGE, "cache_write_1h_tokens", "tallyspan.usage.cache_write_1h.input_tokens");

  /** The tokenizer that counted, if it was not the provider. */
  public static final Slot<String> USAGE_ESTIMATOR =
      slot(CALL, "usage_estimator", "tallyspan.usage.estimator");

  /** {@code gen_ai.usage.reasoning.output_tokens}. */
  public static final Slot<Long> REASONING_TOKENS =
      slot(USAGE, "reasoning_tokens", "gen_ai.usage.reasoning.output_tokens");

  /** {@code gen_ai.usage.text.input_tokens}. */
  public static final Slot<Long> TEXT_INPUT_TOKENS =
      slot(USAGE, "text_input_tokens", "gen_ai.usage.text.input_tokens", null);

  /** {@code gen_ai.usage.image.input_tokens}. */
  public static final Slot<Long> IMAGE_INPUT_TOKENS =
      slot(USAGE, "image_input_tokens", "gen_ai.usage.image.input_tokens", null);

  /** {@code gen_ai.usage.audio.input_tokens}. */
  public static final Slot<Long> AUDIO_INPUT_TOKENS =
      slot(USAGE, "audio_input_tokens", "gen_ai.usage.audio.input_tokens", null);

  /** {@code gen_ai.usage.text.output_tokens}. */
  public static final Slot<Long> TEXT_OUTPUT_TOKENS =
      slot(USAGE, "text_output_tokens", "gen_ai.usage.text.output_tokens", null);

  /** {@code gen_ai.usage.image.output_tokens}. */
  public static final Slot<Long> IMAGE_OUTPUT_TOKENS =
      slot(USAGE, "image_output_tokens", "gen_ai.usage.image.output_tokens", null);

  /** {@code gen_ai.usage.audio.output_tokens}. */
  public static final Slot<Long> AUDIO_OUTPUT_TOKENS =
      slot(USAGE, "audio_output_tokens", "gen_ai.usage.audio.output_tokens", null);

  /** {@code gen_ai.usage.text.cache_read.input_tokens}. */
  public static final Slot<Long> TEXT_CACHE_READ_TOKENS =
      slot(USAGE, "text_cache_read_tokens", "gen_ai.usage.text.cache_read.input_tokens", null);

  /** {@code gen_ai.usage.image.cache_read.input_tokens}. */
  public static final Slot<Long> IMAGE_CACHE_READ_TOKENS =
      slot(USAGE, "image_cache_read_tokens", "gen_ai.usage.image.cache_read.input_tokens", null);

  /** {@code gen_ai.usage.audio.cache_read.input_tokens}. */
  public static final Slot<Long> AUDIO_CACHE_READ_TOKENS =
      slot(USAGE, "audio_cache_read_tokens", "gen_ai.usage.audio.cache_read.input_tokens", null);

  /** The conventions define no name: used for the price, and on the span only as received. */
  public static final Slot<Long> VIDEO_INPUT_TOKENS = slot(USAGE, "video_input_tokens", null);

  /** Generated video tokens. */
  public static final Slot<Long> VIDEO_OUTPUT_TOKENS = slot(USAGE, "video_output_tokens", null);

  /** Evidence only: a total shows whether one count includes another. */
  public static final Slot<Long> TOTAL_TOKENS = slot(USAGE, "total_tokens", null);

  /** Evidence only: the input without cache reads and cache writes. */
  public static final Slot<Long> UNCACHED_INPUT_TOKENS = slot(USAGE, "uncached_input_tokens", null);

  /** Web searches that the provider ran and bills by number. */
  public static final Slot<Long> WEB_SEARCHES = slot(USAGE, "web_searches", null);

  /** The tier that served the call; on the span as OpenAI's attribute where OpenAI served it. */
  public static final Slot<String> SERVICE_TIER =
      slot(CALL, "service_tier", "openai.response.service_tier");

  /** {@code openai.request.service_tier}. */
  public static final Slot<String> REQUESTED_SERVICE_TIER =
      slot(PARAMETERS, "requested_service_tier", "openai.request.service_tier");

  /** {@code openai.response.system_fingerprint}. */
  public static final Slot<String> SYSTEM_FINGERPRINT =
      slot(CALL, "system_fingerprint", "openai.response.system_fingerprint");

  /** {@code openai.api.type}. */
  public static final Slot<String> OPENAI_API_TYPE =
      slot(CALL, "openai_api_type", "openai.api.type");

  /** Whether the call was part of a batch. */
  public static final Slot<Boolean> BATCH = slot(CALL, "batch", null);

  /** Anthropic's speed of processing. */
  public static final Slot<String> SPEED = slot(CALL, "speed", null);

  /** Perplexity's search context size, which determines the fee for a call. */
  public static final Slot<String> SEARCH_CONTEXT_SIZE = slot(CALL, "search_context_size", null);

  /** Where the provider says that it processed the call. */
  public static final Slot<String> INFERENCE_GEO = slot(CALL, "inference_geo", null);

  /** The region that the application runs in. */
  public static final Slot<String> CLOUD_REGION = slot(CALL, "cloud_region", null);

  /** The location in the path that was called, as in Google's APIs. */
  public static final Slot<String> LOCATION = slot(CALL, "location", null);

  /** {@code server.address}. */
  public static final Slot<String> SERVER_ADDRESS = slot(CALL, "server_address", "server.address");

  /** {@code server.port}. */
  public static final Slot<Long> SERVER_PORT = slot(CALL, "server_port", "server.port");

  /** {@code gen_ai.input.messages}. */
  public static final Slot<List<Message>> INPUT_MESSAGES =
      slot(CONTENT, "input_messages", "gen_ai.input.messages");

  /** {@code gen_ai.output.messages}. */
  public static final Slot<List<Message>> OUTPUT_MESSAGES =
      slot(CONTENT, "output_messages", "gen_ai.output.messages");

  /** {@code gen_ai.system_instructions}. */
  public static final Slot<List<MessagePart>> SYSTEM_INSTRUCTIONS =
      slot(CONTENT, "system_instructions", "gen_ai.system_instructions");

  /** {@code gen_ai.tool.definitions}. */
  public static final Slot<Value<?>> TOOL_DEFINITIONS =
      slot(CONTENT, "tool_definitions", "gen_ai.tool.definitions");

  /** {@code gen_ai.tool.name}. */
  public static final Slot<String> TOOL_NAME = slot(CALL, "tool_name", "gen_ai.tool.name");

  /** {@code gen_ai.tool.call.id}. */
  public static final Slot<String> TOOL_CALL_ID = slot(CALL, "tool_call_id", "gen_ai.tool.call.id");

  /** {@code gen_ai.tool.call.arguments}. */
  public static final Slot<Value<?>> TOOL_CALL_ARGUMENTS =
      slot(CONTENT, "tool_call_arguments", "gen_ai.tool.call.arguments");

  /** {@code gen_ai.tool.call.result}. */
  public static final Slot<Value<?>> TOOL_CALL_RESULT =
      slot(CONTENT, "tool_call_result", "gen_ai.tool.call.result");

  /** {@code gen_ai.tool.description}. */
  public static final Slot<String> TOOL_DESCRIPTION =
      slot(CALL, "tool_description", "gen_ai.tool.description");

  /** {@code gen_ai.tool.type}. */
  public static final Slot<String> TOOL_TYPE = slot(CALL, "tool_type", "gen_ai.tool.type");

  /** {@code gen_ai.retrieval.documents}. */
  public static final Slot<Value<?>> RETRIEVAL_DOCUMENTS =
      slot(CONTENT, "retrieval_documents", "gen_ai.retrieval.documents");

  /** {@code gen_ai.retrieval.query.text}. */
  public static final Slot<String> RETRIEVAL_QUERY =
      slot(CONTENT, "retrieval_query", "gen_ai.retrieval.query.text");

  /** {@code gen_ai.retrieval.top_k}. */
  public static final Slot<Long> RETRIEVAL_TOP_K =
      slot(PARAMETERS, "retrieval_top_k", "gen_ai.retrieval.top_k", null);

  /** {@code gen_ai.data_source.id}. */
  public static final Slot<String> DATA_SOURCE_ID =
      slot(CALL, "data_source_id", "gen_ai.data_source.id");

  /** {@code gen_ai.agent.name}. */
  public static final Slot<String> AGENT_NAME = slot(IDENTITY, "agent_name", "gen_ai.agent.name");

  /** {@code gen_ai.agent.id}. */
  public static final Slot<String> AGENT_ID = slot(IDENTITY, "agent_id", "gen_ai.agent.id");

  /** {@code gen_ai.agent.description}. */
  public static final Slot<String> AGENT_DESCRIPTION =
      slot(IDENTITY, "agent_description", "gen_ai.agent.description");

  /** {@code gen_ai.agent.version}. */
  public static final Slot<String> AGENT_VERSION =
      slot(IDENTITY, "agent_version", "gen_ai.agent.version");

  /** {@code gen_ai.workflow.name}. */
  public static final Slot<String> WORKFLOW_NAME =
      slot(IDENTITY, "workflow_name", "gen_ai.workflow.name");

  /** {@code gen_ai.conversation.id}. */
  public static final Slot<String> CONVERSATION_ID =
      slot(IDENTITY, "conversation_id", "gen_ai.conversation.id");

  /** {@code gen_ai.prompt.name}. */
  public static final Slot<String> PROMPT_NAME =
      slot(IDENTITY, "prompt_name", "gen_ai.prompt.name");

  /** {@code gen_ai.prompt.version}. */
  public static final Slot<String> PROMPT_VERSION =
      slot(IDENTITY, "prompt_version", "gen_ai.prompt.version", null);

  /** {@code user.id}. */
  public static final Slot<String> USER_ID = slot(IDENTITY, "user_id", "user.id");

  /** {@code session.id}. */
  public static final Slot<String> SESSION_ID = slot(IDENTITY, "session_id", "session.id");

  /** Tags of the trace. */
  public static final Slot<List<String>> TAGS = slot(IDENTITY, "tags", null);

  /** The slots of {@link KeyClass#CONTENT}. */
  static final List<Slot<?>> CONTENTS =
      ALL.stream().filter(slot -> slot.keyClass == CONTENT).toList();

  private final KeyClass keyClass;
  private final String label;
  private final @Nullable String devKey;
  private final @Nullable String coreKey;
  private final int ordinal;

  private Slot(KeyClass keyClass, String label, @Nullable String devKey, @Nullable String coreKey) {
    this.keyClass = keyClass;
    this.label = label;
    this.devKey = devKey;
    this.coreKey = coreKey;
    ordinal = ALL.size();
    ALL.add(this);
  }

  private static <T> Slot<T> slot(KeyClass keyClass, String label, @Nullable String key) {
    return new Slot<>(keyClass, label, key, key);
  }

  private static <T> Slot<T> slot(
      KeyClass keyClass, String label, @Nullable String devKey, @Nullable String coreKey) {
    return new Slot<>(keyClass, label, devKey, coreKey);
  }

  /** {@return every slot, in the order in which they are written} */
  public static List<Slot<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  /**
   * {@return the attribute for the slot in this generation; null if there is none}
   *
   * @param generation the generation of the conventions
   */
  public @Nullable String key(ConventionVersion generation) {
    return generation == ConventionVersion.CORE_1_41 ? coreKey : devKey;
  }

  /**
   * {@return the attribute for a count or model on spans that are not billed, if their sender did
   * not write it: a sum of standard attributes over all spans would count the call twice, and a
   * backend that prices every span with counts and a model would price it twice} Null for other
   * slots.
   */
  public @Nullable String unbilledKey() {
    if (this == REQUEST_MODEL) {
      return TallyspanAttributes.TALLYSPAN_REQUEST_MODEL.getKey();
    }
    if (this == RESPONSE_MODEL) {
      return TallyspanAttributes.TALLYSPAN_RESPONSE_MODEL.getKey();
    }
    return devKey != null && devKey.startsWith(STANDARD_USAGE)
        ? OWN_USAGE + devKey.substring(STANDARD_USAGE.length())
        : null;
  }

  /** {@return what the slot is about} */
  public KeyClass keyClass() {
    return keyClass;
  }

  /**
   * {@return whether the slot holds a number of tokens, including evidence that is never written}
   */
  public boolean isTokenCount() {
    return keyClass == USAGE && this != WEB_SEARCHES;
  }

  /** {@return whether the slot holds a conversation, which may be incomplete} */
  public boolean isConversation() {
    return this == INPUT_MESSAGES || this == OUTPUT_MESSAGES || this == SYSTEM_INSTRUCTIONS;
  }

  /** {@return whether the slot holds content of people, models and tools, in its own structure} */
  public boolean isContent() {
    return isConversation()
        || this == TOOL_DEFINITIONS
        || this == TOOL_CALL_ARGUMENTS
        || this == TOOL_CALL_RESULT
        || this == RETRIEVAL_DOCUMENTS;
  }

  /** Whether every span of one call may have the same value of the slot. */
  boolean isOfTheCall() {
    return isConversation()
        || keyClass == IDENTITY
        || this == TOOL_DEFINITIONS
        || this == PROVIDER
        || this == REQUEST_MODEL
        || this == RESPONSE_MODEL
        || this == RESPONSE_ID
        || this == FINISH_REASONS
        || this == TIME_TO_FIRST_CHUNK;
  }

  /** {@return the human-readable name: {@code request_model}} */
  public String label() {
    return label;
  }

  /** {@return the slot's index in {@link #all}} */
  public int ordinal() {
    return ordinal;
  }

  @Override
  public String toString() {
    return label;
  }
}
