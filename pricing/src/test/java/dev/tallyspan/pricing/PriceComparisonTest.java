package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our column of docs/price-comparison.md is what the shipped catalog says. */
class PriceComparisonTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "price-comparison.md");
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");
  private static final List<Unit> UNITS =
      List.of(Unit.INPUT, Unit.OUTPUT, Unit.CACHE_READ, Unit.CACHE_WRITE_5M);

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void documentedPriceIsTheCatalogs(Row row) {
    int slash = row.key().indexOf('/');
    ModelPrices prices =
        ModelPrices.of(
            PriceCatalog.shipped(),
            row.key().substring(0, slash),
            row.key().substring(slash + 1),
            AT);
    ModelPrices.Card standard =
        prices.cards().stream().filter(c -> c.key().equals(prices.key())).findFirst().get();
    StringJoiner figures = new StringJoiner("/");
    for (Unit unit : UNITS) {
      BigDecimal rate = standard.rates().get(unit);
      figures.add(rate == null ? "·" : Rate.plain(rate.movePointRight(6)).toPlainString());
    }

    assertThat(figures.toString()).isEqualTo(row.ours());
  }

  @Test
  void fortyModelsAreCompared() throws IOException {
    assertThat(rows()).hasSize(40);
    assertThat(Files.readString(DOCUMENT))
        .contains("(version " + PriceCatalog.shipped().version() + ")");
  }

  static List<Row> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|"))
        .map(cells -> new Row(cells[1].replace("`", "").trim(), cells[2].trim()))
        .toList();
  }

  record Row(String key, String ours) {}
}
