package dev.tallyspan.collector.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtTraceStateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ot=th:0 | 0",
        "ot=th:8 | 36028797018963968",
        "a=b, ot=rv:6e6d1a75832a2f;th:8 ,c=d | 36028797018963968",
        "ot=th:fffffffffffff | 72057594037927920",
      })
  void thresholdIsPaddedToItsRight(String state, long threshold) {
    assertThat(OtTraceState.threshold(state)).isEqualTo(threshold);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ot=", "ot=th:x", "ot=th:123456789012345", "a=th:8", "ot=p:8;r:62"})
  void whatIsNoThresholdIsNone(String state) {
    assertThat(OtTraceState.threshold(state)).isNegative();
  }

  @Test
  void randomnessHasAllItsDigits() {
    assertThat(OtTraceState.randomness("ot=th:8;rv:6e6d1a75832a2f")).isEqualTo(0x6e6d1a75832a2fL);
    assertThat(OtTraceState.randomness("ot=rv:6e6d1a75832a")).isNegative();
  }

  @Test
  void onlyTheThresholdIsReplaced() {
    assertThat(OtTraceState.withThreshold("a=b,ot=x:1;th:8;rv:6e6d1a75832a2f,c=d", 0xc0L << 48))
        .isEqualTo("a=b,ot=x:1;th:c;rv:6e6d1a75832a2f,c=d");
    assertThat(OtTraceState.withThreshold("ot=th:8", 0)).isEqualTo("ot=th:0");
  }

  @Test
  void thresholdAndRandomnessAreAddedInFront() {
    assertThat(OtTraceState.sampled("", 0, -1)).isEqualTo("ot=th:0");
    assertThat(OtTraceState.sampled("a=b, ot=x:1;th:8;rv:6e6d1a75832a2f", 0xc0L << 48, -1))
        .isEqualTo("ot=th:c;x:1;rv:6e6d1a75832a2f,a=b");
    assertThat(OtTraceState.sampled("a=b,ot=x:1;rv:6e6d1a75832a2f", 0xc0L << 48, 0x12))
        .isEqualTo("ot=rv:00000000000012;th:c;x:1,a=b");
  }
}
