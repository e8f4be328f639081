package dev.tallyspan.collector.pipeline;

import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.spans;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.TraceIndexer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteppedOutputTest {

  private static final AttributeKey<Long> A = AttributeKey.longKey("a");
  private static final AttributeKey<Long> B = AttributeKey.longKey("b");

  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Batch> written = new ArrayList<>();

  @Test
  void everyOutputSettlesItsShareOfWhatIsLeft() throws Exception {
    Output settling =
        batch -> {
          written.add(batch);
          batch.request().ack().settle(Outcome.ACCEPTED);
        };
    Output keeping = written::add;

    new SteppedOutput(List.of(parts -> parts), List.of(settling, keeping)).write(batch());

    assertThat(written).hasSize(2);
    assertThat(outcomes).isEmpty();
    written.get(1).request().ack().settle(Outcome.ACCEPTED);
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void whatAStepLeavesOutReachesNoOutput() throws Exception {
    TraceStep dropping =
        parts -> {
          parts.forEach(part -> part.request().ack().settle(Outcome.ACCEPTED));
          return List.of();
        };
    TraceStep next =
        parts -> {
          assertThat(parts).isEmpty();
          return parts;
        };

    new SteppedOutput(List.of(dropping, next), List.of(written::add)).write(batch());

    assertThat(written).isEmpty();
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void changesOfSeveralStepsAreOneChangePerSpan() throws Exception {
    Batch batch = batch();
    byte[] bytes = batch.request().bytes().contiguous();
    RequestIndex all = TraceIndexer.ofAllSpans().index(bytes, 0, bytes.length);

    Batch changed =
        batch
            .changed(all, List.of(SpanChange.ofAttributes(1, Attributes.of(A, 1L, B, 1L))))
            .changed(
                all,
                List.of(
                    SpanChange.ofAttributes(1, Attributes.of(B, 2L)), SpanChange.ofParent(0, 7)));

    assertThat(changed.changes())
        .containsExactly(
            SpanChange.ofParent(0, 7), SpanChange.ofAttributes(1, Attributes.of(A, 1L, B, 2L)));
  }

  @Test
  void partOfABatchKeepsTheChangesOfItsSpans() throws Exception {
    Batch batch = batch();
    byte[] bytes = batch.request().bytes().contiguous();
    RequestIndex all = TraceIndexer.ofAllSpans().index(bytes, 0, bytes.length);
    BitSet second = BitSet.valueOf(new long[] {0b10});

    Batch part =
        batch
            .changed(all, List.of(SpanChange.ofParent(0, 7), SpanChange.ofParent(1, 8)))
            .keep(second);

    assertThat(part.changes()).containsExactly(SpanChange.ofParent(0, 8));
    assertThat(spans(part.request().bytes().toByteArray()))
        .extracting(Span::getName)
        .containsExactly("second");
  }

  private Batch batch() throws Exception {
    return LlmRequests.batch(
        Signal.TRACES, traces(span("1", "", "first"), span("2", "1", "second")), outcomes::add);
  }
}
