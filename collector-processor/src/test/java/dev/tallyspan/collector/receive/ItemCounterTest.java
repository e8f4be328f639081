package dev.tallyspan.collector.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.otlp.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ItemCounterTest {

  @Test
  void itemsOfEverySignal() {
    assertThat(ItemCounter.count(Signal.TRACES, Requests.spans(1000).toByteArray()))
        .isEqualTo(1000);
    assertThat(ItemCounter.count(Signal.LOGS, Requests.logs(7).toByteArray())).isEqualTo(7);
    assertThat(ItemCounter.count(Signal.METRICS, Requests.fifteenPoints().toByteArray()))
        .isEqualTo(15);
    assertThat(ItemCounter.count(Signal.TRACES, new byte[0])).isZero();
  }

  @Test
  void requestsAppendedToEachOtherAndUnknownFields() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                2,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(-1)
                    .addFixed32(1)
                    .addFixed64(1)
                    .build())
            .build();
    byte[] one =
        ExportTraceServiceRequest.newBuilder(Requests.spans(2))
            .setUnknownFields(unknown)
            .build()
            .toByteArray();
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);

    assertThat(ItemCounter.count(Signal.TRACES, two)).isEqualTo(4);
  }

  @Test
  void paddedLengthsAreLegal() {
    byte[] padded = HexFormat.of().parseHex("0a868080800012041202" + "1200");
    assertThat(ItemCounter.count(Signal.TRACES, padded)).isEqualTo(1);
  }

  @Property(tries = 2000)
  void garbageIsCountedUpToItsFault(@ForAll Signal signal, @ForAll @Size(max = 64) byte[] bytes) {
    assertThat(ItemCounter.count(signal, bytes)).isBetween(0L, (long) bytes.length);
  }
}
