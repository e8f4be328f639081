package dev.tallyspan.collector.accounting;

import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.window.WholeTraces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trace requests of real instrumentation, as a sender repeats them. */
@ExtendWith(SilentLogs.class)
class CapturedSpansTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures/files");

  private final Map<Counts, Integer> counts = new EnumMap<>(Counts.class);
  private final Accounting accounting =
      new Accounting(List.of(span -> counts.merge(span.counts(), 1, Integer::sum)), List.of());

  @Test
  void allRequestsASecondTimeCountNothing() throws Exception {
    writeAll();
    Map<Counts, Integer> once = new EnumMap<>(counts);
    assertThat(once.get(Counts.BILLED)).isGreaterThan(100);

    writeAll();

    assertThat(counts.get(Counts.BILLED)).isEqualTo(once.get(Counts.BILLED));
    assertThat(counts.get(Counts.NOT_BILLED)).isEqualTo(once.get(Counts.NOT_BILLED));
  }

  private void writeAll() throws Exception {
    LlmProcessor processor = LlmProcessor.builder().build();
    try (Stream<Path> files = Files.list(CAPTURES)) {
      for (Path file :
          files.filter(it -> it.toString().matches(".*__traces__.*\\.pb")).sorted().toList()) {
        Batch batch = batch(Signal.TRACES, Files.readAllBytes(file), outcome -> {});
        accounting.write(
            WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(processor.apply(batch)));
      }
    }
  }
}
