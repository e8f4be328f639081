package dev.tallyspan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.AttributeEdits;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollupTest {

  @Test
  void billedCallsAreSummed() {
    Rollup rollup = new Rollup();
    rollup.add(chat(1000, 100));
    rollup.add(chat(2000, 50));
    Rollup above = new Rollup();
    above.add(rollup);
    above.addError();

    // USD per million: 2.50 and 10.00.
    assertThat(written(above))
        .containsEntry("tallyspan.rollup.cost", 0.009)
        .containsEntry("tallyspan.rollup.currency", "USD")
        .containsEntry("tallyspan.rollup.input_tokens", 3000L)
        .containsEntry("tallyspan.rollup.output_tokens", 150L)
        .containsEntry("tallyspan.rollup.calls", 2L)
        .containsEntry("tallyspan.rollup.errors", 1L)
        .doesNotContainKey("tallyspan.rollup.unpriced_calls");
  }

  @Test
  void spanThatIsNotBilledIsNotPartOfTheSum() {
    Rollup rollup = new Rollup();
    rollup.add(chat(1000, 100).asAggregate());

    assertThat(rollup.isEmpty()).isTrue();
  }

  @Test
  void callWithoutAPriceIsCountedAndHasNoCost() {
    Rollup rollup = new Rollup();
    rollup.add(enriched("no-such-model", 10, 5));

    assertThat(written(rollup))
        .containsEntry("tallyspan.rollup.calls", 1L)
        .containsEntry("tallyspan.rollup.unpriced_calls", 1L)
        .doesNotContainKeys(
            "tallyspan.rollup.cost", "tallyspan.rollup.currency", "tallyspan.rollup.errors");
  }

  private static Enriched chat(long input, long output) {
    return enriched("gpt-4o", input, output);
  }

  private static Enriched enriched(String model, long input, long output) {
    MapSpan span =
        MapSpan.chat("openai", model)
            .with("gen_ai.usage.input_tokens", input)
            .with("gen_ai.usage.output_tokens", output);
    return Enricher.builder().build().request().enrich(span);
  }

  private static Map<String, Object> written(Rollup rollup) {
    Map<String, Object> written = new LinkedHashMap<>();
    rollup.render(
        new AttributeEdits() {
          @Override
          public void set(String key, String value) {
            written.put(key, value);
          }

          @Override
          public void set(String key, long value) {
            written.put(key, value);
          }

          @Override
          public void set(String key, double value) {
            written.put(key, value);
          }

          @Override
          public void set(String key, boolean value) {
            written.put(key, value);
          }

          @Override
          public void set(String key, List<String> values) {
            written.put(key, values);
          }

          @Override
          public void set(String key, Value<?> value) {
            written.put(key, value);
          }

          @Override
          public void remove(String key) {
            written.remove(key);
          }
        });
    return written;
  }
}
