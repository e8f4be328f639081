package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import dev.tallyspan.pricing.internal.StrictJsonReader;
import dev.tallyspan.pricing.internal.StrictJsonReader.JsonException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Contracts of tenants with providers: factors on list prices, or rates of their own.
 *
 * <p>Reads the format {@value #FORMAT}; see {@code docs/pricing.md}. Immutable, thread-safe.
 */
public final class Contracts {
  static final String FORMAT = "tallyspan-contracts/1";

  private static final BigDecimal MAX_FACTOR = BigDecimal.valueOf(10);

  private static final Contracts NONE = new Contracts("none", Map.of());

  private final String version;
  private final Map<String, Contract> byTenant;

  private Contracts(String version, Map<String, Contract> byTenant) {
    this.version = version;
    this.byTenant = byTenant;
  }

  /** {@return no contracts: list prices for all tenants} */
  public static Contracts none() {
    return NONE;
  }

  /**
   * Reads a contract file.
   *
   * @param file the path of the file
   * @return the contracts
   * @throws CatalogException if the file cannot be read or has a fault; the message is {@code
   *     file:line what; how to fix it}
   */
  public static Contracts read(Path file) throws CatalogException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new CatalogException(file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /**
   * Parses contracts.
   *
   * @param source name of the text, as used in messages
   * @param text the text to read
   * @return the contracts
   * @throws CatalogException if the text has a fault; the message is {@code source:line what; how
   *     to fix it}
   */
  public static Contracts parse(String source, String text) throws CatalogException {
    JsonValue root;
    try {
      root = StrictJsonReader.read(text);
    } catch (JsonException e) {
      throw new CatalogException(
          source + ":" + e.line() + " " + e.getMessage() + "; the file must be JSON", e);
    }
    Fields file = new Fields(source, root);
    JsonValue format = file.required("format");
    if (!(format instanceof JsonValue.Str given && given.text().equals(FORMAT))) {
      throw file.error(format, "unknown format", "this version reads \"" + FORMAT + "\"");
    }
    String version = file.text("version");
    Map<String, Contract> contracts = new LinkedHashMap<>();
    CatalogFaults faults = new CatalogFaults();
    for (Map.Entry<String, JsonValue> tenant : file.members("tenants").entrySet()) {
      faults.read(
          () -> contracts.put(tenant.getKey(), contract(source, version, tenant.getValue())));
    }
    faults.read(file::end);
    faults.end();
    return new Contracts(version, contracts);
  }

  private static Contract contract(String source, String version, JsonValue json)
      throws CatalogException {
    Fields fields = new Fields(source, json);
    List<Discounts.Discount> discounts = new ArrayList<>();
    for (JsonValue element : fields.elements("discounts")) {
      discounts.add(discount(new Fields(source, element)));
    }
    PriceCatalog rates = null;
    if (fields.optional("providers") != null) {
      rates =
          new CatalogReader(source)
              .readProviders(fields, Edition.of(version, null, null), fields.currency());
    }
    fields.end();
    return new Contract(version, discounts, rates, new ConcurrentHashMap<>());
  }

  private static Discounts.Discount discount(Fields fields) throws CatalogException {
    String provider = fields.text("provider");
    List<String> models = fields.texts("models");
    Interval valid = fields.interval("from", "until");
    Condition condition = new ConditionReader(fields).read("when");
    BigDecimal factor = fields.decimal("factor");
    if (factor.signum() <= 0 || factor.compareTo(MAX_FACTOR) > 0) {
      throw fields.error("absurd factor " + factor, "give one above 0 and at most 10");
    }
    boolean fees = fields.flag("fees", true);
    fields.end();
    return new Discounts.Discount(
        provider,
        Discounts.Selection.of(models),
        new Factor(
            new Adjustment(valid, condition, factor, "contract=" + factor.toPlainString(), fees)),
        Set.of());
  }

  /** {@return the version given in the file} */
  public String version() {
    return version;
  }

  /** {@return the names of the tenants that have a contract} */
  public Set<String> tenants() {
    return byTenant.keySet();
  }

  /**
   * {@return the prices of a tenant: its own rates, otherwise list prices times its factors} The
   * result for the last catalog is cached.
   *
   * @param tenant null if unknown
   * @param list the list prices, which are also the result for a tenant without a contract
   */
  public PriceCatalog forTenant(@Nullable String tenant, PriceCatalog list) {
    Contract contract = tenant == null ? null : byTenant.get(tenant);
    return contract == null ? list : contract.over(list);
  }

  /**
   * @param rates of its own, to which no factor applies, or null
   * @param applied cache: the last list prices, with the result
   */
  private record Contract(
      String version,
      List<Discounts.Discount> discounts,
      @Nullable PriceCatalog rates,
      Map<PriceCatalog, PriceCatalog> applied) {

    PriceCatalog over(PriceCatalog list) {
      PriceCatalog known = applied.get(list);
      if (known == null) {
        PriceCatalog discounted = discounts.isEmpty() ? list : list.discounted(version, discounts);
        known = rates == null ? discounted : rates.over(discounted);
        applied.clear();
        applied.put(list, known);
      }
      return known;
    }
  }
}
