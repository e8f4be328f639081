package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;

class CostTest {

  private static final AttributeKey<Double> TOTAL = AttributeKey.doubleKey("tallyspan.cost.total");

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().costs(CatalogCosts.shipped()).build();

  @Test
  void costIsKnownBeforeTheEndAndWrittenAtIt() {
    ChatCall call = genAi.chat("openai", "gpt-4o").start();
    call.usage(TokenUsage.inclusive().input(1000).output(100));
    Cost before = call.cost();
    call.end();

    assertThat(before.total()).isEqualTo(0.0035);
    assertThat(call.cost().totalExact()).isEqualTo("0.0035");
    SpanData span = telemetry.span();
    assertThat(span.getAttributes().get(TOTAL)).isEqualTo(0.0035);
    assertThat(span.getAttributes().get(AttributeKey.doubleKey("gen_ai.usage.cost")))
        .isEqualTo(0.0035);
    assertThat(text(span, "tallyspan.usage.source")).isEqualTo("reported");
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void cacheOfAnthropicIsPricedByLifetime() {
    genAi
        .chat("anthropic", "claude-sonnet-4-5")
        .run(
            call ->
                call.usage(
                    TokenUsage.anthropic().input(10).cacheRead(2870).cacheWrite1h(1000).output(3)));

    // 10 at 3.00, 2,870 at 0.30, 1,000 at 6.00 and 3 at 15.00 US dollars per million
    assertThat(text(telemetry.span(), "tallyspan.cost.total_exact")).isEqualTo("0.006936");
    assertThat(text(telemetry.span(), "tallyspan.usage.semantics")).isEqualTo("presumed_inclusive");
  }

  @Test
  void whatComesLaterLeavesThePriceAsItIs() {
    genAi
        .chat("openai", "gpt-4o")
        .run(call -> call.usage(TokenUsage.inclusive().input(1000).output(100)));

    Enriched again =
        Enricher.builder().build().request().enrich(new SpanDataView(telemetry.span()));
    assertThat(again.llm().alreadyProcessed()).isTrue();
    assertThat(again.cost().totalExact()).isEqualTo("0.0035");
    assertThat(again.llm().usage().input()).isEqualTo(1000);
  }

  @Test
  void unknownModelIsUnpriced() {
    genAi
        .chat("openai", "no-such-model-9000")
        .run(call -> call.usage(TokenUsage.inclusive().input(1).output(1)));

    assertThat(text(telemetry.span(), "tallyspan.cost.status")).isEqualTo("unpriced");
    assertThat(keys(telemetry.span())).doesNotContain("tallyspan.cost.total", "gen_ai.usage.cost");
  }

  @Test
  void whatIsNoCallIsNotBilled() {
    genAi.tool("t").start().close();
    genAi.agent("a").run(agent -> agent.usage(TokenUsage.inclusive().input(5).output(5)));

    assertThat(text(telemetry.span("execute_tool t"), "tallyspan.cost.status"))
        .isEqualTo("not_billable");
    assertThat(text(telemetry.span("invoke_agent a"), "tallyspan.cost.status"))
        .isEqualTo("aggregate");
  }

  @Test
  void embeddingsHaveACost() {
    EmbeddingsCall call = genAi.embeddings("openai", "text-embedding-3-small").start();
    call.inputTokens(1_000_000).end();

    assertThat(call.cost().total()).isEqualTo(0.02);
  }

  @Test
  void callThatIsNotSampledHasACost() {
    try (Telemetry unsampled = new Telemetry(Sampler.alwaysOff())) {
      GenAi quiet = unsampled.genAi().costs(CatalogCosts.shipped()).build();
      ChatCall call = quiet.chat("openai", "gpt-4o").start();
      call.usage(TokenUsage.inclusive().input(1000).output(100)).end();

      assertThat(call.cost().total()).isEqualTo(0.0035);
    }
  }

  @Test
  void withoutCostsThereAreNone() {
    ChatCall call = telemetry.genAi().build().chat("openai", "gpt-4o").start();
    call.usage(TokenUsage.inclusive().input(1000).output(100));

    assertThat(call.cost()).isNull();
    call.end();
    assertThat(keys(telemetry.span())).noneMatch(key -> key.startsWith("tallyspan."));
  }

  @Test
  void costsThatThrowAreCounted() {
    GenAi broken =
        telemetry
            .genAi()
            .costs(
                (span, edits) -> {
                  throw new IllegalStateException("secret");
                })
            .build();
    ChatCall call = broken.chat("openai", "gpt-4o").start();

    assertThat(call.cost()).isNull();
    call.end();
    assertThat(telemetry.spans()).hasSize(1);
    assertThat(broken.faults()).isEqualTo(2);
  }
}
