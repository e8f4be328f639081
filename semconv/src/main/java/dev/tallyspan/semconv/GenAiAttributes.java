package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import java.util.List;

/** The {@code gen_ai.*} attributes of spans in the newest generation of the conventions. */
public final class GenAiAttributes {

  public static final AttributeKey<String> GEN_AI_OPERATION_NAME =
      AttributeKey.stringKey("gen_ai.operation.name");

  public static final AttributeKey<String> GEN_AI_PROVIDER_NAME =
      AttributeKey.stringKey("gen_ai.provider.name");

  public static final AttributeKey<String> GEN_AI_REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");

  public static final AttributeKey<Long> GEN_AI_REQUEST_MAX_TOKENS =
      AttributeKey.longKey("gen_ai.request.max_tokens");

  public static final AttributeKey<Double> GEN_AI_REQUEST_TEMPERATURE =
      AttributeKey.doubleKey("gen_ai.request.temperature");

  public static final AttributeKey<Double> GEN_AI_REQUEST_TOP_P =
      AttributeKey.doubleKey("gen_ai.request.top_p");

  public static final AttributeKey<Long> GEN_AI_REQUEST_TOP_K =
      AttributeKey.longKey("gen_ai.request.top_k");

  public static final AttributeKey<List<String>> GEN_AI_REQUEST_STOP_SEQUENCES =
      AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");

  public static final AttributeKey<Double> GEN_AI_REQUEST_FREQUENCY_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.frequency_penalty");

  public static final AttributeKey<Double> GEN_AI_REQUEST_PRESENCE_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.presence_penalty");

  public static final AttributeKey<Long> GEN_AI_REQUEST_SEED =
      AttributeKey.longKey("gen_ai.request.seed");

  public static final AttributeKey<Long> GEN_AI_REQUEST_CHOICE_COUNT =
      AttributeKey.longKey("gen_ai.request.choice.count");

  public static final AttributeKey<Boolean> GEN_AI_REQUEST_STREAM =
      AttributeKey.booleanKey("gen_ai.request.stream");

  public static final AttributeKey<List<String>> GEN_AI_REQUEST_ENCODING_FORMATS =
      AttributeKey.stringArrayKey("gen_ai.request.encoding_formats");

  public static final AttributeKey<String> GEN_AI_REQUEST_REASONING_LEVEL =
      AttributeKey.stringKey("gen_ai.request.reasoning.level");

  public static final AttributeKey<String> GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.request.previous_response.id");

  public static final AttributeKey<String> GEN_AI_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.response.id");

  public static final AttributeKey<String> GEN_AI_RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");

  public static final AttributeKey<List<String>> GEN_AI_RESPONSE_FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  public static final AttributeKey<String> GEN_AI_RESPONSE_STATUS =
      AttributeKey.stringKey("gen_ai.response.status");

  public static final AttributeKey<Double> GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK =
      AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");

  public static final AttributeKey<String> GEN_AI_OUTPUT_TYPE =
      AttributeKey.stringKey("gen_ai.output.type");

  public static final AttributeKey<Long> GEN_AI_USAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_write.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_REASONING_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.output_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.output_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.output_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.cache_read.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.cache_read.input_tokens");

  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.cache_read.input_tokens");

  public static final AttributeKey<Value<?>> GEN_AI_INPUT_MESSAGES =
      AttributeKey.valueKey("gen_ai.input.messages");

  public static final AttributeKey<Value<?>> GEN_AI_OUTPUT_MESSAGES =
      AttributeKey.valueKey("gen_ai.output.messages");

  public static final AttributeKey<Value<?>> GEN_AI_SYSTEM_INSTRUCTIONS =
      AttributeKey.valueKey("gen_ai.system_instructions");

  public static final AttributeKey<Value<?>> GEN_AI_TOOL_DEFINITIONS =
      AttributeKey.valueKey("gen_ai.tool.definitions");

  public static final AttributeKey<String> GEN_AI_TOOL_NAME =
      AttributeKey.stringKey("gen_ai.tool.name");

  public static final AttributeKey<String> GEN_AI_TOOL_CALL_ID =
      AttributeKey.stringKey("gen_ai.tool.call.id");

  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_ARGUMENTS =
      AttributeKey.valueKey("gen_ai.tool.call.arguments");

  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_RESULT =
      AttributeKey.valueKey("gen_ai.tool.call.result");

  public static final AttributeKey<String> GEN_AI_TOOL_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.tool.description");

  public static final AttributeKey<String> GEN_AI_TOOL_TYPE =
      AttributeKey.stringKey("gen_ai.tool.type");

  public static final AttributeKey<Value<?>> GEN_AI_RETRIEVAL_DOCUMENTS =
      AttributeKey.valueKey("gen_ai.retrieval.documents");

  public static final AttributeKey<String> GEN_AI_RETRIEVAL_QUERY_TEXT =
      AttributeKey.stringKey("gen_ai.retrieval.query.text");

  public static final AttributeKey<Long> GEN_AI_RETRIEVAL_TOP_K =
      AttributeKey.longKey("gen_ai.retrieval.top_k");

  public static final AttributeKey<String> GEN_AI_DATA_SOURCE_ID =
      AttributeKey.stringKey("gen_ai.data_source.id");

  public static final AttributeKey<Long> GEN_AI_EMBEDDINGS_DIMENSION_COUNT =
      AttributeKey.longKey("gen_ai.embeddings.dimension.count");

  public static final AttributeKey<String> GEN_AI_AGENT_ID =
      AttributeKey.stringKey("gen_ai.agent.id");

  public static final AttributeKey<String> GEN_AI_AGENT_NAME =
      AttributeKey.stringKey("gen_ai.agent.name");

  public static final AttributeKey<String> GEN_AI_AGENT_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.agent.description");

  public static final AttributeKey<String> GEN_AI_AGENT_VERSION =
      AttributeKey.stringKey("gen_ai.agent.version");

  public static final AttributeKey<String> GEN_AI_WORKFLOW_NAME =
      AttributeKey.stringKey("gen_ai.workflow.name");

  public static final AttributeKey<String> GEN_AI_CONVERSATION_ID =
      AttributeKey.stringKey("gen_ai.conversation.id");

  public static final AttributeKey<String> GEN_AI_PROMPT_NAME =
      AttributeKey.stringKey("gen_ai.prompt.name");

  public static final AttributeKey<String> GEN_AI_PROMPT_VERSION =
      AttributeKey.stringKey("gen_ai.prompt.version");

  private GenAiAttributes() {}
}
