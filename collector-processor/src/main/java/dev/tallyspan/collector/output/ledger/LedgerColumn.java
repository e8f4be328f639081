package dev.tallyspan.collector.output.ledger;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of the table {@code calls}: its name and type in SQL, and how its value is found. The
 * one place that knows the columns; the documentation lists them.
 *
 * @param name in SQL
 * @param type in DuckDB
 */
record LedgerColumn(String name, String type, Function<Source, @Nullable Object> extractor) {

  /**
   * What a row is made of.
   *
   * @param traceId empty if there is none
   * @param spanId empty if there is none
   */
  record Source(
      SpanRecord record,
      long key,
      String traceId,
      String spanId,
      @Nullable String tenant,
      long receivedEpochNanos) {

    LlmSpan llm() {
      return record.llm();
    }

    Cost cost() {
      return record.cost();
    }
  }

  /**
   * Amounts have 24 decimals: prices need 15, and costs that others report as doubles have up to 24
   * if they are not far below a millionth of a cent. 14 digits are left before the point.
   */
  static final int SCALE = 24;

  private static final int MOST_DIGITS = 14;
  private static final String AMOUNT = "DECIMAL(38," + SCALE + ")";
  private static final String TEXT = "VARCHAR";
  private static final String COUNT = "BIGINT";

  static final List<LedgerColumn> ALL = columns();

  private static List<LedgerColumn> columns() {
    List<LedgerColumn> all = new ArrayList<>();
    all.add(new LedgerColumn("key", COUNT, Source::key));
    all.add(new LedgerColumn("trace_id", TEXT, Source::traceId));
    all.add(new LedgerColumn("span_id", TEXT, Source::spanId));
    all.add(new LedgerColumn("time", "TIMESTAMP", LedgerColumn::micros));
    all.add(text("service", source -> source.record().serviceName()));
    all.add(text("provider", source -> source.llm().provider()));
    all.add(text("model", source -> model(source.llm())));
    all.add(text("response_model", source -> source.llm().responseModel()));
    all.add(text("operation", source -> source.llm().operation()));
    all.add(text("agent", source -> source.llm().agentName()));
    all.add(text("user_id", source -> source.llm().userId()));
    all.add(text("session_id", source -> source.llm().sessionId()));
    all.add(text("conversation_id", source -> source.llm().conversationId()));
    all.add(text("tenant", Source::tenant));
    all.add(new LedgerColumn("tags", "VARCHAR[]", source -> source.llm().get(Slot.TAGS)));
    all.add(tokens("input_tokens", TokenUsage::input));
    all.add(tokens("output_tokens", TokenUsage::output));
    all.add(tokens("cache_read_tokens", TokenUsage::cacheRead));
    all.add(tokens("cache_write_tokens", TokenUsage::cacheWrite));
    all.add(tokens("reasoning_tokens", TokenUsage::reasoning));
    all.add(text("usage_source", LedgerColumn::usageSource));
    all.add(text("status", source -> source.cost().status().wireName()));
    all.add(text("currency", source -> source.cost().currency()));
    all.add(
        new LedgerColumn("cost", AMOUNT, source -> rounded(decimal(source.cost().totalExact()))));
    all.add(text("cost_exact", source -> unlessFits(source.cost().totalExact())));
    for (Cost.Part part : Cost.Part.values()) {
      all.add(
          new LedgerColumn(
              "cost_" + part.name().toLowerCase(Locale.ROOT),
              AMOUNT,
              source -> rounded(part(source, part))));
    }
    all.add(text("original_cost", source -> source.cost().originalTotal()));
    all.add(text("original_currency", source -> source.cost().originalCurrency()));
    all.add(text("missing", source -> joined(source.cost().missing())));
    all.add(text("price", source -> source.cost().priceKey()));
    all.add(text("catalog", source -> source.cost().catalogVersion()));
    all.add(text("possible_duplicate_of", source -> source.cost().possibleDuplicateOf()));
    all.add(new LedgerColumn("duration", "DOUBLE", LedgerColumn::seconds));
    all.add(new LedgerColumn("first_token", "DOUBLE", source -> source.llm().timeToFirstChunk()));
    all.add(text("error", source -> source.llm().errorType()));
    all.add(text("response_id", source -> source.llm().responseId()));
    all.add(text("billed_usage", source -> BilledUsage.of(source.llm()).toJson()));
    return List.copyOf(all);
  }

  private static LedgerColumn text(String name, Function<Source, @Nullable String> text) {
    return new LedgerColumn(name, TEXT, source -> orNull(text.apply(source)));
  }

  private static LedgerColumn tokens(String name, ToLongFunction<TokenUsage> count) {
    return new LedgerColumn(
        name,
        COUNT,
        source -> {
          TokenUsage usage = source.llm().usage();
          long known = usage == null ? TokenUsage.UNKNOWN : count.applyAsLong(usage);
          return known == TokenUsage.UNKNOWN ? null : known;
        });
  }

  @Nullable Object value(Source source) {
    return extractor.apply(source);
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /** The requested model, as in metrics and the viewer, or else the one that answered. */
  private static @Nullable String model(LlmSpan llm) {
    return llm.requestModel() != null ? llm.requestModel() : llm.responseModel();
  }

  private static @Nullable String usageSource(Source source) {
    TokenUsage usage = source.llm().usage();
    return usage == null ? null : usage.source().wireName();
  }

  private static @Nullable String joined(List<String> texts) {
    return texts.isEmpty() ? null : texts.stream().collect(Collectors.joining("; "));
  }

  private static Object micros(Source source) {
    SpanRecord record = source.record();
    long nanos =
        record.startEpochNanos() != 0
            ? record.startEpochNanos()
            : record.endEpochNanos() != 0 ? record.endEpochNanos() : source.receivedEpochNanos();
    return Math.floorDiv(nanos, 1000L);
  }

  private static @Nullable Object seconds(Source source) {
    SpanRecord record = source.record();
    long nanos = record.endEpochNanos() - record.startEpochNanos();
    return record.startEpochNanos() == 0 || nanos <= 0 ? null : nanos / 1e9;
  }

  /**
   * Converted costs have no exact parts, so they are those of the span; reported costs have none at
   * all.
   */
  private static @Nullable BigDecimal part(Source source, Cost.Part part) {
    Bill bill = source.record().enriched().priced().bill();
    if (source.cost().originalTotal() != null || bill == null) {
      Double written = source.cost().parts().get(part);
      return written == null ? null : BigDecimal.valueOf(written);
    }
    return bill.part(inPrices(part));
  }

  private static CostPart inPrices(Cost.Part part) {
    return switch (part) {
      case INPUT -> CostPart.INPUT;
      case CACHE_READ -> CostPart.CACHE_READ;
      case CACHE_WRITE -> CostPart.CACHE_WRITE;
      case OUTPUT -> CostPart.OUTPUT;
      case REASONING -> CostPart.REASONING;
      case AUDIO -> CostPart.AUDIO;
      case IMAGE -> CostPart.IMAGE;
      case TOOL -> CostPart.TOOL;
      case REQUEST -> CostPart.REQUEST;
    };
  }

  private static @Nullable BigDecimal decimal(@Nullable String plain) {
    return plain == null ? null : new BigDecimal(plain);
  }

  private static boolean fits(BigDecimal amount) {
    return amount.precision() - amount.scale() <= MOST_DIGITS;
  }

  /** Returns null for what is too large for the column, which only a broken sender reports. */
  private static @Nullable BigDecimal rounded(@Nullable BigDecimal amount) {
    return amount == null || !fits(amount) ? null : amount.setScale(SCALE, RoundingMode.HALF_EVEN);
  }

  /** Returns the amount if the column does not hold all of it. */
  private static @Nullable String unlessFits(@Nullable String plain) {
    BigDecimal amount = decimal(plain);
    BigDecimal rounded = rounded(amount);
    return amount == null || (rounded != null && rounded.compareTo(amount) == 0) ? null : plain;
  }

  /**
   * Returns the names of the columns of cost parts, as a list of SQL, in the order of the parts.
   */
  static String costParts() {
    return Stream.of(CostPart.values())
        .map(part -> "cost_" + part.wireName())
        .collect(Collectors.joining(", "));
  }
}
