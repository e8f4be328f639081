package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a call was served, as far as its seller prices by it. */
class PlaceTest {
  private static final String CARD = "{\"rates\": {\"input\": \"2/M\"}}";
  private static final PriceCatalog CATALOG =
      catalog(
          """
          "zones": {"prices_by": {"geo": ["global"]}, "hosts": {"*.zones.example": {}}, "models": {
            "m": {"cards": [%1$s, {"when": {"geo": ["eu", "us"]}, "rates": {"input": "2.2/M"}}]},
            "flat": {"prices_by": {}, "cards": [%1$s]},
            "gift": {"cards": [{"free": true}]}}},
          "regional": {"names": "path", "prices_by": {"geo": ["global"]}, "fallback": ["maker"],
            "hosts": {"{region}-ai.example": {}, "ai.{region}.rep.example": {}, "ai.example": {"region": "global"}},
            "models": {
              "m": {"cards": [%1$s], "adjustments": [{"when": {"geo": "!global"}, "factor": "1.1"}]},
              "plain": {"cards": [%1$s]}}},
          "cloud": {"names": "bedrock", "prices_by": {"geo": ["us-east-1", "eu"]},
            "hosts": {"*.runtime.{region}.vpce.example": {}, "runtime.{region}.example": {}},
            "models": {"v.m": {"cards": [%1$s, {"when": {"geo": ["jp", "eu-west-1"]}, "rates": {"input": "3/M"}}]}}},
          "maker": {"aliases": ["make"], "models": {
            "own": {"cards": [%1$s], "prices_by": {"size": ["big"]}}}}
          """);

  @ParameterizedTest
  @CsvSource({
    "zones, m, geo, global, priced, 0.002",
    "zones, m, geo, eu, priced, 0.0022",
    "zones, m, geo, jp, partial, 0.002",
    "zones, m, region, swedencentral, partial, 0.002",
    "zones, m, inference_geo, jp, partial, 0.002",
    "zones, m, inference_geo, not_available, priced, 0.002",
    // Where the caller runs is not where the call is served.
    "zones, m, cloud.region, swedencentral, priced, 0.002",
    "zones, flat, geo, eu, priced, 0.002",
    "zones, gift, geo, jp, free, 0",
    "zones, m, speed, standard, priced, 0.002",
    "maker, own, geo, eu, priced, 0.002",
    "maker, own, size, big, priced, 0.002",
    "maker, own, size, small, partial, 0.002",
    // Its seller is asked, not its maker.
    "regional, own, size, small, priced, 0.002",
    "regional, own, geo, eu, partial, 0.002",
    "regional, m, server.address, us-east5-ai.example, priced, 0.0022",
    "regional, m, server.address, ai.eu.rep.example, priced, 0.0022",
    "regional, m, server.address, ai.example, priced, 0.002",
    "regional, m, server.address, https://us-east5-ai.example/v1, priced, 0.0022",
    "regional, plain, server.address, us-east5-ai.example, partial, 0.002",
    "regional, projects/p/locations/us-east5/publishers/v/models/m, , , priced, 0.0022",
    "regional, projects/p/locations/global/publishers/v/models/m, , , priced, 0.002",
    "cloud, eu.v.m, , , priced, 0.002",
    "cloud, jp.v.m, , , priced, 0.003",
    "cloud, apac.v.m, , , partial, 0.002",
    "cloud, v.m, server.address, runtime.eu-west-1.example, priced, 0.003",
    "cloud, v.m, server.address, x-1.runtime.eu-west-1.vpce.example, priced, 0.003",
    "cloud, v.m, server.address, runtime.us-east-1.example, priced, 0.002",
    "cloud, v.m, server.address, runtime.us-west-1.example, partial, 0.002",
    // The libraries of this seller call the region that they run in, but nobody knows.
    "cloud, v.m, cloud.region, eu-west-1, priced, 0.003",
    "cloud, v.m, cloud.region, us-west-1, priced, 0.002",
    "cloud, arn:c:x:us-west-1:1:inference-profile/eu.v.m, , , priced, 0.002",
  })
  void statedPlaceHasAPriceOrThePriceIsPartial(
      String provider, String model, String dimension, String value, String status, String total) {
    Price price = price(provider, model, dimension, value);

    assertThat(price.status().wireName()).isEqualTo(status);
    assertThat(price.total()).isEqualByComparingTo(new BigDecimal(total));
  }

  @Test
  void conditionWithoutAPriceIsNamed() {
    Price price = price("zones", "m", "geo", "JP");

    assertThat(price.missing()).containsExactly("geo=jp");
    assertThat(price.reason()).isEqualTo("zones/m has no price for geo=jp");
    assertThat(price.priceKey()).isEqualTo("zones/m");
  }

  @Test
  void nameTellsThePlaceBeforeTheHostDoes() {
    Price price =
        CATALOG.price(
            request("regional", "projects/p/locations/us-east5/publishers/v/models/m")
                .when("server.address", "ai.example")
                .build());

    assertThat(price.total()).isEqualByComparingTo("0.0022");
  }

  @Test
  void layerThatIsSilentKeepsWhatTheLowerOneSaysOfTheSeller() {
    PriceCatalog layered =
        catalog("\"zones\": {\"models\": {\"m\": {\"cards\": [%1$s]}}}").over(CATALOG);

    Price price = layered.price(request("zones", "m").when("geo", "eu").build());

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.missing()).containsExactly("geo=eu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"provisioned", "PROVISIONED_THROUGHPUT", "provisioned-managed", "PTU", "reserved"})
  void prepaidCapacityHasNoPriceByTheToken(String tier) {
    Price price = price("zones", "m", "service_tier", tier);

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.missing()).hasSize(1).first().asString().startsWith("service_tier=");
    assertThat(price.reason()).contains("prepaid capacity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn%3Ac%3Ax%3Aeu-west-1%3A1%3Ainference-profile%2Fjp.v.m",
        "arn%253Ac%253Ax%253Aeu-west-1%253A1%253Ainference-profile%252Fjp.v.m",
        "arn:c:x:eu-west-1:1:inference-profile%2fjp.v.m",
        "%6Ap.v.m"
      })
  void nameFromThePathOfARequestIsDecoded(String model) {
    assertThat(price("cloud", model, null, null).total()).isEqualByComparingTo("0.003");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "v.m%", "v.m%0", "v.m%00", "v.m%FF", "%zzv.m", "v%C3.m"})
  void nameThatDecodesToNothingIsUnknown(String model) {
    Price price = price("cloud", model, null, null);

    assertThat(price.missing()).containsExactly("unknown_model");
  }

  @Test
  void nameWithoutAProviderIsDecodedToo() {
    Price price = price(null, "make%2Fown", null, null);

    assertThat(price.priceKey()).isEqualTo("maker/own");
  }

  @Test
  void declarationThatCannotBeReadIsRefused() {
    assertThatThrownBy(
            () -> parse("\"a\": {\"prices_by\": {\"phase_of_moon\": []}, \"models\": {}}"))
        .hasMessageContaining("unknown condition \"phase_of_moon\"");
    assertThatThrownBy(() -> parse("\"a\": {\"hosts\": {\"{city}.example\": {}}, \"models\": {}}"))
        .hasMessageContaining("\"{city}.example\" is not a host name");
    assertThatThrownBy(
            () ->
                parse(
                    "\"a\": {\"models\": {\"m\": {\"cards\": [{\"when\": {\"cloud_region\": \"x\"}, \"rates\": {\"input\": \"1/M\"}}]}}}"))
        .hasMessageContaining("unknown condition \"cloud_region\"");
  }

  private static Price price(String provider, String model, String dimension, String value) {
    return CATALOG.price(request(provider, model).when(dimension, value).build());
  }

  private static PriceRequest.Builder request(String provider, String model) {
    return PriceRequest.builder()
        .provider(provider)
        .responseModel(model)
        .at(Instant.parse("2026-09-01T12:00:00Z"))
        .usage(Usage.builder().set(Unit.INPUT, 1000).build());
  }

  private static PriceCatalog catalog(String providers) {
    try {
      return parse(providers);
    } catch (CatalogException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static PriceCatalog parse(String providers) throws CatalogException {
    return PriceCatalog.parse(
        "prices.json",
        "{\"format\": \"tallyspan-prices/1\", \"version\": \"test\", \"currency\": \"USD\", \"providers\": {"
            + providers.formatted(CARD)
            + "}}");
  }
}
