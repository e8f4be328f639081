package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** Attributes that Tallyspan writes where the conventions have no name. */
public final class TallyspanAttributes {

  /** The dialects that the span was written in, strongest first. */
  public static final AttributeKey<List<String>> TALLYSPAN_DIALECT =
      AttributeKey.stringArrayKey("tallyspan.dialect");

  /**
   * Where the token counts come from: as received, from a raw payload of the provider, or from a
   * tokenizer.
   */
  public static final AttributeKey<String> TALLYSPAN_USAGE_SOURCE =
      AttributeKey.stringKey("tallyspan.usage.source");

  /** The tokenizer that counted the tokens, if they are estimated: jtokkit/o200k_base@1.1.0. */
  public static final AttributeKey<String> TALLYSPAN_USAGE_ESTIMATOR =
      AttributeKey.stringKey("tallyspan.usage.estimator");

  /** How Tallyspan decided whether the input count included the cache tokens. */
  public static final AttributeKey<String> TALLYSPAN_USAGE_SEMANTICS =
      AttributeKey.stringKey("tallyspan.usage.semantics");

  /** Cache writes that live five minutes. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_WRITE_5M_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_write_5m.input_tokens");

  /** Cache writes that live an hour. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_WRITE_1H_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_write_1h.input_tokens");

  /**
   * The requested model, on a span that is not billed and whose sender wrote token counts but no
   * model.
   */
  public static final AttributeKey<String> TALLYSPAN_REQUEST_MODEL =
      AttributeKey.stringKey("tallyspan.request.model");

  /** The model that generated the response, on such a span. */
  public static final AttributeKey<String> TALLYSPAN_RESPONSE_MODEL =
      AttributeKey.stringKey("tallyspan.response.model");

  /**
   * All input tokens, on a span that is not billed and whose sender did not write them as a
   * standard attribute.
   */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.input_tokens");

  /** All output tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.output_tokens");

  /** Input tokens read from the provider's cache, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_read.input_tokens");

  /** Input tokens written to the provider's cache, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_WRITE_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_write.input_tokens");

  /** Output tokens spent on reasoning, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_REASONING_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.reasoning.output_tokens");

  /** Text input tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_TEXT_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.text.input_tokens");

  /** Image input tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_IMAGE_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.image.input_tokens");

  /** Audio input tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_AUDIO_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.audio.input_tokens");

  /** Text output tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_TEXT_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.text.output_tokens");

  /** Image output tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_IMAGE_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.image.output_tokens");

  /** Audio output tokens, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_AUDIO_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.audio.output_tokens");

  /** Text input tokens read from the cache, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_TEXT_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.text.cache_read.input_tokens");

  /** Image input tokens read from the cache, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.image.cache_read.input_tokens");

  /** Audio input tokens read from the cache, on such a span. */
  public static final AttributeKey<Long> TALLYSPAN_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.audio.cache_read.input_tokens");

  /** How complete the cost is and where it comes from. */
  public static final AttributeKey<String> TALLYSPAN_COST_STATUS =
      AttributeKey.stringKey("tallyspan.cost.status");

  /** The units or conditions that have no price, or the reason why there is no price. */
  public static final AttributeKey<List<String>> TALLYSPAN_COST_MISSING =
      AttributeKey.stringArrayKey("tallyspan.cost.missing");

  /** Cost of this operation alone; absent unless priced, free, partial or reported. */
  public static final AttributeKey<Double> TALLYSPAN_COST_TOTAL =
      AttributeKey.doubleKey("tallyspan.cost.total");

  /** The total as an exact plain decimal. */
  public static final AttributeKey<String> TALLYSPAN_COST_TOTAL_EXACT =
      AttributeKey.stringKey("tallyspan.cost.total_exact");

  /** Currency of all costs on the span, ISO 4217. */
  public static final AttributeKey<String> TALLYSPAN_COST_CURRENCY =
      AttributeKey.stringKey("tallyspan.cost.currency");

  /**
   * The total before conversion to another currency, as an exact plain decimal; absent without
   * conversion.
   */
  public static final AttributeKey<String> TALLYSPAN_COST_ORIGINAL_TOTAL_EXACT =
      AttributeKey.stringKey("tallyspan.cost.original.total_exact");

  /** The currency of the costs before conversion, ISO 4217. */
  public static final AttributeKey<String> TALLYSPAN_COST_ORIGINAL_CURRENCY =
      AttributeKey.stringKey("tallyspan.cost.original.currency");

  /** Value of one unit of the original currency, as used for the conversion, as a plain decimal. */
  public static final AttributeKey<String> TALLYSPAN_COST_EXCHANGE_RATE =
      AttributeKey.stringKey("tallyspan.cost.exchange_rate");

  /** Part of the total for uncached input; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_INPUT =
      AttributeKey.doubleKey("tallyspan.cost.input");

  /** Part of the total for input read from the cache; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_CACHE_READ =
      AttributeKey.doubleKey("tallyspan.cost.cache_read");

  /** Part of the total for input written to the cache; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_CACHE_WRITE =
      AttributeKey.doubleKey("tallyspan.cost.cache_write");

  /** Part of the total for output, without reasoning if that has its own price; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_OUTPUT =
      AttributeKey.doubleKey("tallyspan.cost.output");

  /** Part of the total for reasoning that has its own price; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_REASONING =
      AttributeKey.doubleKey("tallyspan.cost.reasoning");

  /** Part of the total for audio; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_AUDIO =
      AttributeKey.doubleKey("tallyspan.cost.audio");

  /** Part of the total for images; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_IMAGE =
      AttributeKey.doubleKey("tallyspan.cost.image");

  /** Part of the total for the provider's own tools; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_TOOL =
      AttributeKey.doubleKey("tallyspan.cost.tool");

  /** Part of the total that is charged per request; absent if zero. */
  public static final AttributeKey<Double> TALLYSPAN_COST_REQUEST =
      AttributeKey.doubleKey("tallyspan.cost.request");

  /** The price card: provider/model, followed by a hash sign and the condition, if any. */
  public static final AttributeKey<String> TALLYSPAN_COST_PRICE =
      AttributeKey.stringKey("tallyspan.cost.price");

  /** Version of the price catalog. */
  public static final AttributeKey<String> TALLYSPAN_COST_CATALOG =
      AttributeKey.stringKey("tallyspan.cost.catalog");

  /** Hexadecimal id of the span on which this call is billed. */
  public static final AttributeKey<String> TALLYSPAN_COST_DUPLICATE_OF =
      AttributeKey.stringKey("tallyspan.cost.duplicate_of");

  /** Hexadecimal id of a span that may describe the same call; both are billed. */
  public static final AttributeKey<String> TALLYSPAN_COST_POSSIBLE_DUPLICATE_OF =
      AttributeKey.stringKey("tallyspan.cost.possible_duplicate_of");

  /** Cost of the span itself and its billed descendants. */
  public static final AttributeKey<Double> TALLYSPAN_ROLLUP_COST =
      AttributeKey.doubleKey("tallyspan.rollup.cost");

  /**
   * Currency of the cost of the span itself and its billed descendants, ISO 4217; absent if they
   * have several, or no cost.
   */
  public static final AttributeKey<String> TALLYSPAN_ROLLUP_CURRENCY =
      AttributeKey.stringKey("tallyspan.rollup.currency");

  /** Input tokens of the span itself and its billed descendants; absent if zero. */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.rollup.input_tokens");

  /** Output tokens of the span itself and its billed descendants; absent if zero. */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.rollup.output_tokens");

  /**
   * Input tokens that the span itself and its billed descendants read from a cache; absent if zero.
   */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_CACHE_READ_TOKENS =
      AttributeKey.longKey("tallyspan.rollup.cache_read_tokens");

  /** Number of billed calls among the span itself and its descendants. */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_CALLS =
      AttributeKey.longKey("tallyspan.rollup.calls");

  /** Number of failed operations among the span itself and its descendants; absent if zero. */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_ERRORS =
      AttributeKey.longKey("tallyspan.rollup.errors");

  /** How many of the billed calls have no complete cost; absent if zero. */
  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_UNPRICED_CALLS =
      AttributeKey.longKey("tallyspan.rollup.unpriced_calls");

  /** On a root span: the models of the billed calls of the trace, sorted. */
  public static final AttributeKey<List<String>> TALLYSPAN_TRACE_MODELS =
      AttributeKey.stringArrayKey("tallyspan.trace.models");

  /** On a root span: the services whose spans are about LLMs, sorted. */
  public static final AttributeKey<List<String>> TALLYSPAN_TRACE_SERVICES =
      AttributeKey.stringArrayKey("tallyspan.trace.services");

  /** On a root span: the share of LLM calls in the critical path of the trace, from 0 to 1. */
  public static final AttributeKey<Double> TALLYSPAN_TRACE_LLM_TIME_SHARE =
      AttributeKey.doubleKey("tallyspan.trace.llm_time_share");

  /** On a root span: seconds from its start to the first chunk of the first streamed response. */
  public static final AttributeKey<Double> TALLYSPAN_TRACE_TIME_TO_FIRST_CHUNK =
      AttributeKey.doubleKey("tallyspan.trace.time_to_first_chunk");

  /** How many spans this one stands for, because others were sampled out; absent if only itself. */
  public static final AttributeKey<Double> TALLYSPAN_SAMPLING_WEIGHT =
      AttributeKey.doubleKey("tallyspan.sampling.weight");

  /** Present and true if the parent of the span was not seen. */
  public static final AttributeKey<Boolean> TALLYSPAN_TREE_ORPHAN =
      AttributeKey.booleanKey("tallyspan.tree.orphan");

  private TallyspanAttributes() {}

  /** Well-known values of {@link #TALLYSPAN_USAGE_SOURCE}. */
  public static final class TallyspanUsageSourceValues {

    /** {@value} */
    public static final String REPORTED = "reported";

    /** {@value} */
    public static final String RECOVERED = "recovered";

    /** {@value} */
    public static final String ESTIMATED = "estimated";

    private TallyspanUsageSourceValues() {}
  }

  /** Well-known values of {@link #TALLYSPAN_USAGE_SEMANTICS}. */
  public static final class TallyspanUsageSemanticsValues {

    /** {@value} */
    public static final String PROVEN_INCLUSIVE = "proven_inclusive";

    /** {@value} */
    public static final String PROVEN_EXCLUSIVE = "proven_exclusive";

    /** {@value} */
    public static final String PRESUMED_INCLUSIVE = "presumed_inclusive";

    /** {@value} */
    public static final String PRESUMED_EXCLUSIVE = "presumed_exclusive";

    /** {@value} */
    public static final String ASSUMED = "assumed";

    private TallyspanUsageSemanticsValues() {}
  }

  /** Well-known values of {@link #TALLYSPAN_COST_STATUS}. */
  public static final class TallyspanCostStatusValues {

    /** {@value} */
    public static final String PRICED = "priced";

    /** {@value} */
    public static final String FREE = "free";

    /** {@value} */
    public static final String PARTIAL = "partial";

    /** {@value} */
    public static final String UNPRICED = "unpriced";

    /** {@value} */
    public static final String PROVIDER_REPORTED = "provider_reported";

    /** {@value} */
    public static final String DUPLICATE = "duplicate";

    /** {@value} */
    public static final String AGGREGATE = "aggregate";

    /** {@value} */
    public static final String NOT_BILLABLE = "not_billable";

    private TallyspanCostStatusValues() {}
  }
}
