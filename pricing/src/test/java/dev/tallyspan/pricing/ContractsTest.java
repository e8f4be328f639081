package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractsTest {
  private static final PriceCatalog LIST =
      Catalogs.of(
          """
          "m": {"cards": [{"rates": {"input": "2/M", "web_searches": "10/k"}},
            {"when": {"service_tier": "flex"}, "rates": {"input": "1/M"}}]},
          "gift": {"cards": [{"free": true}]}
          """);

  @Test
  void tenantsAndVersionAreThoseOfTheFile() throws Exception {
    Contracts contracts = contracts("{\"provider\": \"acme\", \"factor\": \"0.5\"}");

    assertThat(contracts.version()).isEqualTo("c1");
    assertThat(contracts.tenants()).containsExactly("t");
  }

  @Test
  void unknownTenantHasListPrices() throws Exception {
    Contracts contracts = contracts("{\"provider\": \"acme\", \"factor\": \"0.5\"}");

    assertThat(contracts.forTenant(null, LIST)).isSameAs(LIST);
    assertThat(contracts.forTenant("T", LIST)).isSameAs(LIST);
  }

  @Test
  void feesAreAtListPriceWhereTheContractExemptsThem() throws Exception {
    Price price =
        price(
            contracts("{\"provider\": \"acme\", \"factor\": \"0.5\", \"fees\": false}"),
            request().usage(usage().set(Unit.WEB_SEARCH, 1).build()));

    assertThat(price.part(CostPart.INPUT)).isEqualByComparingTo("0.001");
    assertThat(price.part(CostPart.TOOL)).isEqualByComparingTo("0.01");
  }

  @Test
  void factorUnderAConditionAppliesOnlyToCallsThatSatisfyIt() throws Exception {
    Contracts contracts =
        contracts(
            "{\"provider\": \"acme\", \"when\": {\"service_tier\": \"flex\"}, \"factor\": \"0.5\"}");

    assertThat(price(contracts, request().when("service_tier", "flex")).total())
        .isEqualByComparingTo("0.0005");
    assertThat(price(contracts, request()).total()).isEqualByComparingTo("0.002");
  }

  @Test
  void factorsOfOneTenantMultiplyAndBothAreInTheKey() throws Exception {
    Price price =
        price(
            contracts(
                "{\"provider\": \"acme\", \"factor\": \"0.5\"},"
                    + " {\"provider\": \"ACME-ai\", \"factor\": \"1.1\"}"),
            request());

    assertThat(price.total()).isEqualByComparingTo("0.0011");
    assertThat(price.priceKey()).isEqualTo("acme/m#contract=0.5,contract=1.1");
  }

  @Test
  void freeModelStaysFreeUnderAContract() throws Exception {
    Price price =
        price(
            contracts("{\"provider\": \"acme\", \"factor\": \"0.5\"}"),
            request().responseModel("gift"));

    assertThat(price.status()).isEqualTo(PriceStatus.FREE);
    assertThat(price.priceKey()).isEqualTo("acme/gift");
  }

  @Test
  void contractOfAnotherProviderChangesNothing() throws Exception {
    assertThat(
            price(contracts("{\"provider\": \"other\", \"factor\": \"0.5\"}"), request()).total())
        .isEqualByComparingTo("0.002");
  }

  @Test
  void contractAppliesToANewVersionOfTheListPrices() throws Exception {
    Contracts contracts = contracts("{\"provider\": \"acme\", \"factor\": \"0.5\"}");
    PriceCatalog dearer = Catalogs.ofCards("{\"rates\": {\"input\": \"8/M\"}}");

    assertThat(contracts.forTenant("t", LIST).price(request().build()).total())
        .isEqualByComparingTo("0.001");
    assertThat(contracts.forTenant("t", dearer).price(request().build()).total())
        .isEqualByComparingTo("0.004");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"factor\": \"0.5\"} | \"provider\" is missing",
        "{\"provider\": \"acme\"} | \"factor\" is missing",
        "{\"provider\": \"acme\", \"factor\": 0.5} | factor is not a decimal in a string",
        "{\"provider\": \"acme\", \"factor\": \"10.1\"} | absurd factor 10.1",
        "{\"provider\": \"acme\", \"factor\": \"0\"} | absurd factor 0",
        "{\"provider\": \"acme\", \"factor\": \"1\", \"model\": \"m\"} | unknown key \"model\"",
        "{\"provider\": \"acme\", \"factor\": \"1\", \"from\": \"2026-02-02\", \"until\": \"2026-02-02\"} | until is not after from",
      })
  void faultyDiscountIsRefused(String discount, String what) {
    assertThatThrownBy(() -> contracts(discount))
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith("contracts.json:2 " + what);
  }

  @Test
  void faultsOfAllTenantsAreReported() {
    String text =
        """
        {"format": "tallyspan-contracts/1", "version": "c1", "tenants": {
          "a": {"discounts": [{"provider": "acme", "factor": "-1"}]},
          "b": {"discounts": {}},
          "c": {"rebate": "0.5"}}}
        """;

    assertThatThrownBy(() -> Contracts.parse("contracts.json", text))
        .isInstanceOfSatisfying(
            CatalogException.class,
            e ->
                assertThat(e.faults())
                    .satisfiesExactly(
                        fault -> assertThat(fault).startsWith("contracts.json:2 absurd factor"),
                        fault ->
                            assertThat(fault).startsWith("contracts.json:3 discounts is an object"),
                        fault ->
                            assertThat(fault)
                                .startsWith("contracts.json:4 unknown key \"rebate\"")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tenants\" | unexpected end of the text; the file must be JSON",
        "{\"format\": \"tallyspan-prices/1\"} | unknown format; this version reads \"tallyspan-contracts/1\"",
        "[] | found an array; give an object",
      })
  void otherTextIsRefused(String text, String what) {
    assertThatThrownBy(() -> Contracts.parse("contracts.json", text))
        .isInstanceOf(CatalogException.class)
        .hasMessage("contracts.json:1 " + what);
  }

  @Test
  void missingFileIsReported(@TempDir Path directory) {
    Path none = directory.resolve("none.json");

    assertThatThrownBy(() -> Contracts.read(none))
        .isInstanceOf(CatalogException.class)
        .hasMessage(none + ": cannot be read: NoSuchFileException");
  }

  private static Contracts contracts(String discounts) throws CatalogException {
    return Contracts.parse(
        "contracts.json",
        """
        {"format": "tallyspan-contracts/1", "version": "c1", "tenants": {
          "t": {"discounts": [%s]}}}
        """
            .formatted(discounts));
  }

  private static Price price(Contracts contracts, PriceRequest.Builder request) {
    return contracts.forTenant("t", LIST).price(request.build());
  }

  private static PriceRequest.Builder request() {
    return Catalogs.request(usage());
  }

  private static Usage.Builder usage() {
    return Usage.builder().set(Unit.INPUT, 1000);
  }
}
