package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.telemetry.DistinctNames.Sighting;
import org.junit.jupiter.api.Test;

class DistinctNamesTest {

  @Test
  void nameIsNewOnceAndNamesBeyondTheLimitNever() {
    DistinctNames names = new DistinctNames(2);

    assertThat(names.see("a")).isEqualTo(Sighting.FIRST);
    assertThat(names.see("a")).isEqualTo(Sighting.AGAIN);
    assertThat(names.see("b")).isEqualTo(Sighting.FIRST);
    assertThat(names.see("c")).isEqualTo(Sighting.BEYOND);
    assertThat(names.see("c")).isEqualTo(Sighting.BEYOND);
    assertThat(names.see("a")).isEqualTo(Sighting.AGAIN);
  }

  @Test
  void printableNameIsOneShortLine() {
    assertThat(DistinctNames.printable("gpt-9\nERROR \u001b[31m\u00e9"))
        .isEqualTo("gpt-9_ERROR__[31m\u00e9");
    assertThat(DistinctNames.printable("x".repeat(5000))).hasSize(103).endsWith("x...");
  }
}
