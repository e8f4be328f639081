package dev.tallyspan.semconv;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** The attributes that Tallyspan writes where the conventions have no name. */
public final class TallyspanAttributes {

  public static final AttributeKey<List<String>> TALLYSPAN_DIALECT =
      AttributeKey.stringArrayKey("tallyspan.dialect");

  public static final AttributeKey<String> TALLYSPAN_USAGE_SOURCE =
      AttributeKey.stringKey("tallyspan.usage.source");

  public static final AttributeKey<String> TALLYSPAN_USAGE_SEMANTICS =
      AttributeKey.stringKey("tallyspan.usage.semantics");

  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_WRITE_5M_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_write_5m.input_tokens");

  public static final AttributeKey<Long> TALLYSPAN_USAGE_CACHE_WRITE_1H_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.usage.cache_write_1h.input_tokens");

  public static final AttributeKey<String> TALLYSPAN_COST_STATUS =
      AttributeKey.stringKey("tallyspan.cost.status");

  public static final AttributeKey<Double> TALLYSPAN_COST_TOTAL =
      AttributeKey.doubleKey("tallyspan.cost.total");

  public static final AttributeKey<String> TALLYSPAN_COST_TOTAL_EXACT =
      AttributeKey.stringKey("tallyspan.cost.total_exact");

  public static final AttributeKey<String> TALLYSPAN_COST_CURRENCY =
      AttributeKey.stringKey("tallyspan.cost.currency");

  public static final AttributeKey<Double> TALLYSPAN_COST_INPUT =
      AttributeKey.doubleKey("tallyspan.cost.input");

  public static final AttributeKey<Double> TALLYSPAN_COST_CACHE_READ =
      AttributeKey.doubleKey("tallyspan.cost.cache_read");

  public static final AttributeKey<Double> TALLYSPAN_COST_CACHE_WRITE =
      AttributeKey.doubleKey("tallyspan.cost.cache_write");

  public static final AttributeKey<Double> TALLYSPAN_COST_OUTPUT =
      AttributeKey.doubleKey("tallyspan.cost.output");

  public static final AttributeKey<Double> TALLYSPAN_COST_REASONING =
      AttributeKey.doubleKey("tallyspan.cost.reasoning");

  public static final AttributeKey<Double> TALLYSPAN_COST_AUDIO =
      AttributeKey.doubleKey("tallyspan.cost.audio");

  public static final AttributeKey<Double> TALLYSPAN_COST_IMAGE =
      AttributeKey.doubleKey("tallyspan.cost.image");

  public static final AttributeKey<Double> TALLYSPAN_COST_TOOL =
      AttributeKey.doubleKey("tallyspan.cost.tool");

  public static final AttributeKey<Double> TALLYSPAN_COST_REQUEST =
      AttributeKey.doubleKey("tallyspan.cost.request");

  public static final AttributeKey<String> TALLYSPAN_COST_PRICE =
      AttributeKey.stringKey("tallyspan.cost.price");

  public static final AttributeKey<String> TALLYSPAN_COST_CATALOG =
      AttributeKey.stringKey("tallyspan.cost.catalog");

  public static final AttributeKey<String> TALLYSPAN_COST_DUPLICATE_OF =
      AttributeKey.stringKey("tallyspan.cost.duplicate_of");

  public static final AttributeKey<Double> TALLYSPAN_ROLLUP_COST =
      AttributeKey.doubleKey("tallyspan.rollup.cost");

  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_INPUT_TOKENS =
      AttributeKey.longKey("tallyspan.rollup.input_tokens");

  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_OUTPUT_TOKENS =
      AttributeKey.longKey("tallyspan.rollup.output_tokens");

  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_CALLS =
      AttributeKey.longKey("tallyspan.rollup.calls");

  public static final AttributeKey<Long> TALLYSPAN_ROLLUP_ERRORS =
      AttributeKey.longKey("tallyspan.rollup.errors");

  private TallyspanAttributes() {}
}
