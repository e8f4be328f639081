package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Spend, tokens and latency over time, for a chart. Amounts of several currencies are never added
 * up: the chart is of one of them.
 *
 * @param by one of {@link #dimensions}
 * @param since included
 * @param until not included; must be after {@code since}
 * @param currency of the amounts; empty = the one that most calls have
 */
public record SpendOverTime(String by, Instant since, Instant until, String currency) {

  private static final Set<String> DIMENSIONS =
      Set.of("model", "user", "session", "service", "tenant");

  /** Series of their own; what is left is summed as others. */
  private static final int MAX_SERIES = 8;

  private static final int MAX_SPENDERS = 20;
  private static final int MAX_BUCKETS = 100;
  private static final String OTHERS = "others";

  /** From a minute to a week. */
  private static final long[] WIDTHS_SECONDS = {
    60, 300, 900, 1800, 3600, 10_800, 86_400, 7 * 86_400
  };

  public SpendOverTime {
    requireNonNull(currency, "currency");
    if (!DIMENSIONS.contains(by)) {
      throw new IllegalArgumentException("by=" + by + ": the ledger cannot sum by it");
    }
    if (!since.isBefore(until)) {
      throw new IllegalArgumentException("since=" + since + ": must be before until=" + until);
    }
  }

  /** The names by which calls can be summed. */
  public static Set<String> dimensions() {
    return DIMENSIONS;
  }

  /**
   * What a chart shows.
   *
   * @param originMillis when the first bucket begins, since the epoch; a multiple of the width
   * @param currencies all that are in the period, that of most calls first
   * @param currency the chosen one; empty if no call has any
   * @param buckets empty if there is no call
   * @param series those that spend most in the currency, then all others
   * @param spenders those that spend most in the currency, over the whole period
   */
  public record Result(
      long originMillis,
      long widthMillis,
      List<String> currencies,
      String currency,
      List<Bucket> buckets,
      List<Series> series,
      List<Spender> spenders) {}

  /** Sums over all calls in a bucket, in any currency; null where there is no value. */
  public record Bucket(
      long calls,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      long errors,
      @Nullable Double durationP50,
      @Nullable Double durationP95,
      @Nullable Double firstTokenP50,
      @Nullable Double firstTokenP95) {

    private static final Bucket EMPTY = new Bucket(0, 0, 0, 0, 0, null, null, null, null);
  }

  /** Amounts by bucket. */
  public record Series(String name, double[] cost) {}

  /**
   * Sums over the period.
   *
   * @param cost exact, by currency; empty if no cost is known
   */
  public record Spender(
      String name,
      Map<String, BigDecimal> cost,
      long calls,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      long unpriced,
      long partial,
      long errors) {

    private Spender plus(Spender other) {
      Map<String, BigDecimal> both = new LinkedHashMap<>(cost);
      other.cost.forEach((code, amount) -> both.merge(code, amount, BigDecimal::add));
      return new Spender(
          name,
          both,
          calls + other.calls,
          inputTokens + other.inputTokens,
          cachedTokens + other.cachedTokens,
          outputTokens + other.outputTokens,
          unpriced + other.unpriced,
          partial + other.partial,
          errors + other.errors);
    }
  }

  /** Asks the ledger. Each of the four questions sees what is written when it is asked. */
  public Result run(Ledger ledger) throws IOException {
    long width = widthMillis(Duration.between(since, until).toMillis());
    long origin = Math.floorDiv(since.toEpochMilli(), width) * width;
    int count = (int) ((until.toEpochMilli() - 1 - origin) / width) + 1;
    List<String> currencies = new ArrayList<>();
    ledger.query(
        "SELECT currency FROM calls WHERE "
            + within()
            + " AND currency IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency",
        List.of(),
        row -> currencies.add(requireNonNull(row.get(0))));
    String chosen = !currency.isEmpty() ? currency : currencies.isEmpty() ? "" : currencies.get(0);
    List<Bucket> buckets = buckets(ledger, origin, width, count);
    List<Spender> spenders = buckets.isEmpty() ? List.of() : spenders(ledger, chosen);
    return new Result(
        origin,
        width,
        currencies,
        chosen,
        buckets,
        series(ledger, chosen, spenders, origin, width, buckets.size()),
        spenders);
  }

  private static long widthMillis(long rangeMillis) {
    for (long width : WIDTHS_SECONDS) {
      if (rangeMillis / (width * 1000) <= MAX_BUCKETS) {
        return width * 1000;
      }
    }
    long week = WIDTHS_SECONDS[WIDTHS_SECONDS.length - 1] * 1000;
    return week * (rangeMillis / (week * MAX_BUCKETS) + 1);
  }

  private String within() {
    return new Period(since, until).where();
  }

  private static String bucket(long origin, long width) {
    return "(epoch_ms(time) - " + origin + ") // " + width;
  }

  private List<Bucket> buckets(Ledger ledger, long origin, long width, int count)
      throws IOException {
    Bucket[] found = new Bucket[count];
    boolean[] any = {false};
    ledger.query(
        "SELECT "
            + bucket(origin, width)
            + " AS bucket, count(*), coalesce(sum(input_tokens), 0),"
            + " coalesce(sum(cache_read_tokens), 0), coalesce(sum(output_tokens), 0),"
            + " count(error), quantile_disc(duration, 0.5), quantile_disc(duration, 0.95),"
            + " quantile_disc(first_token, 0.5) FILTER (first_token > 0),"
            + " quantile_disc(first_token, 0.95) FILTER (first_token > 0) FROM calls WHERE "
            + within()
            + " GROUP BY bucket",
        List.of(),
        row -> {
          any[0] = true;
          found[(int) number(row, 0)] =
              new Bucket(
                  number(row, 1),
                  number(row, 2),
                  number(row, 3),
                  number(row, 4),
                  number(row, 5),
                  fraction(row, 6),
                  fraction(row, 7),
                  fraction(row, 8),
                  fraction(row, 9));
        });
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; any[0] && i < count; i++) {
      buckets.add(found[i] == null ? Bucket.EMPTY : found[i]);
    }
    return buckets;
  }

  private List<Spender> spenders(Ledger ledger, String chosen) throws IOException {
    Map<String, Spender> spenders = new LinkedHashMap<>();
    ledger.query(
        "WITH named AS (SELECT "
            + name()
            + " AS name, currency, cost, input_tokens, cache_read_tokens, output_tokens, status,"
            + " error FROM calls WHERE "
            + within()
            + "), top AS (SELECT name, sum(cost) FILTER (currency = ?) AS spent,"
            + " coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0) AS tokens"
            + " FROM named GROUP BY name ORDER BY spent DESC NULLS LAST, tokens DESC, name LIMIT "
            + MAX_SPENDERS
            + ") SELECT name, currency, sum(cost), count(*), coalesce(sum(input_tokens), 0),"
            + " coalesce(sum(cache_read_tokens), 0), coalesce(sum(output_tokens), 0),"
            + " count(*) FILTER (status = 'unpriced'), count(*) FILTER (status = 'partial'),"
            + " count(error) FROM named JOIN top USING (name)"
            + " GROUP BY name, currency, spent, tokens"
            + " ORDER BY spent DESC NULLS LAST, tokens DESC, name, currency",
        List.of(chosen),
        row -> {
          String code = row.get(1);
          String amount = row.get(2);
          Spender spender =
              new Spender(
                  requireNonNull(row.get(0)),
                  code == null || amount == null ? Map.of() : Map.of(code, new BigDecimal(amount)),
                  number(row, 3),
                  number(row, 4),
                  number(row, 5),
                  number(row, 6),
                  number(row, 7),
                  number(row, 8),
                  number(row, 9));
          spenders.merge(spender.name(), spender, Spender::plus);
        });
    return List.copyOf(spenders.values());
  }

  private List<Series> series(
      Ledger ledger, String chosen, List<Spender> ranked, long origin, long width, int count)
      throws IOException {
    boolean more = ranked.size() > MAX_SERIES;
    Map<String, double[]> series = new LinkedHashMap<>();
    for (Spender one : more ? ranked.subList(0, MAX_SERIES - 1) : ranked) {
      series.put(one.name(), new double[count]);
    }
    List<String> parameters = new ArrayList<>(series.keySet());
    if (more) {
      series.put(OTHERS, new double[count]);
    }
    if (!parameters.isEmpty() && !chosen.isEmpty()) {
      String names = String.join(", ", parameters.stream().map(name -> "?").toList());
      parameters.add(chosen);
      ledger.query(
          "SELECT "
              + bucket(origin, width)
              + " AS bucket, CASE WHEN "
              + name()
              + " IN ("
              + names
              + ") THEN "
              + name()
              + " END AS name, CAST(sum(cost) AS DOUBLE) FROM calls WHERE "
              + within()
              + " AND currency = ? AND cost IS NOT NULL GROUP BY ALL",
          parameters,
          row -> {
            // A name that came between two questions, in a period that ends now, is one of others.
            double[] own = row.get(1) == null ? series.get(OTHERS) : series.get(row.get(1));
            int at = (int) number(row, 0);
            if (own != null && at < own.length) {
              own[at] += Double.parseDouble(requireNonNull(row.get(2)));
            }
          });
    }
    return series.entrySet().stream().map(it -> new Series(it.getKey(), it.getValue())).toList();
  }

  private String name() {
    return "coalesce(" + SpendReport.column(by) + ", '(no " + by + ")')";
  }

  private static long number(List<@Nullable String> row, int at) {
    return new BigDecimal(requireNonNull(row.get(at))).longValue();
  }

  private static @Nullable Double fraction(List<@Nullable String> row, int at) {
    String text = row.get(at);
    return text == null ? null : Double.valueOf(text);
  }
}
