package dev.tallyspan.collector.window;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A call as the provider bills it. */
final class TrueCall {

  /** Dollars for a million tokens: input, cache read, cache write, output. */
  private static final Map<String, List<String>> PRICES =
      Map.of(
          "m", List.of("2", "0.2", "2.5", "10"),
          "mini", List.of("0.1", "0.01", "0.2", "0.4"),
          "embed", List.of("0.05", "0", "0", "0"),
          "n", List.of("3", "0.3", "4", "15"));

  final String model;
  final long input;
  final long cacheRead;
  final long cacheWrite;
  final long output;
  final long reasoning;
  final String answer;

  /** The spans with all tokens of this call alone. */
  final List<Recorded> exact = new ArrayList<>();

  /** The spans with tokens of this call alone, whether right or not. */
  final List<Recorded> counted = new ArrayList<>();

  /** Calls with the same number, above 0, are parallel, equal, and have their twins beside them. */
  int parallel;

  TrueCall(
      String model,
      long input,
      long cacheRead,
      long cacheWrite,
      long output,
      long reasoning,
      String answer) {
    this.model = model;
    this.input = input;
    this.cacheRead = cacheRead;
    this.cacheWrite = cacheWrite;
    this.output = output;
    this.reasoning = reasoning;
    this.answer = answer;
  }

  TrueCall again(String otherAnswer) {
    return new TrueCall(model, input, cacheRead, cacheWrite, output, reasoning, otherAnswer);
  }

  String provider() {
    return model.equals("n") ? "umbrella" : "acme";
  }

  BigDecimal cost() {
    List<String> prices = PRICES.get(model);
    return times(prices.get(0), input - cacheRead - cacheWrite)
        .add(times(prices.get(1), cacheRead))
        .add(times(prices.get(2), cacheWrite))
        .add(times(prices.get(3), output));
  }

  private static BigDecimal times(String dollars, long tokens) {
    return new BigDecimal(dollars).multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
  }
}
