package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.FlatJson;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonBytes;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes definitions of tools in the schema's shape straight from their JSON text: what {@link
 * ToolDefinitions} reads, without the values in between. Gives up wherever something else than a
 * usual definition comes; then the reader does it.
 */
public final class ToolTranscriber {

  private final JsonBytes out;

  private ToolTranscriber(JsonBytes out) {
    this.out = out;
  }

  /** The definitions in these texts, one in each; null if the reader has to read them. */
  public static @Nullable WrittenContent<Value<?>> of(List<String> texts) {
    int length = 2;
    for (String text : texts) {
      length += text.length() + 16;
    }
    JsonBytes out = new JsonBytes(length);
    ToolTranscriber transcriber = new ToolTranscriber(out);
    out.ascii('[');
    for (int i = 0; i < texts.size(); i++) {
      FlatJson json = FlatJson.read(texts.get(i));
      if (i > 0) {
        out.ascii(',');
      }
      if (json == null || !json.isObject(0) || !transcriber.tool(json, 0)) {
        return null;
      }
    }
    out.ascii(']');
    return texts.isEmpty() ? null : new WrittenContent<>(out, () -> read(texts));
  }

  private static Value<?> read(List<String> texts) {
    Value<?>[] values = texts.stream().map(Value::of).toArray(Value<?>[]::new);
    return Objects.requireNonNull(ToolDefinitions.read(Json.of(Value.of(values))));
  }

  private boolean tool(FlatJson json, int tool) {
    if (json.first(tool, ToolDefinitions.LISTS) >= 0) {
      return false;
    }
    int wrapped = json.first(tool, ToolDefinitions.WRAPPERS);
    if (wrapped >= 0) {
      return json.isObject(wrapped) && tool(json, wrapped);
    }
    int type = json.get(tool, "type");
    int name = json.get(tool, "name");
    if (json.get(tool, "json_schema") >= 0
        || name < 0
        || !json.isString(name)
        || type >= 0 && !json.isString(type)) {
      return false;
    }
    out.ascii("{\"type\":");
    if (type < 0) {
      out.ascii("\"function\"");
    } else if (!json.copy(type, out)) {
      return false;
    }
    int description = json.get(tool, "description");
    boolean written =
        member("name", json, name)
            && (description < 0
                || !json.isString(description)
                || member("description", json, description))
            && parameters(json, tool)
            && json.copyRest(tool, ToolDefinitions.OF_TOOL, out);
    out.ascii('}');
    return written;
  }

  private boolean parameters(FlatJson json, int tool) {
    int parameters = json.first(tool, ToolDefinitions.PARAMETERS);
    if (parameters < 0) {
      return true;
    }
    boolean bare =
        json.isArray(parameters) || json.isObject(parameters) && json.get(parameters, "json") < 0;
    return bare && member("parameters", json, parameters);
  }

  private boolean member(String name, FlatJson json, int value) {
    out.member(name);
    return json.copy(value, out);
  }
}
