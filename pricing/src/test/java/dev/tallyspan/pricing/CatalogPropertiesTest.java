package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** Whatever a catalog holds: it is refused with a line, or prices any call without throwing. */
class CatalogPropertiesTest {
  private static final List<String> RATES =
      List.of("0", "2.5/M", "0.0000001/M", "10/k", "0.111/3600", "0.03", "?", "1/7", "-1/M", "");
  private static final List<String> NAMES =
      List.of("m", "M", "n", "m-2026-01-01", "m-mini", "us.m", "models/m", "acme/m", "ft:m:x::y");
  private static final List<String> TIMES =
      List.of("2026-01-01", "2026-06-01T12:00:00Z", "1970-01-01", "9999-12-31");
  private static final List<String> CONDITIONS =
      List.of(
          "\"service_tier\": \"flex\"",
          "\"service_tier\": [\"batch\", \"priority\"]",
          "\"speed\": \"fast\"",
          "\"geo\": \"!global\"",
          "\"region\": \"us-*\"",
          "\"input_tokens\": \">1000\"",
          "\"input_tokens\": \"<=1000\"",
          "\"time\": {\"zone\": \"Europe/Berlin\", \"hours\": \"02:00-03:00\"}");

  @Property(tries = 2000)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void catalogThatIsTakenPricesAnyCall(
      @ForAll("catalogs") String text, @ForAll("requests") PriceRequest request) {
    Optional<PriceCatalog> catalog = read(text);
    Statistics.collect(catalog.isPresent());
    Statistics.coverage(cover -> cover.check(true).percentage(taken -> taken > 10));

    catalog.ifPresent(
        prices -> {
          Price price = prices.price(request);
          Price laid = prices.over(PriceCatalog.shipped()).price(request);
          BigDecimal items =
              price.items().stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
          assertThat(price.status() == PriceStatus.UNPRICED).isEqualTo(price.total() == null);
          assertThat(price.total() == null || price.total().compareTo(items) == 0).isTrue();
          assertThat(price.toString()).isNotEmpty();
          assertThat(laid.toString()).isNotEmpty();
        });
  }

  private static Optional<PriceCatalog> read(String text) {
    try {
      return Optional.of(PriceCatalog.parse("p", text));
    } catch (CatalogException e) {
      assertThat(e).hasMessageMatching("p:\\d+ .+; .+");
      return Optional.empty();
    }
  }

  @Provide
  Arbitrary<String> catalogs() {
    Arbitrary<String> model =
        Combinators.combine(
                Arbitraries.of("m", "n"),
                Arbitraries.of("", "\"aliases\": [\"k\"],", "\"prefixes\": [\"m-\"],"),
                Arbitraries.of(
                    "", "\"adjustments\": [{\"when\": {\"geo\": \"eu\"}, \"factor\": \"1.1\"}],"),
                cards().list().ofMinSize(1).ofMaxSize(4))
            .as(
                (name, names, factors, cards) ->
                    "\"%s\": {%s%s\n\"cards\": [%s]}"
                        .formatted(name, names, factors, String.join(",\n", cards)));
    return Combinators.combine(
            Arbitraries.of(
                "", "\"versions\": [\"-\\\\d{4}-\\\\d{2}-\\\\d{2}\"],", "\"names\": \"bedrock\","),
            model.list().ofMinSize(1).ofMaxSize(2))
        .as(
            (rules, models) ->
                "{\"format\": \"tallyspan-prices/1\", \"version\": \"v\", \"currency\": \"USD\","
                    + " \"providers\": {\"acme\": {"
                    + rules
                    + "\"models\": {"
                    + String.join(",\n", models)
                    + "}}}}");
  }

  private Arbitrary<String> cards() {
    Arbitrary<String> rates =
        Combinators.combine(
                Arbitraries.of(Unit.class).map(Unit::wireName).list().ofMinSize(1).ofMaxSize(3),
                Arbitraries.of(RATES).list().ofSize(3))
            .as(
                (units, prices) -> {
                  StringBuilder members = new StringBuilder();
                  for (int i = 0; i < units.size(); i++) {
                    members.append(i == 0 ? "" : ", ");
                    members.append("\"%s\": \"%s\"".formatted(units.get(i), prices.get(i)));
                  }
                  return "\"rates\": {" + members + "}";
                });
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(5, rates), Tuple.of(1, Arbitraries.just("\"free\": true"))),
            Arbitraries.of(CONDITIONS).list().ofMaxSize(2),
            Arbitraries.of(TIMES).optional(0.4),
            Arbitraries.of(
                "", ", \"minimum\": {\"input\": 100}", ", \"read_as\": {\"output\": \"input\"}"))
        .as(
            (prices, when, from, extra) ->
                "{"
                    + from.map(time -> "\"from\": \"" + time + "\", ").orElse("")
                    + (when.isEmpty() ? "" : "\"when\": {" + String.join(", ", when) + "}, ")
                    + prices
                    + extra
                    + "}");
  }

  @Provide
  Arbitrary<PriceRequest> requests() {
    return Combinators.combine(
            Arbitraries.of("acme", "ACME ", "other").injectNull(0.2),
            Arbitraries.of(NAMES).injectNull(0.1),
            Arbitraries.of("flex", "batch", "fast", "eu", "us-east-1", "").list().ofSize(4),
            Arbitraries.of(TIMES),
            Arbitraries.of(Unit.class).list().ofMaxSize(4),
            Arbitraries.longs().list().ofSize(4))
        .as(
            (provider, model, values, at, units, quantities) -> {
              Usage.Builder usage = Usage.builder();
              for (int i = 0; i < units.size(); i++) {
                usage.addReported(units.get(i).wireName(), quantities.get(i));
              }
              return PriceRequest.builder()
                  .provider(provider)
                  .responseModel(model)
                  .when("service_tier", values.get(0))
                  .when("speed", values.get(1))
                  .when("geo", values.get(2))
                  .when("region", values.get(3))
                  .at(Instant.parse(at.length() > 10 ? at : at + "T02:30:00Z"))
                  .usage(usage.build())
                  .build();
            });
  }
}
