package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ItemCounterTest {

  @Test
  void emptyRequestHasNoItems() throws Exception {
    assertThat(ItemCounter.spans(new byte[0], 0, 0)).isZero();
    assertThat(ItemCounter.logRecords(new byte[0], 0, 0)).isZero();
    assertThat(ItemCounter.dataPoints(new byte[0], 0, 0)).isZero();
  }

  @Test
  void partsOfOneKindOfDataAreAddedUp() throws Exception {
    // Two gauges, with two data points and one.
    byte[] request = metric("2A040A000A00" + "2A020A00");

    assertThat(ItemCounter.dataPoints(request, 0, request.length)).isEqualTo(3);
  }

  @Test
  void lastKindOfDataCounts() throws Exception {
    // A gauge with two data points, then a sum with one.
    byte[] request = metric("2A040A000A00" + "3A020A00");

    assertThat(ItemCounter.dataPoints(request, 0, request.length)).isEqualTo(1);
  }

  @Test
  void requestWithinALargerArrayIsCounted() throws Exception {
    byte[] larger = HexFormat.of().parseHex("FFFF" + "0A0612041200" + "1200" + "FFFF");

    assertThat(ItemCounter.spans(larger, 2, 8)).isEqualTo(2);
  }

  @Test
  void faultIsNamedWithItsOffsetInTheRequest() {
    byte[] larger = HexFormat.of().parseHex("FFFF" + "0A0612041205");

    assertThatExceptionOfType(MalformedRequestException.class)
        .isThrownBy(() -> ItemCounter.logRecords(larger, 2, 6))
        .withMessage("resource at offset 0: length 6 exceeds the 4 bytes left");
    byte[] item = HexFormat.of().parseHex("0A04120212050000");
    assertThatExceptionOfType(MalformedRequestException.class)
        .isThrownBy(() -> ItemCounter.logRecords(item, 0, 6))
        .withMessage("item at offset 4: length 5 exceeds the 0 bytes left");
  }

  private static byte[] metric(String content) {
    byte[] metric = HexFormat.of().parseHex(content);
    return new ProtobufWriter()
        .startMessage(1)
        .startMessage(2)
        .writeBytes(2, metric)
        .endMessage()
        .endMessage()
        .toByteArray();
  }
}
