package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeLimitTest {
  private static final long MIB = 1 << 20;

  @Test
  void namedLimitIsCertain() {
    SizeLimit limit = new SizeLimit(0);
    limit.learn(5 * MIB, 4 * MIB);

    assertThat(limit.bytes()).isEqualTo(4 * MIB);
    assertThat(limit.certainBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void halfOfARefusedSizeIsAGuess() {
    SizeLimit limit = new SizeLimit(0);
    limit.learn(10 * MIB, 0);

    assertThat(limit.bytes()).isEqualTo(5 * MIB);
    assertThat(limit.certainBytes()).isEqualTo(64 * MIB);
  }

  @Test
  void limitNeverGrows() {
    SizeLimit limit = new SizeLimit(MIB);
    limit.learn(10 * MIB, 4 * MIB);
    limit.learn(10 * MIB, 0);

    assertThat(limit.bytes()).isEqualTo(MIB);
  }

  @Test
  void limitThatTheRefusedRequestKeptIsNotBelieved() {
    SizeLimit limit = new SizeLimit(0);
    limit.learn(2 * MIB, 4 * MIB);

    assertThat(limit.bytes()).isEqualTo(MIB);
    assertThat(limit.certainBytes()).isEqualTo(64 * MIB);
  }

  @Test
  void smallRequestsTeachNothing() {
    SizeLimit limit = new SizeLimit(0);
    limit.learn(100_000, 0);

    assertThat(limit.bytes()).isEqualTo(64 * MIB);
  }
}
