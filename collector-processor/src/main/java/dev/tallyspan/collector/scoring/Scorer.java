package dev.tallyspan.collector.scoring;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanChange;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.scoring.ScorerMetrics.Scored;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The processor {@code scorer} of one pipeline: gives spans scores by rules, and passes them to a
 * webhook. Acts on what was decided about whole traces, before they are sampled. Thread-safe.
 */
public final class Scorer {

  /*
   * A score by a rule is an event that the span gets when it is written. It depends on the span
   * alone, and has the time at which the span ended: each output of a pipeline computes it for
   * itself and gets the same, and so does a second delivery. A span that has a result of the same
   * name already, from its sender or from a collector before this one, gets none.
   *
   * The webhook must be asked once, so only one of the outputs does it: the step that counts.
   */

  private static final Logger LOGGER = System.getLogger(Scorer.class.getName());

  private static final String SOURCE = "gen_ai";

  private final List<ScoringRule> rules;
  private final ScorerMetrics metrics;
  private final @Nullable WebhookScorer webhook;
  private final AtomicBoolean failed = new AtomicBoolean();

  private Scorer(Builder builder) {
    rules = List.copyOf(builder.rules);
    metrics = new ScorerMetrics(builder.id, rules, builder.webhook != null, builder.meter);
    webhook =
        builder.webhook == null
            ? null
            : new WebhookScorer(builder.webhook, builder.policy, metrics, builder.clock);
  }

  /**
   * Returns a builder.
   *
   * @param id of the processor, for metrics and logs
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Sends the results of the webhook to this intake, as log records. Replaces the one before. */
  public void resultsTo(Intake intake) {
    if (webhook != null) {
      webhook.resultsTo(intake);
    }
  }

  /** The same scores for one of several outputs. */
  public TraceStep quiet() {
    return parts -> parts.stream().map(batch -> scored(batch, /* first= */ false)).toList();
  }

  /** Counts the scores, and asks the webhook. */
  public TraceStep step() {
    return parts -> parts.stream().map(batch -> scored(batch, /* first= */ true)).toList();
  }

  private Batch scored(Batch batch, boolean first) {
    if (batch.request().signal() != Signal.TRACES || !isSelected(batch)) {
      return batch;
    }
    List<SpanChange> changes = new ArrayList<>();
    try {
      batch.forEachSpan(
          (span, record, sums) -> {
            if (record != null) {
              List<Evaluation> scores = scores(batch, span, record, first);
              if (!scores.isEmpty()) {
                changes.add(SpanChange.ofEvaluations(record.item(), scores));
              }
              if (first && webhook != null) {
                webhook.offer(span, record);
              }
            }
          });
      return changes.isEmpty() ? batch : batch.changed(batch.outlines().index(), changes);
    } catch (MalformedRequestException e) {
      return batch; // Only the items of records have been read; the rest is the backend's.
    } catch (RuntimeException | StackOverflowError e) {
      failed("a request", e);
      return batch;
    }
  }

  private boolean isSelected(Batch batch) {
    for (SpanRecord record : batch.records()) {
      if (webhook != null && webhook.selects(record)) {
        return true;
      }
      for (ScoringRule rule : rules) {
        if (rule.selection().selects(record)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Evaluation> scores(Batch batch, SpanView span, SpanRecord record, boolean first) {
    List<Evaluation> scores = new ArrayList<>(0);
    Set<String> known = null;
    for (ScoringRule rule : rules) {
      if (!rule.selection().selects(record)) {
        continue;
      }
      if (known == null) {
        known = new HashSet<>();
        for (Evaluation evaluation : batch.evaluations(span, record)) {
          known.add(evaluation.name());
        }
      }
      Check.Finding finding = known.add(rule.name()) ? finding(rule, span, record, first) : null;
      if (finding != null) {
        if (first) {
          metrics.scored(rule, finding.passed() ? Scored.PASS : Scored.FAIL);
        }
        scores.add(
            new Evaluation(
                /* id= */ null,
                rule.name(),
                finding.passed() ? 1.0 : 0.0,
                finding.passed() ? "pass" : "fail",
                finding.explanation(),
                record.llm().responseId(),
                /* errorType= */ null,
                SOURCE,
                record.endEpochNanos()));
      }
    }
    return scores;
  }

  private Check.@Nullable Finding finding(
      ScoringRule rule, SpanView span, SpanRecord record, boolean first) {
    try {
      return rule.check().of(record, span.failed());
    } catch (RuntimeException | StackOverflowError e) {
      if (first) {
        metrics.scored(rule, Scored.ERROR);
        failed("the rule " + rule.name(), e);
      }
      return null;
    }
  }

  /** Logs the first failure. The class alone: a message may quote content. */
  private void failed(String what, Throwable e) {
    if (failed.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "{0} could not score a span: {1}; further failures are counted only",
          what,
          e.getClass().getName());
    }
  }

  /**
   * Waits for the webhook's response to what it was sent; what waits to be sent is dropped.
   *
   * @param limit zero = do not wait
   */
  public void close(Duration limit) {
    if (webhook != null) {
      webhook.close(limit);
    }
  }

  /** The settings of a scorer. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private List<ScoringRule> rules = List.of();
    private @Nullable WebhookSettings webhook;
    private @Nullable ContentPolicy policy;
    private Meter meter = MeterProvider.noop().get("tallyspan");
    private InstantSource clock = InstantSource.system();

    Builder(String id) {
      this.id = requireNonNull(id, "id");
    }

    /** The rules; each has a name of its own. Default: none. */
    public Builder rules(List<ScoringRule> rules) {
      this.rules = List.copyOf(rules);
      return this;
    }

    /**
     * The service that gives further scores. Default: none.
     *
     * @param policy what of the content it gets; null = everything
     */
    public Builder webhook(WebhookSettings settings, @Nullable ContentPolicy policy) {
      webhook = requireNonNull(settings, "settings");
      this.policy = policy;
      return this;
    }

    /** Records how many scores there are. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /** The time of results that come from the webhook. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * @throws IllegalArgumentException if two rules have the same name, or there is neither a rule
     *     nor a webhook
     */
    public Scorer build() {
      Set<String> names = new HashSet<>();
      for (ScoringRule rule : rules) {
        if (!names.add(rule.name())) {
          throw new IllegalArgumentException("rules: " + rule.name() + " is the name of two rules");
        }
      }
      if (rules.isEmpty() && webhook == null) {
        throw new IllegalArgumentException("rules=[]: a rule or a webhook is needed");
      }
      return new Scorer(this);
    }
  }
}
