package dev.tallyspan.collector.output.budget;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes an alert as the JSON object that a webhook gets. */
final class AlertJson {

  private static final JsonFactory JSON = new JsonFactory();

  private AlertJson() {}

  static byte[] of(Alert alert) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (alert instanceof Alert.Crossed crossed) {
        json.writeStringField("type", "budget");
        json.writeStringField("budget", crossed.budget());
        if (crossed.keyName() != null) {
          json.writeStringField("key_name", crossed.keyName());
          json.writeStringField("key", crossed.key());
        }
        json.writeNumberField("threshold", crossed.threshold());
        json.writeNumberField("spend", crossed.spend());
        json.writeNumberField("limit", crossed.limit());
        json.writeStringField("currency", crossed.currency());
        json.writeNumberField("window_seconds", crossed.window().toSeconds());
      } else if (alert instanceof Alert.Loop loop) {
        json.writeStringField("type", "loop");
        json.writeStringField("trace_id", loop.traceId());
        json.writeStringField("agent", loop.agent());
        json.writeStringField("tool", loop.tool());
        json.writeNumberField("calls", loop.calls());
      }
      json.writeStringField("time", alert.time().toString());
      // What chat systems show.
      json.writeStringField("text", "Tallyspan: " + alert.line());
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return out.toByteArray();
  }
}
