package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a streamed answer, as OpenAI's chat API sends them, put together into the answer
 * that they add up to. Some emitters keep the list of chunks and never make an answer of it.
 */
final class StreamChunks {

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final TreeMap<Long, Call> calls = new TreeMap<>();
  private String role = "assistant";
  private @Nullable String finishReason;

  private StreamChunks() {}

  /** Whether this is a list of chunks: only choices, with a delta instead of a message. */
  static boolean areChunks(Json list) {
    boolean deltas = false;
    for (Json chunk : list) {
      if (!chunk.get("choices").isArray()) {
        return false;
      }
      for (Json choice : chunk.get("choices")) {
        if (!choice.get("delta").isObject()) {
          return false;
        }
        deltas = true;
      }
    }
    return deltas;
  }

  /** The choices, each with its message, as an answer that was not streamed has them. */
  static Json joined(Json chunks) {
    TreeMap<Long, StreamChunks> byIndex = new TreeMap<>();
    for (Json chunk : chunks) {
      for (Json choice : chunk.get("choices")) {
        long index = Math.max(0, choice.get("index").asCount());
        byIndex.computeIfAbsent(index, i -> new StreamChunks()).add(choice);
      }
    }
    List<Value<?>> choices = new ArrayList<>();
    byIndex.values().forEach(choice -> choices.add(choice.toChoice()));
    return Json.of(Value.of(Map.of("choices", Value.of(choices))));
  }

  private void add(Json choice) {
    Json delta = choice.get("delta");
    role = delta.get("role").isText() ? delta.get("role").text() : role;
    append(delta.get("content"), content);
    append(delta.first("reasoning_content", "reasoning"), reasoning);
    for (Json call : delta.get("tool_calls")) {
      long index = Math.max(0, call.get("index").asCount());
      calls.computeIfAbsent(index, i -> new Call()).add(call);
    }
    Json reason = choice.get("finish_reason");
    finishReason = reason.isText() ? reason.text() : finishReason;
  }

  private Value<?> toChoice() {
    Map<String, Value<?>> message = new LinkedHashMap<>();
    message.put("role", Value.of(role));
    message.put("content", Value.of(content.toString()));
    message.put("reasoning_content", Value.of(reasoning.toString()));
    List<Value<?>> toolCalls = new ArrayList<>();
    calls.values().forEach(call -> toolCalls.add(call.toValue()));
    message.put("tool_calls", Value.of(toolCalls));
    Map<String, Value<?>> choice = new LinkedHashMap<>();
    choice.put("message", Value.of(message));
    if (finishReason != null) {
      choice.put("finish_reason", Value.of(finishReason));
    }
    return Value.of(choice);
  }

  private static void append(Json text, StringBuilder to) {
    if (text.isText()) {
      to.append(text.text());
    }
  }

  /** A call of a tool: its id and name come first, its arguments piece by piece. */
  private static final class Call {
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable String id;

    void add(Json call) {
      id = call.get("id").isText() ? call.get("id").text() : id;
      append(call.get("function").get("name"), name);
      append(call.get("function").get("arguments"), arguments);
    }

    Value<?> toValue() {
      Map<String, Value<?>> members = new LinkedHashMap<>();
      if (id != null) {
        members.put("id", Value.of(id));
      }
      members.put("name", Value.of(name.toString()));
      members.put("arguments", Value.of(arguments.toString()));
      return Value.of(members);
    }
  }
}
