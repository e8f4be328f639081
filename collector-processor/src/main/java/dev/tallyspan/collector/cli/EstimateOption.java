package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.enrichment.estimate.UsageEstimator;
import picocli.CommandLine.Option;

/** Whether the tokens of calls without reported usage are counted. */
final class EstimateOption {

  @Option(
      names = "--estimate",
      description =
          "Count the tokens of chats without usage, where their whole text is on the span.")
  private boolean estimate;

  LlmProcessor.Builder on(LlmProcessor.Builder enrichment) {
    return estimate ? enrichment.estimator(UsageEstimator.builder().build()) : enrichment;
  }
}
