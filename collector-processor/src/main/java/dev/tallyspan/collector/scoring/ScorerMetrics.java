package dev.tallyspan.collector.scoring;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts what a scorer does. Thread-safe. */
final class ScorerMetrics {

  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final AttributeKey<String> RULE = AttributeKey.stringKey("rule");
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  /** What a rule did with a span that it selects. */
  enum Scored {
    PASS,
    FAIL,
    /** The check could not be made. */
    ERROR
  }

  /** What became of a span that the webhook selects. */
  enum Asked {
    /** The webhook answered. */
    ANSWERED,
    /** The request failed, took too long, or its response cannot be read. */
    FAILED,
    /** Too much waited, or the server was closed. */
    DROPPED
  }

  /** What became of a result in a response of the webhook. */
  enum Returned {
    ACCEPTED,
    /** It is of a span that was not asked about, or has no score. */
    INVALID,
    /** The pipeline did not accept it. */
    REFUSED
  }

  private final LongCounter scores;
  private final LongCounter asked;
  private final LongCounter returned;
  private final String processor;
  private final Map<Asked, Attributes> askedLabels = new EnumMap<>(Asked.class);
  private final Map<Returned, Attributes> returnedLabels = new EnumMap<>(Returned.class);

  /**
   * @param webhook whether there is one
   */
  ScorerMetrics(String processor, List<ScoringRule> rules, boolean webhook, Meter meter) {
    this.processor = processor;
    scores =
        meter
            .counterBuilder("tallyspan_scorer_scores")
            .setUnit("{score}")
            .setDescription("Scores that rules gave, by rule and result: pass, fail or error.")
            .build();
    asked =
        meter
            .counterBuilder("tallyspan_scorer_webhook_spans")
            .setUnit("{span}")
            .setDescription("Spans for the webhook, by result: answered, failed or dropped.")
            .build();
    returned =
        meter
            .counterBuilder("tallyspan_scorer_webhook_scores")
            .setUnit("{score}")
            .setDescription(
                "Scores that the webhook returned, by result: accepted, invalid or refused.")
            .build();
    for (Asked each : Asked.values()) {
      askedLabels.put(each, Attributes.of(PROCESSOR, processor, RESULT, word(each)));
    }
    for (Returned each : Returned.values()) {
      returnedLabels.put(each, Attributes.of(PROCESSOR, processor, RESULT, word(each)));
    }
    for (ScoringRule rule : rules) {
      for (Scored each : Scored.values()) {
        scores.add(0, labels(rule, each));
      }
    }
    if (webhook) {
      askedLabels.values().forEach(labels -> asked.add(0, labels));
      returnedLabels.values().forEach(labels -> returned.add(0, labels));
    }
  }

  private Attributes labels(ScoringRule rule, Scored result) {
    return Attributes.of(PROCESSOR, processor, RULE, rule.name(), RESULT, word(result));
  }

  private static String word(Enum<?> result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  void scored(ScoringRule rule, Scored result) {
    scores.add(1, labels(rule, result));
  }

  void asked(Asked result, int spans) {
    asked.add(spans, askedLabels.getOrDefault(result, Attributes.empty()));
  }

  void returned(Returned result, int scores) {
    returned.add(scores, returnedLabels.getOrDefault(result, Attributes.empty()));
  }
}
