package dev.tallyspan.collector.scoreapi;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.scoreapi.JsonItem.Fault;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads scores as Langfuse's SDKs send them: one alone or, since version 5, a list, and as events
 * of a batch before. Field names, types and responses are those of Langfuse.
 *
 * @see <a
 *     href="https://github.com/langfuse/langfuse/blob/main/packages/shared/src/features/scores">Langfuse,
 *     scores</a>
 * @see <a
 *     href="https://github.com/langfuse/langfuse/blob/main/fern/apis/server/definition/ingestion.yml">Langfuse,
 *     ingestion</a>
 */
final class LangfuseScores {

  /** A response lists no more, so that it cannot become much larger than its request. */
  private static final int MOST_ERRORS = 1000;

  private static final String INVALID = "Invalid request data";
  private static final String UNKNOWN = "unknown";

  private final ScoreRecords records;
  private final List<Refused> refused = new ArrayList<>();
  private int invalid;

  /** An event or score that is not taken. */
  private record Refused(String id, String message, Fault fault) {}

  /** A score while it is read. */
  private static final class Body {
    final JsonItem item = new JsonItem();
    @Nullable String id;
    @Nullable String traceId;
    @Nullable String observationId;
    @Nullable String sessionId;
    @Nullable String datasetRunId;
    @Nullable String name;
    @Nullable String comment;
    @Nullable String dataType;
    @Nullable String timestamp;
    @Nullable String metadata;
    @Nullable Double number;
    @Nullable String text;
  }

  LangfuseScores(ScoreRecords records) {
    this.records = records;
  }

  /** Returns an error of the whole request. */
  static Reply error(int status, String message) {
    return Reply.json(
        status,
        json -> {
          json.writeStringField("message", message);
          json.writeStringField(
              "error",
              switch (status) {
                case 401 -> "UnauthorizedError";
                case 403 -> "ForbiddenError";
                case 404 -> "LangfuseNotFoundError";
                case 405 -> "MethodNotAllowedError";
                case 413 -> "PayloadTooLargeError";
                case 500 -> "InternalServerError";
                case 503 -> "ServiceUnavailableError";
                default -> "InvalidRequestError";
              });
        });
  }

  /** Reads the body of {@code POST /api/public/scores}. */
  ReceivedScores scores(byte[] bytes) throws IOException {
    try (JsonParser json = JsonItem.parser(bytes)) {
      if (json.nextToken() == JsonToken.START_ARRAY) {
        return list(json);
      }
      return one(json);
    }
  }

  private ReceivedScores one(JsonParser json) throws IOException {
    Body body = new Body();
    read("", json, body);
    JsonItem.end(json);
    String id = add("", body, "");
    Fault fault = body.item.fault();
    if (fault != null) {
      return ReceivedScores.refused(/* invalid= */ 1, issues(fault));
    }
    return ReceivedScores.of(
        records.toByteArray(),
        /* invalid= */ 0,
        outcome ->
            outcome instanceof Outcome.Partial partial && partial.rejected() > 0
                ? error(400, partial.message())
                : Reply.json(200, out -> out.writeStringField("id", id)));
  }

  private ReceivedScores list(JsonParser json) throws IOException {
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Body body = new Body();
      String place = Integer.toString(index++);
      read(place, json, body);
      add(place + ".", body, "");
      Fault fault = body.item.fault();
      if (fault != null) {
        refuse(UNKNOWN, INVALID, fault);
      }
    }
    JsonItem.end(json);
    int valid = records.count();
    if (valid == 0 && invalid > 0) {
      return ReceivedScores.refused(invalid, counts(0, 0, ""));
    }
    return ReceivedScores.of(
        records.toByteArray(),
        invalid,
        outcome -> {
          if (outcome instanceof Outcome.Partial partial && partial.rejected() > 0) {
            return counts(valid, (int) Math.min(partial.rejected(), valid), partial.message());
          }
          return invalid > 0
              ? counts(valid, 0, "")
              : Reply.json(202, out -> out.writeStringField("message", "Accepted"));
        });
  }

  /**
   * @param rejected how many of the valid ones were not accepted later
   */
  private Reply counts(int valid, int rejected, String message) {
    return Reply.json(
        207,
        json -> {
          json.writeNumberField("accepted", valid - rejected);
          json.writeNumberField("rejected", invalid + rejected);
          json.writeArrayFieldStart("errors");
          for (Refused each : refused) {
            json.writeStartObject();
            json.writeStringField("message", each.fault.text());
            json.writeEndObject();
          }
          if (rejected > 0) {
            json.writeStartObject();
            json.writeStringField("message", message);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** Reads the body of {@code POST /api/public/ingestion}. */
  ReceivedScores ingestion(byte[] bytes) throws IOException {
    List<String> taken = new ArrayList<>();
    JsonItem whole = JsonItem.list(bytes, "batch", (item, json) -> event(json, taken));
    Fault fault = whole.fault();
    if (fault != null) {
      return ReceivedScores.refused(/* invalid= */ 0, issues(fault));
    }
    if (taken.isEmpty() && invalid > 0) {
      return ReceivedScores.refused(invalid, results(taken, Outcome.ACCEPTED));
    }
    return ReceivedScores.of(records.toByteArray(), invalid, outcome -> results(taken, outcome));
  }

  private void event(JsonParser json, List<String> taken) throws IOException {
    Body body = new Body();
    String[] envelope = new String[3];
    boolean[] found = new boolean[1];
    body.item.object(
        "",
        json,
        (name, value) -> {
          switch (name) {
            case "id" -> envelope[0] = body.item.text("id", value);
            case "type" -> envelope[1] = body.item.text("type", value);
            case "timestamp" -> envelope[2] = body.item.text("timestamp", value);
            case "body" -> {
              found[0] = true;
              // Other events have other members of these names.
              read("body", value, body);
            }
            default -> value.skipChildren();
          }
        });
    String id = envelope[0];
    String type = envelope[1];
    if ("sdk-log".equals(type)) {
      return; // As in Langfuse, it is in neither list of the response.
    }
    if (type != null && !type.equals("score-create")) {
      refuse(
          id,
          "Event type not accepted",
          new Fault(
              List.of("type"), "only score-create is accepted here: send spans over OTLP instead"));
      return;
    }
    if (type == null) {
      body.item.fault("type", "is required");
    }
    if (id == null || id.isEmpty()) {
      body.item.fault("id", "is required");
    }
    if (!found[0]) {
      body.item.fault("body", "is required");
    }
    if (body.timestamp == null) {
      body.timestamp = envelope[2];
    }
    add("body.", body, requireNonNullElse(id, ""));
    Fault fault = body.item.fault();
    if (fault != null) {
      refuse(id, INVALID, fault);
    } else {
      taken.add(requireNonNullElse(id, ""));
    }
  }

  private void refuse(@Nullable String id, String message, Fault fault) {
    invalid++;
    if (refused.size() < MOST_ERRORS) {
      refused.add(new Refused(id == null || id.isEmpty() ? UNKNOWN : id, message, fault));
    }
  }

  /**
   * Returns the response to a batch. If the pipeline says only how many records it rejected, the
   * response does not say which events succeeded.
   */
  private Reply results(List<String> taken, Outcome outcome) {
    long rejected = outcome instanceof Outcome.Partial partial ? partial.rejected() : 0;
    String why = outcome instanceof Outcome.Partial partial ? partial.message() : "";
    UnitSet units = outcome instanceof Outcome.Partial partial ? partial.units() : UnitSet.EMPTY;
    boolean all = rejected >= taken.size();
    boolean known = rejected == 0 || all || !units.isEmpty();
    return Reply.json(
        207,
        json -> {
          json.writeArrayFieldStart("successes");
          for (int i = 0; known && i < taken.size(); i++) {
            if (rejected == 0 || !all && !units.contains(i)) {
              json.writeStartObject();
              json.writeStringField("id", taken.get(i));
              json.writeNumberField("status", 201);
              json.writeEndObject();
            }
          }
          json.writeEndArray();
          json.writeArrayFieldStart("errors");
          for (Refused each : refused) {
            error(each.id, each.message, each.fault.text(), json);
          }
          if (!known) {
            error(UNKNOWN, rejected + " scores were not accepted", why, json);
          }
          for (int i = 0; known && rejected > 0 && i < taken.size(); i++) {
            if (all || units.contains(i)) {
              error(taken.get(i), "The score was not accepted", why, json);
            }
          }
          json.writeEndArray();
        });
  }

  private static void error(String id, String message, String error, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeNumberField("status", 400);
    json.writeStringField("message", message);
    json.writeStringField("error", error);
    json.writeEndObject();
  }

  private static Reply issues(Fault fault) {
    return Reply.json(
        400,
        json -> {
          json.writeStringField("message", INVALID);
          json.writeArrayFieldStart("error");
          json.writeStartObject();
          json.writeStringField("code", "custom");
          json.writeArrayFieldStart("path");
          for (String step : fault.path()) {
            json.writeString(step);
          }
          json.writeEndArray();
          json.writeStringField("message", fault.message());
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private static void read(String place, JsonParser json, Body body) throws IOException {
    String prefix = place.isEmpty() ? "" : place + ".";
    JsonItem item = body.item;
    item.object(
        place,
        json,
        (name, value) -> {
          String path = prefix + name;
          switch (name) {
            case "id" -> body.id = item.text(path, value);
            case "traceId" -> body.traceId = item.text(path, value);
            case "observationId" -> body.observationId = item.text(path, value);
            case "sessionId" -> body.sessionId = item.text(path, value);
            case "datasetRunId" -> body.datasetRunId = item.text(path, value);
            case "name" -> body.name = item.text(path, value);
            case "comment" -> body.comment = item.text(path, value);
            case "dataType" -> body.dataType = item.text(path, value);
            case "timestamp" -> body.timestamp = item.text(path, value);
            case "metadata" -> body.metadata = JsonItem.raw(value);
            case "value" -> {
              if (value.currentToken() == JsonToken.VALUE_STRING) {
                body.text = value.getText();
              } else if (value.currentToken().isStructStart()) {
                value.skipChildren();
                item.fault(path, "must be a number or a string");
              } else {
                body.number = item.number(path, value);
              }
            }
            default -> value.skipChildren();
          }
        });
  }

  /**
   * Adds a score, unless something is wrong with it.
   *
   * @param prefix of paths
   * @param otherwise the id of a score that has none; empty = a new one
   * @return its id
   */
  private String add(String prefix, Body body, String otherwise) throws IOException {
    JsonItem item = body.item;
    String name = requireNonNullElse(body.name, "");
    String traceId = requireNonNullElse(body.traceId, "");
    String spanId = requireNonNullElse(body.observationId, "");
    if (name.isEmpty()) {
      item.fault(prefix + "name", "is required");
    }
    if (isPresent(body.sessionId)) {
      item.fault(prefix + "sessionId", "only scores of traces and observations are supported");
    }
    if (isPresent(body.datasetRunId)) {
      item.fault(prefix + "datasetRunId", "only scores of traces and observations are supported");
    }
    if (traceId.isEmpty()) {
      item.fault(prefix + "traceId", "is required");
    } else if (!ScoreRecords.isId(traceId, 32)) {
      item.fault(
          prefix + "traceId",
          "must be the id of a trace in OpenTelemetry, 32 hex digits, as Langfuse's SDKs have it"
              + " since version 3");
    }
    if (!spanId.isEmpty() && !ScoreRecords.isId(spanId, 16)) {
      item.fault(
          prefix + "observationId",
          "must be the id of a span in OpenTelemetry, 16 hex digits, as Langfuse's SDKs have it"
              + " since version 3");
    }
    checkValue(prefix, body);
    long nanos = body.timestamp == null ? 0 : nanos(body.timestamp);
    if (nanos < 0) {
      item.fault(prefix + "timestamp", "must be a time of ISO 8601 with an offset");
    }
    String id = requireNonNullElse(body.id, "");
    if (id.isEmpty()) {
      id = otherwise.isEmpty() ? UUID.randomUUID().toString() : otherwise;
    }
    if (item.fault() == null) {
      records.add(
          new ScoreRecords.Score(
              traceId,
              spanId,
              id,
              name,
              body.number,
              label(body),
              explanation(body),
              /* annotator= */ null,
              body.metadata,
              nanos));
    }
    return id;
  }

  private static void checkValue(String prefix, Body body) {
    JsonItem item = body.item;
    String path = prefix + "value";
    if (body.number == null && body.text == null) {
      item.fault(path, "is required");
      return;
    }
    switch (requireNonNullElse(body.dataType, "")) {
      case "NUMERIC" -> {
        if (body.number == null) {
          item.fault(path, "must be a number for the data type NUMERIC");
        }
      }
      case "BOOLEAN" -> {
        if (body.number == null || body.number != 0 && body.number != 1) {
          item.fault(path, "must be 0 or 1 for the data type BOOLEAN");
        }
      }
      case "CATEGORICAL", "TEXT", "CORRECTION" -> {
        if (body.text == null) {
          item.fault(path, "must be a string for the data type " + body.dataType);
        }
      }
      default -> {} // Inferred from the value, as in Langfuse.
    }
  }

  /** A number has no label, except that of a boolean, which is in Langfuse's words. */
  private static @Nullable String label(Body body) {
    if (isFreeText(body)) {
      return null;
    }
    if (body.number != null && "BOOLEAN".equals(body.dataType)) {
      return body.number == 1 ? "True" : "False";
    }
    return body.text;
  }

  /** Free text is content, so it belongs where content policies see it. */
  private static @Nullable String explanation(Body body) {
    String comment = isPresent(body.comment) ? body.comment : null;
    if (!isFreeText(body) || body.text == null) {
      return comment;
    }
    return comment == null ? body.text : body.text + "\n" + comment;
  }

  private static boolean isFreeText(Body body) {
    return "TEXT".equals(body.dataType) || "CORRECTION".equals(body.dataType);
  }

  private static boolean isPresent(@Nullable String text) {
    return text != null && !text.isEmpty();
  }

  /** Returns nanoseconds since the epoch; -1 if it is no such time. */
  private static long nanos(String timestamp) {
    try {
      Instant instant = OffsetDateTime.parse(timestamp).toInstant();
      return Math.max(
          -1,
          Math.addExact(
              Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano()));
    } catch (DateTimeException | ArithmeticException e) {
      return -1;
    }
  }
}
