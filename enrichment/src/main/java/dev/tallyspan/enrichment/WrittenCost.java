package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cost that Tallyspan wrote on the span earlier, in the application or in another
 * collector. It stays as it is, even if prices have changed since.
 */
final class WrittenCost {

  /** The longest text of an amount; BigDecimal is slow for much longer ones. */
  private static final int LONGEST_AMOUNT = 64;

  private static final String CURRENCY = "USD";

  private WrittenCost() {}

  /** Returns the cost on a span; null if there is none, or Tallyspan would not write it. */
  static @Nullable Cost read(AttributeView attributes) {
    String status = text(attributes, TallyspanAttributes.TALLYSPAN_COST_STATUS);
    for (Cost.Status known : Cost.Status.values()) {
      if (known.wireName().equals(status)) {
        return read(attributes, known);
      }
    }
    return null;
  }

  private static @Nullable Cost read(AttributeView attributes, Cost.Status status) {
    Cost.Builder cost =
        Cost.builder(status)
            .priceKey(text(attributes, TallyspanAttributes.TALLYSPAN_COST_PRICE))
            .catalogVersion(text(attributes, TallyspanAttributes.TALLYSPAN_COST_CATALOG))
            .duplicateOf(text(attributes, TallyspanAttributes.TALLYSPAN_COST_DUPLICATE_OF))
            .possibleDuplicateOf(
                text(attributes, TallyspanAttributes.TALLYSPAN_COST_POSSIBLE_DUPLICATE_OF))
            .missing(texts(attributes, TallyspanAttributes.TALLYSPAN_COST_MISSING));
    BigDecimal total = total(attributes);
    if (total != null) {
      String currency = text(attributes, TallyspanAttributes.TALLYSPAN_COST_CURRENCY);
      cost.total(
          total.doubleValue(), total.toPlainString(), currency == null ? CURRENCY : currency);
      String original = text(attributes, TallyspanAttributes.TALLYSPAN_COST_ORIGINAL_TOTAL_EXACT);
      String from = text(attributes, TallyspanAttributes.TALLYSPAN_COST_ORIGINAL_CURRENCY);
      String rate = text(attributes, TallyspanAttributes.TALLYSPAN_COST_EXCHANGE_RATE);
      if (original != null && from != null && rate != null) {
        cost.convertedFrom(original, from, rate);
      }
    }
    for (Cost.Part part : Cost.Part.values()) {
      Value<?> amount = attributes.get(part.key());
      if (amount != null && amount.getValue() instanceof Double number) {
        cost.part(part, number);
      }
    }
    try {
      return cost.build();
    } catch (IllegalArgumentException e) {
      return null; // the status and the total are inconsistent
    }
  }

  private static @Nullable String text(AttributeView attributes, AttributeKey<String> key) {
    Value<?> value = attributes.get(key.getKey());
    return value != null && value.getValue() instanceof String text ? text : null;
  }

  private static List<String> texts(AttributeView attributes, AttributeKey<List<String>> key) {
    List<String> texts = new ArrayList<>();
    Value<?> value = attributes.get(key.getKey());
    if (value != null && value.getValue() instanceof List<?> elements) {
      for (Object element : elements) {
        if (element instanceof Value<?> each && each.getValue() instanceof String text) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  /** The exact total or, if absent, the total that is a double. */
  private static @Nullable BigDecimal total(AttributeView attributes) {
    BigDecimal exact = decimal(text(attributes, TallyspanAttributes.TALLYSPAN_COST_TOTAL_EXACT));
    Value<?> number = attributes.get(TallyspanAttributes.TALLYSPAN_COST_TOTAL.getKey());
    return exact == null
            && number != null
            && number.getValue() instanceof Double total
            && Double.isFinite(total)
        ? BigDecimal.valueOf(total)
        : exact;
  }

  private static @Nullable BigDecimal decimal(@Nullable String text) {
    if (text == null || text.length() > LONGEST_AMOUNT) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      return Math.abs((long) value.precision() - value.scale()) > LONGEST_AMOUNT ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
