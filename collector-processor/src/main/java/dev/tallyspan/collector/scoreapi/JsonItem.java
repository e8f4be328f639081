package dev.tallyspan.collector.scoreapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of a request, which is read member by member, always to its end. Keeps the first thing
 * that is wrong with it, in words that quote nothing. Not thread-safe.
 */
final class JsonItem {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Senders choose the names of unknown fields, and interned names would stay in memory.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // The size of the document is already limited.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private @Nullable Fault fault;

  /**
   * What is wrong.
   *
   * @param path where, from the object that was read first
   */
  record Fault(List<String> path, String message) {

    /** Returns the fault in one line. */
    String text() {
      return path.isEmpty() ? message : String.join(".", path) + ": " + message;
    }
  }

  /** Reads a member, of which the name and the first token have been read. */
  @FunctionalInterface
  interface Member {
    void read(String name, JsonParser json) throws IOException;
  }

  /** Reads an element of a list, of which the first token has been read. */
  @FunctionalInterface
  interface Element {
    void read(JsonItem whole, JsonParser json) throws IOException;
  }

  /** Reads a body that is an object with a list in this member; returns what is wrong with it. */
  static JsonItem list(byte[] body, String member, Element element) throws IOException {
    JsonItem whole = new JsonItem();
    boolean[] found = new boolean[1];
    try (JsonParser json = parser(body)) {
      json.nextToken();
      whole.object(
          "",
          json,
          (name, value) -> {
            if (!name.equals(member)) {
              value.skipChildren();
            } else if (value.currentToken() != JsonToken.START_ARRAY) {
              value.skipChildren();
              whole.fault(member, "must be a list");
            } else {
              found[0] = true;
              while (value.nextToken() != JsonToken.END_ARRAY) {
                element.read(whole, value);
              }
            }
          });
      end(json);
    }
    if (!found[0]) {
      whole.fault(member, "is required");
    }
    return whole;
  }

  static JsonParser parser(byte[] body) throws IOException {
    return FACTORY.createParser(body);
  }

  /** Reads to the end of the document. Call this after its value. */
  static void end(JsonParser json) throws IOException {
    if (json.nextToken() != null) {
      throw new IOException("more than one value");
    }
  }

  /** What is wrong with the object; null if nothing is. */
  @Nullable Fault fault() {
    return fault;
  }

  void fault(String path, String message) {
    if (fault == null) {
      fault = new Fault(path.isEmpty() ? List.of() : List.of(path.split("\\.")), message);
    }
  }

  /** Reads an object, whose first token is the current one. Anything else is a fault. */
  void object(String path, JsonParser json, Member member) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      fault(path, "must be an object");
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      member.read(name, json);
    }
  }

  /** Returns the string; null for null. Anything else is a fault. */
  @Nullable String text(String path, JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      json.skipChildren();
      fault(path, "must be a string");
    }
    return null;
  }

  /** Returns the number, or 1 for true and 0 for false; null for null. */
  @Nullable Double number(String path, JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        double number = json.getDoubleValue();
        if (Double.isFinite(number)) {
          return number;
        }
        fault(path, "must be a finite number");
      }
      case VALUE_TRUE -> {
        return 1.0;
      }
      case VALUE_FALSE -> {
        return 0.0;
      }
      case VALUE_NULL -> {}
      default -> {
        json.skipChildren();
        fault(path, "must be a number");
      }
    }
    return null;
  }

  /** Returns any value as JSON; null for null. */
  static @Nullable String raw(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      out.copyCurrentStructure(json);
    }
    return text.toString();
  }
}
