package dev.tallyspan.collector.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.MessageType.Field;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts a request from OTLP/JSON to protobuf.
 *
 * <p>Follows OTLP's rules for JSON: ids are hex in either case, other bytes base64, enums integers,
 * 64-bit integers strings or numbers, names only lowerCamelCase; unknown names are ignored
 * everywhere; {@code null} means absent. Where OTLP has no rule: a request that has names, but none
 * that it defines, is rejected, because all of it would be lost; names of enum values are accepted,
 * as by the Collector; {@code null} in a list of messages is an empty message; an empty id is
 * absent; of several members of a oneof, the last one counts; scalars with their default value are
 * not written.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP, JSON
 *     Protobuf encoding</a>
 */
public final class JsonToProto {

  /** The limit for nested messages that protobuf's own parsers have by default. */
  static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Senders choose the names of unknown fields, and interned names would stay in memory.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1000)
                  // The size of the document is already limited.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final ProtoBuffer out;
  private final JsonScalars scalars;
  private int depth;

  private JsonToProto(JsonParser parser, byte[] json, ProtoBuffer out) {
    this.parser = parser;
    this.out = out;
    this.scalars = new JsonScalars(parser, json, out);
  }

  /**
   * Returns the request in protobuf.
   *
   * @param maxBytes the maximum size of the document and of the result
   * @throws InvalidJsonException if the document is not a request of the signal, or is too large
   */
  public static byte[] convert(Signal signal, byte[] json, int maxBytes)
      throws InvalidJsonException {
    requireNonNull(signal, "signal");
    if (json.length > maxBytes) {
      throw InvalidJsonException.tooLarge(maxBytes);
    }
    ProtoBuffer out = new ProtoBuffer(json.length / 2, maxBytes);
    try (JsonParser parser = FACTORY.createParser(json)) {
      new JsonToProto(parser, json, out).document(OtlpMessages.request(signal));
    } catch (StreamConstraintsException e) {
      throw notJson(e, "nested too deep, or a name or number too long");
    } catch (JsonProcessingException e) {
      throw notJson(e, "not well-formed JSON");
    } catch (IOException e) {
      // It is read from memory: what fails is an encoding with units of two or four bytes.
      throw InvalidJsonException.at("", "not text in UTF-8, UTF-16, or UTF-32");
    }
    if (out.size() > maxBytes) {
      throw InvalidJsonException.tooLarge(maxBytes);
    }
    return out.toByteArray();
  }

  /**
   * Reads to the end of the stream, or to one byte more than the limit. Does not close the stream.
   */
  public static byte[] convert(Signal signal, InputStream json, int maxBytes)
      throws IOException, InvalidJsonException {
    return convert(
        signal, json.readNBytes(Math.min(maxBytes, Integer.MAX_VALUE - 9) + 1), maxBytes);
  }

  private void document(MessageType request) throws IOException, InvalidJsonException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw InvalidJsonException.at("", "must be an object");
    }
    request(request);
    if (parser.nextToken() != null) {
      throw InvalidJsonException.at("", "must end after the request");
    }
  }

  /** Like any message, but rejects content without any known name, which is probably a mistake. */
  private void request(MessageType request) throws IOException, InvalidJsonException {
    depth++;
    boolean known = false;
    ForeignNames foreign = new ForeignNames(request);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Field field = request.field(parser.currentName());
      if (field == null) {
        foreign.add(parser.currentName());
      }
      known |= field != null;
      value(field);
    }
    if (!known && foreign.any()) {
      throw InvalidJsonException.at("", foreign.message());
    }
    depth--;
  }

  private void message(MessageType message) throws IOException, InvalidJsonException {
    if (depth++ > MAX_DEPTH) {
      throw invalid("nested deeper than " + MAX_DEPTH + " messages");
    }
    Field field = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Field known = message.field(parser.currentName(), field);
      value(known);
      field = known;
    }
    depth--;
  }

  private void value(@Nullable Field field) throws IOException, InvalidJsonException {
    JsonToken value = parser.nextToken();
    if (field == null) {
      parser.skipChildren();
    } else if (value != JsonToken.VALUE_NULL) {
      if (field.repeated()) {
        list(field);
      } else {
        single(field);
      }
    }
  }

  private void list(Field field) throws IOException, InvalidJsonException {
    if (!parser.isExpectedStartArrayToken()) {
      throw invalid("must be an array");
    }
    if (!field.type().packable()) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        element(field);
      }
      return;
    }
    int start = out.size();
    out.tag(field.number(), WireType.LENGTH);
    int values = out.begin();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      scalars.write(field.type());
    }
    if (out.size() == values + 1) {
      out.truncate(start);
    } else {
      out.end(values);
    }
  }

  private void single(Field field) throws IOException, InvalidJsonException {
    int start = out.size();
    if (!element(field) && !field.presence()) {
      out.truncate(start);
    }
  }

  /** Writes tag and value. Returns false if it is the default value. */
  private boolean element(Field field) throws IOException, InvalidJsonException {
    out.tag(field.number(), field.type().wireType);
    if (field.type() == FieldType.ENUM) {
      return scalars.writeEnum(field.values());
    }
    if (field.type() != FieldType.MESSAGE) {
      return scalars.write(field.type());
    }
    int content = out.begin();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      message(field.message());
    } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
      throw invalid("must be an object");
    }
    out.end(content);
    return true;
  }

  private InvalidJsonException invalid(String what) {
    return invalid(parser, what);
  }

  static InvalidJsonException invalid(JsonParser parser, String what) {
    return InvalidJsonException.at(parser.getParsingContext().pathAsPointer().toString(), what);
  }

  /** Does not use Jackson's message, which quotes the content. */
  private static InvalidJsonException notJson(JsonProcessingException e, String what) {
    var at = e.getLocation();
    return at == null
        ? InvalidJsonException.at("", what)
        : InvalidJsonException.at("line " + at.getLineNr() + ", column " + at.getColumnNr(), what);
  }
}
