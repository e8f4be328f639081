package dev.tallyspan.collector.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.JsonText;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent to the webhook, and what it answers. See {@code docs/evaluations.md}. */
final class WebhookJson {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * A result in a response; a text that is missing is empty.
   *
   * @param value null if there is none that is a finite number
   */
  record Result(
      String traceId,
      String spanId,
      String name,
      @Nullable Double value,
      String label,
      String explanation) {

    /** Contains only the ids. */
    @Override
    public String toString() {
      return "Result[traceId=" + traceId + ", spanId=" + spanId + "]";
    }
  }

  private WebhookJson() {}

  /**
   * Returns a span as an object.
   *
   * @param policy what of the content is included; null = everything
   */
  static byte[] span(SpanView span, SpanRecord record, @Nullable ContentPolicy policy) {
    LlmSpan llm = record.llm();
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("trace_id", record.traceId());
      json.writeStringField("span_id", record.spanId());
      text("name", kept("span.name", span.name(), policy), json);
      text("service", record.serviceName(), json);
      text("operation", llm.operation(), json);
      text("provider", llm.provider(), json);
      text("model", llm.responseModel() == null ? llm.requestModel() : llm.responseModel(), json);
      text("tool", llm.toolName(), json);
      text("response_id", llm.responseId(), json);
      text("error_type", llm.errorType(), json);
      json.writeBooleanField("failed", span.failed() || llm.errorType() != null);
      long nanos = record.endEpochNanos() - record.startEpochNanos();
      if (record.startEpochNanos() > 0 && nanos >= 0) {
        json.writeNumberField("latency_ms", nanos / 1e6);
      }
      text("cost", record.cost().totalExact(), json);
      text("currency", record.cost().currency(), json);
      value(
          "system_instructions",
          "gen_ai.system_instructions",
          llm.systemInstructions().isEmpty()
              ? null
              : Messages.partsToValue(llm.systemInstructions()),
          policy,
          json);
      value(
          "input_messages",
          "gen_ai.input.messages",
          llm.inputMessages().isEmpty() ? null : Messages.toValue(llm.inputMessages()),
          policy,
          json);
      value(
          "output_messages",
          "gen_ai.output.messages",
          llm.outputMessages().isEmpty() ? null : Messages.toValue(llm.outputMessages()),
          policy,
          json);
      value("arguments", "gen_ai.tool.call.arguments", llm.toolCallArguments(), policy, json);
      value("result", "gen_ai.tool.call.result", llm.toolCallResult(), policy, json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return out.toByteArray();
  }

  private static @Nullable String kept(String key, String text, @Nullable ContentPolicy policy) {
    return policy == null || text.isEmpty() ? text : policy.text(key, text).value();
  }

  private static void text(String field, @Nullable String text, JsonGenerator json)
      throws IOException {
    if (text != null && !text.isEmpty()) {
      json.writeStringField(field, text);
    }
  }

  private static void value(
      String field,
      String key,
      @Nullable Value<?> value,
      @Nullable ContentPolicy policy,
      JsonGenerator json)
      throws IOException {
    Value<?> left = value == null || policy == null ? value : policy.value(key, value).value();
    if (left != null) {
      json.writeFieldName(field);
      json.writeRawValue(JsonText.of(left));
    }
  }

  /** Returns the body of a request. */
  static byte[] request(Collection<ScoredSpan> spans) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("{\"spans\":["));
    boolean first = true;
    for (ScoredSpan span : spans) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(span.json());
    }
    out.writeBytes(ascii("]}"));
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads a response: an object with {@code results}, a list of objects. Members that are not known
   * are ignored.
   *
   * @param most how many results are read at most
   * @throws IOException if it is something else
   */
  static List<Result> response(byte[] body, int most) throws IOException {
    List<Result> results = new ArrayList<>();
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = json.currentName().equals("results");
        JsonToken value = json.nextToken();
        if (!found) {
          json.skipChildren();
        } else if (value != JsonToken.START_ARRAY) {
          throw new IOException("results is not a list");
        } else {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
              throw new IOException("a result is not an object");
            }
            Result result = result(json);
            if (results.size() < most) {
              results.add(result);
            }
          }
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IOException("the object has no end");
      }
    }
    return results;
  }

  private static Result result(JsonParser json) throws IOException {
    String traceId = "";
    String spanId = "";
    String name = "";
    Double value = null;
    String label = "";
    String explanation = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      String text = token == JsonToken.VALUE_STRING ? json.getText() : "";
      switch (field) {
        case "trace_id" -> traceId = text;
        case "span_id" -> spanId = text;
        case "name" -> name = text;
        case "score" -> {
          double number = token.isNumeric() ? json.getDoubleValue() : Double.NaN;
          value = Double.isFinite(number) ? number : null;
        }
        case "label" -> label = text;
        case "explanation" -> explanation = text;
        default -> {}
      }
      json.skipChildren();
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("a result has no end");
    }
    return new Result(traceId, spanId, name, value, label, explanation);
  }
}
