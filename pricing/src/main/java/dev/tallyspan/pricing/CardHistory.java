package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.List;

/** Orders the cards of one model in time, and checks that no call has two cards. */
final class CardHistory {
  private CardHistory() {}

  /**
   * Returns the cards, each ending where the next one with the same condition begins. A withdrawn
   * card does not end another: it was never in force.
   */
  static List<RateCard> ended(String source, List<RateCard> cards) throws CatalogException {
    List<RateCard> ended = new ArrayList<>();
    for (RateCard card : cards) {
      long end = Long.MAX_VALUE;
      for (RateCard next : cards) {
        boolean successor =
            next != card
                && next.known().isOpenEnded()
                && next.condition().toString().equals(card.condition().toString());
        if (successor && next.valid().from() == card.valid().from() && card.known().isOpenEnded()) {
          throw Fields.error(
              source,
              Math.max(card.line(), next.line()),
              "tie: two cards of " + card.key() + " begin at the same time",
              "give one a later \"from\" or a condition");
        }
        if (successor && next.valid().from() > card.valid().from()) {
          end = Math.min(end, next.valid().from());
        }
      }
      ended.add(card.validUntil(end));
    }
    return ended;
  }

  /**
   * Rejects cards that are ambiguous: equally specific, satisfied by the same call, and without a
   * more specific card for their common case. "Flex" and "above 272k tokens" need a card "flex
   * above 272k tokens", or one of them must exclude the other; otherwise the order of the cards
   * would decide what a long flex call costs.
   */
  static void checkDecided(String source, List<RateCard> cards) throws CatalogException {
    for (int i = 0; i < cards.size(); i++) {
      for (int j = i + 1; j < cards.size(); j++) {
        RateCard a = cards.get(i);
        RateCard b = cards.get(j);
        if (compete(a, b) && !decided(a, b, cards)) {
          throw Fields.error(
              source,
              Math.max(a.line(), b.line()),
              "gap: a call can satisfy both " + a.key() + " and " + b.key(),
              "add a card for both conditions together, or let one exclude the other");
        }
      }
    }
  }

  private static boolean compete(RateCard a, RateCard b) {
    return a.condition().terms() == b.condition().terms()
        && a.known().isOpenEnded()
        && b.known().isOpenEnded()
        && a.valid().meets(b.valid())
        && a.condition().overlaps(b.condition());
  }

  private static boolean decided(RateCard a, RateCard b, List<RateCard> cards) {
    long from = Math.max(a.valid().from(), b.valid().from());
    long until = Math.min(a.valid().until(), b.valid().until());
    // Covering cards may follow each other in time; together they must cover every second.
    long covered = from;
    boolean advanced = true;
    while (covered < until && advanced) {
      advanced = false;
      for (RateCard card : cards) {
        if (card.condition().terms() > a.condition().terms()
            && card.known().isOpenEnded()
            && card.valid().from() <= covered
            && card.valid().until() > covered
            && card.condition().coversBoth(a.condition(), b.condition())) {
          covered = card.valid().until();
          advanced = true;
        }
      }
    }
    return covered >= until;
  }
}
