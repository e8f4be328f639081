package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.SideUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code usage.iterations}, in which Anthropic counts each pass of a call: the messages,
 * which the top-level counts sum; compactions, which they leave out; advisors and other models,
 * which are billed at their own price. What is billed is the sum of all.
 */
final class Iterations {

  private Iterations() {}

  /**
   * Offers the sum of the passes of the call's own model, and apart from it those of others.
   *
   * @param top the top-level counts
   * @param model the model that answered; null if the payload does not name it
   */
  static void read(Json iterations, TokenUsage top, @Nullable String model, String key, Draft out) {
    TokenUsage messages = null;
    List<SideUsage> apart = new ArrayList<>();
    for (Json iteration : iterations) {
      TokenUsage usage = ProviderUsage.read(iteration);
      String type = String.valueOf(iteration.get("type").text());
      String own = iteration.get("model").text();
      if (usage == null) {
        continue;
      }
      if (own != null && !own.equals(model)) {
        out.side(new SideUsage(type, own, usage), key);
      } else if (type.contains("advisor") && own == null) {
        out.gap(type + ": its model is not known");
      } else if (type.equals("message")) {
        messages = messages == null ? usage : messages.plus(usage);
      } else {
        apart.add(new SideUsage(type, null, usage));
      }
    }
    // The top level may be of the last message alone, or sum what is not listed.
    TokenUsage billed = messages != null && covers(messages, top) ? messages : top;
    TokenUsage all = billed;
    for (SideUsage side : apart) {
      all = all.plus(side.usage());
      out.side(side, key);
    }
    out.providerUsage(all, billed, key);
  }

  private static boolean covers(TokenUsage sum, TokenUsage part) {
    return sum.input() >= part.input() && sum.output() >= part.output();
  }
}
