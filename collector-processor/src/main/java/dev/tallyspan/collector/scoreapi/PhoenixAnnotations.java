package dev.tallyspan.collector.scoreapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.scoreapi.JsonItem.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads annotations as Phoenix's clients send them. As in Phoenix, one that is not valid makes the
 * whole request so. Field names, types and responses are those of Phoenix.
 *
 * @see <a
 *     href="https://github.com/Arize-ai/phoenix/blob/main/src/phoenix/server/api/routers/v1/annotations.py">Phoenix,
 *     annotations</a>
 */
final class PhoenixAnnotations {

  private final ScoreRecords records;
  private final String idField;
  private final boolean sync;

  /** Of those that were added. */
  private final List<String> ids = new ArrayList<>();

  private int invalid;

  /** An annotation while it is read. */
  private static final class Annotation {
    @Nullable String target;
    @Nullable String name;
    @Nullable String kind;
    @Nullable String identifier;
    @Nullable String metadata;
    @Nullable Double score;
    @Nullable String label;
    @Nullable String explanation;
  }

  /**
   * @param idField {@code span_id} or {@code trace_id}: what the annotations are about
   * @param sync whether the sender asks for the ids of its annotations
   */
  PhoenixAnnotations(ScoreRecords records, String idField, boolean sync) {
    this.records = records;
    this.idField = idField;
    this.sync = sync;
  }

  ReceivedScores read(byte[] bytes) throws IOException {
    Fault fault = JsonItem.list(bytes, "data", this::element).fault();
    if (fault != null) {
      return ReceivedScores.refused(invalid + ids.size(), detail(fault));
    }
    return ReceivedScores.of(records.toByteArray(), /* invalid= */ 0, this::reply);
  }

  private void element(JsonItem whole, JsonParser json) throws IOException {
    Fault fault = annotation("data." + (ids.size() + invalid), json);
    if (fault != null) {
      invalid++;
      whole.fault(String.join(".", fault.path()), fault.message());
    }
  }

  /** Returns what is wrong with it; null if it was added. */
  private @Nullable Fault annotation(String place, JsonParser json) throws IOException {
    JsonItem item = new JsonItem();
    Annotation read = new Annotation();
    item.object(
        place,
        json,
        (name, value) -> {
          String path = place + "." + name;
          switch (name) {
            case "name" -> read.name = item.text(path, value);
            case "annotator_kind" -> read.kind = item.text(path, value);
            case "identifier" -> read.identifier = item.text(path, value);
            case "metadata" -> read.metadata = JsonItem.raw(value);
            case "result" -> {
              if (value.currentToken() != JsonToken.VALUE_NULL) {
                result(path, value, item, read);
              }
            }
            default -> {
              if (name.equals(idField)) {
                read.target = item.text(path, value);
              } else {
                value.skipChildren();
              }
            }
          }
        });
    boolean ofSpan = idField.equals("span_id");
    String target = requireNonNullElse(read.target, "");
    String name = requireNonNullElse(read.name, "");
    if (target.isEmpty()) {
      item.fault(place + "." + idField, "is required");
    } else if (!ScoreRecords.isId(target, ofSpan ? 16 : 32)) {
      item.fault(
          place + "." + idField,
          ofSpan ? "must be a span id, 16 hex digits" : "must be a trace id, 32 hex digits");
    }
    if (name.isEmpty()) {
      item.fault(place + ".name", "is required");
    }
    if (item.fault() != null) {
      return item.fault();
    }
    // The same annotation has the same id, so that another value replaces it where ids count.
    String identity =
        String.join("\0", idField, target, name, requireNonNullElse(read.identifier, ""));
    String id = UUID.nameUUIDFromBytes(identity.getBytes(UTF_8)).toString();
    records.add(
        new ScoreRecords.Score(
            ofSpan ? "" : target,
            ofSpan ? target : "",
            id,
            name,
            read.score,
            read.label,
            read.explanation,
            read.kind,
            read.metadata,
            /* epochNanos= */ 0));
    ids.add(id);
    return null;
  }

  private static void result(String place, JsonParser json, JsonItem item, Annotation read)
      throws IOException {
    item.object(
        place,
        json,
        (name, value) -> {
          String path = place + "." + name;
          switch (name) {
            case "score" -> read.score = item.number(path, value);
            case "label" -> read.label = item.text(path, value);
            case "explanation" -> read.explanation = item.text(path, value);
            default -> value.skipChildren();
          }
        });
  }

  private Reply reply(Outcome outcome) {
    if (outcome instanceof Outcome.Partial partial
        && partial.rejected() > 0
        && partial.rejected() >= ids.size()) {
      return Reply.text(400, partial.message());
    }
    return Reply.json(
        200,
        json -> {
          json.writeArrayFieldStart("data");
          if (sync) {
            for (String id : ids) {
              json.writeStartObject();
              json.writeStringField("id", id);
              json.writeEndObject();
            }
          }
          json.writeEndArray();
        });
  }

  /** Returns the response of Phoenix's framework to a body that is not valid. */
  private static Reply detail(Fault fault) {
    return Reply.json(
        422,
        json -> {
          json.writeArrayFieldStart("detail");
          json.writeStartObject();
          json.writeStringField("type", "value_error");
          json.writeArrayFieldStart("loc");
          json.writeString("body");
          for (String step : fault.path()) {
            if (step.chars().allMatch(Character::isDigit)) {
              json.writeNumber(Integer.parseInt(step));
            } else {
              json.writeString(step);
            }
          }
          json.writeEndArray();
          json.writeStringField("msg", fault.message());
          json.writeEndObject();
          json.writeEndArray();
        });
  }
}
