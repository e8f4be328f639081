package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.semconv.Evaluation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Writes the results of evaluations as JSON. */
final class ScoreJson {

  /** The most that a row shows. */
  private static final int MOST_IN_ROW = 12;

  private record Shown(String name, String value, String label) {}

  private ScoreJson() {}

  /** Returns an evaluation as an object, with its explanation. */
  static String text(Evaluation score) {
    return new String(TraceViews.json(json -> write(score, json)), StandardCharsets.UTF_8);
  }

  /** Writes an evaluation as an object, with its explanation. */
  static void write(Evaluation score, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", score.name());
    if (score.value() != null) {
      json.writeNumberField("value", score.value());
    }
    if (score.label() != null) {
      json.writeStringField("label", score.label());
    }
    if (score.explanation() != null) {
      json.writeStringField("explanation", score.explanation());
    }
    if (score.errorType() != null) {
      json.writeStringField("errorType", score.errorType());
    }
    json.writeStringField("source", score.source());
    if (score.epochNanos() > 0) {
      json.writeNumberField("millis", score.epochNanos() / 1_000_000);
    }
    json.writeEndObject();
  }

  /** Writes what a row shows as {@code scores}: each different result once, some at most. */
  static void row(Collection<Evaluation> scores, JsonGenerator json) throws IOException {
    Set<Shown> shown = new LinkedHashSet<>();
    for (Evaluation score : scores) {
      if (shown.size() < MOST_IN_ROW) {
        shown.add(
            new Shown(
                score.name(),
                score.value() == null ? "" : text(score.value()),
                score.label() == null ? "" : score.label()));
      }
    }
    json.writeArrayFieldStart("scores");
    for (Shown each : shown) {
      json.writeStartObject();
      json.writeStringField("name", each.name);
      json.writeStringField("value", each.value);
      json.writeStringField("label", each.label);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** A whole number without a fraction, any other one as it is. */
  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
