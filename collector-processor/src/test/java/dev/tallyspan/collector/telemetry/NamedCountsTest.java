package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamedCountsTest {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final NamedCounts counts =
      new NamedCounts(
          AttributeKey.stringKey("unit"),
          Attributes.of(AttributeKey.stringKey("a"), "b"),
          List.of("known"),
          2);

  NamedCountsTest() {
    metrics.meter("test").counterBuilder("x").buildWithCallback(counts::record);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void knownNamesCountFromTheStart() {
    assertThat(lines()).containsExactly("x_total{a=\"b\",unit=\"known\"} 0");
  }

  @Test
  void namesBeyondTheLimitAreCountedTogether() {
    for (String name : List.of("1", "2", "3", "4", "1", "known")) {
      counts.add(name, 10);
    }

    assertThat(lines())
        .containsExactlyInAnyOrder(
            "x_total{a=\"b\",unit=\"known\"} 10",
            "x_total{a=\"b\",unit=\"1\"} 20",
            "x_total{a=\"b\",unit=\"2\"} 10",
            "x_total{a=\"b\",unit=\"other\"} 20");
  }

  @Test
  void namesAreMadePrintable() {
    counts.add("a b\n", 1);

    assertThat(lines()).contains("x_total{a=\"b\",unit=\"a_b_\"} 1");
  }

  private List<String> lines() {
    return metrics.prometheusText().lines().filter(line -> line.startsWith("x_total{")).toList();
  }
}
