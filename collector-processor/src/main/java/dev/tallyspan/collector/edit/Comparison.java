package dev.tallyspan.collector.edit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The comparisons of OTTL. Values of different types are never equal, and none is greater. */
enum Comparison {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  /** Returns null if the symbol is not a comparison. */
  static @Nullable Comparison of(String symbol) {
    for (Comparison comparison : values()) {
      if (comparison.symbol.equals(symbol)) {
        return comparison;
      }
    }
    return null;
  }

  boolean holds(@Nullable Object left, @Nullable Object right) {
    Integer order = order(left, right);
    if (order == null) {
      boolean equal = Objects.equals(left, right);
      return switch (this) {
        case EQUAL -> equal;
        case NOT_EQUAL -> !equal;
        default -> false;
      };
    }
    return switch (this) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  /** Returns null if the values have no order. */
  private static @Nullable Integer order(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Number a && right instanceof Number b) {
      double x = a.doubleValue();
      double y = b.doubleValue();
      return Double.isNaN(x) || Double.isNaN(y) ? null : x < y ? -1 : x > y ? 1 : 0;
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    return left instanceof Boolean a && right instanceof Boolean b ? a.compareTo(b) : null;
  }
}
