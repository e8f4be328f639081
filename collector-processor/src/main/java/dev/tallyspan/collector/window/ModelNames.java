package dev.tallyspan.collector.window;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares the names by which two instrumentations may call one model. */
final class ModelNames {

  /** {@code openai/}, {@code models/}, {@code us.anthropic.}: a route or a vendor. */
  private static final Pattern ROUTE = Pattern.compile("^(?:.*/|(?:[a-z]{2,10}\\.)+(?=[a-z]))");

  /** {@code -2024-08-06}, {@code -20250929}, {@code @20250929}, {@code -v1:0}, {@code -latest}. */
  private static final Pattern VERSION =
      Pattern.compile("(?:[-@](?:\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{4}|latest|v\\d+(?::\\d+)?))+$");

  private ModelNames() {}

  /** Returns the name without route, vendor and date; empty if it is not known. */
  static String family(@Nullable String model) {
    if (model == null) {
      return "";
    }
    String name = ROUTE.matcher(model.toLowerCase(Locale.ROOT)).replaceFirst("");
    return VERSION.matcher(name).replaceFirst("");
  }

  /** Whether both spans may be about a call of the same model. */
  static boolean mayAgree(SpanFacts a, SpanFacts b) {
    return agree(a.model(), b.model())
        || agree(a.responseModel(), b.responseModel())
        || agree(a.model(), b.responseModel())
        || agree(a.responseModel(), b.model());
  }

  private static boolean agree(@Nullable String a, @Nullable String b) {
    return a == null || b == null || family(a).equals(family(b));
  }
}
