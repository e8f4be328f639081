package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.ReportedCost;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Costs that emitters and gateways write in an attribute of their own. */
public final class ReportedCosts {

  /**
   * A key that holds a whole cost.
   *
   * @param key the attribute
   * @param currency its currency; null if {@code currencyKey} or the value itself tells
   * @param currencyKey the attribute with the currency; null if there is none
   */
  private record CostKey(String key, @Nullable String currency, @Nullable String currencyKey) {}

  /** Strongest first. All but the first imply US dollars. */
  private static final List<CostKey> KEYS =
      List.of(
          new CostKey("gen_ai.usage.cost.amount", null, "gen_ai.usage.cost.currency"),
          usd("gen_ai.usage.cost"), // OpenLIT, Cloudflare, Bifrost, Helicone
          usd("gen_ai.usage.total_cost"), // OpenRouter
          usd("gen_ai.cost.total_cost"), // LiteLLM
          usd("gen_ai.cost.total_tokens"), // Sentry: money, despite its name
          usd("gen_ai.token.cost.total"), // OpenLIT
          usd("llm.cost.total"), // OpenInference
          usd("operation.cost"), // Pydantic AI, Logfire
          usd("ai.total_cost"), // Sentry, before gen_ai
          usd("opencode.llm.cost.total"),
          new CostKey("gen_ai.client.estimated_cost", null, null)); // Quarkus: "0.0021USD"

  private static final Pattern WITH_CURRENCY =
      Pattern.compile("\\s*([0-9.eE+-]{1,40})\\s*([A-Za-z]{3})\\s*");

  private ReportedCosts() {}

  /** The attributes that may hold a cost. */
  static List<String> keys() {
    return KEYS.stream().map(CostKey::key).toList();
  }

  public static void read(IndexedSpan span, Draft out) {
    for (CostKey cost : KEYS) {
      if (span.has(cost.key)) {
        String currency = cost.currencyKey == null ? cost.currency : span.text(cost.currencyKey);
        out.reportedCost(span.get(cost.key), currency, cost.key);
      }
    }
  }

  /** A cost; null if it is not above zero, or its currency is not known. */
  public static @Nullable ReportedCost of(Json amount, @Nullable String currency, String key) {
    BigDecimal number = Scalars.decimal(amount);
    String unit = currency;
    if (number == null && amount.isText()) {
      Matcher matcher = WITH_CURRENCY.matcher(amount.text());
      if (matcher.matches()) {
        number = Scalars.decimal(Json.of(matcher.group(1)));
        unit = matcher.group(2).toUpperCase(java.util.Locale.ROOT);
      }
    }
    return number == null || number.signum() <= 0 || unit == null
        ? null
        : new ReportedCost(number, unit, key);
  }

  private static CostKey usd(String key) {
    return new CostKey(key, "USD", null);
  }
}
