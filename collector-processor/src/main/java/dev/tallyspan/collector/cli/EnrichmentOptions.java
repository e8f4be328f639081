package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.estimate.UsageEstimator;
import dev.tallyspan.collector.pipeline.Enrichment;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is common to commands that understand and price spans. */
final class EnrichmentOptions {

  @Mixin private CatalogOption catalog;

  @Option(
      names = "--estimate",
      description =
          "Count the tokens of chats without usage, where their whole text is on the span.")
  private boolean estimate;

  Enrichment.Builder enrichment() {
    Enrichment.Builder enrichment = Enrichment.builder().catalog(catalog.catalog());
    return estimate ? enrichment.estimator(UsageEstimator.builder().build()) : enrichment;
  }
}
