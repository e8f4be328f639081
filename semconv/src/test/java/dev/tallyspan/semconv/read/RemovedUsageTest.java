package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The removal of counts and costs that would be summed twice. */
class RemovedUsageTest {

  @Test
  void countsAndCostsOfEveryDialectAreRemoved() {
    TestSpan span =
        TestSpan.chat()
            .with("gen_ai.usage.prompt_tokens", 10)
            .with("gen_ai.usage.some_new_tokens", 3)
            .with("gen_ai.usage.cost", 0.5)
            .with("llm.token_count.prompt_details.cache_read", 4)
            .with("llm.cost.prompt", 0.1)
            .with("ai.usage.tokens", 10)
            .with("langfuse.observation.usage_details", "{\"input\": 10}")
            .with("operation.cost", 0.5);

    assertThat(removed(span, Normalizer.create()))
        .contains(
            "gen_ai.usage.prompt_tokens",
            "gen_ai.usage.some_new_tokens",
            "gen_ai.usage.cost",
            "llm.token_count.prompt_details.cache_read",
            "llm.cost.prompt",
            "ai.usage.tokens",
            "langfuse.observation.usage_details",
            "operation.cost");
  }

  @Test
  void everythingElseStays() {
    TestSpan span =
        TestSpan.chat()
            .with("gen_ai.request.max_tokens", 100)
            .with("llm.model_name", "gpt-4o")
            .with("gen_ai.input.messages", "[]")
            .with("tallyspan.usage.input_tokens", 10)
            .with("tallyspan.cost.status", "duplicate")
            .without("gen_ai.usage.input_tokens")
            .without("gen_ai.usage.output_tokens");

    assertThat(removed(span, Normalizer.create())).isEmpty();
  }

  @Test
  void keysOfACustomDialectAreRemovedIfOriginalsAreNoted() {
    Normalizer normalizer =
        Normalizer.builder()
            .noteOriginals(true)
            .custom(
                CustomDialect.builder("acme")
                    .everywhere()
                    .alias(Alias.of("acme.in", "gen_ai.usage.input_tokens"))
                    .build())
            .build();
    TestSpan span =
        TestSpan.chat().without("gen_ai.usage.input_tokens").with("acme.in", 10).with("acme.x", 1);

    assertThat(removed(span, normalizer)).contains("acme.in").doesNotContain("acme.x");
  }

  @Test
  void everyStandardCountIsRemoved() {
    List<String> kept = new ArrayList<>();
    for (Slot<?> slot : Slot.all()) {
      for (ConventionVersion generation : ConventionVersion.values()) {
        String key = slot.key(generation);
        if (slot.keyClass() == KeyClass.USAGE && key != null && !key.startsWith("tallyspan.")) {
          TestSpan span = TestSpan.chat().with(key, 1);
          if (!removed(span, Normalizer.create()).contains(key)) {
            kept.add(key);
          }
        }
      }
    }

    assertThat(kept).isEmpty();
  }

  private static Set<String> removed(TestSpan span, Normalizer normalizer) {
    LlmSpan llm = normalizer.read(span);
    Set<String> removed = new HashSet<>();
    AttributeEdits edits =
        (AttributeEdits)
            Proxy.newProxyInstance(
                AttributeEdits.class.getClassLoader(),
                new Class<?>[] {AttributeEdits.class},
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("remove");
                  removed.add((String) arguments[0]);
                  return null;
                });
    SpanRenderer.removeUsage(llm, span, edits);
    return removed;
  }
}
