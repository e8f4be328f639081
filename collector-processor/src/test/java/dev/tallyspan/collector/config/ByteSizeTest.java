package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "3KiB, 3072",
    "64MiB, 67108864",
    "10GiB, 10737418240",
    "1TiB, 1099511627776"
  })
  void wholeNumberHasAnOptionalUnit(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "1.5GiB", "1GB", "1 GiB", "1gib", "GiB", "4194304TiB", "1e3", "١"})
  void everythingElseIsNoSize(String text) {
    assertThat(ByteSize.parse(text)).isNull();
  }

  @Property
  void sizeIsShownAsItCanBeRead(@ForAll @LongRange(max = (1L << 59)) long bytes) {
    assertThat(ByteSize.parse(ByteSize.show(bytes))).isEqualTo(bytes);
  }
}
