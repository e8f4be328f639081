package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.ModelPrices;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows the rate cards of a model. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows the rate cards of a model that are in force at a time.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatalogShowCommand implements Callable<Integer> {

  @ParentCommand private CatalogCommand catalog;
  @Mixin private EnrichmentOptions options;

  @Parameters(paramLabel = "MODEL", description = "The model as on the span: an id, an alias, ...")
  private String model;

  @Option(
      names = "--provider",
      paramLabel = "P",
      description = "The provider. Default: the one that the name of the model indicates.")
  private @Nullable String provider;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = CatalogCommand.TimeConverter.class,
      description = "The time, as 2026-11-22T12:00:00Z. Default: now.")
  private @Nullable Instant at;

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
                  ? " that can be found by its name only; set --provider"
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
