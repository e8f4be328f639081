package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.scoring.ScoringRule;
import dev.tallyspan.collector.scoring.WebhookSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A processor {@code scorer}: gives operations scores.
 *
 * @param id {@code scorer} or {@code scorer/name}
 * @param rules the scores that are computed here
 * @param webhook a service that gives further scores; null for none
 * @param policy what of the content the webhook gets; if it is null, all of it with {@code
 *     ownPolicy}, and otherwise what the strictest policy of the exporters allows
 * @param ownPolicy whether the webhook has a policy of its own
 */
public record ScorerConfig(
    String id,
    List<ScoringRule> rules,
    @Nullable WebhookSettings webhook,
    @Nullable PolicyConfig policy,
    boolean ownPolicy)
    implements AnyProcessorConfig {

  /** The type of the processor. */
  static final String TYPE = "scorer";

  public ScorerConfig {
    requireNonNull(id, "id");
    rules = List.copyOf(rules);
  }
}
