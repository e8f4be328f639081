package dev.tallyspan.collector.output.recent;

import java.util.List;
import java.util.regex.Pattern;

/** What to do about {@link Problems}: what the page of the viewer says, for readers of JSON. */
final class Advice {

  private static final Pattern USAGE = Pattern.compile("usage|tokens");
  private static final Pattern MODEL = Pattern.compile("model|provider");

  private Advice() {}

  static String meaning(String kind) {
    return switch (kind) {
      case "unpriced" ->
          "These calls cost something, and no catalog has the price. They are missing in every sum;"
              + " they are not counted as zero.";
      case "partial" -> "Some units of these calls have no price. Their cost is a lower bound.";
      case "duplicate" ->
          "Two instrumentations recorded these calls. One span of each pair is billed.";
      default -> "Two spans may describe the same call. Nothing proves it, so both are billed.";
    };
  }

  /**
   * @param reason that the price engine states
   */
  static List<String> of(String kind, String reason) {
    if (kind.equals("duplicate")) {
      return List.of("Nothing. To record less, switch off one of the two instrumentations.");
    }
    if (kind.equals("possible_duplicate")) {
      return List.of(
          "Look at both spans. If they are one call, record it with one instrumentation, or set"
              + " gen_ai.response.id on both: equal ids are proof.");
    }
    if (USAGE.matcher(reason).find()) {
      return List.of(
          "The span has no token counts. For streams of OpenAI, set stream_options:"
              + " {include_usage: true}.",
          "If the provider reports none, let Tallyspan estimate them (estimate_usage in the"
              + " processor).");
    }
    if (MODEL.matcher(reason).find()) {
      return List.of(
          "If the model is new, load newer prices: ./tallyspan catalog update",
          "If it is your own or you have a contract, add its price with a catalog of your own"
              + " (catalog in the processor).",
          "If the name is an alias of a deployment, map it to the model (deployments in the"
              + " processor).");
    }
    return List.of(
        "Look at an example with explain_cost: it says which unit or condition has no price.",
        "Load newer prices: ./tallyspan catalog update; or add the price in a catalog of your"
            + " own.");
  }
}
