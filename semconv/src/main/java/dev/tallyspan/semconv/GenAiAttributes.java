package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import java.util.List;

/** Attributes of the GenAI conventions, in the newest generation that has them. */
public final class GenAiAttributes {

  /** The operation that the span describes. */
  public static final AttributeKey<String> GEN_AI_OPERATION_NAME =
      AttributeKey.stringKey("gen_ai.operation.name");

  /** The provider whose API was called, as far as the instrumentation knows. */
  public static final AttributeKey<String> GEN_AI_PROVIDER_NAME =
      AttributeKey.stringKey("gen_ai.provider.name");

  /** The requested model, as written by the caller. */
  public static final AttributeKey<String> GEN_AI_REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");

  /** Maximum number of output tokens that the caller allowed. */
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

  /** Texts at which the model stops. */
  public static final AttributeKey<List<String>> GEN_AI_REQUEST_STOP_SEQUENCES =
      AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");

  /** Penalty for tokens by how often they have occurred. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_FREQUENCY_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.frequency_penalty");

  /** Penalty for tokens that have occurred at all. */
  public static final AttributeKey<Double> GEN_AI_REQUEST_PRESENCE_PENALTY =
      AttributeKey.doubleKey("gen_ai.request.presence_penalty");

  /** Seed for repeatable sampling. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_SEED =
      AttributeKey.longKey("gen_ai.request.seed");

  /** Number of requested choices; absent if one. */
  public static final AttributeKey<Long> GEN_AI_REQUEST_CHOICE_COUNT =
      AttributeKey.longKey("gen_ai.request.choice.count");

  /** Present and true if the response was streamed. */
  public static final AttributeKey<Boolean> GEN_AI_REQUEST_STREAM =
      AttributeKey.booleanKey("gen_ai.request.stream");

  /** Requested encodings of embeddings. */
  public static final AttributeKey<List<String>> GEN_AI_REQUEST_ENCODING_FORMATS =
      AttributeKey.stringArrayKey("gen_ai.request.encoding_formats");

  /** Requested reasoning effort. */
  public static final AttributeKey<String> GEN_AI_REQUEST_REASONING_LEVEL =
      AttributeKey.stringKey("gen_ai.request.reasoning.level");

  /** Id of the response that the request continues. */
  public static final AttributeKey<String> GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.request.previous_response.id");

  /** Position in a stored stream from which the request reads. */
  public static final AttributeKey<String> GEN_AI_REQUEST_STREAM_CURSOR =
      AttributeKey.stringKey("gen_ai.request.stream_cursor");

  /** The provider's id of the response. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_ID =
      AttributeKey.stringKey("gen_ai.response.id");

  /** The model that generated the response, as written by the provider. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");

  /** Why each choice ended. */
  public static final AttributeKey<List<String>> GEN_AI_RESPONSE_FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  /** Status of a response that is fetched later. */
  public static final AttributeKey<String> GEN_AI_RESPONSE_STATUS =
      AttributeKey.stringKey("gen_ai.response.status");

  /** Seconds from the request to the first streamed chunk. */
  public static final AttributeKey<Double> GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK =
      AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");

  /** Requested type of output. */
  public static final AttributeKey<String> GEN_AI_OUTPUT_TYPE =
      AttributeKey.stringKey("gen_ai.output.type");

  /** All input tokens, including cache reads and cache writes. */
  public static final AttributeKey<Long> GEN_AI_USAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.input_tokens");

  /** All output tokens, including reasoning. */
  public static final AttributeKey<Long> GEN_AI_USAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");

  /** Input tokens read from the provider's cache. */
  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");

  /** Input tokens written to the provider's cache. */
  public static final AttributeKey<Long> GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_write.input_tokens");

  /** Output tokens that the model spent on reasoning. */
  public static final AttributeKey<Long> GEN_AI_USAGE_REASONING_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");

  /** Text input tokens, included in all input tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.input_tokens");

  /** Image input tokens, included in all input tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.input_tokens");

  /** Audio input tokens, included in all input tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.input_tokens");

  /** Text output tokens, included in all output tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.output_tokens");

  /** Image output tokens, included in all output tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.output_tokens");

  /** Audio output tokens, included in all output tokens. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.output_tokens");

  /** Text input tokens read from the cache, included in all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.text.cache_read.input_tokens");

  /** Image input tokens read from the cache, included in all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.image.cache_read.input_tokens");

  /** Audio input tokens read from the cache, included in all cache reads. */
  public static final AttributeKey<Long> GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.audio.cache_read.input_tokens");

  /** On metrics: whether the tokens are input or output; v1.41 only. */
  public static final AttributeKey<String> GEN_AI_TOKEN_TYPE =
      AttributeKey.stringKey("gen_ai.token.type");

  /** On metrics: the modality of the tokens. */
  public static final AttributeKey<String> GEN_AI_TOKEN_MODALITY =
      AttributeKey.stringKey("gen_ai.token.modality");

  /** The input of the model, as a list of messages. */
  public static final AttributeKey<Value<?>> GEN_AI_INPUT_MESSAGES =
      ValueSupport.key("gen_ai.input.messages");

  /** The output of the model, with one message per choice. */
  public static final AttributeKey<Value<?>> GEN_AI_OUTPUT_MESSAGES =
      ValueSupport.key("gen_ai.output.messages");

  /** Instructions that the API accepts separately from the messages, as a list of parts. */
  public static final AttributeKey<Value<?>> GEN_AI_SYSTEM_INSTRUCTIONS =
      ValueSupport.key("gen_ai.system_instructions");

  /** The tools offered to the model. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_DEFINITIONS =
      ValueSupport.key("gen_ai.tool.definitions");

  /** Name of the tool that ran. */
  public static final AttributeKey<String> GEN_AI_TOOL_NAME =
      AttributeKey.stringKey("gen_ai.tool.name");

  /** The model's id of the tool call. */
  public static final AttributeKey<String> GEN_AI_TOOL_CALL_ID =
      AttributeKey.stringKey("gen_ai.tool.call.id");

  /** Arguments of the tool call. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_ARGUMENTS =
      ValueSupport.key("gen_ai.tool.call.arguments");

  /** Result of the tool call. */
  public static final AttributeKey<Value<?>> GEN_AI_TOOL_CALL_RESULT =
      ValueSupport.key("gen_ai.tool.call.result");

  /** Purpose of the tool. */
  public static final AttributeKey<String> GEN_AI_TOOL_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.tool.description");

  /** Type of the tool: function, extension, datastore. */
  public static final AttributeKey<String> GEN_AI_TOOL_TYPE =
      AttributeKey.stringKey("gen_ai.tool.type");

  /** The agent's skill that the tool call used. */
  public static final AttributeKey<String> GEN_AI_SKILL_NAME =
      AttributeKey.stringKey("gen_ai.skill.name");

  /** Purpose of the skill. */
  public static final AttributeKey<String> GEN_AI_SKILL_DESCRIPTION =
      AttributeKey.stringKey("gen_ai.skill.description");

  /** Where the skill was loaded from. */
  public static final AttributeKey<String> GEN_AI_SKILL_SOURCE_URI =
      AttributeKey.stringKey("gen_ai.skill.source.uri");

  /** The file of the skill that was read. */
  public static final AttributeKey<String> GEN_AI_SKILL_RESOURCE_NAME =
      AttributeKey.stringKey("gen_ai.skill.resource.name");

  /** The documents that were found. */
  public static final AttributeKey<Value<?>> GEN_AI_RETRIEVAL_DOCUMENTS =
      ValueSupport.key("gen_ai.retrieval.documents");

  /** Text of the search query. */
  public static final AttributeKey<String> GEN_AI_RETRIEVAL_QUERY_TEXT =
      AttributeKey.stringKey("gen_ai.retrieval.query.text");

  /** Requested number of documents. */
  public static final AttributeKey<Long> GEN_AI_RETRIEVAL_TOP_K =
      AttributeKey.longKey("gen_ai.retrieval.top_k");

  /** The store that was searched. */
  public static final AttributeKey<String> GEN_AI_DATA_SOURCE_ID =
      AttributeKey.stringKey("gen_ai.data_source.id");

  /** The memory store that was used. */
  public static final AttributeKey<String> GEN_AI_MEMORY_STORE_ID =
      AttributeKey.stringKey("gen_ai.memory.store.id");

  /** The record of the memory store. */
  public static final AttributeKey<String> GEN_AI_MEMORY_RECORD_ID =
      AttributeKey.stringKey("gen_ai.memory.record.id");

  /** Number of records that were found or changed. */
  public static final AttributeKey<Long> GEN_AI_MEMORY_RECORD_COUNT =
      AttributeKey.longKey("gen_ai.memory.record.count");

  /** Text of the memory query. */
  public static final AttributeKey<String> GEN_AI_MEMORY_QUERY_TEXT =
      AttributeKey.stringKey("gen_ai.memory.query.text");

  /** The records that were found or written. */
  public static final AttributeKey<Value<?>> GEN_AI_MEMORY_RECORDS =
      ValueSupport.key("gen_ai.memory.records");

  /** Length of the embeddings. */
  public static final AttributeKey<Long> GEN_AI_EMBEDDINGS_DIMENSION_COUNT =
      AttributeKey.longKey("gen_ai.embeddings.dimension.count");

  /** Id of a hosted agent. */
  public static final AttributeKey<String> GEN_AI_AGENT_ID =
      AttributeKey.stringKey("gen_ai.agent.id");

  /** Name of the agent. */
  public static final AttributeKey<String> GEN_AI_AGENT_NAME =
      AttributeKey.stringKey("gen_ai.agent.name");

  /** Purpose of the agent. */
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

  /** Present and true if earlier messages were summarised. */
  public static final AttributeKey<Boolean> GEN_AI_CONVERSATION_COMPACTED =
      AttributeKey.booleanKey("gen_ai.conversation.compacted");

  /** Name of the prompt template. */
  public static final AttributeKey<String> GEN_AI_PROMPT_NAME =
      AttributeKey.stringKey("gen_ai.prompt.name");

  /** Version of the prompt template. */
  public static final AttributeKey<String> GEN_AI_PROMPT_VERSION =
      AttributeKey.stringKey("gen_ai.prompt.version");

  /** Name of the evaluation of a response. */
  public static final AttributeKey<String> GEN_AI_EVALUATION_NAME =
      AttributeKey.stringKey("gen_ai.evaluation.name");

  /** Score of the evaluation. */
  public static final AttributeKey<Double> GEN_AI_EVALUATION_SCORE_VALUE =
      AttributeKey.doubleKey("gen_ai.evaluation.score.value");

  /** Result of the evaluation as a label. */
  public static final AttributeKey<String> GEN_AI_EVALUATION_SCORE_LABEL =
      AttributeKey.stringKey("gen_ai.evaluation.score.label");

  /** Reason for the result of the evaluation. */
  public static final AttributeKey<String> GEN_AI_EVALUATION_EXPLANATION =
      AttributeKey.stringKey("gen_ai.evaluation.explanation");

  /** The requested service tier. */
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

  /** The guardrail that Bedrock applied. */
  public static final AttributeKey<String> AWS_BEDROCK_GUARDRAIL_ID =
      AttributeKey.stringKey("aws.bedrock.guardrail.id");

  /** The knowledge base that Bedrock searched. */
  public static final AttributeKey<String> AWS_BEDROCK_KNOWLEDGE_BASE_ID =
      AttributeKey.stringKey("aws.bedrock.knowledge_base.id");

  /** The method of the Model Context Protocol. */
  public static final AttributeKey<String> MCP_METHOD_NAME =
      AttributeKey.stringKey("mcp.method.name");

  /** The session of the Model Context Protocol. */
  public static final AttributeKey<String> MCP_SESSION_ID =
      AttributeKey.stringKey("mcp.session.id");

  /** The resource that the request is about. */
  public static final AttributeKey<String> MCP_RESOURCE_URI =
      AttributeKey.stringKey("mcp.resource.uri");

  /** The version of the Model Context Protocol. */
  public static final AttributeKey<String> MCP_PROTOCOL_VERSION =
      AttributeKey.stringKey("mcp.protocol.version");

  private GenAiAttributes() {}

  /**
   * {@return a variable of the prompt template, by its name}
   *
   * @param name what follows {@code gen_ai.prompt.variable.} in the key
   */
  public static AttributeKey<String> genAiPromptVariable(String name) {
    return AttributeKey.stringKey("gen_ai.prompt.variable." + name);
  }

  /** Well-known values of {@link #GEN_AI_OPERATION_NAME}. */
  public static final class GenAiOperationNameValues {

    /** {@value} */
    public static final String CHAT = "chat";

    /** {@value} */
    public static final String GENERATE_CONTENT = "generate_content";

    /** {@value} */
    public static final String TEXT_COMPLETION = "text_completion";

    /** {@value} */
    public static final String EMBEDDINGS = "embeddings";

    /** {@value} */
    public static final String RETRIEVAL = "retrieval";

    /** {@value} */
    public static final String FETCH_RESPONSE = "fetch_response";

    /** {@value} */
    public static final String CREATE_AGENT = "create_agent";

    /** {@value} */
    public static final String INVOKE_AGENT = "invoke_agent";

    /** {@value} */
    public static final String EXECUTE_TOOL = "execute_tool";

    /** {@value} */
    public static final String INVOKE_WORKFLOW = "invoke_workflow";

    /** {@value} */
    public static final String PLAN = "plan";

    /** {@value} */
    public static final String SEARCH_MEMORY = "search_memory";

    /** {@value} */
    public static final String CREATE_MEMORY = "create_memory";

    /** {@value} */
    public static final String UPDATE_MEMORY = "update_memory";

    /** {@value} */
    public static final String UPSERT_MEMORY = "upsert_memory";

    /** {@value} */
    public static final String DELETE_MEMORY = "delete_memory";

    /** {@value} */
    public static final String CREATE_MEMORY_STORE = "create_memory_store";

    /** {@value} */
    public static final String DELETE_MEMORY_STORE = "delete_memory_store";

    private GenAiOperationNameValues() {}
  }

  /** Well-known values of {@link #GEN_AI_PROVIDER_NAME}. */
  public static final class GenAiProviderNameValues {

    /** {@value} */
    public static final String OPENAI = "openai";

    /** {@value} */
    public static final String GCP_GEN_AI = "gcp.gen_ai";

    /** {@value} */
    public static final String GCP_VERTEX_AI = "gcp.vertex_ai";

    /** {@value} */
    public static final String GCP_GEMINI = "gcp.gemini";

    /** {@value} */
    public static final String ANTHROPIC = "anthropic";

    /** {@value} */
    public static final String COHERE = "cohere";

    /** {@value} */
    public static final String AZURE_AI_INFERENCE = "azure.ai.inference";

    /** {@value} */
    public static final String AZURE_AI_OPENAI = "azure.ai.openai";

    /** {@value} */
    public static final String IBM_WATSONX_AI = "ibm.watsonx.ai";

    /** {@value} */
    public static final String AWS_BEDROCK = "aws.bedrock";

    /** {@value} */
    public static final String PERPLEXITY = "perplexity";

    /** {@value} */
    public static final String X_AI = "x_ai";

    /** {@value} */
    public static final String DEEPSEEK = "deepseek";

    /** {@value} */
    public static final String GROQ = "groq";

    /** {@value} */
    public static final String MISTRAL_AI = "mistral_ai";

    /** {@value} */
    public static final String MOONSHOT_AI = "moonshot_ai";

    private GenAiProviderNameValues() {}
  }

  /** Well-known values of {@link #GEN_AI_RESPONSE_FINISH_REASONS}. */
  public static final class GenAiResponseFinishReasonsValues {

    /** {@value} */
    public static final String STOP = "stop";

    /** {@value} */
    public static final String LENGTH = "length";

    /** {@value} */
    public static final String CONTENT_FILTER = "content_filter";

    /** {@value} */
    public static final String TOOL_CALL = "tool_call";

    /** {@value} */
    public static final String COMPACTION = "compaction";

    /** {@value} */
    public static final String ERROR = "error";

    private GenAiResponseFinishReasonsValues() {}
  }

  /** Well-known values of {@link #GEN_AI_RESPONSE_STATUS}. */
  public static final class GenAiResponseStatusValues {

    /** {@value} */
    public static final String QUEUED = "queued";

    /** {@value} */
    public static final String IN_PROGRESS = "in_progress";

    /** {@value} */
    public static final String COMPLETED = "completed";

    /** {@value} */
    public static final String INCOMPLETE = "incomplete";

    /** {@value} */
    public static final String FAILED = "failed";

    /** {@value} */
    public static final String CANCELLED = "cancelled";

    private GenAiResponseStatusValues() {}
  }

  /** Well-known values of {@link #GEN_AI_OUTPUT_TYPE}. */
  public static final class GenAiOutputTypeValues {

    /** {@value} */
    public static final String TEXT = "text";

    /** {@value} */
    public static final String JSON = "json";

    /** {@value} */
    public static final String IMAGE = "image";

    /** {@value} */
    public static final String SPEECH = "speech";

    private GenAiOutputTypeValues() {}
  }

  /** Well-known values of {@link #GEN_AI_TOKEN_TYPE}. */
  public static final class GenAiTokenTypeValues {

    /** {@value} */
    public static final String INPUT = "input";

    /** {@value} */
    public static final String OUTPUT = "output";

    private GenAiTokenTypeValues() {}
  }

  /** Well-known values of {@link #GEN_AI_TOKEN_MODALITY}. */
  public static final class GenAiTokenModalityValues {

    /** {@value} */
    public static final String TEXT = "text";

    /** {@value} */
    public static final String IMAGE = "image";

    /** {@value} */
    public static final String AUDIO = "audio";

    private GenAiTokenModalityValues() {}
  }

  /** Well-known values of {@link #OPENAI_REQUEST_SERVICE_TIER}. */
  public static final class OpenaiRequestServiceTierValues {

    /** {@value} */
    public static final String AUTO = "auto";

    /** {@value} */
    public static final String DEFAULT = "default";

    private OpenaiRequestServiceTierValues() {}
  }

  /** Well-known values of {@link #OPENAI_API_TYPE}. */
  public static final class OpenaiApiTypeValues {

    /** {@value} */
    public static final String CHAT_COMPLETIONS = "chat_completions";

    /** {@value} */
    public static final String RESPONSES = "responses";

    private OpenaiApiTypeValues() {}
  }

  /** Well-known values of {@link #MCP_METHOD_NAME}. */
  public static final class McpMethodNameValues {

    /** {@value} */
    public static final String NOTIFICATIONS_CANCELLED = "notifications/cancelled";

    /** {@value} */
    public static final String INITIALIZE = "initialize";

    /** {@value} */
    public static final String NOTIFICATIONS_INITIALIZED = "notifications/initialized";

    /** {@value} */
    public static final String NOTIFICATIONS_PROGRESS = "notifications/progress";

    /** {@value} */
    public static final String PING = "ping";

    /** {@value} */
    public static final String RESOURCES_LIST = "resources/list";

    /** {@value} */
    public static final String RESOURCES_TEMPLATES_LIST = "resources/templates/list";

    /** {@value} */
    public static final String RESOURCES_READ = "resources/read";

    /** {@value} */
    public static final String NOTIFICATIONS_RESOURCES_LIST_CHANGED =
        "notifications/resources/list_changed";

    /** {@value} */
    public static final String RESOURCES_SUBSCRIBE = "resources/subscribe";

    /** {@value} */
    public static final String RESOURCES_UNSUBSCRIBE = "resources/unsubscribe";

    /** {@value} */
    public static final String NOTIFICATIONS_RESOURCES_UPDATED = "notifications/resources/updated";

    /** {@value} */
    public static final String PROMPTS_LIST = "prompts/list";

    /** {@value} */
    public static final String PROMPTS_GET = "prompts/get";

    /** {@value} */
    public static final String NOTIFICATIONS_PROMPTS_LIST_CHANGED =
        "notifications/prompts/list_changed";

    /** {@value} */
    public static final String TOOLS_LIST = "tools/list";

    /** {@value} */
    public static final String TOOLS_CALL = "tools/call";

    /** {@value} */
    public static final String NOTIFICATIONS_TOOLS_LIST_CHANGED =
        "notifications/tools/list_changed";

    /** {@value} */
    public static final String LOGGING_SET_LEVEL = "logging/setLevel";

    /** {@value} */
    public static final String NOTIFICATIONS_MESSAGE = "notifications/message";

    /** {@value} */
    public static final String SAMPLING_CREATE_MESSAGE = "sampling/createMessage";

    /** {@value} */
    public static final String COMPLETION_COMPLETE = "completion/complete";

    /** {@value} */
    public static final String ROOTS_LIST = "roots/list";

    /** {@value} */
    public static final String NOTIFICATIONS_ROOTS_LIST_CHANGED =
        "notifications/roots/list_changed";

    /** {@value} */
    public static final String ELICITATION_CREATE = "elicitation/create";

    private McpMethodNameValues() {}
  }
}
