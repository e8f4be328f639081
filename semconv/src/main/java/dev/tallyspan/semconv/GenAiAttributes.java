package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import java.util.List;

/** Attributes of LLM spans in the newest generation of the GenAI conventions. */
public final class GenAiAttributes {

  /** What the span does. */
  public static final AttributeKey<String> GEN_AI_OPERATION_NAME =
      AttributeKey.stringKey("gen_ai.operation.name");

  /** Whose API was called, as far as the emitter knows. */
  public static final AttributeKey<String> GEN_AI_PROVIDER_NAME =
      AttributeKey.stringKey("gen_ai.provider.name");

  /** The model that was asked for, as written by the caller. */
  public static final AttributeKey<String> GEN_AI_REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");

  /** The most output tokens that the caller allowed. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_MAX_TOKENS =
      AttributeKey.longKey("gen_ai.request.max_tokens");

  /** Sampling temperature. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_TEMPERATURE =
      AttributeKey.doubleKey("gen_ai.request.temperature");

  /** Nucleus sampling threshold. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_TOP_P =
      AttributeKey.doubleKey("gen_ai.request.top_p");

  /** Number of candidate tokens at each step; a double up to v1.41. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_TOP_K =
      AttributeKey.longKey("gen_ai.request.top_k");

  /** Texts at which the model was to stop. */
  public static final AttributeKey<List<String>> GEN_AI_REQUEST_STOP_SEQUENCES =
      AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");

  /** Penalty for tokens by how often they occurred. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_FREQUENCY_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.frequency_penalty");

  /** Penalty for tokens that occurred at all. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_PRESENCE_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.presence_penalty");

  /** Seed for repeatable sampling. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_SEED =
      AttributeKey.longKey("gen_ai.request.seed");

  /** How many answers were asked for; absent if one. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_CHOICE_COUNT =
      AttributeKey.longKey("gen_ai.request.choice.count");

  /** Present and true if the answer was streamed. */
  public static final AttributeKey<Boolean> GEN_AI_REQUEST_STREAM =
      AttributeKey.booleanKey("gen_ai.request.stream");

  /** Encodings asked for embeddings. */
  public static final AttributeKey<List<String>> GEN_AI_REQUEST_ENCODING_FORMATS =
      AttributeKey.stringArrayKey("gen_ai.request.encoding_formats");

  /** How much thinking was asked for. */
  public static final AttributeKey<String> GEN_AI_REQUEST_REASONING_LEVEL =
      AttributeKey.stringKey("gen_ai.request.reasoning.level");

  /** The answer that the request continued. */
  public static final AttributeKey<String> GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.request.previous_response.id");

  /** The provider's id of the answer. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.response.id");

  /** The model that answered, as written by the provider. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");

  /** Why each choice ended. */
  public static final AttributeKey<List<String>> GEN_AI_RESPONSE_FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  /** State of a response that is fetched later. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_STATUS =
      AttributeKey.stringKey("gen_ai.response.status");

  /** Seconds from the request to the first streamed chunk. */
  public static final AttributeKey<Double> GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK =
      AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");

  /** The kind of output that was asked for. */
  public static final AttributeKey<String> GEN_AI_OUTPUT_TYPE =
      AttributeKey.stringKey("gen_ai.output.type");

  /** All input tokens, cache reads and cache writes included. */
  public static final AttributeKey<Long> GEN_AI_USAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.input_tokens");

  /** All output tokens, reasoning included. */
  public static final AttributeKey<Long> GEN_AI_USAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");

  /** Input tokens read from the provider's cache. */
  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");

  /** Input tokens written to the provider's cache. */
  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_write.input_tokens");

  /** Output tokens that the model spent on thinking. */
  public static final AttributeKey<Long> GEN_AI_USAGE_REASONING_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");

  /** Input tokens of text, a part of all input. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.input_tokens");

  /** Input tokens of image, a part of all input. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.input_tokens");

  /** Input tokens of audio, a part of all input. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.input_tokens");

  /** Output tokens of text, a part of all output. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.output_tokens");

  /** Output tokens of image, a part of all output. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.output_tokens");

  /** Output tokens of audio, a part of all output. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.output_tokens");

  /** Cache reads of text, a part of all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.cache_read.input_tokens");

  /** Cache reads of image, a part of all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.cache_read.input_tokens");

  /** Cache reads of audio, a part of all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.cache_read.input_tokens");

  /** What went to the model, as a list of messages. */
  public static final AttributeKey<Value<?>> GEN_AI_INPUT_MESSAGES =
      AttributeKey.valueKey("gen_ai.input.messages");

  /** What came from the model, a message for each choice. */
  public static final AttributeKey<Value<?>> GEN_AI_OUTPUT_MESSAGES =
      AttributeKey.valueKey("gen_ai.output.messages");

  /** Instructions that the API takes beside the messages, as a list of parts. */
  public static final AttributeKey<Value<?>> GEN_AI_SYSTEM_INSTRUCTIONS =
      AttributeKey.valueKey("gen_ai.system_instructions");

  /** The tools that the model was offered. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_DEFINITIONS =
      AttributeKey.valueKey("gen_ai.tool.definitions");

  /** The tool that ran. */
  public static final AttributeKey<String> GEN_AI_TOOL_NAME =
      AttributeKey.stringKey("gen_ai.tool.name");

  /** The model's id of its call of the tool. */
  public static final AttributeKey<String> GEN_AI_TOOL_CALL_ID =
      AttributeKey.stringKey("gen_ai.tool.call.id");

  /** What the tool was called with. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_ARGUMENTS =
      AttributeKey.valueKey("gen_ai.tool.call.arguments");

  /** What the tool answered. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_RESULT =
      AttributeKey.valueKey("gen_ai.tool.call.result");

  /** What the tool is for. */
  public static final AttributeKey<String> GEN_AI_TOOL_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.tool.description");

  /** The kind of tool: function, extension, datastore. */
  public static final AttributeKey<String> GEN_AI_TOOL_TYPE =
      AttributeKey.stringKey("gen_ai.tool.type");

  /** The documents that were found. */
  public static final AttributeKey<Value<?>> GEN_AI_RETRIEVAL_DOCUMENTS =
      AttributeKey.valueKey("gen_ai.retrieval.documents");

  /** What was searched for. */
  public static final AttributeKey<String> GEN_AI_RETRIEVAL_QUERY_TEXT =
      AttributeKey.stringKey("gen_ai.retrieval.query.text");

  /** How many documents were asked for. */
  public static final AttributeKey<Long> GEN_AI_RETRIEVAL_TOP_K =
      AttributeKey.longKey("gen_ai.retrieval.top_k");

  /** The store that was searched. */
  public static final AttributeKey<String> GEN_AI_DATA_SOURCE_ID =
      AttributeKey.stringKey("gen_ai.data_source.id");

  /** Length of the embeddings. */
  public static final AttributeKey<Long> GEN_AI_EMBEDDINGS_DIMENSION_COUNT =
      AttributeKey.longKey("gen_ai.embeddings.dimension.count");

  /** Id of a hosted agent. */
  public static final AttributeKey<String> GEN_AI_AGENT_ID =
      AttributeKey.stringKey("gen_ai.agent.id");

  /** Name of the agent. */
  public static final AttributeKey<String> GEN_AI_AGENT_NAME =
      AttributeKey.stringKey("gen_ai.agent.name");

  /** What the agent is for. */
  public static final AttributeKey<String> GEN_AI_AGENT_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.agent.description");

  /** Version of the agent. */
  public static final AttributeKey<String> GEN_AI_AGENT_VERSION =
      AttributeKey.stringKey("gen_ai.agent.version");

  /** Name of the workflow. */
  public static final AttributeKey<String> GEN_AI_WORKFLOW_NAME =
      AttributeKey.stringKey("gen_ai.workflow.name");

  /** The conversation that the span belongs to. */
  public static final AttributeKey<String> GEN_AI_CONVERSATION_ID =
      AttributeKey.stringKey("gen_ai.conversation.id");

  /** Name of the prompt template. */
  public static final AttributeKey<String> GEN_AI_PROMPT_NAME =
      AttributeKey.stringKey("gen_ai.prompt.name");

  /** Version of the prompt template. */
  public static final AttributeKey<String> GEN_AI_PROMPT_VERSION =
      AttributeKey.stringKey("gen_ai.prompt.version");

  /** The service tier that was asked for. */
  public static final AttributeKey<String> OPENAI_REQUEST_SERVICE_TIER =
      AttributeKey.stringKey("openai.request.service_tier");

  /** The service tier that served the call. */
  public static final AttributeKey<String> OPENAI_RESPONSE_SERVICE_TIER =
      AttributeKey.stringKey("openai.response.service_tier");

  /** Fingerprint of OpenAI's backend. */
  public static final AttributeKey<String> OPENAI_RESPONSE_SYSTEM_FINGERPRINT =
      AttributeKey.stringKey("openai.response.system_fingerprint");

  /** Which of OpenAI's APIs was called. */
  public static final AttributeKey<String> OPENAI_API_TYPE =
      AttributeKey.stringKey("openai.api.type");

  private GenAiAttributes() {}
}
