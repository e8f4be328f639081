package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tools that a model was offered into the schema's shape, {@code {type, name,
 * description, parameters}}, from OpenAI's, Anthropic's, Gemini's, Bedrock's and AI SDK's.
 */
public final class ToolDefinitions {

  /** Members that hold several definitions, or only one; the first that is there is read. */
  static final String[] LISTS = {"tools", "functionDeclarations", "function_declarations"};

  static final String[] WRAPPERS = {"function", "toolSpec", "tool"};
  static final String[] PARAMETERS = {
    "parameters", "input_schema", "inputSchema", "parametersJsonSchema", "parameters_json_schema"
  };

  /** Members that are read; all others are kept. */
  static final String[] OF_TOOL = {
    "type",
    "name",
    "description",
    "parameters",
    "input_schema",
    "inputSchema",
    "parametersJsonSchema",
    "parameters_json_schema"
  };

  private ToolDefinitions() {}

  /** The definitions as a list; null if there are none. */
  public static @Nullable Value<?> read(Json source) {
    List<Value<?>> definitions = new ArrayList<>();
    add(source.unwrapOrSelf(), definitions);
    return definitions.isEmpty() ? null : Value.of(definitions);
  }

  /** Whether this is a list of definitions just as the schema wants them. */
  public static boolean conforms(Json json) {
    if (!json.isArray()) {
      return false;
    }
    for (Json tool : json) {
      if (!tool.get("type").isText() || !tool.get("name").isText()) {
        return false;
      }
    }
    return true;
  }

  private static void add(Json source, List<Value<?>> to) {
    if (source.isArray()) {
      for (Json element : source) {
        add(element.unwrapOrSelf(), to);
      }
      return;
    }
    if (!source.isObject()) {
      return;
    }
    Json list = source.first(LISTS);
    if (list.isArray()) {
      add(list, to);
      return;
    }
    Json wrapped = source.first(WRAPPERS);
    if (wrapped.isObject()) {
      add(wrapped, to);
      return;
    }
    Json schema = source.get("json_schema").unwrapOrSelf(); // OpenInference: tool.json_schema
    if (schema.isObject()) {
      add(schema, to);
      return;
    }
    Map<String, Value<?>> definition = definition(source);
    if (definition != null) {
      to.add(Value.of(definition));
    }
  }

  private static @Nullable Map<String, Value<?>> definition(Json tool) {
    Json type = tool.get("type");
    Json name = tool.get("name").isText() ? tool.get("name") : type;
    if (!name.isText()) {
      return null;
    }
    Map<String, Value<?>> definition = new LinkedHashMap<>();
    definition.put("type", type.isText() ? type.value() : Value.of("function"));
    definition.put("name", name.value());
    Json parameters = tool.first(PARAMETERS);
    Json inner = parameters.get("json");
    Json schema = (inner.isObject() ? inner : parameters).unwrapOrSelf();
    if (tool.get("description").isText()) {
      definition.put("description", tool.get("description").value());
    }
    if (schema.isPresent()) {
      definition.put("parameters", schema.value());
    }
    PartReader.rest(tool, OF_TOOL).forEach(definition::putIfAbsent);
    return definition;
  }
}
