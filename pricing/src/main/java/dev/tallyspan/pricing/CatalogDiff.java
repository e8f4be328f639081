package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The differences between two catalogs, by model, condition and unit.
 *
 * <p>Compares the rate cards in force at one time. Differences in earlier prices do not count.
 */
public final class CatalogDiff {
  private CatalogDiff() {}

  /** How a price changed. */
  public enum Kind {
    /** Only the new catalog has it. */
    ADDED,
    /** Only the old catalog has it. */
    REMOVED,
    /** Both catalogs have it, at different rates. */
    CHANGED
  }

  /**
   * One change.
   *
   * @param kind whether the old catalog, the new one or both have the price
   * @param key of the card, {@code provider/model[#condition]}
   * @param unit whose rate changed; null if the whole card was added or removed, or if it changed
   *     for some calls only
   * @param before price of one unit; null if it had none
   * @param after price of one unit; null if it has none
   */
  public record Change(
      Kind kind,
      String key,
      @Nullable Unit unit,
      @Nullable BigDecimal before,
      @Nullable BigDecimal after) {
    /** For display: {@code ~ openai/gpt-5.6-sol input 0.000005 -> 0.000004}. */
    @Override
    public String toString() {
      String sign = kind == Kind.ADDED ? "+ " : kind == Kind.REMOVED ? "- " : "~ ";
      return unit == null
          ? sign + key
          : sign + key + " " + unit.wireName() + " " + text(before) + " -> " + text(after);
    }

    private static String text(@Nullable BigDecimal rate) {
      return rate == null ? "none" : rate.toPlainString();
    }
  }

  /**
   * {@return the changes, sorted by key}
   *
   * @param at the time whose prices are compared
   * @param before the earlier state
   * @param after the later state
   */
  public static List<Change> between(PriceCatalog before, PriceCatalog after, Instant at) {
    Map<String, RateCard> old = inForce(before, at);
    Map<String, RateCard> now = inForce(after, at);
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(now.keySet());
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      if (!now.containsKey(key)) {
        changes.add(new Change(Kind.REMOVED, key, null, null, null));
      } else if (!old.containsKey(key)) {
        changes.add(new Change(Kind.ADDED, key, null, null, null));
      } else {
        compare(key, old.get(key), now.get(key), changes);
      }
    }
    return changes;
  }

  /**
   * {@return the changes that a table makes to the catalog it is layered over, sorted by model}
   * What only the catalog has does not count, because it stays in force.
   *
   * @param at the time from which on prices are compared
   * @param table the prices
   * @param below the catalog that is asked for what this one does not have
   */
  public static List<Change> ofTable(PriceCatalog table, PriceCatalog below, Instant at) {
    List<PricedModel> models = new ArrayList<>(table.differingFrom(below, at).models());
    models.sort(Comparator.comparing(PricedModel::name));
    List<Change> changes = new ArrayList<>();
    models.forEach(model -> changes.addAll(of(model, below, at)));
    return changes;
  }

  /** Returns how a model differs from the model of the same name in another catalog. */
  private static List<Change> of(PricedModel model, PriceCatalog before, Instant at) {
    PricedModel old = before.resolve(model.provider(), model.id()).model();
    RateCard oldCard = old == null ? null : plain(old, at);
    RateCard now = plain(model, at);
    if (oldCard == null || now == null) {
      return List.of(new Change(Kind.ADDED, model.name(), null, null, null));
    }
    List<Change> changes = new ArrayList<>();
    compare(model.name(), oldCard, now, changes);
    // If the plain cards agree, another card differs.
    return changes.isEmpty()
        ? List.of(new Change(Kind.CHANGED, model.name(), null, null, null))
        : changes;
  }

  /** The card in force without a condition, or null. */
  private static @Nullable RateCard plain(PricedModel model, Instant at) {
    for (RateCard card : model.cards()) {
      if (card.valid().contains(at)
          && card.known().isOpenEnded()
          && card.condition().terms() == 0) {
        return card;
      }
    }
    return null;
  }

  private static void compare(String key, RateCard old, RateCard now, List<Change> changes) {
    for (Unit unit : Unit.values()) {
      BigDecimal before = rate(old, unit);
      BigDecimal after = rate(now, unit);
      boolean same = before == null ? after == null : after != null && before.compareTo(after) == 0;
      if (!same) {
        changes.add(new Change(Kind.CHANGED, key, unit, before, after));
      }
    }
  }

  private static @Nullable BigDecimal rate(RateCard card, Unit unit) {
    Rate rate = card.rates().get(unit);
    return rate == null ? null : rate.perUnit(unit);
  }

  private static Map<String, RateCard> inForce(PriceCatalog catalog, Instant at) {
    Map<String, RateCard> cards = new TreeMap<>();
    for (PricedModel model : catalog.models()) {
      for (RateCard card : model.cards()) {
        if (card.valid().contains(at) && card.known().isOpenEnded()) {
          cards.put(card.key(), card);
        }
      }
    }
    return cards;
  }
}
