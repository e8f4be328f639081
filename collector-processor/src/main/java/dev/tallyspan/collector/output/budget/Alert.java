package dev.tallyspan.collector.output.budget;

import dev.tallyspan.collector.telemetry.DistinctNames;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people are told. Contains no content; the value of a key only if that is configured. */
public sealed interface Alert {

  /** When it happened. */
  Instant time();

  /** One line in English, for a log. */
  String line();

  /**
   * The spend of a key has reached a share of its budget.
   *
   * @param keyName such as {@code user.id}; null if the budget is for all calls
   * @param key the value, or a hash of it; null if the budget is for all calls
   */
  record Crossed(
      Instant time,
      String budget,
      @Nullable String keyName,
      @Nullable String key,
      double threshold,
      double spend,
      double limit,
      String currency,
      Duration window)
      implements Alert {

    @Override
    public String line() {
      return "budget "
          + DistinctNames.printable(budget)
          + ": "
          + (key == null ? "" : keyName + " " + DistinctNames.printable(key) + " ")
          + "spent "
          + plain(spend)
          + " of "
          + plain(limit)
          + " "
          + currency
          + " in "
          + readable(window)
          + ", which reaches "
          + plain(threshold * 100)
          + "%";
    }

    private static String plain(double amount) {
      BigDecimal exact = new BigDecimal(amount);
      BigDecimal shown =
          amount >= 100
              ? exact.setScale(2, RoundingMode.HALF_UP)
              : exact.round(new MathContext(4, RoundingMode.HALF_UP));
      return shown.stripTrailingZeros().toPlainString();
    }

    private static String readable(Duration window) {
      return window.toString().substring(2).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An agent called a tool with the same arguments again and again.
   *
   * @param agent its name; empty if it is not known
   * @param tool its name
   * @param calls how often, so far
   */
  record Loop(Instant time, String traceId, String agent, String tool, int calls) implements Alert {

    @Override
    public String line() {
      return "loop: in trace "
          + traceId
          + ", "
          + (agent.isEmpty() ? "an agent" : "the agent " + DistinctNames.printable(agent))
          + " called the tool "
          + DistinctNames.printable(tool)
          + " "
          + calls
          + " times with the same arguments";
    }
  }
}
