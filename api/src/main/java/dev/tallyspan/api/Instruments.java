package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_AGENT_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_OPERATION_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROMPT_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROVIDER_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MODEL;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_RESPONSE_MODEL;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOKEN_MODALITY;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOKEN_TYPE;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOOL_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_WORKFLOW_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_METHOD_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_PROTOCOL_VERSION;
import static dev.tallyspan.semconv.GenAiAttributes.OPENAI_RESPONSE_SERVICE_TIER;
import static dev.tallyspan.semconv.TokenUsage.UNKNOWN;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiAttributes.GenAiTokenModalityValues;
import dev.tallyspan.semconv.GenAiAttributes.GenAiTokenTypeValues;
import dev.tallyspan.semconv.GenAiMetric;
import dev.tallyspan.semconv.GenAiMetrics;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.LongHistogramBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.context.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * The metrics of the conventions, under the names of one generation. A metric that the generation
 * does not have is an instrument of a meter that records nothing, so that the code that records has
 * no cases.
 *
 * Generation v1.41 has one histogram of tokens, by type. The newer one has counters by modality and
 * histograms of totals for inference, and nothing yet for embeddings: those keep the older histogram
 * until it does, because a count under an old name is better than none.
 *
 * Attributes are few and have few values; ids, sessions and users are never among them.
 */
/** Records the metrics of the conventions. Thread-safe. */
final class Instruments {

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> SERVER_ADDRESS =
      AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");

  private static final List<AttributeKey<?>> CALL =
      List.of(
          GEN_AI_OPERATION_NAME,
          GEN_AI_PROVIDER_NAME,
          GEN_AI_REQUEST_MODEL,
          GEN_AI_RESPONSE_MODEL,
          OPENAI_RESPONSE_SERVICE_TIER,
          SERVER_ADDRESS,
          SERVER_PORT,
          ERROR_TYPE);
  private static final List<AttributeKey<?>> AGENT =
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_AGENT_NAME, GEN_AI_REQUEST_MODEL, ERROR_TYPE);
  private static final List<AttributeKey<?>> TOOL =
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_TOOL_NAME, GEN_AI_AGENT_NAME, ERROR_TYPE);
  private static final List<AttributeKey<?>> WORKFLOW =
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_WORKFLOW_NAME, ERROR_TYPE);
  private static final List<AttributeKey<?>> MCP =
      List.of(
          MCP_METHOD_NAME,
          GEN_AI_OPERATION_NAME,
          GEN_AI_TOOL_NAME,
          GEN_AI_PROMPT_NAME,
          MCP_PROTOCOL_VERSION,
          AttributeKey.stringKey("network.transport"),
          AttributeKey.stringKey("network.protocol.name"),
          McpCall.RPC_RESPONSE_STATUS_CODE,
          ERROR_TYPE);

  /** Not yet among the values of the registry. */
  private static final String UNKNOWN_MODALITY = "unknown";

  private final boolean core;
  private final DoubleHistogram inferenceDuration;
  private final DoubleHistogram operationDuration;
  private final DoubleHistogram timeToFirstChunk;
  private final DoubleHistogram timePerChunk;
  private final LongHistogram tokenUsage;
  private final LongHistogram inputPerCall;
  private final LongHistogram outputPerCall;
  private final LongCounter input;
  private final LongCounter output;
  private final LongCounter cacheRead;
  private final LongCounter cacheWrite;
  private final LongCounter reasoning;
  private final DoubleHistogram agentDuration;
  private final LongHistogram agentInferenceCalls;
  private final LongHistogram agentToolCalls;
  private final DoubleHistogram toolDuration;
  private final DoubleHistogram workflowDuration;
  private final DoubleHistogram mcpClientDuration;
  private final DoubleHistogram mcpServerDuration;

  private Instruments(Factory of, boolean core) {
    this.core = core;
    inferenceDuration = of.seconds(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_DURATION);
    operationDuration = of.seconds(GenAiMetrics.GEN_AI_CLIENT_OPERATION_DURATION);
    timeToFirstChunk = of.seconds(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK);
    timePerChunk = of.seconds(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK);
    tokenUsage = of.counts(GenAiMetrics.GEN_AI_CLIENT_TOKEN_USAGE);
    inputPerCall = of.counts(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS);
    outputPerCall = of.counts(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS);
    input = of.counter(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS);
    output = of.counter(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS);
    cacheRead = of.counter(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS);
    cacheWrite = of.counter(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS);
    reasoning = of.counter(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS);
    agentDuration = of.seconds(GenAiMetrics.GEN_AI_INVOKE_AGENT_DURATION);
    agentInferenceCalls = of.counts(GenAiMetrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS);
    agentToolCalls = of.counts(GenAiMetrics.GEN_AI_INVOKE_AGENT_TOOL_CALLS);
    toolDuration = of.seconds(GenAiMetrics.GEN_AI_EXECUTE_TOOL_DURATION);
    workflowDuration = of.seconds(GenAiMetrics.GEN_AI_INVOKE_WORKFLOW_DURATION);
    mcpClientDuration = of.seconds(GenAiMetrics.MCP_CLIENT_OPERATION_DURATION);
    mcpServerDuration = of.seconds(GenAiMetrics.MCP_SERVER_OPERATION_DURATION);
  }

  static Instruments of(OpenTelemetry openTelemetry, ConventionVersion generation) {
    Meter meter = openTelemetry.getMeterProvider().get(Tracing.SCOPE);
    return new Instruments(
        new Factory(meter, generation), generation == ConventionVersion.CORE_1_41);
  }

  void inference(double seconds, @Nullable TokenUsage usage, Facts facts, Context context) {
    Attributes attributes = attributes(CALL, facts);
    inferenceDuration.record(seconds, attributes, context);
    if (usage == null) {
      return;
    }
    if (core) {
      tokens(usage, attributes, context);
      return;
    }
    record(inputPerCall, usage.input(), attributes, context);
    record(outputPerCall, usage.output(), attributes, context);
    add(input, usage.input(), usage.inputModalities(), attributes, context);
    add(output, usage.output(), usage.outputModalities(), attributes, context);
    add(cacheRead, usage.cacheRead(), usage.cacheReadModalities(), attributes, context);
    add(cacheWrite, usage.cacheWrite(), Modalities.NOT_KNOWN, attributes, context);
    add(reasoning, usage.reasoning(), Modalities.NOT_KNOWN, attributes, context);
  }

  void embeddings(double seconds, @Nullable TokenUsage usage, Facts facts, Context context) {
    Attributes attributes = attributes(CALL, facts);
    operationDuration.record(seconds, attributes, context);
    if (usage != null) {
      tokens(usage, attributes, context);
    }
  }

  void operation(double seconds, Facts facts, Context context) {
    operationDuration.record(seconds, attributes(CALL, facts), context);
  }

  void timeToFirstChunk(double seconds, Facts facts, Context context) {
    timeToFirstChunk.record(seconds, attributes(CALL, facts), context);
  }

  /**
   * @param attributes of the call, see {@link #ofCall}
   */
  void timePerChunk(double seconds, Attributes attributes, Context context) {
    timePerChunk.record(seconds, attributes, context);
  }

  static Attributes ofCall(Facts facts) {
    return attributes(CALL, facts);
  }

  void agent(double seconds, AgentContext agent, Facts facts, Context context) {
    Attributes attributes = attributes(AGENT, facts);
    agentDuration.record(seconds, attributes, context);
    agentInferenceCalls.record(agent.inferenceCalls(), attributes, context);
    agentToolCalls.record(agent.toolCalls(), attributes, context);
  }

  void tool(double seconds, Facts facts, Context context) {
    toolDuration.record(seconds, attributes(TOOL, facts), context);
  }

  void workflow(double seconds, Facts facts, Context context) {
    workflowDuration.record(seconds, attributes(WORKFLOW, facts), context);
  }

  void mcp(double seconds, boolean server, Facts facts, Context context) {
    (server ? mcpServerDuration : mcpClientDuration)
        .record(seconds, attributes(MCP, facts), context);
  }

  private void tokens(TokenUsage usage, Attributes attributes, Context context) {
    record(
        tokenUsage,
        usage.input(),
        with(attributes, GEN_AI_TOKEN_TYPE, GenAiTokenTypeValues.INPUT),
        context);
    record(
        tokenUsage,
        usage.output(),
        with(attributes, GEN_AI_TOKEN_TYPE, GenAiTokenTypeValues.OUTPUT),
        context);
  }

  private static void record(
      LongHistogram histogram, long count, Attributes attributes, Context context) {
    if (count != UNKNOWN) {
      histogram.record(count, attributes, context);
    }
  }

  /** Adds a count by modality; what the modalities do not cover is of an unknown one. */
  private static void add(
      LongCounter counter, long count, Modalities of, Attributes attributes, Context context) {
    if (count == UNKNOWN) {
      return;
    }
    long rest = count;
    rest -= add(counter, of.text(), rest, GenAiTokenModalityValues.TEXT, attributes, context);
    rest -= add(counter, of.image(), rest, GenAiTokenModalityValues.IMAGE, attributes, context);
    rest -= add(counter, of.audio(), rest, GenAiTokenModalityValues.AUDIO, attributes, context);
    add(counter, rest, rest, UNKNOWN_MODALITY, attributes, context);
  }

  private static long add(
      LongCounter counter,
      long count,
      long most,
      String modality,
      Attributes attributes,
      Context context) {
    long counted = Math.min(count, most);
    if (counted <= 0) {
      return 0;
    }
    counter.add(counted, with(attributes, GEN_AI_TOKEN_MODALITY, modality), context);
    return counted;
  }

  private static Attributes with(Attributes attributes, AttributeKey<String> key, String value) {
    return attributes.toBuilder().put(key, value).build();
  }

  private static Attributes attributes(List<AttributeKey<?>> keys, Facts facts) {
    AttributesBuilder attributes = Attributes.builder();
    for (AttributeKey<?> key : keys) {
      copy(key, facts, attributes);
    }
    return attributes.build();
  }

  private static <T> void copy(AttributeKey<T> key, Facts facts, AttributesBuilder to) {
    T value = facts.get(key);
    if (value != null) {
      to.put(key, value);
    }
  }

  /** Creates instruments under the names of a generation. */
  private record Factory(Meter meter, ConventionVersion generation) {

    private static final Meter NOOP = MeterProvider.noop().get(Tracing.SCOPE);

    DoubleHistogram seconds(GenAiMetric metric) {
      DoubleHistogramBuilder builder =
          meter(metric)
              .histogramBuilder(name(metric))
              .setUnit(metric.unit())
              .setDescription(metric.description());
      if (!metric.buckets().isEmpty()) {
        builder.setExplicitBucketBoundariesAdvice(metric.buckets());
      }
      return builder.build();
    }

    LongHistogram counts(GenAiMetric metric) {
      LongHistogramBuilder builder =
          meter(metric)
              .histogramBuilder(name(metric))
              .ofLongs()
              .setUnit(metric.unit())
              .setDescription(metric.description());
      if (!metric.buckets().isEmpty()) {
        builder.setExplicitBucketBoundariesAdvice(
            metric.buckets().stream().map(Double::longValue).toList());
      }
      return builder.build();
    }

    LongCounter counter(GenAiMetric metric) {
      return meter(metric)
          .counterBuilder(name(metric))
          .setUnit(metric.unit())
          .setDescription(metric.description())
          .build();
    }

    private Meter meter(GenAiMetric metric) {
      return metric.name(generation) == null ? NOOP : meter;
    }

    private String name(GenAiMetric metric) {
      String name = metric.name(generation);
      return name == null ? metric.name() : name;
    }
  }
}
