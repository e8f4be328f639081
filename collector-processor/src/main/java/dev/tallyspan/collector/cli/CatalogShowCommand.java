package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.ModelPrices;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The rate cards of a model. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows the rate cards of a model that are in force at a time.")
final class CatalogShowCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;
  @Mixin private EnrichmentOptions options;

  @Parameters(paramLabel = "MODEL", description = "As on the span: an id, an alias, ...")
  private String model;

  @Option(
      names = "--provider",
      paramLabel = "P",
      description = "Who sells it. Default: whoever its name tells of.")
  private String provider;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = CatalogCommand.TimeConverter.class,
      description = "When, as 2026-11-22T12:00:00Z. Default now.")
  private Instant at;

  @Override
  public Integer call() {
    Instant time = at == null ? Instant.now() : at;
    PriceCatalog prices = options.catalog();
    ModelPrices found = ModelPrices.of(prices, provider, model, time);
    if (found == null) {
      throw CommandFailedException.badInput(
          "catalog "
              + prices.version()
              + " has no model "
              + model
              + (provider == null
                  ? " that its name alone tells of; name who sells it with --provider"
                  : " of " + provider));
    }
    if (found.cards().isEmpty()) {
      throw CommandFailedException.badInput(
          found.key() + " has no rate card in force at " + time + "; try another --at");
    }
    print(found, prices.version());
    return 0;
  }

  private void print(ModelPrices found, String version) {
    PrintStream out = catalog.out();
    out.println(found.key() + ", catalog " + version);
    for (ModelPrices.Card card : found.cards()) {
      out.println("  " + card.key() + time(card));
      if (card.free()) {
        out.println("    free");
      }
      for (Map.Entry<Unit, BigDecimal> rate : card.rates().entrySet()) {
        out.printf(
            "    %-26s %s%n",
            rate.getKey().wireName(),
            rate.getValue() == null
                ? "charged, price unknown"
                : BillText.rate(rate.getValue(), found.currency()));
      }
    }
    found.factors().forEach(factor -> out.println("  " + factor));
  }

  private static String time(ModelPrices.Card card) {
    return (card.from() == null ? "" : " from " + card.from())
        + (card.until() == null ? "" : " until " + card.until());
  }
}
