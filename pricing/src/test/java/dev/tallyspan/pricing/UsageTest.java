package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

  @Test
  void setReplacesAndAddAccumulates() {
    Usage usage =
        Usage.builder()
            .set(Unit.INPUT, 5)
            .set(Unit.INPUT, 7)
            .add(Unit.OUTPUT, 5)
            .add(Unit.OUTPUT, 7)
            .build();

    assertThat(usage.get(Unit.INPUT)).isEqualTo(7);
    assertThat(usage.get(Unit.OUTPUT)).isEqualTo(12);
    assertThat(usage.get(Unit.REASONING)).isZero();
  }

  @Test
  void unitSetToZeroIsNoUsage() {
    assertThat(Usage.builder().set(Unit.INPUT, 5).set(Unit.INPUT, 0).build())
        .isEqualTo(Usage.none())
        .hasSameHashCodeAs(Usage.none());
  }

  @Test
  void sumBeyondLongStaysAtItsMaximum() {
    Usage usage = Usage.builder().add(Unit.INPUT, Long.MAX_VALUE).add(Unit.INPUT, 1).build();

    assertThat(usage.get(Unit.INPUT)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void promptIsAllThatWentInWhetherCachedOrNot() {
    Usage usage =
        Usage.of(
            Map.of(
                "input",
                1L,
                "cache_read",
                10L,
                "cache_write",
                100L,
                "input_audio",
                1000L,
                "output",
                7L,
                "web_searches",
                7L,
                "input_audio_seconds",
                7L));

    assertThat(usage.inputTokens()).isEqualTo(1111);
  }

  @Test
  void promptBeyondLongStaysAtItsMaximum() {
    Usage usage =
        Usage.builder()
            .set(Unit.INPUT, Long.MAX_VALUE)
            .set(Unit.CACHE_READ, Long.MAX_VALUE)
            .build();

    assertThat(usage.inputTokens()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void unknownNameIsKeptOnceUnlessItsCountIsZero() {
    Usage usage =
        Usage.builder().add("loaves", 1).add("loaves", 2).add("crumbs", 0).add("Input", 3).build();

    assertThat(usage.unknownUnits()).containsExactly("loaves");
    assertThat(usage.get(Unit.INPUT)).isEqualTo(3);
    assertThat(usage.isEmpty()).isFalse();
  }

  @Test
  void builderThatIsReusedDoesNotChangeWhatItBuilt() {
    Usage.Builder builder = Usage.builder().set(Unit.INPUT, 1).add("loaves", 1);
    Usage first = builder.build();
    builder.set(Unit.INPUT, 2).add("crumbs", 1);

    assertThat(first.get(Unit.INPUT)).isEqualTo(1);
    assertThat(first.unknownUnits()).containsExactly("loaves");
  }

  @ParameterizedTest
  @CsvSource({
    "input_audio_seconds, 0.0001, 1",
    "input_audio_seconds, 1.2345, 1235",
    "output_video_seconds, 2, 2000",
    "input, 1.01, 2",
  })
  void fractionBelowTheSmallestPartIsRoundedUp(String name, BigDecimal wire, long quantity) {
    assertThat(Unit.of(name).fromWire(wire)).isEqualTo(quantity);
  }

  @Test
  void quantityBeyondLongIsNotConverted() {
    assertThatThrownBy(() -> Unit.AUDIO_INPUT_SECONDS.fromWire(new BigDecimal("1e16")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void negativeQuantityIsRefused() {
    Usage.Builder builder = Usage.builder().set(Unit.OUTPUT, 3).set(Unit.INPUT, -1);

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input=-1: must not be negative");
    assertThat(builder.set(Unit.INPUT, 1).build().get(Unit.INPUT)).isEqualTo(1);
  }

  @Test
  void namesAreThoseOfTheCommandLine() {
    Usage usage =
        Usage.of(
            Map.of(
                "input_tokens", 100L,
                "cache_read_tokens", 60,
                "output_tokens", 30L,
                "output_reasoning_tokens", 10L,
                "input_audio_seconds", 1.5));

    assertThat(usage)
        .isEqualTo(
            Usage.builder()
                .set(Unit.INPUT, 40)
                .set(Unit.CACHE_READ, 60)
                .set(Unit.OUTPUT, 20)
                .set(Unit.REASONING, 10)
                .set(Unit.AUDIO_INPUT_SECONDS, 1500)
                .build());
  }

  @Test
  void negativeOrInfiniteCountIsRefused() {
    assertThatThrownBy(() -> Usage.of(Map.of("input_tokens", -1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input_tokens=-1: must not be negative");
    assertThatThrownBy(() -> Usage.of(Map.of("input_audio_seconds", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input_audio_seconds=NaN: give a finite number");
  }
}
