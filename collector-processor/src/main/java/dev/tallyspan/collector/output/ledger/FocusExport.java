package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.pricing.CostPart;
import dev.tallyspan.pricing.Unit;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts in the columns of FOCUS 1.2, for FinOps tools: one row for each day, model, kind of
 * tokens, service, tenant and user.
 *
 * <p>Calls without a price are left out, because a FOCUS row has a cost.
 *
 * @see <a href="https://focus.finops.org/focus-specification/v1-2/">FOCUS 1.2</a>
 */
public final class FocusExport {

  /** In the order of the specification, which is that of the alphabet. */
  static final List<String> COLUMNS =
      List.of(
          "AvailabilityZone",
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingAccountType",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "CapacityReservationId",
          "CapacityReservationStatus",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargeFrequency",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "CommitmentDiscountCategory",
          "CommitmentDiscountId",
          "CommitmentDiscountName",
          "CommitmentDiscountQuantity",
          "CommitmentDiscountStatus",
          "CommitmentDiscountType",
          "CommitmentDiscountUnit",
          "ConsumedQuantity",
          "ConsumedUnit",
          "ContractedCost",
          "ContractedUnitPrice",
          "EffectiveCost",
          "InvoiceId",
          "InvoiceIssuerName",
          "ListCost",
          "ListUnitPrice",
          "PricingCategory",
          "PricingCurrency",
          "PricingCurrencyContractedUnitPrice",
          "PricingCurrencyEffectiveCost",
          "PricingCurrencyListUnitPrice",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "RegionId",
          "RegionName",
          "ResourceId",
          "ResourceName",
          "ResourceType",
          "ServiceCategory",
          "ServiceName",
          "ServiceSubcategory",
          "SkuId",
          "SkuMeter",
          "SkuPriceDetails",
          "SkuPriceId",
          "SubAccountId",
          "SubAccountName",
          "SubAccountType",
          "Tags");

  private static final JsonFactory JSON = new JsonFactory();
  private static final String UNKNOWN = "unknown";
  private static final String TOKENS = "Tokens";
  private static final String REQUESTS = "Requests";

  private static final String SELECT =
      "SELECT strftime(time, '%Y-%m-%d'), provider, coalesce(response_model, model), service,"
          + " tenant, user_id, price, currency, coalesce(original_currency, currency), status, cost,"
          + " billed_usage, "
          + LedgerColumn.costParts()
          + " FROM calls WHERE cost IS NOT NULL AND currency IS NOT NULL AND ";

  /** Where the parts begin among the columns. */
  private static final int FIRST_PART = 12;

  /** What is summed; texts are empty if they are not known. */
  private record Group(
      String day,
      String provider,
      String model,
      String service,
      String tenant,
      String user,
      String price,
      String currency,
      String pricingCurrency,
      String status,
      String meter,
      String unit) {}

  private static final Comparator<Group> ORDER =
      Comparator.comparing(Group::day)
          .thenComparing(Group::provider)
          .thenComparing(Group::model)
          .thenComparing(Group::meter)
          .thenComparing(Group::toString);

  private static final class Sum {
    private BigDecimal cost = BigDecimal.ZERO;
    private long quantity;
  }

  private final Period period;
  private final @Nullable String billingAccount;
  private final Map<Group, Sum> sums = new TreeMap<>(ORDER);

  /**
   * @param billingAccount the account that the provider bills; null = the name of the provider
   */
  public FocusExport(Period period, @Nullable String billingAccount) {
    this.period = requireNonNull(period, "period");
    this.billingAccount = billingAccount;
  }

  /** Passes the rows on, in the order of their days. */
  public void run(Ledger ledger, Rows rows) throws IOException {
    ledger.query(SELECT + period.where(), List.of(), this::add);
    rows.columns(COLUMNS.stream().map(name -> new Rows.Column(name, "VARCHAR")).toList());
    for (Map.Entry<Group, Sum> each : sums.entrySet()) {
      rows.row(row(each.getKey(), each.getValue()));
    }
  }

  private void add(List<@Nullable String> call) throws IOException {
    BigDecimal cost = new BigDecimal(requireNonNull(call.get(10)));
    Map<CostPart, BigDecimal> parts = new EnumMap<>(CostPart.class);
    BigDecimal rest = cost;
    for (CostPart part : CostPart.values()) {
      String amount = call.get(FIRST_PART + part.ordinal());
      if (amount != null) {
        parts.put(part, new BigDecimal(amount));
        rest = rest.subtract(new BigDecimal(amount));
      }
    }
    if (parts.isEmpty() || rest.signum() != 0) {
      // A reported cost has no parts; those of a converted one are rounded.
      add(call, "Calls", REQUESTS, cost, 1);
      return;
    }
    BilledUsage usage = BilledUsage.parse(call.get(11));
    for (Map.Entry<CostPart, BigDecimal> part : parts.entrySet()) {
      if (part.getKey() == CostPart.REQUEST) {
        add(call, "Calls", REQUESTS, part.getValue(), 1);
        continue;
      }
      long tokens = 0;
      boolean tokensOnly = true;
      for (Map.Entry<String, Long> count : usage.counts().entrySet()) {
        Unit unit = Unit.of(count.getKey());
        if (unit != null && unit.part() == part.getKey()) {
          tokens += count.getValue();
          tokensOnly &= unit.isToken();
        }
      }
      for (BilledUsage.Side side : usage.sides()) {
        for (Map.Entry<String, Long> count : side.counts().entrySet()) {
          Unit unit = Unit.of(count.getKey());
          tokens += unit != null && unit.part() == part.getKey() ? count.getValue() : 0;
        }
      }
      String meter = meter(part.getKey());
      if (part.getKey() == CostPart.TOOL) {
        add(call, meter, REQUESTS, part.getValue(), tokens);
      } else {
        add(call, meter, tokensOnly ? TOKENS : "", part.getValue(), tokens);
      }
    }
  }

  private static String meter(CostPart part) {
    return switch (part) {
      case INPUT -> "Input tokens";
      case CACHE_READ -> "Cached input tokens";
      case CACHE_WRITE -> "Cache write tokens";
      case OUTPUT -> "Output tokens";
      case REASONING -> "Reasoning tokens";
      case AUDIO -> "Audio";
      case IMAGE -> "Images and video";
      case TOOL -> "Tool uses";
      case REQUEST -> "Calls";
    };
  }

  private void add(
      List<@Nullable String> call, String meter, String unit, BigDecimal cost, long quantity) {
    Group group =
        new Group(
            text(call, 0),
            text(call, 1),
            text(call, 2),
            text(call, 3),
            text(call, 4),
            text(call, 5),
            text(call, 6),
            text(call, 7),
            text(call, 8),
            text(call, 9),
            meter,
            unit);
    Sum sum = sums.computeIfAbsent(group, each -> new Sum());
    sum.cost = sum.cost.add(cost);
    sum.quantity += quantity;
  }

  private static String text(List<@Nullable String> call, int column) {
    String value = call.get(column);
    return value == null ? "" : value;
  }

  private List<@Nullable String> row(Group group, Sum sum) throws IOException {
    LocalDate day = LocalDate.parse(group.day);
    String cost = sum.cost.signum() == 0 ? "0" : sum.cost.stripTrailingZeros().toPlainString();
    String provider = group.provider.isEmpty() ? UNKNOWN : group.provider;
    String model = group.model.isEmpty() ? UNKNOWN : group.model;
    String sku = group.price.isEmpty() ? provider + "/" + model : group.price;
    String quantity = group.unit.isEmpty() ? null : String.valueOf(sum.quantity);
    String unit = group.unit.isEmpty() ? null : group.unit;
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    COLUMNS.forEach(column -> row.put(column, null));
    for (String column : List.of("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")) {
      row.put(column, cost);
    }
    row.put("BillingAccountId", billingAccount == null ? provider : billingAccount);
    row.put("BillingCurrency", group.currency);
    row.put("BillingPeriodStart", midnight(day.withDayOfMonth(1)));
    row.put("BillingPeriodEnd", midnight(day.withDayOfMonth(1).plusMonths(1)));
    row.put("ChargeCategory", "Usage");
    row.put("ChargeDescription", model + ": " + group.meter.toLowerCase(Locale.ROOT));
    row.put("ChargeFrequency", "Usage-Based");
    row.put("ChargePeriodStart", midnight(day));
    row.put("ChargePeriodEnd", midnight(day.plusDays(1)));
    row.put("ConsumedQuantity", quantity);
    row.put("ConsumedUnit", unit);
    row.put("InvoiceIssuerName", provider);
    row.put("PricingCategory", "Standard");
    row.put("PricingCurrency", group.pricingCurrency);
    row.put("PricingQuantity", quantity);
    row.put("PricingUnit", unit);
    row.put("ProviderName", provider);
    row.put("PublisherName", provider);
    row.put("ResourceId", model);
    row.put("ResourceName", model);
    row.put("ResourceType", "Model");
    row.put("ServiceCategory", "AI and Machine Learning");
    row.put("ServiceName", provider + " API");
    row.put("ServiceSubcategory", "Generative AI");
    row.put("SkuId", sku);
    row.put("SkuMeter", group.meter);
    row.put("SkuPriceId", sku + "/" + group.meter.toLowerCase(Locale.ROOT).replace(' ', '_'));
    row.put("SubAccountId", group.tenant.isEmpty() ? null : group.tenant);
    row.put("SubAccountType", group.tenant.isEmpty() ? null : "Tenant");
    row.put("Tags", tags(group));
    return new ArrayList<>(row.values());
  }

  private static String midnight(LocalDate day) {
    return day + "T00:00:00Z";
  }

  private static String tags(Group group) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!group.service.isEmpty()) {
        json.writeStringField("service", group.service);
      }
      if (!group.user.isEmpty()) {
        json.writeStringField("user", group.user);
      }
      json.writeStringField("cost_status", group.status);
      json.writeEndObject();
    }
    return text.toString();
  }
}
