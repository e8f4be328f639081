package dev.tallyspan.collector.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CostCountsTest {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final CostCounts counts = new CostCounts(Attributes.empty());

  CostCountsTest() {
    metrics.meter("test").counterBuilder("cost").ofDoubles().buildWithCallback(counts::record);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void costsAreSummedByCurrencyAndModel() throws Exception {
    counts.add(call("a"), cost(1, "USD"));
    counts.add(call("a"), cost(2, "EUR"));
    counts.add(call("a"), cost(0.5, "USD"));
    counts.add(call("b"), cost(0, "USD"));

    assertThat(lines())
        .containsExactlyInAnyOrder(
            "cost_total{currency=\"USD\",model=\"a\",provider=\"openai\"} 1.5",
            "cost_total{currency=\"EUR\",model=\"a\",provider=\"openai\"} 2.0",
            "cost_total{currency=\"USD\",model=\"b\",provider=\"openai\"} 0.0");
  }

  @Test
  void furtherModelsAreSummedByCurrency() throws Exception {
    for (int i = 0; i < CostCounts.LIMIT; i++) {
      counts.add(call("m" + i), cost(1, "USD"));
    }
    counts.add(call("m0"), cost(1, "EUR"));
    counts.add(call("x"), cost(3, "USD"));
    counts.add(call("y"), cost(4, "USD"));
    counts.add(call("m0"), cost(1, "USD"));

    assertThat(lines())
        .hasSize(CostCounts.LIMIT + 2)
        .contains(
            "cost_total{currency=\"USD\",model=\"m0\",provider=\"openai\"} 2.0",
            "cost_total{currency=\"EUR\",model=\"other\",provider=\"other\"} 1.0",
            "cost_total{currency=\"USD\",model=\"other\",provider=\"other\"} 7.0");
  }

  @Test
  void currenciesThatSendersInventAreLimited() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      counts.add(call("m"), cost(1, "C" + i));
    }

    assertThat(lines()).hasSizeLessThan(CostCounts.LIMIT + 30);
  }

  @Test
  void costThatIsNoAmountIsLeftOut() throws Exception {
    counts.add(call("a"), cost(-1, "USD"));
    counts.add(call("a"), cost(Double.NaN, "USD"));
    counts.add(call("a"), cost(Double.POSITIVE_INFINITY, "USD"));
    counts.add(call("a"), Cost.builder(Cost.Status.UNPRICED).build());

    assertThat(lines()).isEmpty();
  }

  private static LlmSpan call(String model) throws Exception {
    return LlmRequests.processed(LlmRequests.chat("1", "", model)).records().get(0).llm();
  }

  private static Cost cost(double amount, String currency) {
    return Cost.builder(Cost.Status.PRICED)
        .total(amount, Double.toString(amount), currency)
        .build();
  }

  private List<String> lines() {
    return metrics.prometheusText().lines().filter(line -> line.startsWith("cost_total{")).toList();
  }
}
