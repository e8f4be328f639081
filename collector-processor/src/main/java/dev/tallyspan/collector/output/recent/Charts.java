package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums of model calls over time. */
final class Charts {

  private static final Set<String> KEYS = Set.of("model", "user", "session", "feature", "service");

  /** Series of their own; what is left is summed as others. */
  private static final int MAX_SERIES = 8;

  private static final int MAX_BUCKETS = 60;
  private static final int MAX_STEPS = 30;
  private static final int MAX_SPENDERS = 20;
  private static final String OTHERS = "others";

  /** Seconds. */
  private static final long[] WIDTHS = {
    1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400
  };

  private record Call(RecentSpan span, RecentSpan.Facts llm, Group group, int step) {}

  /** The calls of one model, user, … */
  private static final class Group {
    final String name;
    final Spend total = new Spend();

    /** Costs over time; those of all others, if it is not one of those that spend most. */
    double[] series = {};

    Group(String name) {
      this.name = name;
    }
  }

  private Charts() {}

  static byte[] of(
      List<TraceSummary> traces,
      String by,
      String wanted,
      @Nullable Instant since,
      @Nullable Instant until) {
    if (!KEYS.contains(by)) {
      throw new IllegalArgumentException(
          "by=" + by + ": use model, user, session, feature or service");
    }
    Map<String, Group> groups = new HashMap<>();
    long from = since == null ? 0 : TraceQuery.nanos(since);
    long to = until == null ? Long.MAX_VALUE : TraceQuery.nanos(until);
    List<Call> calls = calls(traces, by, groups, from, to);
    List<String> currencies = currencies(calls);
    String currency = !wanted.isEmpty() || currencies.isEmpty() ? wanted : currencies.get(0);
    long first = Long.MAX_VALUE;
    long last = 0;
    for (Call call : calls) {
      first = Math.min(first, call.span.startNanos() / 1_000_000);
      last = Math.max(last, call.span.startNanos() / 1_000_000);
    }
    long width = width(last - first);
    long origin = first - Math.floorMod(first, width);
    int buckets = calls.isEmpty() ? 0 : (int) ((last - origin) / width) + 1;
    for (Call call : calls) {
      call.group.total.add(call.span);
    }
    List<Group> ranked = new ArrayList<>(groups.values());
    ranked.sort(
        (a, b) -> {
          int cost = Double.compare(b.total.amount(currency), a.total.amount(currency));
          int tokens = Long.compare(b.total.tokens(), a.total.tokens());
          return cost != 0 ? cost : tokens != 0 ? tokens : a.name.compareTo(b.name);
        });
    Map<String, double[]> series = series(ranked, buckets);
    Spend[] all = spends(buckets);
    Longs[] durations = longs(buckets);
    Longs[] firstTokens = longs(buckets);
    for (Call call : calls) {
      int bucket = (int) ((call.span.startNanos() / 1_000_000 - origin) / width);
      all[bucket].count(call.span);
      if (call.span.durationNanos() > 0) {
        durations[bucket].add(call.span.durationNanos());
      }
      if (call.llm.firstTokenSeconds() > 0) {
        firstTokens[bucket].add((long) (call.llm.firstTokenSeconds() * 1e9));
      }
      if (call.llm.amount() != null && currency.equals(call.llm.cost().currency())) {
        call.group.series[bucket] += call.llm.amount().doubleValue();
      }
    }
    return TraceViews.json(
        json -> {
          json.writeStartObject();
          json.writeStringField("by", by);
          json.writeStringField("source", "recent");
          json.writeStringField("currency", currency);
          json.writeArrayFieldStart("currencies");
          for (String one : currencies) {
            json.writeString(one);
          }
          json.writeEndArray();
          json.writeNumberField("widthMillis", width);
          json.writeArrayFieldStart("times");
          for (int i = 0; i < buckets; i++) {
            json.writeNumber((origin + i * width) / 1000.0);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("series");
          for (Map.Entry<String, double[]> one : series.entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", one.getKey());
            json.writeArrayFieldStart("cost");
            for (double amount : one.getValue()) {
              json.writeNumber(amount);
            }
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
          over("inputTokens", all, it -> it.inputTokens, json);
          over("cachedTokens", all, it -> it.cachedTokens, json);
          over("outputTokens", all, it -> it.outputTokens, json);
          over("calls", all, it -> it.calls, json);
          over("errors", all, it -> it.errors, json);
          percentile("durationP50", durations, 0.5, json);
          percentile("durationP95", durations, 0.95, json);
          percentile("firstTokenP50", firstTokens, 0.5, json);
          percentile("firstTokenP95", firstTokens, 0.95, json);
          steps(calls, json);
          json.writeArrayFieldStart("spenders");
          for (Group group : ranked.subList(0, Math.min(MAX_SPENDERS, ranked.size()))) {
            json.writeStartObject();
            json.writeStringField("name", group.name);
            group.total.write(json);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Returns the currencies, the one of most calls first. */
  private static List<String> currencies(List<Call> calls) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Call call : calls) {
      String currency = call.llm.cost().currency();
      if (currency != null && call.llm.amount() != null) {
        counts.merge(currency, 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * @param groups to which those of the calls are added
   */
  private static List<Call> calls(
      List<TraceSummary> traces, String by, Map<String, Group> groups, long since, long until) {
    List<Call> calls = new ArrayList<>();
    for (TraceSummary trace : traces) {
      for (int i = 0; i < trace.calls.size(); i++) {
        RecentSpan span = trace.calls.get(i);
        if (span.startNanos() >= since && span.startNanos() < until) {
          RecentSpan.Facts llm = requireNonNull(span.llm());
          Group group = groups.computeIfAbsent(key(trace, span, llm, by), Group::new);
          calls.add(new Call(span, llm, group, i + 1));
        }
      }
    }
    return calls;
  }

  /** Gives each group its costs over time: those that spend most their own, all others one. */
  private static Map<String, double[]> series(List<Group> ranked, int buckets) {
    Map<String, double[]> series = new LinkedHashMap<>();
    int own = ranked.size() > MAX_SERIES ? MAX_SERIES - 1 : ranked.size();
    for (Group group : ranked.subList(0, own)) {
      group.series = new double[buckets];
      series.put(group.name, group.series);
    }
    if (own < ranked.size()) {
      double[] others = new double[buckets];
      ranked.subList(own, ranked.size()).forEach(group -> group.series = others);
      series.put(OTHERS, others);
    }
    return series;
  }

  private static String key(TraceSummary trace, RecentSpan span, RecentSpan.Facts llm, String by) {
    String key = RecentSpend.key(trace, span, llm, by);
    return key.isEmpty() ? "(no " + by + ")" : key;
  }

  /** Returns the width of a bucket in milliseconds. */
  private static long width(long rangeMillis) {
    for (long width : WIDTHS) {
      if (rangeMillis / (width * 1000) < MAX_BUCKETS) {
        return width * 1000;
      }
    }
    long day = WIDTHS[WIDTHS.length - 1] * 1000;
    return day * (rangeMillis / (day * MAX_BUCKETS) + 1);
  }

  private static Spend[] spends(int buckets) {
    Spend[] spends = new Spend[buckets];
    for (int i = 0; i < buckets; i++) {
      spends[i] = new Spend();
    }
    return spends;
  }

  private static Longs[] longs(int buckets) {
    Longs[] longs = new Longs[buckets];
    for (int i = 0; i < buckets; i++) {
      longs[i] = new Longs();
    }
    return longs;
  }

  /** Numbers without an object for each. */
  private static final class Longs {
    private long[] values = new long[16];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    /** Returns the value that this share does not exceed; there must be one. */
    long percentile(double share) {
      Arrays.sort(values, 0, size);
      return values[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }
  }

  private interface Count {
    long of(Spend spend);
  }

  private static void over(String field, Spend[] buckets, Count count, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Spend bucket : buckets) {
      json.writeNumber(count.of(bucket));
    }
    json.writeEndArray();
  }

  /** Writes seconds; null for a bucket without values. */
  private static void percentile(String field, Longs[] buckets, double share, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Longs values : buckets) {
      if (values.size == 0) {
        json.writeNull();
      } else {
        json.writeNumber(values.percentile(share) / 1e9);
      }
    }
    json.writeEndArray();
  }

  /** Writes the mean tokens of the first, second, … model call of a trace. */
  private static void steps(List<Call> calls, JsonGenerator json) throws IOException {
    int steps = Math.min(MAX_STEPS, calls.stream().mapToInt(Call::step).max().orElse(0));
    Spend[] byStep = spends(steps);
    for (Call call : calls) {
      if (call.step <= steps) {
        byStep[call.step - 1].count(call.span);
      }
    }
    json.writeArrayFieldStart("steps");
    for (Spend step : byStep) {
      json.writeStartObject();
      json.writeNumberField("calls", step.calls);
      json.writeNumberField("inputTokens", step.inputTokens / Math.max(1, step.calls));
      json.writeNumberField("cachedTokens", step.cachedTokens / Math.max(1, step.calls));
      json.writeNumberField("outputTokens", step.outputTokens / Math.max(1, step.calls));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
