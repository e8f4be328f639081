package dev.tallyspan.enrichment.estimate;

import static java.util.Objects.requireNonNull;

import com.knuddels.jtokkit.api.EncodingType;
import dev.tallyspan.enrichment.EstimateEligibility;
import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.Set;

/*
 * When an estimate is useful.
 *
 * A number is right or absent, and an estimate is neither. So tokens are counted only where the count can be close to
 * the bill: a chat without any usage, with all of its texts on the span, and a model whose encoding is published.
 * Anything that is billed but not visible rules it out: tools (how they are presented to the model is not published),
 * images and audio, reasoning, structured output, an earlier response that the provider keeps, a failed call. For the
 * answer of a reasoning model the count would be a lower bound, and in a sum it would look like an exact number.
 *
 * Known errors: tools that were offered but not recorded; a cache that made a part of the input cheaper. The count is
 * marked, so that all estimates can be excluded from a sum.
 */
/**
 * Counts the tokens of chats without reported usage. The metric {@code tallyspan_usage_estimates}
 * by {@code result} counts how many were estimated, and why others were not. Thread-safe.
 */
public final class UsageEstimator implements TokenEstimator {

  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  /** These have usage, or do not need it for a bill. */
  private static final Set<EstimateEligibility> NOT_CONCERNED =
      Set.of(
          EstimateEligibility.PROCESSED_BEFORE,
          EstimateEligibility.HAS_USAGE,
          EstimateEligibility.NOT_A_CALL,
          EstimateEligibility.HAS_COST);

  private static final int SPANS_OF_FULL_LENGTH = 5;

  private final int maxCharacters;
  private final Deployments deployments;
  private final LongCounter estimates;

  private UsageEstimator(Builder builder) {
    this.maxCharacters = builder.maxCharacters;
    this.deployments = builder.deployments;
    this.estimates =
        builder
            .meter
            .counterBuilder("tallyspan_usage_estimates")
            .setDescription("Calls without usage, by whether their tokens could be counted.")
            .setUnit("{call}")
            .build();
  }

  /** {@return a builder} */
  public static Builder builder() {
    return new Builder();
  }

  /** Loads the tokenizers now, which takes about a second, so that no request waits for them. */
  public void load() {
    Tokenizers.of(EncodingType.O200K_BASE);
    Tokenizers.of(EncodingType.CL100K_BASE);
  }

  @Override
  public Session session() {
    return new Request();
  }

  private final class Request implements Session {

    private long charactersLeft = (long) SPANS_OF_FULL_LENGTH * maxCharacters;

    @Override
    public Estimate estimate(LlmSpan llm, SpanView span) {
      EstimateEligibility eligibility = EstimateEligibility.of(llm, span);
      if (NOT_CONCERNED.contains(eligibility)) {
        return new Estimate(llm, null);
      }
      Estimate estimate =
          eligibility == EstimateEligibility.COUNTABLE
              ? count(llm)
              : new Estimate(llm, eligibility.wireName());
      String result = estimate.result();
      if (result != null) {
        estimates.add(1, Attributes.of(RESULT, result));
      }
      return estimate;
    }

    private Estimate count(LlmSpan llm) {
      String model =
          deployments.model(llm.responseModel() != null ? llm.responseModel() : llm.requestModel());
      EncodingType type = model == null ? null : ModelEncodings.of(model);
      if (type == null) {
        boolean reasoning = model != null && ModelEncodings.isReasoning(model);
        return new Estimate(llm, reasoning ? "reasoning_model" : "unknown_model");
      }
      long characters = ChatTokens.characters(llm);
      if (characters > maxCharacters || characters > charactersLeft) {
        return new Estimate(llm, "too_long");
      }
      charactersLeft -= characters;
      try {
        ChatTokens tokens = ChatTokens.count(llm, Tokenizers.of(type));
        return new Estimate(
            llm.withEstimatedUsage(tokens.input(), tokens.output(), Tokenizers.name(type)),
            ESTIMATED);
      } catch (RuntimeException e) {
        // The span loses only its estimate.
        return new Estimate(llm, "tokenizer_failed");
      }
    }
  }

  /** Builds a {@link UsageEstimator}. */
  public static final class Builder {
    private int maxCharacters = 100_000;
    private Deployments deployments = Deployments.none();
    private Meter meter = MeterProvider.noop().get("tallyspan");

    Builder() {}

    /**
     * The longest chat that is counted, in characters of its texts; a request may have five times
     * as many in all. Default: 100,000, which takes about 0.1 s.
     *
     * @param maxCharacters the limit, in characters
     * @return this
     */
    public Builder maxCharacters(int maxCharacters) {
      this.maxCharacters = maxCharacters;
      return this;
    }

    /**
     * Counts the tokens of deployments as those of their models. Default: no deployments.
     *
     * @param deployments the deployments
     * @return this
     */
    public Builder deployments(Deployments deployments) {
      this.deployments = requireNonNull(deployments, "deployments");
      return this;
    }

    /**
     * Records how many calls are estimated. Default: no metrics.
     *
     * @param meter the meter to record with
     * @return this
     */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Checks the settings and builds.
     *
     * @return the estimator
     * @throws IllegalArgumentException if the limit is not positive
     */
    public UsageEstimator build() {
      if (maxCharacters < 1) {
        throw new IllegalArgumentException("maxCharacters=" + maxCharacters + ": must be positive");
      }
      return new UsageEstimator(this);
    }
  }
}
