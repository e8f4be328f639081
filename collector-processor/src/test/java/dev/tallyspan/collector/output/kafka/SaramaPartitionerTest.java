package dev.tallyspan.collector.output.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SaramaPartitionerTest {

  /** Published values of the 32-bit FNV-1a: a is e40c292c, foobar is bf9cf968. */
  @Test
  void partitionIsTheRemainderOfTheSignedHashWithoutItsSign() {
    assertThat(SaramaPartitioner.partition("a".getBytes(US_ASCII), 1000))
        .isEqualTo(Math.abs(0xe40c292c % 1000));
    assertThat(SaramaPartitioner.partition("foobar".getBytes(US_ASCII), 7))
        .isEqualTo(Math.abs(0xbf9cf968 % 7));
    assertThat(SaramaPartitioner.partition(new byte[0], 10)).isEqualTo(Math.abs(0x811c9dc5 % 10));
  }
}
