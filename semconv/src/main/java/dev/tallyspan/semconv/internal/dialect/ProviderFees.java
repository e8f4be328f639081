package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.SideUsage;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a provider bills beside the tokens of a call: searches, tools that ran on other
 * models, passes that its top-level counts leave out, pages, seconds. What it bills and no rule
 * here understands is named, so that no bill looks complete without it.
 *
 * <p>The sources are the providers' API references.
 */
final class ProviderFees {

  /** What a member counts, and the unit that it is in catalogs. */
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          // Anthropic: usage.server_tool_use
          Map.entry("web_search_requests", "web_searches"),
          // OpenAI: tool_usage.web_search
          Map.entry("num_requests", "web_searches"),
          // xAI: usage.server_side_tool_usage_details
          Map.entry("web_search_calls", "web_searches"),
          Map.entry("file_search_calls", "file_searches"),
          Map.entry("document_search_calls", "file_searches"),
          // Cohere: billed_units
          Map.entry("search_units", "rerank_searches"),
          Map.entry("images", "input_images"),
          // Mistral: usage_info of OCR
          Map.entry("pages_processed", "input_document_pages"));

  /** Tools that run on the provider's side and are billed by their tokens alone. */
  private static final Set<String> WITHOUT_FEE =
      Set.of("web_fetch_requests", "tool_search_requests", "mcp_calls");

  /** Counted as tokens elsewhere. */
  private static final Set<String> TOKENS = Set.of("input_tokens", "output_tokens");

  private static final BigDecimal TICKS_PER_USD = new BigDecimal("10000000000");

  private final Draft out;
  private final String key;

  private ProviderFees(Draft out, String key) {
    this.out = out;
    this.key = key;
  }

  /** Reads the members of a {@code usage} object other than tokens. */
  static void readUsage(Json usage, String key, Draft out) {
    new ProviderFees(out, key).usage(usage);
  }

  /** Reads the members of a response other than the usage. */
  static void readResponse(Json response, String key, Draft out) {
    ProviderFees fees = new ProviderFees(out, key);
    fees.toolUsage(response);
    fees.ranTools(response);
    fees.grounding(response);
    fees.billed(response.get("usage_info"), "pages_processed");
  }

  private void usage(Json usage) {
    allBilled(usage.get("server_tool_use"));
    allBilled(usage.get("billed_units"));
    Json tools = usage.get("server_side_tool_usage_details");
    allBilled(tools);
    fee("web_searches", usage.first("num_search_queries", "numSearchQueries").asCount());
    out.fee("citation", usage.first("citation_tokens", "citationTokens").asCount(), key);
    unpriceable("num_sources_used", usage.get("num_sources_used"));
    if (!tools.isPresent()) {
      unpriceable("num_server_side_tools_used", usage.get("num_server_side_tools_used"));
    }
    out.offerBlob(Slot.SEARCH_CONTEXT_SIZE, usage.get("search_context_size"), key);
    seconds("duration".equals(usage.get("type").text()) ? usage.get("seconds") : Json.ABSENT);
    seconds(usage.get("prompt_audio_seconds"));
    tier(usage.first("trafficType", "traffic_type"));
    cost(usage);
  }

  /** Vertex AI's traffic, in the words that other providers have for their tiers. */
  private void tier(Json traffic) {
    String name = traffic.asText();
    if (name == null) {
      return;
    }
    String tier =
        switch (name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT)) {
          case "PROVISIONED_THROUGHPUT" -> "provisioned_throughput";
          case "ON_DEMAND_PRIORITY" -> "priority";
          case "ON_DEMAND_FLEX" -> "flex";
          case "ON_DEMAND", "TRAFFIC_TYPE_UNSPECIFIED", "" -> null;
          default -> name.toLowerCase(Locale.ROOT);
        };
    out.offerBlob(Slot.SERVICE_TIER, Json.of(tier), key);
  }

  /** Audio that is billed by time; catalogs count it in milliseconds. */
  private void seconds(Json value) {
    BigDecimal seconds = Scalars.decimal(value);
    if (seconds != null && seconds.signum() > 0 && seconds.precision() - seconds.scale() < 10) {
      long millis = seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact();
      out.fee("input_audio_seconds", millis, key);
    }
  }

  /**
   * What the provider itself says that it charged: OpenRouter, with what it passes on where users
   * bring their own key; Perplexity; xAI.
   */
  private void cost(Json usage) {
    Json cost = usage.get("cost");
    if (cost.isObject()) {
      out.reportedCost(cost.get("total_cost"), "USD", key);
    } else if (usage.first("is_byok", "cost_details").isPresent()) {
      BigDecimal amount = Scalars.decimal(cost);
      BigDecimal passedOn =
          Boolean.TRUE.equals(Scalars.flag(usage.get("is_byok")))
              ? Scalars.decimal(usage.get("cost_details").get("upstream_inference_cost"))
              : null;
      if (amount != null) {
        BigDecimal sum = passedOn == null ? amount : amount.add(passedOn);
        out.reportedCost(Json.of(sum.toPlainString()), "USD", key);
      }
    }
    BigDecimal ticks = Scalars.decimal(usage.get("cost_in_usd_ticks"));
    if (ticks != null) {
      out.reportedCost(Json.of(ticks.divide(TICKS_PER_USD).toPlainString()), "USD", key);
    }
  }

  /** OpenAI's {@code tool_usage}: an object for each hosted tool, with tokens or a number. */
  private void toolUsage(Json response) {
    response
        .get("tool_usage")
        .entries()
        .forEach(
            (tool, used) -> {
              TokenUsage tokens = ProviderUsage.read(used);
              if (tokens != null && TokenUsage.known(tokens.input() + tokens.output()) > 0) {
                String model = modelOf(tool, response);
                if (model == null) {
                  out.gap(tool + ": its model is not known");
                } else {
                  out.side(new SideUsage(tool, model, tokens), key);
                }
              } else if (tokens == null) {
                allBilled(used);
              }
            });
  }

  /** The model that a hosted tool ran on, from its definition; null if that does not say it. */
  private static @Nullable String modelOf(String tool, Json response) {
    for (Json definition : response.get("tools")) {
      String type = String.valueOf(definition.get("type").text());
      boolean same = tool.equals("image_gen") ? type.equals("image_generation") : type.equals(tool);
      if (same && definition.get("model").isText()) {
        return definition.get("model").text();
      }
    }
    return null;
  }

  /** The calls of hosted tools among the items of OpenAI's responses API. */
  private void ranTools(Json response) {
    if (!"response".equals(response.get("object").text())) {
      return;
    }
    Json counted = response.get("tool_usage");
    long searches = 0;
    long files = 0;
    boolean images = false;
    Set<String> containers = new HashSet<>();
    for (Json item : response.get("output")) {
      String type = String.valueOf(item.get("type").text());
      switch (type) {
        case "web_search_call" -> {
          String action = item.get("action").get("type").text();
          searches += action == null || action.equals("search") ? 1 : 0;
        }
        case "file_search_call" -> files++;
        case "code_interpreter_call" ->
            containers.add(String.valueOf(item.get("container_id").text()));
        case "image_generation_call" -> images = true;
        default -> {
          // no tool that is billed by itself
        }
      }
    }
    if (!counted.get("web_search").isPresent()) {
      fee("web_searches", searches);
    }
    out.fee("file_searches", files, key);
    if (images && !counted.get("image_gen").isPresent()) {
      out.gap("image_gen: its tokens are not known");
    }
    if (!containers.isEmpty()) {
      if (response.get("previous_response_id").isText()
          || response.get("conversation").isObject()) {
        out.gap("code_interpreter_sessions: whether the container was new is not known");
      } else {
        out.fee("code_interpreter_sessions", containers.size(), key);
      }
    }
  }

  /** Google's: a search for each query; Maps has a price of its own. */
  private void grounding(Json response) {
    long queries = queries(response.first("groundingMetadata", "grounding_metadata"));
    for (Json candidate : response.get("candidates")) {
      queries += queries(candidate.first("groundingMetadata", "grounding_metadata"));
    }
    fee("web_searches", queries);
  }

  private long queries(Json metadata) {
    Set<String> queries = new HashSet<>();
    for (Json query : metadata.first("webSearchQueries", "web_search_queries")) {
      queries.add(query.asText());
    }
    for (Json query : metadata.first("imageSearchQueries", "image_search_queries")) {
      queries.add("image:" + query.asText());
    }
    queries.removeIf(String::isBlank);
    for (Json chunk : metadata.first("groundingChunks", "grounding_chunks")) {
      if (chunk.get("maps").isObject()) {
        out.fee("maps_groundings", 1, key);
      }
    }
    return queries.size();
  }

  /** What the members of this object count is billed, all of it. */
  private void allBilled(Json counts) {
    for (Map.Entry<String, Json> count : counts.entries().entrySet()) {
      String name = count.getKey();
      if (!WITHOUT_FEE.contains(name) && !TOKENS.contains(name)) {
        if (UNITS.containsKey(name)) {
          billed(counts, name);
        } else {
          unpriceable(name, count.getValue());
        }
      }
    }
  }

  private void billed(Json counts, String name) {
    fee(Objects.requireNonNull(UNITS.get(name), name), counts.get(name).asCount());
  }

  private void fee(String unit, long count) {
    if (unit.equals("web_searches")) {
      if (count > 0) {
        out.offerBlob(Slot.WEB_SEARCHES, Json.of(Value.of(count)), key);
      }
    } else {
      out.fee(unit, count, key);
    }
  }

  /** A number that is billed and that no catalog has a unit for: under its own name. */
  private void unpriceable(String name, Json count) {
    out.fee(name, count.asCount(), key);
  }
}
