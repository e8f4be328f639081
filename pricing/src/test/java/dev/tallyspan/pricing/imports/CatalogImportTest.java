package dev.tallyspan.pricing.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogImportTest {
  private static final String LITELLM =
      """
      {"sample_spec": {"input_cost_per_token": 1, "litellm_provider": "openai"},
       "m": {"litellm_provider": "openai", "mode": "chat",
         "input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05,
         "input_cost_per_token_above_272k_tokens": 1e-05,
         "input_cost_per_token_flex": 2.5e-06, "output_cost_per_token_flex": 1.5e-05,
         "cache_read_input_token_cost": 5e-07, "input_cost_per_token_cache_hit": 5e-07,
         "cache_creation_input_token_cost": 6.25e-06,
         "cache_creation_input_token_cost_above_1hr": 1e-05,
         "regional_processing_uplift_multiplier_eu": 1.1},
       "xai/g": {"litellm_provider": "xai", "input_cost_per_token": 1e-06,
         "input_cost_per_token_above_200k_tokens": 2e-06},
       "noise": {"litellm_provider": "openai", "input_cost_per_token": 0.0000029999900000000002},
       "zero": {"litellm_provider": "openai", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
       "absurd": {"litellm_provider": "openai", "input_cost_per_token": 0.5},
       "whisper": {"litellm_provider": "openai", "mode": "audio_transcription",
         "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001},
       "1024-x-1024/50-steps/s": {"litellm_provider": "openai", "input_cost_per_image": 0.01},
       "vertex_ai/c": {"litellm_provider": "vertex_ai-anthropic_models", "input_cost_per_token": 3e-06},
       "dashscope/q": {"litellm_provider": "dashscope", "tiered_pricing": [
         {"range": [0, 32000], "input_cost_per_token": 1e-06},
         {"range": [32000, 128000], "input_cost_per_token": 2e-06}]}}
      """;

  @Test
  void longFlexPromptIsUnpricedAndNotStandard() throws Exception {
    PriceCatalog catalog = read(Format.LITELLM, LITELLM);

    assertThat(input(catalog, "openai", "m", 1000, "standard")).isEqualByComparingTo("0.005");
    assertThat(input(catalog, "openai", "m", 1000, "flex")).isEqualByComparingTo("0.0025");
    assertThat(input(catalog, "openai", "m", 272_001, "standard")).isEqualByComparingTo("2.72001");
    assertThat(input(catalog, "openai", "m", 272_001, "flex")).isNull();
  }

  @Test
  void placesOfTheTableAreFactors() throws Exception {
    PriceCatalog catalog =
        read(
            Format.LITELLM,
            """
            {"vertex_ai/claude-x": {"litellm_provider": "vertex_ai-anthropic_models",
               "input_cost_per_token": 1e-06, "regional_endpoint_uplift_multiplier": 1.1},
             "claude-x": {"litellm_provider": "anthropic", "input_cost_per_token": 1e-06,
               "provider_specific_entry": {"us": 1.1, "fast": 2}},
             "claude-y": {"litellm_provider": "anthropic", "input_cost_per_token": 1e-06,
               "provider_specific_entry": {"fast": 6.0}}}
            """);

    assertThat(when(catalog, "gcp.vertex_ai", "claude-x", "geo", "us-east5").total())
        .isEqualByComparingTo("0.0011");
    assertThat(when(catalog, "gcp.vertex_ai", "claude-x", "geo", "global").total())
        .isEqualByComparingTo("0.001");
    assertThat(when(catalog, "anthropic", "claude-x", "geo", "us").total())
        .isEqualByComparingTo("0.0011");
    assertThat(when(catalog, "anthropic", "claude-x", "geo", "eu").missing())
        .containsExactly("geo=eu");
    assertThat(when(catalog, "anthropic", "claude-x", "speed", "fast").total())
        .isEqualByComparingTo("0.002");
    assertThat(when(catalog, "anthropic", "claude-y", "speed", "fast").status())
        .isEqualTo(PriceStatus.UNPRICED);
  }

  @Test
  void variantsOfGenaiPricesAreTiers() throws Exception {
    CatalogImport imported =
        CatalogImport.read(
            Format.GENAI_PRICES,
            """
            {"units": {}, "providers": [{"id": "openai", "models": [{"id": "v", "match": {"equals": "v"},
              "prices": {"input_mtok": {"base": 2, "tiers": [{"start": 1000, "price": 4}]}},
              "price_variants": [
                {"when": {"processing": "batch"}, "constraint": {"start_date": "2026-08-01"},
                 "prices": {"input_mtok": 1}},
                {"when": {"service_tier": "fast"}, "prices": {"input_mtok": 8}},
                {"when": {"service_tier": "priority"}, "prices": {"input_mtok": 8}},
                {"when": {"service_tier": "default"}, "prices": {"input_mtok": 2}},
                {"when": {"route": "x/eu"}, "prices": {"input_mtok": 3}},
                {"when": {"speed": "fast"}, "prices": {"input_mtok": 9}}]}]}]}
            """,
            "g");
    PriceCatalog catalog = PriceCatalog.parse("g", imported.catalog());

    assertThat(input(catalog, "openai", "v", 1000, "batch")).isEqualByComparingTo("0.001");
    assertThat(input(catalog, "openai", "v", 2000, "batch")).isEqualByComparingTo("0.002");
    assertThat(input(catalog, "openai", "v", 1000, "priority")).isEqualByComparingTo("0.008");
    assertThat(input(catalog, "openai", "v", 2000, "standard")).isEqualByComparingTo("0.008");
    assertThat(when(catalog, "openai", "v", "speed", "fast").status())
        .isEqualTo(PriceStatus.UNPRICED);
    assertThat(imported.notes())
        .containsExactly(
            "openai/v: a variant left out, its condition is unknown",
            "openai/v: a variant left out, how it combines with another is unknown");
  }

  @Test
  void entryThatBreaksARuleIsLeftOutAndTheOthersStay() throws Exception {
    CatalogImport imported =
        CatalogImport.read(
            Format.GENAI_PRICES,
            """
            [{"id": "openai", "models": [
              {"id": "bad", "match": {"equals": "bad"}, "prices": [
                {"constraint": {"start_date": "2026-08-01"}, "prices": {"input_mtok": 1}},
                {"constraint": {"start_date": "2026-08-01"}, "prices": {"input_mtok": 2}}]},
              {"id": "good", "match": {"equals": "good"}, "prices": {"input_mtok": 3}}]}]
            """,
            "g");

    assertThat(imported.models()).isEqualTo(1);
    assertThat(imported.notes())
        .containsExactly(
            "openai/bad: left out, tie: two cards of openai/bad begin at the same time");
    assertThat(input(PriceCatalog.parse("g", imported.catalog()), "openai", "good", 1000, "x"))
        .isNull();
  }

  @Test
  void feesOfTheSellerStayWithItsModels() throws Exception {
    Price price =
        price(
            read(Format.LITELLM, LITELLM),
            "openai",
            "m",
            Usage.builder().set(Unit.INPUT, 1000).set(Unit.WEB_SEARCH, 1));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualByComparingTo("0.015");
  }

  @Test
  void lifetimeIsNoThreshold() throws Exception {
    Price price =
        price(
            read(Format.LITELLM, LITELLM),
            "openai",
            "m",
            Usage.builder().set(Unit.CACHE_WRITE_1H, 1000));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualByComparingTo("0.01");
  }

  @Test
  void thresholdIsInclusiveAtXaiOnly() throws Exception {
    PriceCatalog catalog = read(Format.LITELLM, LITELLM);

    assertThat(input(catalog, "x_ai", "g", 199_999, "standard")).isEqualByComparingTo("0.199999");
    assertThat(input(catalog, "x_ai", "g", 200_000, "standard")).isEqualByComparingTo("0.4");
    assertThat(input(catalog, "openai", "m", 272_000, "standard")).isEqualByComparingTo("1.36");
  }

  @Test
  void secondIsBilledOnOneSide() throws Exception {
    Price price =
        price(
            read(Format.LITELLM, LITELLM),
            "openai",
            "whisper",
            Usage.builder()
                .set(Unit.AUDIO_INPUT_SECONDS, 10_000)
                .set(Unit.AUDIO_OUTPUT_SECONDS, 10_000));

    assertThat(price.total()).isEqualByComparingTo("0.001");
  }

  @Test
  void noiseOfFloatingPointIsRemoved() throws Exception {
    assertThat(input(read(Format.LITELLM, LITELLM), "openai", "noise", 1, "standard"))
        .isEqualTo(new BigDecimal("0.00000299999"));
  }

  @Test
  void rangeEndsBelongToTheLowerTierAndAboveThemIsNoPrice() throws Exception {
    PriceCatalog catalog = read(Format.LITELLM, LITELLM);

    assertThat(input(catalog, "dashscope", "q", 32_000, "standard")).isEqualByComparingTo("0.032");
    assertThat(input(catalog, "alibaba", "q", 32_001, "standard")).isEqualByComparingTo("0.064002");
    assertThat(input(catalog, "alibaba", "q", 128_001, "standard")).isNull();
  }

  @Test
  void whatIsNoPriceIsLeftOutAndNoted() throws Exception {
    CatalogImport imported = CatalogImport.read(Format.LITELLM, LITELLM, "litellm@test");

    assertThat(imported.models()).isEqualTo(6);
    assertThat(imported.notes())
        .containsExactly(
            "zero: left out, all its prices are zero",
            "absurd: left out, input_cost_per_token is absurd",
            "1024-x-1024/50-steps/s: left out, its name contains a size or quality");
  }

  @Test
  void providerVariantsAreOneProvider() throws Exception {
    assertThat(input(read(Format.LITELLM, LITELLM), "gcp.vertex_ai", "c", 1000, "standard"))
        .isEqualByComparingTo("0.003");
  }

  @Test
  void genaiPricesKeepsHistoryTiersAndFreeModels() throws Exception {
    PriceCatalog catalog =
        read(
            Format.GENAI_PRICES,
            """
            [{"id": "x-ai", "models": [
              {"id": "g", "match": {"or": [{"equals": "g-alias"}, {"starts_with": "g-"}, {"contains": "gg"}]},
               "prices": [
                {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 199999, "price": 2}]}, "web_searches_kcount": 10}},
                {"constraint": {"start_date": "2026-03-13", "type": "start_date"}, "prices": {"input_mtok": 3}}]},
              {"id": "f", "match": {"equals": "f"}, "prices": {}},
              {"id": "w", "match": {"equals": "w"}, "prices": {"input_audio_hours": 0.36}},
              {"id": "u", "match": {"equals": "u"}, "prices": {"input_text_messages_kcount": 1}}]}]
            """);

    assertThat(at(catalog, "g-alias", 199_999, "2026-03-12T00:00:00Z"))
        .isEqualByComparingTo("0.199999");
    assertThat(at(catalog, "g", 200_000, "2026-03-12T00:00:00Z")).isEqualByComparingTo("0.4");
    assertThat(at(catalog, "g-preview", 200_000, "2026-03-13T00:00:00Z"))
        .isEqualByComparingTo("0.6");
    assertThat(at(catalog, "xggx", 1, "2026-03-13T00:00:00Z")).isNull();
    assertThat(at(catalog, "f", 1, "2026-03-13T00:00:00Z")).isEqualByComparingTo("0");
    assertThat(at(catalog, "u", 1, "2026-03-13T00:00:00Z")).isNull();
    assertThat(
            price(catalog, "x_ai", "w", Usage.builder().set(Unit.AUDIO_INPUT_SECONDS, 1000))
                .total())
        .isEqualByComparingTo("0.0001");
  }

  @Test
  void genaiPricesWindowThatLacksItsDateIsLeftOut() throws Exception {
    CatalogImport imported =
        CatalogImport.read(
            Format.GENAI_PRICES,
            """
            [{"id": "deepseek", "models": [{"id": "d", "match": {"equals": "d"}, "prices": [
              {"prices": {"input_mtok": 1}},
              {"constraint": {"start_date": "2026-08-17", "type": "start_date"}, "prices": {"input_mtok": 2}},
              {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z", "type": "time_of_date"},
               "prices": {"input_mtok": 4}}]}]}]
            """,
            "test");

    assertThat(imported.models()).isZero();
    assertThat(imported.notes())
        .containsExactly("deepseek/d: left out, its time windows have no start date");
  }

  @Test
  void portkeyIsInCentsAndItsDefaultIsNoPrice() throws Exception {
    String table =
        """
        {"openai": {
          "default": {"pricing_config": {"pay_as_you_go": {"request_token": {"price": 0}}}},
          "m": {"pricing_config": {"pay_as_you_go": {"request_token": {"price": 0.00025},
            "cache_write_input_token": {"price": 0}, "additional_units": {"cache_write_1h": {"price": 0.0006}}}}},
          "g-lte-128k": {"pricing_config": {"pay_as_you_go": {"request_token": {"price": 0.00025}}}}}}
        """;
    PriceCatalog catalog = read(Format.PORTKEY, table);

    assertThat(input(catalog, "openai", "m", 1000, "standard")).isEqualByComparingTo("0.0025");
    assertThat(input(catalog, "openai", "default", 1000, "standard")).isNull();
    assertThat(input(catalog, "openai", "g-lte-128k", 1000, "standard")).isNull();
    assertThat(
            price(catalog, "openai", "m", Usage.builder().set(Unit.CACHE_WRITE_1H, 1000)).total())
        .isEqualByComparingTo("0.006");
  }

  @Test
  void modelsDevLegacyThresholdIsNotBelieved() throws Exception {
    PriceCatalog catalog =
        read(
            Format.MODELS_DEV,
            """
            {"openai": {"models": {
              "a": {"cost": {"input": 2.5, "output": 10}},
              "b": {"cost": {"input": 2.5, "output": 10, "context_over_200k": {"input": 5}}}}}}
            """);

    assertThat(input(catalog, "openai", "a", 1000, "standard")).isEqualByComparingTo("0.0025");
    assertThat(input(catalog, "openai", "b", 1000, "standard")).isNull();
  }

  @Test
  void openlitIsPerThousandAndGeminiChargesNoWrite() throws Exception {
    PriceCatalog catalog =
        read(
            Format.OPENLIT,
            """
            {"chat": {"gemini-x": {"promptPrice": 0.001, "completionPrice": 0.01, "cacheCreationPrice": 0.005},
              "nobodys": {"promptPrice": 1}}, "embeddings": {"text-embedding-3-x": 0.0001}}
            """);

    assertThat(
            price(catalog, "gcp.gemini", "gemini-x", Usage.builder().set(Unit.CACHE_WRITE_5M, 1000))
                .total())
        .isEqualByComparingTo("0.001");
    assertThat(input(catalog, "openai", "text-embedding-3-x", 1000, "standard"))
        .isEqualByComparingTo("0.0001");
  }

  @Test
  void langfuseNamesBecomeNamesAndNotPatterns() throws Exception {
    PriceCatalog catalog =
        read(
            Format.LANGFUSE,
            """
            [{"modelName": "gpt-4.9", "matchPattern": "(?i)^(openai/)?(gpt-4.9|gpt-4-9)$", "pricingTiers": [
               {"conditions": [], "prices": {"input": 2e-06, "input_cached_tokens": 1e-06,
                 "input_cache_read": 1e-06, "cache_read_input_tokens": 1e-06, "output": 8e-06}}]},
             {"modelName": "gpt-4.8", "matchPattern": "(?i)^(gpt-4.8)$", "pricingTiers": [
               {"conditions": [], "prices": {"input": 2e-06}}, {"conditions": [1], "prices": {"input": 4e-06}}]}]
            """);

    assertThat(input(catalog, "openai", "gpt-4.9", 1000, "standard")).isEqualByComparingTo("0.002");
    assertThat(input(catalog, "openai", "gpt-4-9", 1000, "standard")).isEqualByComparingTo("0.002");
    assertThat(input(catalog, "openai", "gpt-4x9", 1000, "standard")).isNull();
    assertThat(input(catalog, "openai", "gpt-4.8", 1000, "standard")).isNull();
  }

  @Test
  void otherShapeIsRefused() {
    assertThatThrownBy(() -> CatalogImport.read(Format.LITELLM, "[]", "t"))
        .isInstanceOf(CatalogException.class)
        .hasMessage("t:1 found an array; give the table as published");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LITELLM | {\"m\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": \"1e-6\"}} | m: left out, all its prices are zero",
        "LITELLM | {\"m\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": -1e-6}} | m: left out, input_cost_per_token is absurd",
        "GENAI_PRICES | [{\"id\": \"openai\", \"models\": [{\"id\": \"m\", \"prices\": {\"input_moon\": 1}}]}] | openai/m: left out, it has an unknown unit",
        "GENAI_PRICES | [{\"id\": \"openai\", \"models\": [{\"id\": \"m\", \"prices\": {\"input_mtok\": \"1\"}}]}] | openai/m: left out, it has an unknown unit",
        "MODELS_DEV | {\"openai\": {\"models\": {\"m\": {\"cost\": {\"input\": -1}}}}} | openai/m: left out, a price is absurd",
        "MODELS_DEV | {\"openai\": {\"models\": {\"m\": {\"cost\": {\"input\": 0, \"output\": 0}}}}} | openai/m: left out, all its prices are zero",
        "MODELS_DEV | {\"openai\": {\"models\": {\"m\": {\"cost\": {\"input\": 1, \"tiers\": []}}}}} | openai/m: left out, its threshold is uncertain",
        "PORTKEY | {\"openai\": {\"m-gt-128k\": {}}} | openai/m-gt-128k: left out, its prices depend on the context size",
        "OPENLIT | {\"chat\": {\"nobodys\": {\"promptPrice\": 0.001}}} | nobodys: left out, the table does not name its provider",
        "LANGFUSE | [{\"modelName\": \"gpt-4.9\", \"matchPattern\": \"(?i)^gpt-4.*$\", \"pricingTiers\": [{}]}] | gpt-4.9: left out, it has tiers, or a pattern that is not a list of names",
      })
  void entryThatCannotBeReadIsLeftOutAndNoted(Format format, String table, String note)
      throws Exception {
    CatalogImport imported = CatalogImport.read(format, table, "test");

    assertThat(imported.models()).isZero();
    assertThat(imported.notes()).containsExactly(note);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LITELLM | {\"m\": 1, \"n\": {\"input_cost_per_token\": 1}, \"o\": {\"litellm_provider\": 1}}",
        "GENAI_PRICES | [1, {}, {\"id\": \"openai\"}, {\"id\": \"openai\", \"models\": [1, {\"id\": 1}]}]",
        "MODELS_DEV | {\"openai\": 1, \"x\": {\"models\": {\"m\": 1, \"n\": {\"cost\": 1}}}}",
        "PORTKEY | {\"openai\": {\"default\": {}, \"m\": {\"pricing_config\": 1}}}",
        "OPENLIT | {\"chat\": 1, \"embeddings\": {\"text-embedding-x\": \"1\"}}",
        "LANGFUSE | [1, {}, {\"modelName\": \"gpt-4o\", \"pricingTiers\": 1}]",
      })
  void entryOfAnotherShapeIsNoModel(Format format, String table) throws Exception {
    CatalogImport imported = CatalogImport.read(format, table, "test");

    assertThat(imported.models()).isZero();
    assertThat(imported.notes()).isEmpty();
  }

  @Test
  void versionOfATableWithoutOneChangesOnlyWithItsText() throws Exception {
    String first = importedVersion("{\"gpt-4o\": {}}");

    assertThat(first).startsWith("openlit@");
    assertThat(importedVersion("{\"gpt-4o\": {}}")).isEqualTo(first);
    assertThat(importedVersion("{\"gpt-4o\": {} }")).isNotEqualTo(first);
  }

  private static String importedVersion(String table) throws CatalogException {
    CatalogImport imported =
        CatalogImport.read(
            Format.OPENLIT, table, "prices", /* version= */ null, LocalDate.parse("2026-08-17"));
    PriceCatalog catalog = PriceCatalog.parse("prices", imported.catalog());
    assertThat(catalog.asOf()).isEqualTo("2026-08-17");
    assertThat(catalog.table()).isEqualTo("openlit");
    return catalog.version();
  }

  @Test
  void formatIsKnownByItsNameInAnyCase() {
    assertThat(Format.of("Models.DEV")).isEqualTo(Format.MODELS_DEV);
    assertThat(Format.of("csv")).isNull();
  }

  private static PriceCatalog read(Format format, String table) throws CatalogException {
    String text = CatalogImport.read(format, table, "test").catalog();
    return PriceCatalog.parse("test", text)
        .over(
            PriceCatalog.parse(
                "aliases",
                """
                {"format": "tallyspan-prices/1", "version": "none", "currency": "USD", "providers": {
                  "alibaba": {"aliases": ["dashscope"]}, "openai": {}, "x_ai": {}}}
                """));
  }

  private static BigDecimal input(
      PriceCatalog catalog, String provider, String model, long tokens, String tier) {
    return catalog
        .price(
            PriceRequest.builder()
                .provider(provider)
                .responseModel(model)
                .when("service_tier", tier)
                .usage(Usage.builder().set(Unit.INPUT, tokens).build())
                .build())
        .total();
  }

  private static BigDecimal at(PriceCatalog catalog, String model, long tokens, String time) {
    return catalog
        .price(
            PriceRequest.builder()
                .provider("x_ai")
                .responseModel(model)
                .at(Instant.parse(time))
                .usage(Usage.builder().set(Unit.INPUT, tokens).build())
                .build())
        .total();
  }

  private static Price price(
      PriceCatalog catalog, String provider, String model, Usage.Builder usage) {
    return catalog.price(
        PriceRequest.builder()
            .provider(provider)
            .responseModel(model)
            .usage(usage.build())
            .build());
  }

  private static Price when(
      PriceCatalog catalog, String provider, String model, String dimension, String value) {
    return catalog.price(
        PriceRequest.builder()
            .provider(provider)
            .responseModel(model)
            .when(dimension, value)
            .at(Instant.parse("2026-09-01T12:00:00Z"))
            .usage(Usage.builder().set(Unit.INPUT, 1000).build())
            .build());
  }
}
