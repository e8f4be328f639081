package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class PricePropertiesTest {
  private static final List<String[]> MODELS =
      List.of(
          new String[] {"openai", "gpt-5.6-sol"},
          new String[] {"anthropic", "claude-sonnet-4-5"},
          new String[] {"gcp.gemini", "gemini-2.5-pro"},
          new String[] {"deepseek", "deepseek-v4-pro"},
          new String[] {"openai", "gpt-realtime"},
          new String[] {"groq", "whisper-large-v3"},
          new String[] {"perplexity", "sonar-pro"},
          new String[] {"alibaba", "qwen3-max"});

  @Property(tries = 500)
  void partsSumToTheTotal(@ForAll("requests") PriceRequest request) {
    Price price = PriceCatalog.shipped().price(request);

    if (price.status() != PriceStatus.UNPRICED) {
      BigDecimal parts = BigDecimal.ZERO;
      for (CostPart part : CostPart.values()) {
        parts = price.part(part) == null ? parts : parts.add(price.part(part));
      }
      BigDecimal items =
          price.items().stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(parts).isEqualByComparingTo(price.total());
      assertThat(items).isEqualByComparingTo(price.total());
      assertThat(price.totalAsDouble()).isEqualTo(price.total().doubleValue());
    }
  }

  @Property(tries = 500)
  void nothingIsNegative(@ForAll("requests") PriceRequest request) {
    Price price = PriceCatalog.shipped().price(request);

    assertThat(price.items()).allMatch(item -> item.amount().signum() >= 0);
    assertThat(price.total() == null || price.total().signum() >= 0).isTrue();
  }

  @Property(tries = 500)
  void moreTokensNeverCostLess(
      @ForAll("requests") PriceRequest request,
      @ForAll("tokens") Unit token,
      @ForAll @LongRange(max = 400_000) long more) {
    Usage.Builder larger = Usage.builder();
    for (Unit unit : Unit.values()) {
      larger.set(unit, request.usage().get(unit));
    }
    larger.add(token, more);
    Price before = PriceCatalog.shipped().price(request);
    Price after =
        PriceCatalog.shipped()
            .price(
                PriceRequest.builder()
                    .provider(request.provider())
                    .responseModel(request.responseModel())
                    .at(request.at())
                    .usage(larger.build())
                    .build());

    if (before.total() != null && after.total() != null) {
      assertThat(after.total()).isGreaterThanOrEqualTo(before.total());
    }
  }

  @Property(tries = 500)
  void anythingCanBePricedWithoutThrowing(
      @ForAll String provider,
      @ForAll String model,
      @ForAll("conditions") String condition,
      @ForAll String value,
      @ForAll long quantity) {
    Price price =
        PriceCatalog.shipped()
            .price(
                PriceRequest.builder()
                    .provider(provider)
                    .responseModel(model)
                    .requestModel("gpt-4o")
                    .when(condition, value)
                    .when("service_tier", value)
                    .when("server.address", value)
                    .usage(Usage.builder().addReported("input", quantity).build())
                    .build());

    assertThat(price.status()).isNotNull();
  }

  @Property(tries = 300)
  void inclusiveAndExclusiveCountsOfOneCallCostTheSame(
      @ForAll @LongRange(max = 100_000) long fresh,
      @ForAll @LongRange(max = 100_000) long read,
      @ForAll @LongRange(max = 100_000) long written) {
    Usage exclusive =
        ReportedCounts.disjoint(counts(fresh, read, written), ReportedCounts.Overlap.EXCLUSIVE);
    Usage inclusive =
        ReportedCounts.disjoint(
            counts(fresh + read + written, read, written), ReportedCounts.Overlap.INCLUSIVE);

    assertThat(inclusive).isEqualTo(exclusive);
    String[] model = {"anthropic", "claude-sonnet-4-5"};
    assertThat(price(model, inclusive).total()).isEqualTo(price(model, exclusive).total());
  }

  @Property(tries = 300)
  void reasoningInsideAndBesideTheOutputCostsTheSame(
      @ForAll @LongRange(max = 100_000) long text,
      @ForAll @LongRange(max = 100_000) long reasoning,
      @ForAll("models") String[] model) {
    Usage inside =
        ReportedCounts.disjoint(
            outputs(text + reasoning, reasoning), ReportedCounts.Overlap.INCLUSIVE);
    Usage beside =
        ReportedCounts.disjoint(outputs(text, reasoning), ReportedCounts.Overlap.EXCLUSIVE_OUTPUT);

    assertThat(price(model, inside).total()).isEqualTo(price(model, beside).total());
  }

  @Property(tries = 300)
  void partsOfATotalArePricedAsTheirSum(@ForAll("requests") PriceRequest request) {
    Price price = PriceCatalog.shipped().price(request);

    for (CostPart part : CostPart.values()) {
      BigDecimal amount = price.part(part);
      assertThat((Double) price.partAsDouble(part))
          .isEqualTo((Double) (amount == null ? Double.NaN : amount.doubleValue()));
    }
  }

  @Provide
  Arbitrary<Unit> tokens() {
    return Arbitraries.of(Unit.class).filter(Unit::isToken);
  }

  @Provide
  Arbitrary<String[]> models() {
    return Arbitraries.of(MODELS);
  }

  @Provide
  Arbitrary<String> conditions() {
    return Arbitraries.of(PriceRequest.conditionNames());
  }

  @Provide
  Arbitrary<PriceRequest> requests() {
    Arbitrary<Long> quantity = Arbitraries.longs().between(0, 500_000);
    return Combinators.combine(
            Arbitraries.of(MODELS),
            Arbitraries.longs().between(1_735_689_600L, 1_798_761_600L),
            quantity.list().ofSize(Unit.values().length),
            Arbitraries.integers().list().ofMaxSize(6))
        .as(
            (model, second, quantities, chosen) -> {
              Usage.Builder usage = Usage.builder();
              for (int choice : chosen) {
                int unit = Math.floorMod(choice, Unit.values().length);
                usage.set(Unit.values()[unit], quantities.get(unit));
              }
              return PriceRequest.builder()
                  .provider(model[0])
                  .responseModel(model[1])
                  .at(Instant.ofEpochSecond(second))
                  .usage(usage.build())
                  .build();
            });
  }

  private static Price price(String[] model, Usage usage) {
    return PriceCatalog.shipped()
        .price(
            PriceRequest.builder()
                .provider(model[0])
                .responseModel(model[1])
                .at(Instant.parse("2026-09-01T12:00:00Z"))
                .usage(usage)
                .build());
  }

  private static Map<String, BigDecimal> outputs(long output, long reasoning) {
    return Map.of(
        "output_tokens", BigDecimal.valueOf(output),
        "output_reasoning_tokens", BigDecimal.valueOf(reasoning));
  }

  private static Map<String, BigDecimal> counts(long input, long read, long written) {
    return Map.of(
        "input_tokens", BigDecimal.valueOf(input),
        "cache_read_tokens", BigDecimal.valueOf(read),
        "cache_write_tokens", BigDecimal.valueOf(written));
  }
}
