package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedCatalogTest {
  private static final Usage USAGE =
      Usage.builder().set(Unit.INPUT, 1000).set(Unit.OUTPUT, 500).build();

  @Test
  void knownModelIsPricedExactly() {
    Price price = PriceCatalog.shipped().price(request("openai", "gpt-4o").build());

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.0075"));
    assertThat(price.totalAsDouble()).isEqualTo(0.0075);
    assertThat(price.currency()).isEqualTo("USD");
    assertThat(price.priceKey()).isEqualTo("openai/gpt-4o");
    assertThat(price.catalogVersion()).isEqualTo(PriceCatalog.shipped().version());
    assertThat(price.reason()).isNull();
    assertThat(price.part(CostPart.INPUT)).isEqualTo(new BigDecimal("0.0025"));
    assertThat(price.part(CostPart.AUDIO)).isNull();
    assertThat(price.items())
        .containsExactly(
            new LineItem(Unit.INPUT, 1000, new BigDecimal("0.0000025"), new BigDecimal("0.0025")),
            new LineItem(Unit.OUTPUT, 500, new BigDecimal("0.00001"), new BigDecimal("0.005")));
  }

  /** Its cards are read when they are needed, so a fault in one would show late. */
  @Test
  void theWholeCatalogIsWithoutFaults() throws Exception {
    PriceCatalog whole;
    try (InputStream in = PriceCatalog.class.getResourceAsStream("catalog.json")) {
      whole =
          PriceCatalog.parse("catalog.json", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    assertThat(PriceCatalog.shipped().models())
        .hasSameSizeAs(whole.models())
        .flatExtracting(PricedModel::cards)
        .extracting(card -> card.key() + card.valid())
        .containsExactlyInAnyOrderElementsOf(
            whole.models().stream()
                .flatMap(model -> model.cards().stream())
                .map(card -> card.key() + card.valid())
                .toList());
  }

  @Test
  void unknownModelIsUnpriced() {
    Price price = PriceCatalog.shipped().price(request("openai", "gpt-7-hypothetical").build());

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.total()).isNull();
    assertThat(price.totalAsDouble()).isNaN();
    assertThat(price.items()).isEmpty();
    assertThat(price.reason()).isEqualTo("the catalog has no such model of openai");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o-2024-08-06, openai/gpt-4o",
    "open-ai, openai/gpt-4o, openai/gpt-4o",
    ", gpt-4o, openai/gpt-4o",
    ", azure/gpt-4o, azure.ai.openai/gpt-4o",
    "litellm, gemini/gemini-2.5-flash, gcp.gemini/gemini-2.5-flash",
    "groq, openai/gpt-oss-120b, groq/openai/gpt-oss-120b",
    "gcp.gemini, models/gemini-2.5-flash-lite, gcp.gemini/gemini-2.5-flash-lite",
    "anthropic, claude-sonnet-4-5-20250929, anthropic/claude-sonnet-4-5",
    "aws.bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, aws.bedrock/anthropic.claude-sonnet-4-5-20250929",
    "aws.bedrock, amazon.nova-lite-v1:0, aws.bedrock/amazon.nova-lite",
    "aws.bedrock, nova-lite-v1:0, aws.bedrock/amazon.nova-lite",
    "aws.bedrock, titan-text-express-v1, aws.bedrock/amazon.titan-text-express-v1",
    "openai, text-embedding-3-small, openai/text-embedding-3-small",
  })
  void nameLeadsToItsModel(String provider, String model, String key) {
    assertThat(PriceCatalog.shipped().price(request(provider, model).build()).priceKey())
        .startsWith(key);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o-hyper",
    "openai, gpt-4.15",
    "openai, gpt-5.4-mini-turbo",
    "anthropic, claude-sonnet-5-3",
    "gcp.gemini, gemini-3.6-flash-lite",
    "fireworks, accounts/fireworks/models/deepseek-v9-ultra",
    "nobody, gpt-4o",
    "openai, claude-sonnet-4-5",
    "openai, ft:gpt-5.6-sol:acme::abc",
  })
  void nameThatNoRuleCoversIsUnpriced(String provider, String model) {
    assertThat(PriceCatalog.shipped().price(request(provider, model).build()).status())
        .isEqualTo(PriceStatus.UNPRICED);
  }

  @ParameterizedTest
  @CsvSource({
    // Batch and flex bill cached tokens at the tier's own rate.
    "openai, gpt-5.5, service_tier=batch, input=6000 cache_read=4000 output=1000, 0.031",
    "openai, gpt-5.6-sol, service_tier=batch, cache_write=10000 output=1000, 0.035",
    "openai, gpt-4o, service_tier=batch, input=6000 cache_read=4000, 0.0125",
    "openai, gpt-5.1, service_tier=flex, input=6000 cache_read=4000, 0.004",
    "anthropic, claude-sonnet-4-5, batch=true, input=1000 cache_read=50000 cache_write=2000, 0.01275",
    // Half of the price of a long prompt, not half of the short one's.
    "anthropic, claude-sonnet-4-5, batch=true, input=300000 output=2000, 0.9225",
    "anthropic, claude-sonnet-4-20250514, speed=standard, input=205000 output=1000, 1.2525",
    // Priority and a long prompt together, which only one table has.
    "openai, gpt-5.6-sol, service_tier=priority, input=300000 output=1000, 4.86",
    "x_ai, grok-4-fast-reasoning, speed=standard, input=127999 output=1000, 0.0260998",
    "x_ai, grok-4-fast-reasoning, speed=standard, input=128000 output=1000, 0.0522",
    // Places of one model differ by a tenth.
    "aws.bedrock, us.anthropic.claude-opus-5, speed=standard, input=10000 output=1000, 0.0825",
    "aws.bedrock, global.anthropic.claude-opus-5, speed=standard, input=10000 output=1000, 0.075",
    "aws.bedrock, us-gov.anthropic.claude-sonnet-5-v1:0, speed=standard, input=10000, 0.024",
    "gcp.vertex_ai, gemini-2.5-flash, traffic_type=ON_DEMAND_FLEX, input=10000 output=1000, 0.00275",
    "openai, dall-e-3, quality=hd, output_images=2, 0.16",
    "openai, dall-e-3, size=1024x1792, output_images=1, 0.08",
    "voyageai, rerank-2.5, speed=standard, input=1000, 0.00005",
  })
  void conditionsOfACallMultiply(
      String provider, String model, String condition, String usage, BigDecimal total) {
    Usage.Builder used = Usage.builder();
    for (String count : usage.split(" ")) {
      used.add(count.split("=")[0], Long.parseLong(count.split("=")[1]));
    }
    PriceRequest.Builder request = request(provider, model).usage(used.build());
    request.when(condition.split("=")[0], condition.split("=")[1]);

    Price price = PriceCatalog.shipped().price(request.build());

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualByComparingTo(total);
  }

  @Test
  void discountOfATierThatNoTableKnowsIsNotGuessed() {
    Price price =
        PriceCatalog.shipped()
            .price(
                request("gcp.vertex_ai", "gemini-2.0-flash-001")
                    .when("service_tier", "batch")
                    .usage(Usage.builder().set(Unit.INPUT, 10).set(Unit.CACHE_READ, 1000).build())
                    .build());

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.reason()).endsWith("has no rate for cache_read");
  }

  @Test
  void freeIsOnlyWhatTheProviderSaysIsFree() {
    Price price = PriceCatalog.shipped().price(request("openai", "omni-moderation-latest").build());

    assertThat(price.status()).isEqualTo(PriceStatus.FREE);
  }

  @Test
  void hostTellsTheProviderAndThePlace() {
    Price deepseek =
        PriceCatalog.shipped()
            .price(
                request("openai", "deepseek-v4-pro")
                    .when("server.address", "api.deepseek.com")
                    .build());
    Price europe =
        PriceCatalog.shipped()
            .price(
                request("openai", "gpt-5.5")
                    .when("server.address", "https://eu.api.openai.com/v1")
                    .build());

    assertThat(deepseek.priceKey()).isEqualTo("deepseek/deepseek-v4-pro");
    assertThat(europe.priceKey()).isEqualTo("openai/gpt-5.5#geo=eu|us");
    assertThat(europe.total()).isEqualByComparingTo("0.022");
  }

  @Test
  void freeVariantIsFreeWithoutAnEntry() {
    Price price = PriceCatalog.shipped().price(request("openrouter", "acme/new:free").build());

    assertThat(price.status()).isEqualTo(PriceStatus.FREE);
    assertThat(price.total()).isEqualByComparingTo("0");
  }

  @Test
  void modelThatAnsweredComesBeforeTheOneAskedFor() {
    Price price =
        PriceCatalog.shipped()
            .price(request("azure", "gpt-4o-2024-08-06").requestModel("our-deployment").build());
    Price asked =
        PriceCatalog.shipped()
            .price(request("azure", "our-deployment").requestModel("gpt-4o").build());

    assertThat(price.priceKey()).isEqualTo("azure.ai.openai/gpt-4o");
    assertThat(asked.priceKey()).isEqualTo("azure.ai.openai/gpt-4o");
  }

  private static PriceRequest.Builder request(String provider, String model) {
    return PriceRequest.builder()
        .provider(provider)
        .responseModel(model)
        .at(Instant.parse("2026-09-01T12:00:00Z"))
        .usage(USAGE);
  }
}
