package dev.tallyspan.collector.output.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmRequests;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Writes to a ledger, and waits until it is on disk. */
public final class LedgerWrites {

  private LedgerWrites() {}

  /** Writes the calls of a request that was understood. */
  public static void write(LedgerWriter writer, Batch understood) throws Exception {
    CompletableFuture<Outcome> settled = new CompletableFuture<>();
    writer
        .output("tenant.id", /* waits= */ true)
        .write(
            understood.with(
                LlmRequests.batch(
                        understood.request().signal(),
                        understood.request().bytes().contiguous(),
                        settled::complete)
                    .request()));
    assertThat(settled.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
  }
}
