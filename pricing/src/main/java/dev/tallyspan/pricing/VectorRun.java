package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.StrictJsonReader.JsonException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of pricing examples ("vectors") with a catalog and comparing the prices with the
 * expected ones.
 *
 * <p>The format of the vectors is {@value #SCHEMA}. Compares the status, the total to 15 decimals,
 * the line items by unit, and the price key if the vector has one that the catalog knows. A vector
 * that is marked as disputed is listed if it differs, and does not count as failed.
 */
public final class VectorRun {
  static final String SCHEMA = "llm-cost-vectors/1";

  private static final int SCALE = 15;

  private final List<Failure> failures = new ArrayList<>();
  private final List<Failure> disputed = new ArrayList<>();
  private int passed;

  private VectorRun() {}

  /**
   * Runs vectors against the shipped catalog. Does not close the reader.
   *
   * @param vectors the priced examples
   * @return the results
   * @throws IOException if the reader throws it
   * @throws CatalogException if the text is not a vector file
   */
  public static VectorRun run(Reader vectors) throws IOException, CatalogException {
    return run(vectors, PriceCatalog.shipped());
  }

  /**
   * Runs vectors against a catalog. Does not close the reader.
   *
   * @param vectors the priced examples
   * @param catalog the prices
   * @return the results
   * @throws IOException if the reader throws it
   * @throws CatalogException if the text is not a vector file
   */
  public static VectorRun run(Reader vectors, PriceCatalog catalog)
      throws IOException, CatalogException {
    StringWriter text = new StringWriter();
    vectors.transferTo(text);
    VectorRun run = new VectorRun();
    for (Vector vector : VectorReader.read(text.toString())) {
      run.check(vector, catalog);
    }
    return run;
  }

  /**
   * Checks that a text is a vector file, without running it.
   *
   * @param vectors the priced examples
   * @throws CatalogException if it is not
   */
  public static void checkFormat(String vectors) throws CatalogException {
    VectorReader.read(vectors);
  }

  /** {@return the number of vectors that gave the expected result} */
  public int passed() {
    return passed;
  }

  /** {@return the number of vectors that did not, without disputed ones} */
  public int failed() {
    return failures.size();
  }

  /** {@return the vectors that failed, in the order of the file} */
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** {@return the disputed vectors that gave another result, in the order of the file} */
  public List<Failure> disputed() {
    return List.copyOf(disputed);
  }

  private void check(Vector vector, PriceCatalog catalog) {
    String expected = vector.describe();
    String got;
    try {
      got = outcome(vector, catalog);
    } catch (IllegalArgumentException e) {
      got = "cannot be read: " + e.getMessage();
    }
    if (got.equals(expected)) {
      passed++;
    } else {
      (vector.isDisputed() ? disputed : failures).add(new Failure(vector.id(), expected, got));
    }
  }

  private static String outcome(Vector vector, PriceCatalog catalog) {
    if (vector.isAggregate()) {
      return describe("skipped_aggregate", null, Map.of(), null);
    }
    BigDecimal reported = vector.providerCost();
    if (reported != null) {
      return describe("provider_reported", reported, Map.of(), null);
    }
    Price price = catalog.price(vector.request());
    return describe(
        price.status().wireName(),
        price.total(),
        vector.grouped(price.items()),
        vector.keyToCompare(price, catalog));
  }

  static String describe(
      String status,
      @Nullable BigDecimal total,
      Map<Unit, BigDecimal[]> items,
      @Nullable String key) {
    StringBuilder text = new StringBuilder(status);
    if (total != null) {
      text.append(' ').append(rounded(total));
    }
    items.forEach(
        (unit, item) ->
            text.append(' ')
                .append(unit.wireName())
                .append('=')
                .append(Rate.plain(item[0]).toPlainString())
                .append(':')
                .append(rounded(item[1])));
    return key == null ? text.toString() : text + " " + key;
  }

  private static String rounded(BigDecimal amount) {
    return Rate.plain(amount.setScale(SCALE, RoundingMode.HALF_EVEN)).toPlainString();
  }

  /**
   * A vector that did not give the expected result.
   *
   * @param id of the vector, as in the file
   * @param expected status, total, {@code unit=quantity:amount} for each line, and the key if it
   *     has one
   * @param got the same, as computed with the catalog
   */
  public record Failure(String id, String expected, String got) {}

  /** One example as read. */
  record Vector(
      String id,
      boolean isDisputed,
      PriceRequest request,
      @Nullable BigDecimal providerCost,
      boolean isAggregate,
      Expected expected) {

    String describe() {
      return VectorRun.describe(
          expected.status(), expected.total(), expected.items(), expected.key());
    }

    /** Groups line items by the units that the vector lists. */
    Map<Unit, BigDecimal[]> grouped(List<LineItem> lines) {
      Map<Unit, BigDecimal[]> grouped = new EnumMap<>(Unit.class);
      for (LineItem line : lines) {
        Unit unit = line.unit();
        while (!expected.items().containsKey(unit) && unit.general() != null) {
          unit = unit.general();
        }
        add(grouped, unit, line.unit().toWire(line.quantity()), line.amount());
      }
      return grouped;
    }

    @Nullable String keyToCompare(Price price, PriceCatalog catalog) {
      String key = expected.key();
      if (key == null || price.priceKey() == null) {
        return null;
      }
      int slash = key.indexOf('/');
      String named = catalog.keyOf(key.substring(0, slash), key.substring(slash + 1), request.at());
      String got = price.priceKey().replaceFirst("#.*", "");
      return named == null || Objects.equals(named, got) ? key : got;
    }

    static void add(
        Map<Unit, BigDecimal[]> items, Unit unit, BigDecimal quantity, BigDecimal amount) {
      if (amount.signum() != 0) {
        items.merge(
            unit,
            new BigDecimal[] {quantity, amount},
            (a, b) -> new BigDecimal[] {a[0].add(b[0]), a[1].add(b[1])});
      }
    }
  }

  /** The expected result; without line items whose amount is 0. */
  record Expected(
      String status,
      @Nullable BigDecimal total,
      Map<Unit, BigDecimal[]> items,
      @Nullable String key) {}

  static CatalogException unreadable(JsonException e) {
    return new CatalogException("vectors:" + e.line() + " " + e.getMessage() + "; fix the JSON", e);
  }
}
