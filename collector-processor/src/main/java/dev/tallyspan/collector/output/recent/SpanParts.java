package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members of a span's detail as JSON texts, those of {@code llm} beside the others. */
final class SpanParts {

  private static final JsonFactory JSON = new JsonFactory();

  private SpanParts() {}

  /** Whether it is worth asking for a part alone: ids, names and empty lists are not. */
  static boolean isLong(String part) {
    return part.length() > 80
        || part.length() > 2 && (part.startsWith("{") || part.startsWith("["));
  }

  static Map<String, String> of(RecentSpan span) {
    Map<String, String> parts = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(span.detail())) {
      json.nextToken();
      members(json, parts);
    } catch (IOException e) {
      throw new IllegalStateException(e); // The store has written it.
    }
    return parts;
  }

  private static void members(JsonParser json, Map<String, String> parts) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("llm")) {
        members(json, parts);
      } else {
        StringWriter out = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(out)) {
          copy.copyCurrentStructure(json);
        }
        parts.put(name, out.toString());
      }
    }
  }
}
