package dev.tallyspan.collector.config;

import dev.tallyspan.collector.edit.GoRegex;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoring.AnswerSchema;
import dev.tallyspan.collector.scoring.Check;
import dev.tallyspan.collector.scoring.ScoringRule;
import dev.tallyspan.collector.scoring.Selection;
import dev.tallyspan.collector.scoring.WebhookSettings;
import dev.tallyspan.semconv.content.ContentMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a processor {@code scorer}. */
final class ScorerReader {

  private static final List<String> CHECKS =
      List.of(
          "must_match",
          "must_not_match",
          "json_schema",
          "max_latency",
          "max_cost",
          "no_tool_error");

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int BATCH_SIZE = 20;
  private static final int QUEUE_SIZE = 1000;
  private static final long QUEUE_BYTES = 16 << 20;

  private ScorerReader() {}

  static ScorerConfig read(String id, Section section) {
    List<ScoringRule> rules = rules(section);
    Section webhook = section.section("webhook");
    WebhookSettings settings = webhook == null ? null : settings(webhook);
    PolicyConfig policy = webhook == null ? null : policy(webhook);
    boolean ownPolicy = webhook != null && webhook.has("content_policy");
    if (webhook != null) {
      webhook.end();
    }
    section.end();
    if (!section.has("rules") && webhook == null) {
      section.error("scores nothing: set rules or webhook");
    }
    return new ScorerConfig(id, rules, settings, policy, ownPolicy);
  }

  private static List<ScoringRule> rules(Section section) {
    List<ScoringRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section each : section.sections("rules")) {
      String name = each.text("name", "");
      if (name.isBlank()) {
        each.error("name is missing");
      } else if (!names.add(name)) {
        each.error("name", each.name("name") + ": " + name + " is the name of two rules");
      }
      Check check = check(each);
      Selection selection = selection(each, check == null ? Selection.ANSWERS : check.operations());
      each.end();
      if (check != null) {
        rules.add(new ScoringRule(name, selection, check));
      }
    }
    if (section.has("rules") && rules.isEmpty() && names.isEmpty()) {
      section.error("rules", section.name("rules") + ": at least one is needed");
    }
    return rules;
  }

  /** Returns null if there is none, or if it is not valid, which is reported. */
  private static @Nullable Check check(Section rule) {
    List<String> present = CHECKS.stream().filter(rule::has).toList();
    if (present.size() != 1) {
      rule.error(
          "needs one of "
              + String.join(", ", CHECKS)
              + (present.isEmpty() ? "" : "; it has " + String.join(" and ", present)));
      return null;
    }
    String key = present.get(0);
    return switch (key) {
      case "must_match", "must_not_match" -> {
        GoRegex regex = MatchReader.regex(rule, key);
        if (regex == null && rule.text(key, "").isEmpty()) {
          rule.error(key, rule.name(key) + ": must be a regular expression");
        }
        yield regex == null ? null : new Check.Answer(regex, key.equals("must_match"));
      }
      case "json_schema" -> schema(rule, key);
      case "max_latency" -> {
        Duration most = rule.duration(key, Duration.ZERO);
        if (most.isZero() || most.isNegative()) {
          rule.error(key, rule.name(key) + ": must be more than 0");
        }
        yield new Check.MaxLatency(most);
      }
      case "max_cost" -> {
        double most = rule.real(key, 0);
        if (most < 0) {
          rule.error(key, rule.name(key) + ": must not be negative");
        }
        yield new Check.MaxCost(BigDecimal.valueOf(most));
      }
      default -> {
        if (!rule.bool(key, true)) {
          rule.error(key, rule.name(key) + ": must be true");
        }
        yield new Check.NoToolError();
      }
    };
  }

  /** Returns null if the file cannot be read or is not a schema, which is reported. */
  private static @Nullable Check schema(Section rule, String key) {
    Path file = rule.file(key);
    if (file == null) {
      if (rule.text(key, "").isEmpty()) {
        rule.error(key, rule.name(key) + ": must be the name of a file");
      }
      return null;
    }
    try {
      return new Check.Json(AnswerSchema.of(Files.readString(file)));
    } catch (IOException e) {
      rule.error(key, rule.name(key) + ": " + file + ": the file cannot be read, or is not UTF-8");
    } catch (IllegalArgumentException e) {
      rule.error(key, rule.name(key) + ": " + file + ": " + e.getMessage());
    }
    return null;
  }

  private static Selection selection(Section section, Set<String> otherwise) {
    Set<String> operations = Set.copyOf(section.texts("operations"));
    if (section.has("operations") && operations.isEmpty()) {
      section.error("operations", section.name("operations") + ": at least one is needed");
    }
    return new Selection(
        operations.isEmpty() ? otherwise : operations,
        Set.copyOf(section.texts("models")),
        Set.copyOf(section.texts("services")));
  }

  /** Returns null if there is a fault, which is reported. */
  private static @Nullable WebhookSettings settings(Section webhook) {
    if (!webhook.has("url")) {
      webhook.error("url is missing");
    }
    URI url = PricingReader.url(webhook);
    Map<String, String> headers = ConnectorReader.headers(webhook);
    Duration timeout = webhook.duration("timeout", TIMEOUT);
    if (timeout.compareTo(Duration.ofMillis(100)) < 0) {
      webhook.error("timeout", webhook.name("timeout") + ": must be 100ms or longer");
      timeout = TIMEOUT;
    }
    Selection selection = selection(webhook, Selection.ANSWERS);
    double share = webhook.real("share", 1);
    if (share < 0 || share > 1) {
      webhook.error("share", webhook.name("share") + ": must be from 0 to 1, not " + share);
      share = 1;
    }
    int batchSize = (int) webhook.number("batch_size", 1, 1000, BATCH_SIZE);
    int queueSize = (int) webhook.number("queue_size", 1, 1_000_000, QUEUE_SIZE);
    long queueBytes = webhook.bytes("max_queued_size", 1 << 10, 1L << 40, QUEUE_BYTES);
    return url == null
        ? null
        : new WebhookSettings(
            url, headers, timeout, selection, share, batchSize, queueSize, queueBytes);
  }

  private static @Nullable PolicyConfig policy(Section webhook) {
    PolicyConfig own = PolicyReader.read(webhook);
    if (own != null && own.mode() == ContentMode.OFFLOAD) {
      webhook.error(
          "content_policy",
          webhook.name("content_policy") + ": offload is for exporters; use redacted or metadata");
      return null;
    }
    return own;
  }

  /** Reports scorers in pipelines in which they cannot score. */
  static void check(Section file, List<ScorerConfig> scorers, List<PipelineConfig> pipelines) {
    for (PipelineConfig pipeline : pipelines) {
      for (ScorerConfig scorer : scorers) {
        int at = pipeline.processors().indexOf(scorer.id());
        if (at < 0) {
          continue;
        }
        Section section = file.child("service").child("pipelines").child(pipeline.id());
        String place = section.name("processors") + ": " + scorer.id();
        int tallyspan = pipeline.tallyspan().map(pipeline.processors()::indexOf).orElse(-1);
        if (pipeline.signal() != Signal.TRACES) {
          section.error("processors", place + " takes traces, not " + pipeline.signal().id());
        } else if (tallyspan < 0) {
          section.error("processors", place + " needs the processor tallyspan before it");
        } else if (at < tallyspan) {
          section.error("processors", place + " must come after tallyspan");
        }
      }
    }
  }
}
