package dev.tallyspan.collector.output.metrics;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.accounting.CountedSpan;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.accounting.Dimension;
import dev.tallyspan.collector.accounting.SpanListener;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiAttributes.GenAiTokenTypeValues;
import dev.tallyspan.semconv.GenAiMetric;
import dev.tallyspan.semconv.GenAiMetrics;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;

/**
 * Records the metrics of the GenAI conventions, and those of costs, from spans about LLMs. Every
 * billed call counts once; duplicates are counted apart. Thread-safe.
 *
 * <p>Metrics have the names of v1.41, the last released generation of the conventions, which
 * dashboards expect; counts that it has no metric for have the names of the newest generation.
 */
public final class SpanMetrics implements SpanListener {

  private static final AttributeKey<String> TOKEN_TYPE = GenAiAttributes.GEN_AI_TOKEN_TYPE;
  private static final AttributeKey<String> MODALITY = GenAiAttributes.GEN_AI_TOKEN_MODALITY;
  private static final AttributeKey<String> RULE =
      AttributeKey.stringKey("tallyspan.duplicate.rule");

  /** The modality of tokens of which no sender says what they are. */
  private static final String UNKNOWN_MODALITY = "unknown";

  private static final double NANOS = 1e9;

  private final List<Label> labels;
  private final DoubleHistogram duration;
  private final DoubleHistogram timeToFirstChunk;
  private final LongHistogram tokens;
  private final LongCounter cacheReadTokens;
  private final LongCounter cacheWriteTokens;
  private final LongCounter reasoningTokens;
  private final DoubleCounter cost;
  private final LongCounter unpricedTokens;
  private final LongCounter duplicates;

  private record Label(AttributeKey<String> key, Dimension dimension) {}

  /**
   * @param meter whose cardinality limit bounds the series of each metric
   */
  public SpanMetrics(Meter meter, List<Dimension> dimensions) {
    requireNonNull(meter, "meter");
    labels =
        dimensions.stream().map(it -> new Label(AttributeKey.stringKey(it.key()), it)).toList();
    duration =
        seconds(
            meter, GenAiMetrics.GEN_AI_CLIENT_OPERATION_DURATION, "How long an operation took.");
    GenAiMetric firstChunk = GenAiMetrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK;
    timeToFirstChunk = seconds(meter, firstChunk, firstChunk.description());
    tokens = tokens(meter, GenAiMetrics.GEN_AI_CLIENT_TOKEN_USAGE);
    cacheReadTokens =
        counter(meter, GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS);
    cacheWriteTokens =
        counter(meter, GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS);
    reasoningTokens =
        counter(meter, GenAiMetrics.GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS);
    cost =
        meter
            .counterBuilder("tallyspan.cost")
            .ofDoubles()
            .setUnit("{currency}")
            .setDescription(
                "Cost of billed calls, by `tallyspan.cost.currency` and `tallyspan.cost.status`.")
            .build();
    unpricedTokens =
        meter
            .counterBuilder("tallyspan.unpriced.tokens")
            .setUnit("{token}")
            .setDescription("Tokens of billed calls without a price, by `gen_ai.token.type`.")
            .build();
    duplicates =
        meter
            .counterBuilder("tallyspan.duplicates.suppressed")
            .setUnit("{span}")
            .setDescription(
                "Spans whose call another span bills, or that were sent again, by"
                    + " `tallyspan.duplicate.rule`.")
            .build();
  }

  private static DoubleHistogram seconds(Meter meter, GenAiMetric metric, String description) {
    return meter
        .histogramBuilder(name(metric))
        .setUnit(metric.unit())
        .setDescription(description)
        .setExplicitBucketBoundariesAdvice(metric.buckets())
        .build();
  }

  private static LongHistogram tokens(Meter meter, GenAiMetric metric) {
    return meter
        .histogramBuilder(name(metric))
        .ofLongs()
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .setExplicitBucketBoundariesAdvice(
            metric.buckets().stream().map(Double::longValue).toList())
        .build();
  }

  private static LongCounter counter(Meter meter, GenAiMetric metric) {
    return meter
        .counterBuilder(name(metric))
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .build();
  }

  private static String name(GenAiMetric metric) {
    String released = metric.name(ConventionVersion.CORE_1_41);
    return released == null ? metric.name() : released;
  }

  @Override
  public void onSpan(CountedSpan span) {
    Attributes attributes = attributes(span);
    if (span.counts() == Counts.BILLED || span.counts() == Counts.NOT_BILLED) {
      Context exemplar = exemplar(span.record());
      times(span, attributes, exemplar);
      if (span.counts() == Counts.BILLED) {
        usage(span, attributes, exemplar);
        cost(span.record().cost(), attributes, exemplar);
      }
    } else if (isSuppressed(span)) {
      duplicates.add(1, attributes.toBuilder().put(RULE, span.rule()).build());
    }
  }

  /** A span that is sent again suppresses a second bill only if it is one that is billed. */
  private static boolean isSuppressed(CountedSpan span) {
    return span.counts() == Counts.DUPLICATE || span.record().cost().status().isBilled();
  }

  private Attributes attributes(CountedSpan span) {
    AttributesBuilder attributes = Attributes.builder();
    for (Label label : labels) {
      String value = label.dimension.value(span);
      if (value != null) {
        attributes.put(label.key, value);
      }
    }
    return attributes.build();
  }

  private void times(CountedSpan span, Attributes attributes, Context exemplar) {
    SpanRecord record = span.record();
    long nanos = record.endEpochNanos() - record.startEpochNanos();
    // A log record has no duration, and a span without a start none that is known.
    if (record.startEpochNanos() != 0 && nanos > 0) {
      duration.record(nanos / NANOS, attributes, exemplar);
    }
    Double firstChunk = span.llm().timeToFirstChunk();
    if (span.counts() == Counts.BILLED && firstChunk != null && firstChunk >= 0) {
      timeToFirstChunk.record(firstChunk, attributes, exemplar);
    }
  }

  private void usage(CountedSpan span, Attributes attributes, Context exemplar) {
    TokenUsage usage = span.llm().usage();
    if (usage == null) {
      return;
    }
    Attributes input = attributes.toBuilder().put(TOKEN_TYPE, GenAiTokenTypeValues.INPUT).build();
    Attributes output = attributes.toBuilder().put(TOKEN_TYPE, GenAiTokenTypeValues.OUTPUT).build();
    boolean unpriced = span.record().cost().status() == Cost.Status.UNPRICED;
    if (usage.input() != TokenUsage.UNKNOWN) {
      tokens.record(usage.input(), input, exemplar);
      if (unpriced) {
        unpricedTokens.add(usage.input(), input, exemplar);
      }
    }
    if (usage.output() != TokenUsage.UNKNOWN) {
      tokens.record(usage.output(), output, exemplar);
      if (unpriced) {
        unpricedTokens.add(usage.output(), output, exemplar);
      }
    }
    byModality(
        cacheReadTokens, usage.cacheRead(), usage.cacheReadModalities(), attributes, exemplar);
    byModality(cacheWriteTokens, usage.cacheWrite(), Modalities.NOT_KNOWN, attributes, exemplar);
    byModality(reasoningTokens, usage.reasoning(), Modalities.NOT_KNOWN, attributes, exemplar);
  }

  /** Adds each known part of a total under its modality, and the rest as of unknown modality. */
  private static void byModality(
      LongCounter counter, long total, Modalities parts, Attributes attributes, Context exemplar) {
    long rest = TokenUsage.known(total);
    rest = add(counter, rest, parts.text(), "text", attributes, exemplar);
    rest = add(counter, rest, parts.image(), "image", attributes, exemplar);
    rest = add(counter, rest, parts.audio(), "audio", attributes, exemplar);
    rest = add(counter, rest, parts.video(), "video", attributes, exemplar);
    add(counter, rest, rest, UNKNOWN_MODALITY, attributes, exemplar);
  }

  private static long add(
      LongCounter counter,
      long rest,
      long part,
      String modality,
      Attributes attributes,
      Context exemplar) {
    long count = Math.min(rest, TokenUsage.known(part));
    if (count > 0) {
      counter.add(count, attributes.toBuilder().put(MODALITY, modality).build(), exemplar);
    }
    return rest - count;
  }

  private void cost(Cost billed, Attributes attributes, Context exemplar) {
    Double total = billed.total();
    String currency = billed.currency();
    if (total == null || currency == null || !(total >= 0)) {
      return;
    }
    cost.add(
        total,
        attributes.toBuilder()
            .put(TallyspanAttributes.TALLYSPAN_COST_CURRENCY, currency)
            .put(TallyspanAttributes.TALLYSPAN_COST_STATUS, billed.status().wireName())
            .build(),
        exemplar);
  }

  /** Returns a context by which the SDK keeps the ids of the span as an exemplar. */
  private static Context exemplar(SpanRecord record) {
    SpanContext span =
        SpanContext.create(
            record.traceId(), record.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    return span.isValid() ? Context.root().with(Span.wrap(span)) : Context.root();
  }
}
