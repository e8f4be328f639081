package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the accounts with what a provider or a gateway says, for each day in UTC and each model.
 * Models are compared without the date at the end of their names and without a provider before
 * them, because accounts name them in different ways.
 */
public final class Reconciliation {

  static final List<Rows.Column> COLUMNS =
      List.of(
          new Rows.Column("day", "VARCHAR"),
          new Rows.Column("model", "VARCHAR"),
          new Rows.Column("calls", "BIGINT"),
          new Rows.Column("their_calls", "BIGINT"),
          new Rows.Column("input_tokens", "BIGINT"),
          new Rows.Column("their_input_tokens", "BIGINT"),
          new Rows.Column("output_tokens", "BIGINT"),
          new Rows.Column("their_output_tokens", "BIGINT"),
          new Rows.Column("cost", "DECIMAL"),
          new Rows.Column("their_cost", "DECIMAL"),
          new Rows.Column("difference", "DECIMAL"),
          new Rows.Column("likely_reasons", "VARCHAR"));

  private static final Pattern DATED = Pattern.compile("-(20\\d{2}-?\\d{2}-?\\d{2}|latest)$");

  private static final String SELECT =
      "SELECT strftime(time, '%Y-%m-%d') AS day, coalesce(response_model, model, '') AS name,"
          + " count(*), CAST(sum(input_tokens) AS BIGINT), CAST(sum(output_tokens) AS BIGINT),"
          + " sum(cost), count(*) FILTER (status = 'unpriced'), count(*) FILTER (status = 'partial'),"
          + " count(possible_duplicate_of), count(error),"
          + " count(response_id) - count(DISTINCT response_id),"
          + " count(*) FILTER (usage_source = 'estimated')"
          + " FROM calls WHERE ";

  private record Key(LocalDate day, String model) {}

  private static final class Side {
    private boolean seen;
    private @Nullable Long calls;
    private @Nullable Long input;
    private @Nullable Long output;
    private @Nullable BigDecimal cost;

    private void add(
        @Nullable Long moreCalls,
        @Nullable Long moreInput,
        @Nullable Long moreOutput,
        @Nullable BigDecimal moreCost) {
      seen = true;
      calls = sum(calls, moreCalls);
      input = sum(input, moreInput);
      output = sum(output, moreOutput);
      cost = cost == null ? moreCost : moreCost == null ? cost : cost.add(moreCost);
    }

    private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
      return a == null ? b : b == null ? a : Long.valueOf(a + b);
    }
  }

  private static final class Pair {
    private final Side ours = new Side();
    private final Side theirs = new Side();
    private long unpriced;
    private long partial;
    private long possibleDuplicates;
    private long failed;
    private long sameAnswers;
    private long estimated;
  }

  private final UsageExport export;
  private final @Nullable String provider;
  private final Map<Key, Pair> pairs =
      new TreeMap<>(
          (a, b) -> a.day.equals(b.day) ? a.model.compareTo(b.model) : a.day.compareTo(b.day));

  private Reconciliation(UsageExport export, @Nullable String provider) {
    this.export = export;
    this.provider = provider;
  }

  /**
   * Reads a file.
   *
   * @param provider whose calls are compared, as {@code gen_ai.provider.name}; null = the one that
   *     wrote the file, or all calls if a gateway wrote it
   * @throws LedgerException if it is not an export that is known
   */
  public static Reconciliation of(Path file, @Nullable String provider) throws LedgerException {
    UsageExport export = UsageExport.read(file);
    if (export.lines().isEmpty()) {
      throw new LedgerException(file + ": has no entries");
    }
    return new Reconciliation(export, provider == null ? export.format().provider() : provider);
  }

  /** Passes on a row for each day and model that either side has, in the days of the file. */
  public void run(Ledger ledger, Rows rows) throws IOException {
    LocalDate first = LocalDate.MAX;
    LocalDate last = LocalDate.MIN;
    for (UsageExport.Line line : export.lines()) {
      first = line.day().isBefore(first) ? line.day() : first;
      last = line.day().isAfter(last) ? line.day() : last;
      pair(line.day(), line.model())
          .theirs
          .add(line.calls(), line.input(), line.output(), line.cost());
    }
    Period period =
        new Period(
            first.atStartOfDay(ZoneOffset.UTC).toInstant(),
            last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    ledger.query(
        SELECT
            + period.where()
            + (provider == null ? "" : " AND provider = ?")
            + " GROUP BY day, name",
        provider == null ? List.of() : List.of(provider),
        this::addOurs);
    rows.columns(COLUMNS);
    for (Map.Entry<Key, Pair> each : pairs.entrySet()) {
      rows.row(row(each.getKey(), each.getValue()));
    }
  }

  private void addOurs(List<@Nullable String> values) {
    Pair pair = pair(LocalDate.parse(requireNonNull(values.get(0))), requireNonNull(values.get(1)));
    String cost = values.get(5);
    pair.ours.add(
        count(values.get(2)),
        count(values.get(3)),
        count(values.get(4)),
        cost == null ? null : new BigDecimal(cost));
    pair.unpriced += number(values.get(6));
    pair.partial += number(values.get(7));
    pair.possibleDuplicates += number(values.get(8));
    pair.failed += number(values.get(9));
    pair.sameAnswers += number(values.get(10));
    pair.estimated += number(values.get(11));
  }

  private static @Nullable Long count(@Nullable String text) {
    return text == null ? null : Long.valueOf(text);
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private Pair pair(LocalDate day, String model) {
    String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return pairs.computeIfAbsent(
        new Key(day, DATED.matcher(name).replaceFirst("")), key -> new Pair());
  }

  private static List<@Nullable String> row(Key key, Pair pair) {
    BigDecimal ours = pair.ours.cost;
    BigDecimal theirs = pair.theirs.cost;
    return Stream.<@Nullable String>of(
            key.day.toString(),
            key.model,
            text(pair.ours.calls),
            text(pair.theirs.calls),
            text(pair.ours.input),
            text(pair.theirs.input),
            text(pair.ours.output),
            text(pair.theirs.output),
            ours == null ? null : Repricing.plain(ours),
            theirs == null ? null : Repricing.plain(theirs),
            ours == null || theirs == null ? null : Repricing.plain(ours.subtract(theirs)),
            String.join("; ", reasons(pair)))
        .toList();
  }

  private static @Nullable String text(@Nullable Long count) {
    return count == null ? null : count.toString();
  }

  private static List<String> reasons(Pair pair) {
    if (!pair.ours.seen) {
      return List.of("untraced calls: the ledger has none of this model on this day");
    }
    if (!pair.theirs.seen) {
      return List.of(
          "the file has none of this model on this day: calls of another account, or under another"
              + " name");
    }
    int calls = compare(pair.ours.calls, pair.theirs.calls);
    int tokens = tokens(pair);
    int cost =
        pair.ours.cost == null || pair.theirs.cost == null
            ? 0
            : pair.ours.cost.compareTo(pair.theirs.cost);
    List<String> reasons = new ArrayList<>();
    boolean costMissing = pair.ours.cost == null && pair.theirs.cost != null;
    if (calls == 0 && tokens == 0 && cost == 0 && !costMissing) {
      return reasons;
    }
    if (calls < 0 && pair.ours.calls != null && pair.theirs.calls != null) {
      reasons.add("untraced calls: " + (pair.theirs.calls - pair.ours.calls));
    } else if (tokens < 0 || (cost < 0 && pair.unpriced == 0 && pair.partial == 0)) {
      reasons.add("perhaps untraced calls");
    }
    if (pair.unpriced > 0) {
      reasons.add("without a price: " + pair.unpriced + " calls");
    }
    if (pair.partial > 0) {
      reasons.add("priced in part: " + pair.partial + " calls");
    }
    boolean more = calls > 0 || tokens > 0 || cost > 0;
    if (more && pair.sameAnswers > 0) {
      reasons.add("duplicates: " + pair.sameAnswers + " calls with the response id of another");
    }
    if (more && pair.possibleDuplicates > 0) {
      reasons.add("possible duplicates: " + pair.possibleDuplicates + " calls");
    }
    if (more && pair.failed > 0) {
      reasons.add("failed calls or retries, which may not be billed: " + pair.failed);
    }
    if (tokens != 0 && pair.estimated > 0) {
      reasons.add("estimated tokens: " + pair.estimated + " calls");
    }
    if (cost != 0 && tokens == 0 && pair.theirs.input != null && reasons.isEmpty()) {
      reasons.add("other prices: the tokens are the same");
    }
    if (reasons.isEmpty()) {
      reasons.add("not known: calls around midnight, another account, or other prices");
    }
    return reasons;
  }

  /** Which side has more tokens; 0 if they have the same, or if it is not known. */
  private static int tokens(Pair pair) {
    int input = compare(pair.ours.input, pair.theirs.input);
    return input != 0 ? input : compare(pair.ours.output, pair.theirs.output);
  }

  private static int compare(@Nullable Long ours, @Nullable Long theirs) {
    return ours == null || theirs == null ? 0 : ours.compareTo(theirs);
  }
}
