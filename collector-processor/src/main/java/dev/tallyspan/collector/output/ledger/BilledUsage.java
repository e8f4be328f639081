package dev.tallyspan.collector.output.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.SideUsage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the price of a call depends on beside its models and its time, so that it can be priced
 * again.
 *
 * @param counts disjoint quantities by unit
 * @param known whether the span says its usage; if so, the call counts as one request
 * @param conditions how the call was served
 * @param sides what is billed with the call
 * @param gaps why the quantities are a lower bound
 */
record BilledUsage(
    Map<String, Long> counts,
    boolean known,
    Map<String, String> conditions,
    List<Side> sides,
    List<String> gaps) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * @param model null = the model of the call
   */
  record Side(String what, @Nullable String model, Map<String, Long> counts) {}

  static BilledUsage of(LlmSpan llm) {
    List<Side> sides = new ArrayList<>();
    for (SideUsage side : llm.sideUsages()) {
      sides.add(new Side(side.what(), side.model(), side.billableCounts()));
    }
    return new BilledUsage(
        llm.billableCounts(), llm.usage() != null, llm.priceConditions(), sides, llm.billingGaps());
  }

  /** Returns a JSON object; null if nothing is known. */
  @Nullable String toJson() {
    if (counts.isEmpty() && !known && conditions.isEmpty() && sides.isEmpty() && gaps.isEmpty()) {
      return null;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      write(json, "counts", counts);
      json.writeBooleanField("known", known);
      if (!conditions.isEmpty()) {
        json.writeObjectFieldStart("conditions");
        for (Map.Entry<String, String> condition : conditions.entrySet()) {
          json.writeStringField(condition.getKey(), condition.getValue());
        }
        json.writeEndObject();
      }
      if (!sides.isEmpty()) {
        json.writeArrayFieldStart("sides");
        for (Side side : sides) {
          json.writeStartObject();
          json.writeStringField("what", side.what);
          if (side.model != null) {
            json.writeStringField("model", side.model);
          }
          write(json, "counts", side.counts);
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      if (!gaps.isEmpty()) {
        json.writeArrayFieldStart("gaps");
        for (String gap : gaps) {
          json.writeString(gap);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A StringWriter does not throw.
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param text null for nothing
   * @throws IOException if it is something else
   */
  static BilledUsage parse(@Nullable String text) throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    Map<String, String> conditions = new LinkedHashMap<>();
    List<Side> sides = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    boolean known = false;
    if (text != null) {
      try (JsonParser json = JSON.createParser(text)) {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          switch (name) {
            case "counts" -> counts.putAll(counts(json));
            case "known" -> known = json.getBooleanValue();
            case "conditions" -> {
              while (json.nextToken() == JsonToken.FIELD_NAME) {
                conditions.put(json.currentName(), json.nextTextValue());
              }
            }
            case "sides" -> {
              while (json.nextToken() == JsonToken.START_OBJECT) {
                sides.add(side(json));
              }
            }
            case "gaps" -> {
              while (json.nextToken() == JsonToken.VALUE_STRING) {
                gaps.add(json.getText());
              }
            }
            default -> json.skipChildren();
          }
        }
      }
    }
    return new BilledUsage(counts, known, conditions, sides, gaps);
  }

  private static Side side(JsonParser json) throws IOException {
    String what = "";
    String model = null;
    Map<String, Long> counts = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "what" -> what = json.getText();
        case "model" -> model = json.getText();
        case "counts" -> counts = counts(json);
        default -> json.skipChildren();
      }
    }
    return new Side(what, model, counts);
  }

  private static Map<String, Long> counts(JsonParser json) throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      counts.put(name, json.nextLongValue(0));
    }
    return counts;
  }
}
