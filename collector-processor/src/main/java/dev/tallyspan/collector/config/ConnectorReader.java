package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Slot;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a connector {@code tallyspan_metrics}. */
final class ConnectorReader {

  /** The dimensions that the conventions require or recommend, and the service. */
  private static final List<String> DIMENSIONS =
      List.of(
          "gen_ai.operation.name",
          "gen_ai.provider.name",
          "gen_ai.request.model",
          "gen_ai.response.model",
          "error.type",
          "service.name");

  private static final int LOOP_REPEATS = 10;

  private static final int CARDINALITY_LIMIT = 2000;
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration WINDOW = Duration.ofHours(24);
  private static final List<Double> THRESHOLDS = List.of(0.8, 1.0);
  private static final int MAX_KEYS = 10_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** All keys that slots have in one of the generations, with what they are about. */
  private static final Map<String, KeyClass> SLOTS = slots();

  private ConnectorReader() {}

  private static Map<String, KeyClass> slots() {
    Map<String, KeyClass> slots = new LinkedHashMap<>();
    for (Slot<?> slot : Slot.all()) {
      Stream.of(ConventionVersion.values())
          .map(slot::key)
          .filter(key -> key != null)
          .forEach(key -> slots.put(key, slot.keyClass()));
    }
    return slots;
  }

  static ConnectorConfig read(String id, Section section) {
    ConnectorConfig connector =
        new ConnectorConfig(
            id,
            dimensions(section),
            (int) section.number("cardinality_limit", 2, 1_000_000, CARDINALITY_LIMIT),
            atLeast(section, "interval", "1s", Duration.ofSeconds(1), INTERVAL),
            budgets(section),
            loopRepeats(section),
            webhook(section),
            section.bool("log_keys", false));
    section.end();
    return connector;
  }

  private static List<String> dimensions(Section section) {
    if (!section.has("dimensions")) {
      return DIMENSIONS;
    }
    Set<String> dimensions = new LinkedHashSet<>();
    for (String key : section.texts("dimensions")) {
      checkAttribute(section, "dimensions", key);
      if (!dimensions.add(key)) {
        section.error("dimensions", section.name("dimensions") + ": " + key + " is listed twice");
      }
    }
    return List.copyOf(dimensions);
  }

  /** Reports attributes that hold content, and names that are probably mistyped. */
  private static void checkAttribute(Section section, String where, String key) {
    KeyClass about = SLOTS.get(key);
    if (about == KeyClass.CONTENT) {
      section.error(
          where, section.name(where) + ": " + key + " holds content, which is never in metrics");
    } else if (about == null && !key.equals("service.name")) {
      String nearest = Suggestions.nearest(key, SLOTS.keySet());
      String meant = nearest == null ? "" : "; did you mean " + nearest + "?";
      if (key.isEmpty() || key.startsWith("gen_ai.")) {
        section.error(
            where,
            section.name(where) + ": " + key + " is not an attribute of the conventions" + meant);
      } else if (nearest != null) {
        section.warning(
            where, section.name(where) + ": " + key + " is read as your own attribute" + meant);
      }
    }
  }

  private static Duration atLeast(
      Section section, String key, String least, Duration limit, Duration otherwise) {
    Duration duration = section.duration(key, otherwise);
    if (duration.compareTo(limit) < 0) {
      section.error(key, section.name(key) + ": must be " + least + " or longer");
      return otherwise;
    }
    return duration;
  }

  private static List<ConnectorConfig.Budget> budgets(Section section) {
    List<ConnectorConfig.Budget> budgets = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Section budget : section.sections("budgets")) {
      String name = budget.text("name", "");
      if (name.isEmpty()) {
        budget.error("name is missing");
      } else if (!names.add(name)) {
        budget.error("name", budget.name("name") + ": " + name + " is the name of two budgets");
      }
      budgets.add(budget(name, budget));
    }
    return budgets;
  }

  private static ConnectorConfig.Budget budget(String name, Section section) {
    String key = section.text("key");
    if (key != null) {
      checkAttribute(section, "key", key);
    }
    Duration window = atLeast(section, "window", "1m", Duration.ofMinutes(1), WINDOW);
    double limit = section.real("limit", 1);
    if (!section.has("limit")) {
      section.error("limit is missing");
    } else if (limit <= 0) {
      section.error("limit", section.name("limit") + ": must be above 0");
    }
    String currency = section.text("currency", "USD");
    if (!currency.matches("[A-Z]{3}")) {
      section.error(
          "currency", section.name("currency") + ": must be an ISO 4217 code such as USD");
    }
    List<Double> thresholds = thresholds(section);
    int maxKeys = (int) section.number("max_keys", 1, 100_000, MAX_KEYS);
    section.end();
    return new ConnectorConfig.Budget(name, key, window, limit, currency, thresholds, maxKeys);
  }

  private static List<Double> thresholds(Section section) {
    if (!section.has("thresholds")) {
      return THRESHOLDS;
    }
    List<Double> thresholds = new ArrayList<>();
    for (String text : section.texts("thresholds")) {
      double threshold = text.matches("[0-9]{1,3}(\\.[0-9]{1,9})?") ? Double.parseDouble(text) : 0;
      if (threshold > 0 && threshold <= 10) {
        thresholds.add(threshold);
      } else {
        section.error(
            "thresholds",
            section.name("thresholds")
                + ": must be shares of the limit such as 0.8 or 1.0, at most 10, not "
                + text);
        return THRESHOLDS;
      }
    }
    if (thresholds.isEmpty()) {
      section.error("thresholds", section.name("thresholds") + ": at least one is needed");
    }
    return thresholds;
  }

  /** Returns 0 if loops are not watched. */
  private static int loopRepeats(Section section) {
    if (!section.isSection("runaway_loops")) {
      return section.bool("runaway_loops", false) ? LOOP_REPEATS : 0;
    }
    Section loops = section.child("runaway_loops");
    int repeats = (int) loops.number("repeats", 2, 1_000_000, LOOP_REPEATS);
    loops.end();
    return repeats;
  }

  /** Returns null if there is none, or if it has a fault, which is reported. */
  private static ConnectorConfig.@Nullable Webhook webhook(Section section) {
    Section webhook = section.section("webhook");
    if (webhook == null) {
      return null;
    }
    if (!webhook.has("url")) {
      webhook.error("url is missing");
    }
    URI url = PricingReader.url(webhook);
    Map<String, String> headers = headers(webhook);
    Duration timeout = atLeast(webhook, "timeout", "100ms", Duration.ofMillis(100), TIMEOUT);
    webhook.end();
    return url == null ? null : new ConnectorConfig.Webhook(url, headers, timeout);
  }

  /** Returns the headers that requests to a webhook have. */
  static Map<String, String> headers(Section webhook) {
    Map<String, String> headers = new LinkedHashMap<>();
    Section listed = webhook.section("headers");
    if (listed != null) {
      for (String name : listed.keys()) {
        if (name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
          headers.put(name, listed.text(name, ""));
        } else {
          listed.errorAtKey(name, listed.name(name) + ": not a header name");
        }
      }
    }
    return headers;
  }
}
