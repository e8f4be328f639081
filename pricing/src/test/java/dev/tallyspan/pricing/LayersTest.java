package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static final PriceCatalog LIST =
      Catalogs.of(
          """
          "m": {"cards": [{"rates": {"input": "2/M", "web_searches": "10/k"}}]},
          "n": {"cards": [{"rates": {"input": "4/M"}}]}
          """);

  private static final PriceCatalog OVERRIDES =
      Catalogs.of("\"m\": {\"cards\": [{\"rates\": {\"input\": \"1/M\"}}]}");

  @Test
  void overridesReplaceAModelAndLeaveTheOthers() {
    PriceCatalog layered = OVERRIDES.over(LIST);

    assertThat(total(layered, "m")).isEqualByComparingTo("0.001");
    assertThat(total(layered, "n")).isEqualByComparingTo("0.004");
    assertThat(total(LIST, "m")).isEqualByComparingTo("0.002");
    assertThat(layered.version()).isEqualTo("test+test");
  }

  @Test
  void overriddenModelKeepsItsProvidersRulesForNames() throws Exception {
    PriceCatalog overrides =
        PriceCatalog.parse(
            "mine.json",
            """
            {"format": "tallyspan-prices/1", "version": "mine", "currency": "USD", "providers": {
              "azure": {"models": {"gpt-4o": {"aliases": ["our-deployment"],
                "cards": [{"rates": {"input": "1/M"}}]}}}}}
            """);
    PriceCatalog layered = overrides.over(PriceCatalog.shipped());

    assertThat(key(layered, "azure.ai.openai", "gpt-4o-2024-08-06")).isEqualTo("azure/gpt-4o");
    assertThat(key(layered, "azure_openai", "our-deployment")).isEqualTo("azure/gpt-4o");
    assertThat(key(layered, "azure", "gpt-4.1")).startsWith("azure.ai.openai/gpt-4.1");
    assertThat(key(layered, null, "azure/gpt-4o")).isEqualTo("azure/gpt-4o");
    assertThat(key(layered, "openai", "gpt-4o")).isEqualTo("openai/gpt-4o");
  }

  @Test
  void factorOfAContractAppliesToListPricesAndFees() throws Exception {
    Contracts contracts = contracts("{\"provider\": \"acme\", \"factor\": \"0.9\"}", "");

    PriceCatalog tenant = contracts.forTenant("t1", LIST);
    Price price =
        tenant.price(
            Catalogs.request(Usage.builder().set(Unit.INPUT, 1000).set(Unit.WEB_SEARCH, 1))
                .build());

    assertThat(price.total()).isEqualByComparingTo("0.0108");
    assertThat(price.priceKey()).isEqualTo("acme/m#contract=0.9");
    assertThat(contracts.forTenant("t2", LIST)).isSameAs(LIST);
    assertThat(contracts.forTenant("t1", LIST)).isSameAs(tenant);
  }

  @Test
  void contractIsWithTheSellerWhoeverMadeTheModel() throws Exception {
    PriceCatalog tenant =
        contracts("{\"provider\": \"vertex_ai\", \"factor\": \"0.9\"}", "")
            .forTenant("t1", PriceCatalog.shipped());

    assertThat(key(tenant, "gcp.vertex_ai", "gemini-robotics-er-2-preview"))
        .isEqualTo("gcp.gemini/gemini-robotics-er-2-preview#contract=0.9");
    assertThat(key(tenant, "gcp.gemini", "gemini-robotics-er-2-preview"))
        .isEqualTo("gcp.gemini/gemini-robotics-er-2-preview");
  }

  @Test
  void factorIsBoundToModelsAndTime() throws Exception {
    PriceCatalog tenant =
        contracts(
                "{\"provider\": \"acme\", \"models\": [\"m*\"], \"from\": \"2026-10-01\", \"factor\": \"0.5\"}",
                "")
            .forTenant("t1", LIST);

    assertThat(total(tenant, "m")).isEqualByComparingTo("0.002");
    assertThat(
            tenant
                .price(
                    Catalogs.request(Usage.builder().set(Unit.INPUT, 1000))
                        .at(Instant.parse("2026-10-01T00:00:00Z"))
                        .build())
                .total())
        .isEqualByComparingTo("0.001");
    assertThat(total(tenant, "n")).isEqualByComparingTo("0.004");
  }

  @Test
  void ratesOfAContractAreFinalAndInTheirCurrency() throws Exception {
    PriceCatalog tenant =
        contracts(
                "{\"provider\": \"acme\", \"factor\": \"0.5\"}",
                ", \"currency\": \"EUR\", \"providers\": {\"acme\": {\"models\":"
                    + " {\"m\": {\"cards\": [{\"rates\": {\"input\": \"1/M\"}}]}}}}")
            .forTenant("t1", LIST);

    Price own = tenant.price(Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).build());

    assertThat(own.total()).isEqualByComparingTo("0.001");
    assertThat(own.currency()).isEqualTo("EUR");
    assertThat(total(tenant, "n")).isEqualByComparingTo("0.002");
  }

  @Test
  void faultInAContractIsReportedByLine() {
    assertThatThrownBy(() -> contracts("{\"provider\": \"acme\", \"factor\": \"-1\"}", ""))
        .isInstanceOf(CatalogException.class)
        .hasMessage("contracts.json:2 absurd factor -1; give one above 0 and at most 10");
  }

  private static Contracts contracts(String discount, String rest) throws CatalogException {
    return Contracts.parse(
        "contracts.json",
        """
        {"format": "tallyspan-contracts/1", "version": "c1", "tenants": {
          "t1": {"discounts": [%s]%s}}}
        """
            .formatted(discount, rest));
  }

  private static String key(PriceCatalog catalog, String provider, String model) {
    return catalog
        .price(
            PriceRequest.builder()
                .provider(provider)
                .responseModel(model)
                .usage(Usage.builder().set(Unit.INPUT, 1).build())
                .build())
        .priceKey();
  }

  private static BigDecimal total(PriceCatalog catalog, String model) {
    return catalog
        .price(Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).responseModel(model).build())
        .total();
  }
}
