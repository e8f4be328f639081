package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceRequestTest {

  @ParameterizedTest
  @CsvSource({
    "service_tier, Flex, service_tier, flex",
    "serving_tier, on-demand-flex, service_tier, flex",
    "traffic_type, ON_DEMAND_PRIORITY, service_tier, priority",
    "service_tier, ptu, service_tier, provisioned",
    "batch, true, service_tier, batch",
    "SPEED, fast, speed, fast",
    "inference_geo, US, geo, us",
    "location, us-east5, region, us-east5",
    "cloud.region, eu-west-1, cloud_region, eu-west-1",
    "server.address, https://API.acme.com:443/v1, host, api.acme.com",
    "api, /v1/images/generations, endpoint, images",
    "resolution, 720p, size, 720p",
  })
  void conditionIsKnownByItsAliasesAndInOneSpelling(
      String alias, String value, String name, String canonical) {
    assertThat(PriceRequest.builder().when(alias, value).build().conditions())
        .isEqualTo(Map.of(name, canonical));
  }

  @ParameterizedTest
  @CsvSource({
    "service_tier, default",
    "service_tier, ' '",
    "traffic_type, TRAFFIC_TYPE_UNSPECIFIED",
    "batch, false",
    "speed, standard",
    "geo, not_available",
    "weather, fair",
    "geo, ",
    ", eu",
  })
  void neutralOrUnknownConditionIsNone(String name, String value) {
    assertThat(PriceRequest.builder().when(name, value).build().conditions()).isEmpty();
  }

  @Test
  void neutralValueDoesNotReplaceAnother() {
    PriceRequest request =
        PriceRequest.builder().when("batch", "true").when("service_tier", "default").build();

    assertThat(request.conditions()).isEqualTo(Map.of("service_tier", "batch"));
  }

  @Test
  void namesOfConditionsAreThoseThatAreRead() {
    for (String name : PriceRequest.conditionNames()) {
      assertThat(PriceRequest.builder().when(name, "x1").build().conditions()).containsKey(name);
    }
  }

  @Test
  void timeBeforeTheEpochIsExact() {
    assertThat(PriceRequest.builder().at(-1L).build().at())
        .isEqualTo("1969-12-31T23:59:59.999999999Z");
  }

  @Test
  void timeThatIsNullIsThatOfBuilding() {
    Instant before = Instant.now();
    PriceRequest request = PriceRequest.builder().at(1L).at((Instant) null).build();

    assertThat(request.at()).isBetween(before, Instant.now());
  }

  @Test
  void builderThatIsReusedDoesNotChangeWhatItBuilt() {
    PriceRequest.Builder builder = PriceRequest.builder().when("geo", "eu");
    PriceRequest first = builder.build();
    builder.when("geo", "us");

    assertThat(first.conditions()).isEqualTo(Map.of("geo", "eu"));
  }

  @Test
  void usageIsNeverNull() {
    assertThat(PriceRequest.builder().build().usage().isEmpty()).isTrue();
    assertThatThrownBy(() -> PriceRequest.builder().usage(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("usage");
  }
}
