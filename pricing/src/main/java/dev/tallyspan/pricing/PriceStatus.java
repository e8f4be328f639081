package dev.tallyspan.pricing;

/** How complete a {@link Price} is. */
public enum PriceStatus {
  /** Every billed unit has a rate; the total is the list price of the call. */
  PRICED("priced"),
  /** The catalog says that the provider charges nothing; the total is zero. */
  FREE("free"),
  /** Some billed units have no rate; the total covers the others and is a lower bound. */
  PARTIAL("partial"),
  /** No price is known, and there is no total. Not the same as zero. */
  UNPRICED("unpriced");

  private final String wireName;

  PriceStatus(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the value of the attribute {@code tallyspan.cost.status}} */
  public String wireName() {
    return wireName;
  }
}
