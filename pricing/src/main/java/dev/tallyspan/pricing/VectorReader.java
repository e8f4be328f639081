package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import dev.tallyspan.pricing.internal.StrictJsonReader;
import dev.tallyspan.pricing.internal.StrictJsonReader.JsonException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads vector files of the format {@link VectorRun#SCHEMA}. */
final class VectorReader {
  /** Operations whose spans contain the sum of the spans below them. */
  private static final Set<String> AGGREGATES =
      Set.of("invoke_agent", "agent_step", "invoke_workflow", "create_agent");

  private VectorReader() {}

  static List<VectorRun.Vector> read(String text) throws CatalogException {
    JsonValue root;
    try {
      root = StrictJsonReader.read(text);
    } catch (JsonException e) {
      throw VectorRun.unreadable(e);
    }
    if (!(root instanceof JsonValue.Obj file)
        || !VectorRun.SCHEMA.equals(string(file, "schema"))
        || !(file.get("vectors") instanceof JsonValue.Arr vectors)) {
      throw new CatalogException(
          "vectors:1 not a vector file; give one with \"schema\": \"" + VectorRun.SCHEMA + "\"");
    }
    List<VectorRun.Vector> read = new ArrayList<>();
    for (JsonValue element : vectors.elements()) {
      try {
        read.add(vector((JsonValue.Obj) element));
      } catch (ClassCastException | DateTimeException | IllegalArgumentException e) {
        throw new CatalogException(
            "vectors:" + element.line() + " a vector that cannot be read; fix it", e);
      }
    }
    return read;
  }

  private static VectorRun.Vector vector(JsonValue.Obj vector) {
    Map<String, JsonValue> attributes = members(vector, "attributes");
    Map<String, BigDecimal> counts = new LinkedHashMap<>();
    boolean byok = false;
    for (Map.Entry<String, JsonValue> entry : members(vector, "usage").entrySet()) {
      if (entry.getValue() instanceof JsonValue.Num number) {
        counts.put(entry.getKey(), number.value());
      } else if (entry.getValue() instanceof JsonValue.Bool flag
          && entry.getKey().equals("is_byok")) {
        byok = flag.value();
      }
    }
    BigDecimal cost = counts.remove("provider_cost");
    BigDecimal upstream = counts.remove("upstream_inference_cost");
    boolean aggregate =
        attributes.get("gen_ai.operation.name") instanceof JsonValue.Str operation
            && AGGREGATES.contains(operation.text());
    return new VectorRun.Vector(
        required(vector, "id"),
        vector.get("disputed") != null,
        request(vector, attributes, counts),
        cost == null ? null : CostComparison.ofOpenRouter(cost, byok, upstream),
        aggregate,
        expected(vector));
  }

  private static PriceRequest request(
      JsonValue.Obj vector, Map<String, JsonValue> attributes, Map<String, BigDecimal> counts) {
    Map<String, JsonValue> conditions = members(vector, "conditions");
    Usage usage = ReportedCounts.disjoint(counts, semantics(required(vector, "usage_semantics")));
    String answered = attribute(attributes, "gen_ai.response.model");
    String asked = attribute(attributes, "gen_ai.request.model");
    PriceRequest.Builder request =
        PriceRequest.builder()
            .provider(string(vector, "provider"))
            .responseModel(answered != null ? answered : string(vector, "model"))
            .requestModel(asked != null ? asked : string(vector, "model"))
            .at(Instant.parse(required(conditions.get("at"), "at")))
            .usage(usage);
    for (String name : conditions.keySet()) {
      String bare = name.replaceFirst("^(response|request)_", "");
      // The condition that was served applies; the requested one only if the served one is unknown.
      JsonValue served = conditions.getOrDefault("response_" + bare, conditions.get(bare));
      if (Dimension.of(bare) != null || bare.equals("batch")) {
        request.when(bare, text(served != null ? served : conditions.get(name)));
      }
    }
    return request.build();
  }

  private static ReportedCounts.Overlap semantics(String name) {
    return switch (name) {
      case "inclusive", "contradiction" -> ReportedCounts.Overlap.INCLUSIVE;
      case "exclusive", "provably-exclusive" -> ReportedCounts.Overlap.EXCLUSIVE;
      case "exclusive-output" -> ReportedCounts.Overlap.EXCLUSIVE_OUTPUT;
      case "raw-gemini" -> ReportedCounts.Overlap.RAW_GEMINI;
      default -> throw new IllegalArgumentException("usage_semantics=" + name);
    };
  }

  private static VectorRun.Expected expected(JsonValue.Obj vector) {
    if (!(vector.get("expected") instanceof JsonValue.Obj expected)) {
      throw new IllegalArgumentException("expected is missing");
    }
    Map<Unit, BigDecimal[]> items = new EnumMap<>(Unit.class);
    if (expected.get("line_items") instanceof JsonValue.Arr lines) {
      for (JsonValue line : lines.elements()) {
        JsonValue.Obj item = (JsonValue.Obj) line;
        VectorRun.Vector.add(
            items,
            unit(required(item, "bucket")),
            new BigDecimal(required(item, "quantity")),
            new BigDecimal(required(item, "amount_usd")));
      }
    }
    String total = string(expected, "total_usd");
    return new VectorRun.Expected(
        required(expected, "status"),
        total == null ? null : new BigDecimal(total),
        items,
        string(expected, "price_key"));
  }

  /** Vectors have names of their own for some units. */
  private static Unit unit(String bucket) {
    if (bucket.startsWith("request_fee")) {
      return Unit.REQUEST;
    }
    Unit unit = Unit.of(bucket);
    unit = unit == null ? Unit.of(bucket + "s") : unit;
    if (unit == null) {
      throw new IllegalArgumentException("bucket=" + bucket);
    }
    return unit;
  }

  private static Map<String, JsonValue> members(JsonValue.Obj object, String name) {
    return object.get(name) instanceof JsonValue.Obj found ? found.members() : Map.of();
  }

  private static @Nullable String attribute(Map<String, JsonValue> attributes, String name) {
    return attributes.get(name) instanceof JsonValue.Str found ? found.text() : null;
  }

  private static String required(JsonValue.Obj object, String name) {
    return required(object.get(name), name);
  }

  private static String required(@Nullable JsonValue value, String name) {
    if (value instanceof JsonValue.Str text) {
      return text.text();
    }
    throw new IllegalArgumentException(name + " is missing");
  }

  private static @Nullable String string(JsonValue.Obj object, String name) {
    return object.get(name) instanceof JsonValue.Str found ? found.text() : null;
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    if (value instanceof JsonValue.Str text) {
      return text.text();
    }
    if (value instanceof JsonValue.Bool flag) {
      return Boolean.toString(flag.value());
    }
    return value instanceof JsonValue.Num number ? number.text() : null;
  }
}
