package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pricing with names that were seen before allocates the price and nothing else. */
class PriceAllocationTest {
  private static final int CALLS = 20_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Usage USAGE =
      Usage.builder()
          .set(Unit.INPUT, 1200)
          .set(Unit.CACHE_READ, 3400)
          .set(Unit.OUTPUT, 560)
          .set(Unit.REASONING, 78)
          .build();

  private static long sizeOfPrice;

  @BeforeAll
  static void measureAPrice() {
    Price[] kept = new Price[CALLS];
    // What its classes allocate when they are loaded does not count.
    kept[0] = Price.free("USD", "v");
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      kept[i] = Price.free("USD", "v");
    }
    sizeOfPrice = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    assertThat(kept).doesNotContainNull();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, , ",
    "OpenAI, gpt-4o-2024-08-06, , ",
    ", gpt-4o, , ",
    "openai, gpt-5.6-sol, service_tier, flex",
    "openai, gpt-5.5, server.address, eu.api.openai.com",
    "azure, gpt-5.6-sol, server.address, acme.openai.azure.com",
    "anthropic, claude-opus-5, speed, fast",
    "aws.bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, , ",
    "deepseek, deepseek-v4-pro, , ",
    "openai, no-such-model, , ",
    "openai, gpt-4o, service_tier, no-such-tier",
    "nobody, gpt-4o, , ",
  })
  void priceIsAllThatIsAllocated(String provider, String model, String dimension, String value) {
    assertOnlyThePrice(
        PriceCatalog.shipped(),
        PriceRequest.builder()
            .provider(provider)
            .responseModel(model)
            .when(dimension, value)
            .at(Instant.parse("2026-09-01T12:00:00Z"))
            .usage(USAGE)
            .build());
  }

  @Test
  void contractAllocatesNothing() throws CatalogException {
    PriceCatalog catalog =
        Contracts.parse(
                "c",
                """
                {"format": "tallyspan-contracts/1", "version": "1", "tenants": {"acme": {"discounts": [
                  {"provider": "openai", "models": ["gpt-4*"], "factor": "0.85"},
                  {"provider": "openai", "when": {"geo": "eu"}, "factor": "0.9"}]}}}
                """)
            .forTenant("acme", PriceCatalog.shipped());

    assertOnlyThePrice(
        catalog,
        PriceRequest.builder()
            .provider("openai")
            .responseModel("gpt-4o")
            .when("geo", "eu")
            .at(Instant.parse("2026-09-01T12:00:00Z"))
            .usage(USAGE)
            .build());
  }

  @Test
  void rateThatIsNoWholeFemtoAllocatesNothing() {
    assertOnlyThePrice(
        PriceCatalog.shipped(),
        PriceRequest.builder()
            .provider("groq")
            .responseModel("whisper-large-v3")
            .at(Instant.parse("2026-09-01T12:00:00Z"))
            .usage(Usage.builder().set(Unit.AUDIO_INPUT_SECONDS, 125_500).build())
            .build());
  }

  private static void assertOnlyThePrice(PriceCatalog catalog, PriceRequest request) {
    Price[] kept = new Price[CALLS];
    catalog.price(request);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      kept[i] = catalog.price(request);
    }
    long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;

    assertThat(kept).doesNotContainNull();
    assertThat(each).isEqualTo(sizeOfPrice);
  }
}
