package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BillTest {
  private static final PriceCatalog CATALOG =
      Catalogs.of(
          """
          "m": {"cards": [{"rates": {"input": "2/M", "output": "10/M"}}]},
          "painter": {"cards": [{"rates": {"input": "0.3/M", "output": "7/M", "output_image": "30/M"}}]},
          "free": {"cards": [{"free": true}]}
          """);

  private static Price price(String model, long input, long image) {
    Usage usage = Usage.builder().set(Unit.INPUT, input).set(Unit.IMAGE_OUTPUT, image).build();
    return CATALOG.price(
        PriceRequest.builder().provider("acme").responseModel(model).usage(usage).build());
  }

  @Test
  void billOfOnePriceIsThatPrice() {
    Price price = price("m", 1000, 0);
    Bill bill = Bill.of(price);

    assertThat(bill.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(bill.total()).isEqualTo(price.total());
    assertThat(bill.missing()).isEmpty();
  }

  @Property(tries = 200)
  void partsSumToTheTotalOfAllPrices(
      @ForAll @LongRange(max = 1_000_000_000) long input,
      @ForAll @LongRange(max = 1_000_000_000) long sideInput,
      @ForAll @LongRange(max = 1_000_000_000) long image) {
    Price own = price("m", input + 1, 0);
    Price side = price("painter", sideInput + 1, image);
    Bill bill = Bill.builder(own).side("image_gen", side).build();

    BigDecimal sum = BigDecimal.ZERO;
    for (CostPart part : CostPart.values()) {
      BigDecimal amount = bill.part(part);
      sum = amount == null ? sum : sum.add(amount);
    }
    assertThat(bill.total()).isEqualByComparingTo(own.total().add(side.total()));
    assertThat(sum).isEqualByComparingTo(bill.total());
    assertThat(bill.status()).isEqualTo(PriceStatus.PRICED);
  }

  @Test
  void sideWithoutAPriceMakesItPartial() {
    Bill bill =
        Bill.builder(price("m", 1000, 0)).side("advisor", price("unheard-of", 5, 0)).build();

    assertThat(bill.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(bill.total()).isEqualByComparingTo("0.002");
    assertThat(bill.missing()).hasSize(1).first().asString().startsWith("advisor: ");
  }

  @Test
  void sideWithAPriceOfACallWithoutOneIsALowerBound() {
    Bill bill =
        Bill.builder(price("unheard-of", 5, 0)).side("image_gen", price("painter", 0, 10)).build();

    assertThat(bill.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(bill.total()).isEqualByComparingTo("0.0003");
    assertThat(bill.missing()).isNotEmpty();
  }

  @Test
  void unitThatNoCatalogKnowsAndGapMakeItPartial() {
    assertThat(Bill.builder(price("m", 1, 0)).unpriced("x_searches").build().status())
        .isEqualTo(PriceStatus.PARTIAL);
    Bill gap = Bill.builder(price("m", 1, 0)).gap("cache_read: which").build();
    assertThat(gap.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(gap.missing()).containsExactly("cache_read: which");
  }

  @Test
  void gapOfWhatIsFreeChangesNothingButAnUnknownUnitMayCost() {
    Price free = price("free", 1, 0);
    assertThat(free.status()).isEqualTo(PriceStatus.FREE);
    assertThat(Bill.builder(free).gap("cache_read: which").build().status())
        .isEqualTo(PriceStatus.FREE);
    assertThat(Bill.builder(free).unpriced("x_searches").build().status())
        .isEqualTo(PriceStatus.PARTIAL);
  }

  @Test
  void unpricedStaysUnpricedWhateverIsMissing() {
    Bill bill = Bill.builder(price("unheard-of", 5, 0)).unpriced("x").gap("y").build();

    assertThat(bill.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(bill.total()).isNull();
    assertThat(bill.missing()).contains("x", "y");
  }
}
