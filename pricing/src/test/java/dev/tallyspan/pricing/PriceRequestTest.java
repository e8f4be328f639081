package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceRequestTest {

  @ParameterizedTest
  @CsvSource({
    "service_teir, service_tier",
    "tier, service_tier",
    "batches, batch",
    "Regoin, region",
    "cloud.regions, cloud.region"
  })
  void unknownConditionIsRefusedAndTheNearestNamed(String name, String nearest) {
    assertThatThrownBy(() -> PriceRequest.builder().when(name, "flex"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(name + "=flex: unknown condition; did you mean " + nearest + "?");
  }

  @Test
  void conditionUnlikeAnyIsRefusedWithTheListOfAll() {
    assertThatThrownBy(() -> PriceRequest.builder().when("weather", "rain"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weather=rain: unknown condition; use one of service_tier, speed,");
  }

  @Test
  void knownConditionsAndAliasesAreAccepted() {
    PriceRequest request =
        PriceRequest.builder()
            .when("batch", "true")
            .when("Data_Residency", "eu")
            .when("speed", null)
            .when("size", "1024x1024")
            .build();

    assertThat(request.conditions())
        .isEqualTo(Map.of("service_tier", "batch", "geo", "eu", "size", "1024x1024"));
  }

  @Test
  void callIsPricedInOneLine() {
    Price price =
        PriceCatalog.shipped()
            .price("openai", "gpt-4.1", Usage.of(Map.of("input_tokens", 25, "output_tokens", 7)));

    assertThat(price.total()).isEqualByComparingTo("0.000106");
  }

  @Test
  void whatDoesNotExistIsNullAndItsDoubleIsNaN() {
    Price price = PriceCatalog.shipped().price(null, "no-such-model", Usage.none());

    assertThat(price.total()).isNull();
    assertThat(price.totalAsDouble()).isNaN();
    assertThat(price.part(CostPart.INPUT)).isNull();
    assertThat(price.partAsDouble(CostPart.INPUT)).isNaN();
    assertThat(price.reason()).isNotEmpty();
  }
}
