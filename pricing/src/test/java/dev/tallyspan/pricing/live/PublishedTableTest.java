package dev.tallyspan.pricing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.CatalogDiff;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Catalogs;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import dev.tallyspan.pricing.live.Reload.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that others publish, laid over a catalog as they are. */
class PublishedTableTest {
  private static final Instant NOW = Instant.parse("2026-09-10T12:00:00Z");

  /** Knows more of its models than a table: a tier, another name, what held before. */
  private static final PriceCatalog BELOW =
      below(
          """
          "same": {"cards": [{"rates": {"input": "2/M", "output": "8/M"}},
            {"when": {"service_tier": "flex"}, "rates": {"input": "1/M", "output": "4/M"}}]},
          "same-2026-01-01": {"cards": [{"rates": {"input": "7/M"}}]},
          "dearer": {"cards": [{"rates": {"input": "2/M"}}]},
          "gone": {"cards": [{"rates": {"input": "5/M"}}]}
          """);

  private static final String TABLE =
      """
      {"same": {"litellm_provider": "acme", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
       "dearer": {"litellm_provider": "acme", "input_cost_per_token": 3e-06},
       "new": {"litellm_provider": "acme", "input_cost_per_token": 9e-06}}
      """;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("table.json");
  }

  @Test
  void whatTheTableSaysOtherwiseHoldsAndWhatItRepeatsIsLeftToTheLayerBelow() throws Exception {
    write(TABLE);
    try (LiveCatalog live = builder().build()) {
      PriceCatalog catalog = live.current();

      assertThat(price(catalog, "new", null).total()).isEqualByComparingTo("0.009");
      assertThat(price(catalog, "dearer", null).total()).isEqualByComparingTo("0.003");
      assertThat(price(catalog, "same", null).total()).isEqualByComparingTo("0.002");
      assertThat(price(catalog, "same", "flex").total()).isEqualByComparingTo("0.001");
      assertThat(price(catalog, "gone", null).total()).isEqualByComparingTo("0.005");
      assertThat(catalog.version()).startsWith("litellm@").endsWith("+2026-09-01");
    }
  }

  @Test
  void nameThatTheLayerBelowHasIsNotReadAsAVersionOfAnother() throws Exception {
    write("{\"same\": {\"litellm_provider\": \"acme\", \"input_cost_per_token\": 4e-06}}");
    try (LiveCatalog live = builder().build()) {
      assertThat(price(live.current(), "same", null).total()).isEqualByComparingTo("0.004");
      assertThat(price(live.current(), "same-2026-02-02", null).total())
          .isEqualByComparingTo("0.004");
      assertThat(price(live.current(), "same-2026-01-01", null).total())
          .isEqualByComparingTo("0.007");
    }
  }

  @Test
  void callsFromBeforeTheLayerBelowKeepItsPricesIfItHasThem() throws Exception {
    write(TABLE);
    try (LiveCatalog live = builder().build()) {
      Instant before = Instant.parse("2026-08-31T23:59:59Z");

      assertThat(price(live.current(), "dearer", before).total()).isEqualByComparingTo("0.002");
      assertThat(price(live.current(), "new", before).total()).isEqualByComparingTo("0.009");
      assertThat(price(live.current(), "dearer", Instant.parse("2026-09-01T00:00:00Z")).total())
          .isEqualByComparingTo("0.003");
    }
  }

  @Test
  void contractHoldsOverATableAndOverWhatWasBefore() throws Exception {
    write(TABLE);
    try (LiveCatalog live = builder().build()) {
      PriceCatalog agreed =
          Contracts.parse(
                  "c",
                  """
                  {"format": "tallyspan-contracts/1", "version": "1", "tenants": {"t": {"discounts": [
                    {"provider": "acme", "factor": "0.5"}]}}}
                  """)
              .forTenant("t", live.current());

      assertThat(price(agreed, "dearer", null).total()).isEqualByComparingTo("0.0015");
      assertThat(price(agreed, "dearer", Instant.parse("2026-08-01T00:00:00Z")).total())
          .isEqualByComparingTo("0.001");
    }
  }

  @Test
  void aloneItHasTheRulesForNamesAndNoOtherPrices() throws Exception {
    write(TABLE);
    try (LiveCatalog live = builder().alone().build()) {
      PriceCatalog catalog = live.current();

      assertThat(
              catalog
                  .price(
                      PriceRequest.builder()
                          .provider("acme-ai")
                          .responseModel("dearer-2026-08-01")
                          .at(NOW)
                          .usage(Usage.builder().set(Unit.INPUT, 1000).build())
                          .build())
                  .total())
          .isEqualByComparingTo("0.003");
      assertThat(price(catalog, "gone", null).status()).isEqualTo(PriceStatus.UNPRICED);
    }
  }

  @Test
  void pricesAreOfTheDayThatTheTableIsOf() throws Exception {
    write(TABLE);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-09-08T03:00:00Z")));
    try (LiveCatalog live = builder().build()) {
      assertThat(live.current().asOf()).isEqualTo(LocalDate.parse("2026-09-08"));

      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-08-08T03:00:00Z")));
      Files.writeString(file, TABLE.replace("9e-06", "8e-06"));
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-08-08T03:00:00Z")));
      live.reload();

      // The layer below is newer.
      assertThat(live.current().asOf()).isEqualTo(LocalDate.parse("2026-09-01"));
    }
  }

  @Test
  void textThatIsNoTableIsRefusedWithItsLine() throws Exception {
    write(TABLE);
    try (LiveCatalog live = builder().build()) {
      write("{\"same\": {\n\"litellm_provider\": nothing}}");
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.reason()).matches(".*table\\.json:2 .*; the table must be JSON");
      assertThat(price(live.current(), "new", null).total()).isEqualByComparingTo("0.009");
    }
  }

  @Test
  void keptTableIsATableStill() throws Exception {
    write(TABLE);
    TableUpdate update = TableUpdate.read(Format.LITELLM, file, () -> NOW);
    write(update.text());
    try (LiveCatalog live =
        LiveCatalog.file(file).over(BELOW).clock(() -> NOW).interval(Duration.ofDays(1)).build()) {
      assertThat(update.catalog().table()).isEqualTo("litellm");
      assertThat(price(live.current(), "same", "flex").total()).isEqualByComparingTo("0.001");
      assertThat(price(live.current(), "dearer", null).total()).isEqualByComparingTo("0.003");
    }
  }

  @Test
  void updateSaysWhatItChanges() throws Exception {
    write(TABLE);
    TableUpdate first = TableUpdate.read(Format.LITELLM, file, () -> NOW);

    assertThat(texts(first.changes(/* before= */ null, BELOW, () -> NOW)))
        .containsExactly("~ acme/dearer input 0.000002 -> 0.000003", "+ acme/new");

    write(TABLE.replace("3e-06", "4e-06").replace("\"new\"", "\"newest\""));
    TableUpdate second = TableUpdate.read(Format.LITELLM, file, () -> NOW);

    assertThat(texts(second.changes(first.catalog(), BELOW, () -> NOW)))
        .containsExactly("~ acme/dearer input 0.000003 -> 0.000004", "- acme/new", "+ acme/newest");
  }

  @Test
  void dayOfACatalogIsSaidOrStandsInItsVersion() throws Exception {
    assertThat(edition("\"version\": \"2026-11-22\"").asOf()).isEqualTo("2026-11-22");
    assertThat(edition("\"version\": \"acme-2026-11-22\"").asOf()).isEqualTo("2026-11-22");
    assertThat(edition("\"version\": \"7\", \"as_of\": \"2026-11-22\"").asOf())
        .isEqualTo("2026-11-22");
    assertThat(edition("\"version\": \"v2026-13-41\"").asOf()).isNull();
    assertThat(edition("\"version\": \"7\"").asOf()).isNull();
  }

  private static PriceCatalog edition(String members) throws CatalogException {
    return PriceCatalog.parse(
        "c",
        "{\"format\": \"tallyspan-prices/1\", "
            + members
            + ", \"currency\": \"USD\", \"providers\": {}}");
  }

  private static List<String> texts(List<CatalogDiff.Change> changes) {
    return changes.stream().map(CatalogDiff.Change::toString).toList();
  }

  private LiveCatalog.Builder builder() {
    return LiveCatalog.file(file)
        .format(Format.LITELLM)
        .over(BELOW)
        .clock(() -> NOW)
        .interval(Duration.ofDays(1));
  }

  private void write(String text) throws Exception {
    Files.writeString(file, text);
  }

  private static Price price(PriceCatalog catalog, String model, Object when) {
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider("acme")
            .responseModel(model)
            .at(when instanceof Instant at ? at : NOW)
            .usage(Usage.builder().set(Unit.INPUT, 1000).build());
    return catalog.price(
        (when instanceof String tier ? request.when("service_tier", tier) : request).build());
  }

  private static PriceCatalog below(String models) {
    try {
      return PriceCatalog.parse(
          "below.json", Catalogs.text(models).replace("\"test\"", "\"2026-09-01\""));
    } catch (CatalogException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
