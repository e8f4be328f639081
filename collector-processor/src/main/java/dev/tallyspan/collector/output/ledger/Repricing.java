package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the calls would have cost by another price catalog, and why that differs. Changes nothing.
 * Converted costs are compared before their conversion.
 */
public final class Repricing {

  /** What a result has; the rows with the largest differences come first. */
  static final List<Rows.Column> COLUMNS =
      List.of(
          new Rows.Column("model", "VARCHAR"),
          new Rows.Column("provider", "VARCHAR"),
          new Rows.Column("calls", "BIGINT"),
          new Rows.Column("was", "DECIMAL"),
          new Rows.Column("now", "DECIMAL"),
          new Rows.Column("difference", "DECIMAL"),
          new Rows.Column("currency", "VARCHAR"),
          new Rows.Column("why", "VARCHAR"));

  private static final String SELECT =
      "SELECT provider, model, response_model, time, status, coalesce(original_currency, currency),"
          + " coalesce(original_cost, cost_exact, CAST(cost AS VARCHAR)), price, billed_usage,"
          + " original_cost IS NOT NULL, "
          + LedgerColumn.costParts()
          + " FROM calls WHERE ";

  private static final int FIRST_PART = 10;

  /**
   * @param why that is the same for all calls of the group; the change of parts is added to it
   */
  private record Group(
      @Nullable String model,
      @Nullable String provider,
      @Nullable String currency,
      boolean comparable,
      String why) {}

  private static final class Sum {
    private long calls;
    private BigDecimal was = BigDecimal.ZERO;
    private BigDecimal now = BigDecimal.ZERO;
    private boolean wasKnown;
    private boolean nowKnown;
    private final Map<CostPart, BigDecimal> wasParts = new EnumMap<>(CostPart.class);
    private final Map<CostPart, BigDecimal> nowParts = new EnumMap<>(CostPart.class);

    private BigDecimal difference() {
      return now.subtract(was);
    }
  }

  private final PriceCatalog catalog;
  private final Period period;
  private final Map<Group, Sum> sums = new LinkedHashMap<>();

  public Repricing(PriceCatalog catalog, Period period) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.period = requireNonNull(period, "period");
  }

  /** Prices all calls again, and passes on what differs and what does not. */
  public void run(Ledger ledger, Rows rows) throws IOException {
    ledger.query(SELECT + period.where(), List.of(), this::add);
    rows.columns(COLUMNS);
    List<Map.Entry<Group, Sum>> sorted = new ArrayList<>(sums.entrySet());
    sorted.sort(
        (a, b) -> b.getValue().difference().abs().compareTo(a.getValue().difference().abs()));
    for (Map.Entry<Group, Sum> each : sorted) {
      Group group = each.getKey();
      Sum sum = each.getValue();
      rows.row(
          Stream.<@Nullable String>of(
                  group.model,
                  group.provider,
                  String.valueOf(sum.calls),
                  sum.wasKnown ? plain(sum.was) : null,
                  sum.nowKnown ? plain(sum.now) : null,
                  group.comparable && sum.wasKnown && sum.nowKnown ? plain(sum.difference()) : null,
                  group.currency,
                  why(group, sum))
              .toList());
    }
  }

  private void add(List<@Nullable String> call) throws IOException {
    Bill bill = bill(call);
    String wasStatus = requireNonNull(call.get(4));
    BigDecimal was = call.get(6) == null ? null : new BigDecimal(call.get(6));
    BigDecimal now = bill.total();
    boolean sameCurrency =
        call.get(5) == null || now == null || bill.currency().equals(call.get(5));
    String currency = call.get(5) != null ? call.get(5) : now == null ? null : bill.currency();
    Group group =
        new Group(
            call.get(1),
            call.get(0),
            currency,
            sameCurrency,
            why(call, wasStatus, bill, sameCurrency));
    Sum sum = sums.computeIfAbsent(group, each -> new Sum());
    sum.calls++;
    if (was != null) {
      sum.was = sum.was.add(was);
      sum.wasKnown = true;
    }
    if (now != null && sameCurrency) {
      sum.now = sum.now.add(now);
      sum.nowKnown = true;
    }
    for (CostPart part : CostPart.values()) {
      String before = call.get(FIRST_PART + part.ordinal());
      if (before != null && !"true".equals(call.get(9))) {
        sum.wasParts.merge(part, new BigDecimal(before), BigDecimal::add);
      }
      BigDecimal after = bill.part(part);
      if (after != null) {
        sum.nowParts.merge(part, after, BigDecimal::add);
      }
    }
  }

  /** Prices the call as it was priced when it came, by the other catalog. */
  private Bill bill(List<@Nullable String> call) throws IOException {
    BilledUsage usage = BilledUsage.parse(call.get(8));
    String model = call.get(1);
    String response = call.get(2);
    Instant at = Instant.parse(requireNonNull(call.get(3)));
    Bill.Builder bill =
        Bill.builder(
            catalog.price(
                request(
                    call.get(0),
                    response,
                    model,
                    usage,
                    usage(usage.counts(), usage.known()),
                    at)));
    usage.gaps().forEach(bill::gap);
    for (BilledUsage.Side side : usage.sides()) {
      Usage counts = usage(side.counts(), /* call= */ false);
      bill.side(
          side.what(),
          catalog.price(
              side.model() == null
                  ? request(call.get(0), response, model, usage, counts, at)
                  : request(call.get(0), side.model(), null, usage, counts, at)));
    }
    return bill.build();
  }

  private static Usage usage(Map<String, Long> counts, boolean call) {
    Usage.Builder usage = Usage.builder();
    counts.forEach(usage::addReported);
    if (call) {
      usage.add(Unit.REQUEST, 1);
    }
    return usage.build();
  }

  private static PriceRequest request(
      @Nullable String provider,
      @Nullable String responseModel,
      @Nullable String requestModel,
      BilledUsage usage,
      Usage counts,
      Instant at) {
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(provider)
            .responseModel(responseModel)
            .requestModel(requestModel)
            .at(at)
            .usage(counts);
    usage.conditions().forEach(request::when);
    return request.build();
  }

  private static String why(
      List<@Nullable String> call, String wasStatus, Bill bill, boolean sameCurrency) {
    String before = call.get(7);
    String after = bill.price().priceKey();
    if (!sameCurrency) {
      return "now priced in " + bill.currency();
    }
    if (bill.total() == null) {
      return wasStatus.equals("unpriced")
          ? "still without a price"
          : "now without a price: " + String.join("; ", bill.missing());
    }
    if (wasStatus.equals("unpriced")) {
      return "was without a price; now " + after;
    }
    if (wasStatus.equals("provider_reported")) {
      return "the cost was reported with the call; the catalog has " + after;
    }
    if (!Objects.equals(before, after)) {
      return "priced by " + after + " instead of " + before;
    }
    String nowStatus = bill.status().wireName();
    return wasStatus.equals(nowStatus) ? "" : nowStatus + " instead of " + wasStatus;
  }

  private static String why(Group group, Sum sum) {
    List<String> parts = new ArrayList<>();
    if (sum.wasKnown && sum.nowKnown && sum.difference().signum() != 0 && !sum.wasParts.isEmpty()) {
      for (CostPart part : CostPart.values()) {
        BigDecimal was = sum.wasParts.getOrDefault(part, BigDecimal.ZERO);
        BigDecimal now = sum.nowParts.getOrDefault(part, BigDecimal.ZERO);
        if (was.compareTo(now) != 0) {
          parts.add(part.wireName() + " " + plain(was) + " -> " + plain(now));
        }
      }
    }
    if (parts.isEmpty()) {
      return group.why.isEmpty() ? "the same" : group.why;
    }
    String changes = String.join(", ", parts);
    return group.why.isEmpty() ? changes : group.why + ": " + changes;
  }

  static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
