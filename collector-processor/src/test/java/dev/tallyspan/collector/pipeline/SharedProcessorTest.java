package dev.tallyspan.collector.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedProcessorTest {

  /** One resource with one scope with two empty spans. */
  private static final byte[] SPANS = {0x0a, 0x06, 0x12, 0x04, 0x12, 0x00, 0x12, 0x00};

  /** The same with one span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  private final Slices bytes = Slices.of(SPANS);

  @Test
  void rewrittenBytesAreSharedAndTheProcessorRunsOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    SharedProcessor shared =
        new SharedProcessor(
            batch -> {
              runs.incrementAndGet();
              return batch.rewritten(Slices.of(SPAN));
            });

    Batch first = shared.apply(batch(new ArrayList<>()));
    Batch second = shared.apply(batch(new ArrayList<>()));

    assertThat(runs).hasValue(1);
    assertThat(first.request().bytes().toByteArray()).isEqualTo(SPAN);
    assertThat(second.request().bytes()).isSameAs(first.request().bytes());
  }

  @Test
  void eachHolderSettlesItsOwnShareOfWhatIsLeft() throws Exception {
    BitSet last = new BitSet();
    last.set(1);
    SharedProcessor shared = new SharedProcessor(batch -> batch.only(last));
    List<Outcome> first = new ArrayList<>();
    List<Outcome> second = new ArrayList<>();

    Batch left = shared.apply(batch(first));
    Batch other = shared.apply(batch(second));
    other.request().ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "no"));

    assertThat(left.request().items()).isEqualTo(1);
    assertThat(left.request().bytes().toByteArray()).isEqualTo(SPAN);
    assertThat(first).isEmpty();
    assertThat(second).containsExactly(new Outcome.Partial(1, UnitSet.range(1, 2), "no"));
    left.request().ack().settle(Outcome.ACCEPTED);
    assertThat(first).containsExactly(Outcome.ACCEPTED);
  }

  private Batch batch(List<Outcome> outcomes) {
    return Batch.of(new OtlpRequest(Signal.TRACES, bytes, 2, new SenderAck(outcomes::add)));
  }
}
