package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The factors of contracts on the prices of a catalog, in the order of the contracts. Immutable.
 */
final class Discounts {
  /** List prices. */
  static final Discounts NONE = new Discounts(List.of());

  private final Discount[] all;

  private Discounts(List<Discount> all) {
    this.all = all.toArray(new Discount[0]);
  }

  /** Returns these discounts, and those of a contract after them. */
  Discounts and(List<Discount> contract) {
    List<Discount> more = new ArrayList<>(List.of(all));
    more.addAll(contract);
    return new Discounts(more);
  }

  /**
   * Returns the discounts of a layer over another.
   *
   * @param own the models of the upper layer, to which discounts of the lower layer do not apply
   */
  Discounts over(Discounts below, Set<PricedModel> own) {
    List<Discount> both = new ArrayList<>();
    for (Discount discount : below.all) {
      both.add(discount.except(own));
    }
    both.addAll(List.of(all));
    return new Discounts(both);
  }

  /**
   * Whether a factor is the price of the speed of the call, so that no card for that speed is
   * needed.
   */
  boolean priceSpeed(
      Resolution found, PriceRequest request, @Nullable String geo, @Nullable String region) {
    boolean priced = false;
    for (Discount discount : all) {
      priced |= discount.covers(found) && discount.factor().pricesSpeed(request, geo, region);
    }
    return priced;
  }

  /** Returns the card with all factors that apply to the call. */
  RateCard times(
      RateCard card,
      Resolution found,
      PriceRequest request,
      @Nullable String geo,
      @Nullable String region) {
    RateCard discounted = card;
    for (Discount discount : all) {
      if (discount.covers(found) && discount.factor().applies(request, geo, region)) {
        discounted = discount.factor().times(discounted);
      }
    }
    return discounted;
  }

  /**
   * A factor of a contract.
   *
   * @param provider that sells the models, even if another one makes them
   * @param models that it applies to
   * @param exempt models of higher layers, whose rates are final
   */
  record Discount(String provider, Selection models, Factor factor, Set<PricedModel> exempt) {
    Discount by(String seller) {
      return new Discount(seller, models, factor, exempt);
    }

    private Discount except(Set<PricedModel> more) {
      Set<PricedModel> both = new LinkedHashSet<>(exempt);
      both.addAll(more);
      return new Discount(provider, models, factor, both);
    }

    private boolean covers(Resolution found) {
      PricedModel model = found.model();
      return model != null
          && found.isSoldBy(provider)
          && !exempt.contains(model)
          && models.contains(model.id());
    }
  }

  /** Selects models by id or by prefix; empty = all. */
  record Selection(String[] ids, String[] beginnings) {
    /**
     * @param names ids, or prefixes that end in {@code *}
     */
    static Selection of(List<String> names) {
      return new Selection(
          names.stream().filter(n -> !n.endsWith("*")).toArray(String[]::new),
          names.stream()
              .filter(n -> n.endsWith("*"))
              .map(n -> n.substring(0, n.length() - 1))
              .toArray(String[]::new));
    }

    private boolean contains(String id) {
      for (String own : ids) {
        if (id.equals(own)) {
          return true;
        }
      }
      for (String beginning : beginnings) {
        if (id.startsWith(beginning)) {
          return true;
        }
      }
      return ids.length + beginnings.length == 0;
    }
  }
}
